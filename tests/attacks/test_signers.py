"""Nobody signs for another: a signature shows its own member's certificate, of the right centre, kind and issuer."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from sqlmodel import col, update

from records.errors import ConflictError, NotPermittedError
from records.ids import CentreCode, SeatId
from records.proof import Check, Outcome
from signing.keys.authority import POLICIES, Authority, Profile, Subject, new_key, open_authority
from signing.keys.holders import Fault, Holder, Pins, fault_of, require_holder
from signing.keys.identity import Identity
from signing.keys.software import SoftwareSigner
from signing.pdf.verify import RequiredSigners, verify_report
from signing.report.signature_page import PLATFORM_FIELD
from signing.store import SignatureRow
from tests.integration.signing.centres import SEATS, SESSION, XA, Cities, SealOverWire, Wire, person

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
CENTRE = "西安公共资源交易中心(示例)"
MEMBER = Holder(profile=Profile.EXPERT, name="示例专家·陈", centre=CentreCode("XA"), organisation=CENTRE)
SEAL = Holder(profile=Profile.SEAL, name=CENTRE, centre=CentreCode("XA"), organisation=CENTRE)
STRANGER = "陌生人"


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Authority:
    return open_authority(tmp_path / "root", name="示例根证书", now=NOW)


def issued(
    root: Authority, *, profile: Profile = Profile.EXPERT, name: str = MEMBER.name, of: str = CENTRE
) -> Identity:
    subject = Subject(name=name, organisation=of, unit="评标专家")
    return root.issue(subject, new_key().public_key(), profile=profile, now=NOW)


def other_use(root: Authority, uses: list[x509.ObjectIdentifier]) -> Identity:
    """The member's name on a certificate that was issued for something else."""
    made = issued(root).x509
    builder = x509.CertificateBuilder(
        issuer_name=made.issuer,
        subject_name=made.subject,
        public_key=made.public_key(),
        serial_number=made.serial_number,
        not_valid_before=made.not_valid_before_utc,
        not_valid_after=made.not_valid_after_utc,
        extensions=[one for one in made.extensions if not isinstance(one.value, x509.CertificatePolicies)],
    ).add_extension(x509.ExtendedKeyUsage(uses), critical=False)
    return root.identity(builder.sign(root.key, hashes.SHA256()).public_bytes(Encoding.DER), now=NOW)


def code(identity: Identity, holder: Holder = MEMBER) -> str:
    fault = fault_of(identity.x509, [x509.load_der_x509_certificate(one) for one in identity.chain], holder)
    return "" if fault is None else fault.code


def test_the_members_own_certificate_is_hers(root: Authority) -> None:
    assert code(issued(root)) == ""
    assert code(issued(root, profile=Profile.SEAL, name=CENTRE), SEAL) == ""


@pytest.mark.parametrize(
    ("made", "holder", "found"),
    [
        (lambda root: issued(root, name=STRANGER), MEMBER, "certificate-of-another"),
        (lambda root: issued(root, of="济南公共资源交易中心(示例)"), MEMBER, "certificate-of-another-centre"),
        (lambda root: issued(root, profile=Profile.SEAL), MEMBER, "certificate-profile"),
        (lambda root: issued(root, profile=Profile.TIMESTAMP), MEMBER, "certificate-profile"),
        (lambda root: other_use(root, [ExtendedKeyUsageOID.SERVER_AUTH]), MEMBER, "certificate-profile"),
        (lambda root: other_use(root, [ExtendedKeyUsageOID.TIME_STAMPING]), MEMBER, "certificate-profile"),
        (lambda root: issued(root, name=CENTRE), SEAL, "certificate-profile"),
        (lambda root: issued(root, profile=Profile.SEAL, name="西安另一中心"), SEAL, "certificate-of-another"),
    ],
)
def test_a_certificate_that_is_not_the_members_is_refused(
    root: Authority, made: Callable[[Authority], Identity], holder: Holder, found: str
) -> None:
    identity = made(root)

    assert code(identity, holder) == found
    with pytest.raises(NotPermittedError) as raised:
        require_holder(identity, holder, field="expert-XA-1")
    assert (raised.value.code, dict(raised.value.values)) == (found, {"field": "expert-XA-1"})


def test_a_certificate_of_a_known_use_from_another_authority_is_accepted(root: Authority) -> None:
    assert code(other_use(root, [ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.CLIENT_AUTH])) == ""


def test_what_the_trust_file_pins_of_a_centre_is_held(root: Authority, tmp_path: Path) -> None:
    other = open_authority(tmp_path / "other", name="另一根证书", now=NOW)
    own, seal = issued(root), issued(root, profile=Profile.SEAL, name=CENTRE)

    def pinned(holder: Holder, **pins: object) -> Holder:
        return replace(holder, pins=Pins(**pins))  # type: ignore[arg-type]  # the tests pin one thing each

    assert code(own, pinned(MEMBER, authorities=(root.der,))) == ""
    assert code(own, pinned(MEMBER, authorities=(other.der,))) == "certificate-issuer"
    assert code(own, pinned(MEMBER, policies={Profile.EXPERT: (POLICIES[Profile.EXPERT],)})) == ""
    assert code(own, pinned(MEMBER, policies={Profile.EXPERT: ("1.2.156.1",)})) == "certificate-profile"
    assert code(own, pinned(MEMBER, organisations=("另一机构",))) == "certificate-of-another-centre"
    assert code(seal, pinned(SEAL, seals=(seal.fingerprint,))) == ""
    assert code(seal, pinned(SEAL, seals=(own.fingerprint,))) == "seal-not-pinned"


