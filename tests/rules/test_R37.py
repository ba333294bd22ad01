"""R37: a signature is its signer's alone, and every later change of it or of the report shows (电子签名法13条)."""

from io import BytesIO

import pytest
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

from records.errors import ConflictError, NotPermittedError
from tests.integration.signing.centres import PIN, SEATS, Cities, failed, person
from tests.integration.signing.tampering import with_page_entry

FIRST, SECOND = list(SEATS)[:2]


@pytest.fixture(name="sealed", scope="module")
def _sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cities, bytes]:
    cities = Cities.open(tmp_path_factory.mktemp("cities"))
    return cities, cities.play()


def test_each_signer_has_a_key_of_its_own_and_one_alone(sealed: tuple[Cities, bytes]) -> None:
    cities, _ = sealed
    signers = [cities.of(centre).desk.signers for centre in SEATS.values()]

    keys = {one.identity(person(seat)).fingerprint for one, seat in zip(signers, SEATS, strict=True)}

    assert len(keys) == len(SEATS)
    with pytest.raises(ConflictError, match="signer-exists"):
        cities.host.desk.enrol_signer(person(FIRST), name="示例", pin="135790")


def test_nobody_opens_anothers_key_without_its_pin(sealed: tuple[Cities, bytes]) -> None:
    cities, _ = sealed

    with pytest.raises(NotPermittedError, match="pin-wrong"):
        cities.host.desk.signers.open(person(FIRST), PIN[::-1])


def test_a_later_change_of_one_signature_shows_in_that_signature(sealed: tuple[Cities, bytes]) -> None:
    cities, pdf = sealed
    signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
    start, length, *_ = next(one for one in signatures if one.field_name == f"expert-{SECOND}").byte_range
    digit = start + length + 400  # within the digits of the signature, which stand between the two ranges of bytes

    changed = pdf[:digit] + (b"1" if pdf[digit : digit + 1] == b"0" else b"0") + pdf[digit + 1 :]

    assert f"pdf.signature.expert-{SECOND}" in failed(changed, cities.roots)


def test_a_later_change_of_the_report_shows_in_every_signature(sealed: tuple[Cities, bytes]) -> None:
    cities, pdf = sealed
    content = StreamObject(stream_data=b"BT (another ranking) Tj ET")

    found = failed(with_page_entry(pdf, "/Contents", content), cities.roots)

    assert {f"pdf.signature.expert-{seat}" for seat in SEATS} <= found


def test_unchanged_it_is_everybodys(sealed: tuple[Cities, bytes]) -> None:
    cities, pdf = sealed

    assert failed(pdf, cities.roots) == set()
