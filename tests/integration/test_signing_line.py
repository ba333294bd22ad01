"""The whole signing line of two cities, judged by tools that are not ours, and how long it takes."""

import re
import shutil
import subprocess
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from records.errors import WrongStageError
from records.proof import Outcome, Verdict
from signing.keys.authority import revoke
from signing.keys.keyring import open_keyring
from signing.pdf.verify import verify_report
from tests.integration.signing.centres import JN, PIN, SEATS, SESSION, Cities, city, person

LONGEST_SECONDS = 60
"""A bound against hanging, not a measure: the machine may be busy."""


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Cities:
    return Cities.open(tmp_path_factory.mktemp("line"))


@pytest.fixture(scope="module")
def sealed(cities: Cities) -> bytes:
    started = time.monotonic()
    pdf = cities.play()
    assert time.monotonic() - started < LONGEST_SECONDS
    return pdf


def test_the_sealed_report_verifies(cities: Cities, sealed: bytes) -> None:
    assert Verdict(verify_report(sealed, roots=cities.roots, tsa_roots=cities.roots)).ok


def test_it_has_the_size_of_a_document(sealed: bytes) -> None:
    assert len(sealed) < 1_000_000


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="the second opinion is poppler's")
def test_poppler_finds_every_signature_valid(sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(sealed)

    found = subprocess.run(
        ["pdfsig", "-nocert", tmp_path / "report.pdf"], check=False, capture_output=True, text=True
    ).stdout

    assert found.count("Signature is Valid.") == len(SEATS) + 3
    assert "Digest Mismatch" not in found


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the second opinion is OpenSSL's")
def test_openssl_accepts_every_signature_and_its_timestamp(cities: Cities, sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_text("".join(cities.roots))
    for signature in PdfFileReader(BytesIO(sealed)).embedded_regular_signatures:
        _, first, second, rest = (int(number) for number in signature.byte_range)
        (tmp_path / "content").write_bytes(sealed[:first] + sealed[second : second + rest])
        (tmp_path / "cms").write_bytes(bytes(signature.pkcs7_content))

        found = subprocess.run(
            ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "cms",
             "-content", tmp_path / "content", "-CAfile", tmp_path / "roots.pem", "-purpose", "any",
             "-out", "/dev/null"],
            check=False, capture_output=True, text=True,
        )  # fmt: skip

        assert found.returncode == 0, f"{signature.field_name}: {found.stderr}"


def test_every_city_and_member_stands_on_the_signature_page(sealed: bytes) -> None:
    fields = PdfFileReader(BytesIO(sealed)).root["/AcroForm"]["/Fields"]
    drawn = [field.get_object() for field in fields if "/AP" in field.get_object()]

    assert len(drawn) == len(SEATS) + 2
    assert all(re.search(rb"/Mark Do", field["/AP"]["/N"].data) for field in drawn)


def test_a_certificate_revoked_before_signing_does_not_verify(tmp_path: Path) -> None:
    cities = Cities.open(tmp_path)
    cities.draft()
    cities.host.desk.certify(SESSION)
    for seat in list(SEATS)[1:]:
        cities.sign(seat)
    revoked = next(iter(SEATS))
    serial = cities.host.desk.signers.identity(person(revoked)).x509.serial_number
    revoke(tmp_path / "JN" / "keys" / "authority", serial, at=cities.clock())
    cities.clock.pass_by(timedelta(minutes=10))

    restarted = city(tmp_path / "JN", JN, cities.clock).desk
    restarted.sign_as(person(revoked), PIN, SESSION, revoked, host=restarted)
    pdf = cities.seal()

    checks = verify_report(pdf, roots=cities.roots, tsa_roots=cities.roots, at=cities.clock())
    assert f"pdf.signature.expert-{revoked}" in {check.name for check in checks if check.outcome == Outcome.FAIL}


def test_the_keys_of_a_centre_survive_a_restart(cities: Cities, tmp_path: Path) -> None:
    arguments = {"code": JN, "organisation": "示例", "now": cities.clock(), "randomness": bytes}
    first = open_keyring(tmp_path, **arguments)  # type: ignore[arg-type]  # one dict for both calls
    again = open_keyring(tmp_path, **arguments)  # type: ignore[arg-type]  # the same

    assert (again.root_pem, again.seal.identity.fingerprint) == (first.root_pem, first.seal.identity.fingerprint)


def test_nothing_is_called_sealed_before_it_is(tmp_path: Path) -> None:
    cities = Cities.open(tmp_path)
    cities.draft()

    with pytest.raises(WrongStageError, match="report-not-sealed"):
        cities.host.desk.sealed(SESSION)