# --- the signing line and the verifier ------------------------------------------------------------------------------


@pytest.fixture(name="cities")
def _cities(tmp_path: Path) -> Iterator[Cities]:
    cities = Cities.open(tmp_path)
    cities.draft()
    cities.host.desk.certify(SESSION)
    yield cities
    cities.close()


def sign_with(cities: Cities, field: str, signer: SoftwareSigner) -> None:
    """The guest signs this field with that key."""
    host = Wire(cities.host.desk)
    offer = cities.host.desk.begin(SESSION, field, signer.identity)
    host.finish(SESSION, field, signer.sign(offer.to_be_signed, document=offer.document, field=field))


def a_strangers(cities: Cities) -> SoftwareSigner:
    key = new_key()
    subject = Subject(name=STRANGER, organisation=CENTRE, unit="评标专家")
    issuer = cities.guest.keyring.authority
    identity = issuer.issue(subject, key.public_key(), profile=Profile.EXPERT, now=cities.clock())
    return SoftwareSigner(identity, key)


def required(cities: Cities) -> RequiredSigners:
    """As a room would name them: every member with name and centre, and the seals."""
    names = {XA: CENTRE, CentreCode("JN"): "济南公共资源交易中心(示例)"}
    members = {
        f"expert-{seat}": Holder(
            profile=Profile.EXPERT, name=f"示例专家 {seat}", centre=centre, organisation=names[centre]
        )
        for seat, centre in SEATS.items()
    }
    seals = {
        f"seal-{code}": Holder(profile=Profile.SEAL, name=name, centre=code, organisation=name)
        for code, name in names.items()
    }
    host = {PLATFORM_FIELD: seals["seal-JN"]}
    assert cities.roots
    return RequiredSigners(fields=(*members, *seals), holders={**members, **seals, **host})


def judged(cities: Cities) -> dict[str, Check]:
    cities.host.desk.seal(SESSION, {XA: SealOverWire(cities.guest.desk)})
    pdf, roots = cities.host.desk.sealed(SESSION), cities.roots
    checks = verify_report(pdf, roots=roots, tsa_roots=roots, required=required(cities), at=cities.clock())
    return {check.name: check for check in checks}


def test_one_strangers_certificate_does_not_sign_two_fields(cities: Cities) -> None:
    """A guest's centre that signs for both its experts: the second is refused in the line."""
    stranger = a_strangers(cities)
    for seat in SEATS:
        if SEATS[seat] != XA:
            cities.sign(seat)
    sign_with(cities, "expert-XA-1", stranger)

    with pytest.raises(ConflictError) as raised:
        sign_with(cities, "expert-XA-2", stranger)

    assert raised.value.code == "certificate-of-two"


def test_a_verifier_names_whom_it_expected_and_whom_it_found(cities: Cities) -> None:
    for seat in SEATS:
        if seat != SeatId("XA-2"):
            cities.sign(seat)
    sign_with(cities, "expert-XA-2", a_strangers(cities))

    checks = judged(cities)

    assert checks["pdf.signature.expert-XA-2"].outcome is Outcome.PASS  # trusted, intact, and not the member's
    assert {name for name, check in checks.items() if check.outcome is Outcome.FAIL} == {"pdf.signer.expert-XA-2"}
    fault = Fault(code="certificate-of-another", expected="示例专家 XA-2", found=STRANGER)
    assert checks["pdf.signer.expert-XA-2"].reason == str(fault)


def test_a_verifier_finds_one_key_under_two_members(cities: Cities) -> None:
    """Also where the host helped: it altered its own table, so that its line did not see the second."""
    stranger = a_strangers(cities)
    for seat in SEATS:
        if SEATS[seat] != XA:
            cities.sign(seat)
    sign_with(cities, "expert-XA-1", stranger)
    own = cities.host.desk.signers.identity(person(SeatId("JN-1")))
    with cities.host.journal.work() as work:
        other = json.dumps(own.to_wire())
        work.db.exec(update(SignatureRow).where(col(SignatureRow.field) == "expert-XA-1").values(identity=other))
    sign_with(cities, "expert-XA-2", stranger)

    checks = judged(cities)

    for name in ("expert-XA-1", "expert-XA-2"):
        assert checks[f"pdf.signer.{name}"].reason.startswith("certificate-of-two")


def test_honest_signers_pass(cities: Cities) -> None:
    for seat in SEATS:
        cities.sign(seat)

    checks = judged(cities)

    assert [check for check in checks.values() if check.outcome is Outcome.FAIL] == []
    assert sum(name.startswith("pdf.signer.") for name in checks) == len(SEATS) + 3
