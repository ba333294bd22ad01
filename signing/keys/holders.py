"""Whose certificate a signature must show: person, centre and use of each field, and what a trust file pins of them.

Trusting an authority says that a certificate is somebody's. Here it is compared with the one person or centre who signs
in that place: name, organisation, what the key is for, who issued it, and that nobody else signs with the same key.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID

from records.errors import InvalidRecordError, NotPermittedError
from records.ids import CentreCode, Digest, digest
from records.text.names import folded
from signing.keys.authority import LONGEST_ORGANISATION, POLICIES, Profile
from signing.keys.identity import Identity, name_of

_FOR_DOCUMENTS: Final = frozenset(
    {
        "1.3.6.1.5.5.7.3.36",  # id-kp-documentSigning, RFC 9336
        ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
        ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string,
    }
)
"""Extended key usages with which authorities issue certificates for signatures of people and organisations."""
_TIME: Final = ExtendedKeyUsageOID.TIME_STAMPING.dotted_string
_MOST_ISSUERS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """What the trust file says of a centre's certificates; what is empty is not pinned.

    `authorities` (DER): who may issue them; without it every authority of the file. `policies`: of each profile, one of
    which the certificate must name. `organisations`: what a certificate may name; without it the centre's own name.
    `seals`: the fingerprints of its seal's certificates.
    """

    authorities: tuple[bytes, ...] = ()
    policies: Mapping[Profile, tuple[str, ...]] = field(default_factory=dict)
    organisations: tuple[str, ...] = ()
    seals: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The one who signs in a field: an expert by name, or a centre by its seal."""

    profile: Profile
    name: str
    centre: CentreCode
    organisation: str
    pins: Pins = field(default_factory=Pins)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The first thing about a certificate that is not its holder's. `expected` and `found` may name people."""

    code: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.code}: expected {self.expected}, found {self.found}"


def fault_of(certificate: x509.Certificate, others: Sequence[x509.Certificate], holder: Holder) -> Fault | None:
    """What makes this certificate not the holder's; None when nothing does. `others`: issuers that came with it."""
    return next(_faults(certificate, others, holder), None)


def require_holder(identity: Identity, holder: Holder, *, field: str) -> None:
    """NotPermittedError with the fault's code, which names nobody, when the certificate is not the holder's."""
    others = [x509.load_der_x509_certificate(issuer) for issuer in identity.chain]
    fault = fault_of(identity.x509, others, holder)
    if fault is not None:
        raise NotPermittedError(fault.code, field=field)


def shared(certificates: Mapping[str, bytes], holders: Mapping[str, Holder]) -> Mapping[str, str]:
    """The fields whose key another holder signs with, and with which field; `certificates` are DER by field."""
    first: dict[bytes, str] = {}
    found: dict[str, str] = {}
    for name, der in certificates.items():
        key = public_key(der)
        other = first.setdefault(key, name)
        if other != name and holders.get(other) != holders.get(name):
            found |= {name: other, other: found.get(other, name)}
    return found


def public_key(der: bytes) -> bytes:
    """The key of a certificate, as its SubjectPublicKeyInfo."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return x509.load_der_x509_certificate(der).public_key().public_bytes(serialization.Encoding.DER, form)


def _faults(certificate: x509.Certificate, others: Sequence[x509.Certificate], holder: Holder) -> Iterator[Fault]:
    try:
        yield from _subject(certificate, holder)
        yield from _profile(certificate, holder)
        yield from _issuer(certificate, others, holder.pins)
    except (ValueError, x509.DuplicateExtension) as error:  # an extension that cannot be read
        raise InvalidRecordError("certificate-unreadable") from error


def _subject(certificate: x509.Certificate, holder: Holder) -> Iterator[Fault]:
    allowed = holder.pins.organisations or (holder.organisation,)
    name, names = name_of(certificate.subject), allowed if holder.profile is Profile.SEAL else (holder.name,)
    if folded(name) not in {folded(one) for one in names}:
        yield Fault(code="certificate-of-another", expected=" or ".join(names), found=name or "no name")
    stated = [str(one.value) for one in certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    if not {folded(one) for one in stated} & {folded(one[:LONGEST_ORGANISATION]) for one in allowed}:
        found = ", ".join(stated) or "none"
        yield Fault(code="certificate-of-another-centre", expected=" or ".join(allowed), found=found)
    fingerprint = digest(certificate.public_bytes(serialization.Encoding.DER))
    if holder.profile is Profile.SEAL and holder.pins.seals and fingerprint not in holder.pins.seals:
        yield Fault(code="seal-not-pinned", expected=" or ".join(holder.pins.seals), found=fingerprint)


def _profile(certificate: x509.Certificate, holder: Holder) -> Iterator[Fault]:
    wanted = f"a certificate for the {'signature of a person' if holder.profile is Profile.EXPERT else 'seal'}"
    found = _wrong_use(certificate) or _wrong_policy(certificate, holder)
    if found:
        yield Fault(code="certificate-profile", expected=wanted, found=found)


def _wrong_use(certificate: x509.Certificate) -> str:
    extensions = {one.oid: one.value for one in certificate.extensions}
    basic, usage = extensions.get(ExtensionOID.BASIC_CONSTRAINTS), extensions.get(ExtensionOID.KEY_USAGE)
    if isinstance(basic, x509.BasicConstraints) and basic.ca:
        return "one of an authority"
    if not isinstance(usage, x509.KeyUsage) or not usage.content_commitment or usage.key_cert_sign:
        return "one whose key usage is not to sign documents"
    extended = extensions.get(ExtensionOID.EXTENDED_KEY_USAGE)
    uses = {one.dotted_string for one in extended} if isinstance(extended, x509.ExtendedKeyUsage) else None
    if uses is not None and (_TIME in uses or not uses & _FOR_DOCUMENTS):
        return f"one for {', '.join(sorted(uses))}"
    return ""


def _wrong_policy(certificate: x509.Certificate, holder: Holder) -> str:
    """Our own policies tell the profiles apart; those of other authorities count where the trust file pins them."""
    stated = policies(certificate)
    ours = {policy for profile, policy in POLICIES.items() if profile is not holder.profile}
    pinned = holder.pins.policies.get(holder.profile, ())
    if stated & ours or (pinned and not stated & set(pinned)):
        return f"policy {', '.join(sorted(stated)) or 'none'}"
    return ""


def policies(certificate: x509.Certificate) -> frozenset[str]:
    """The policies a certificate was issued under, as dotted numbers."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(one.policy_identifier.dotted_string for one in found)


def _issuer(certificate: x509.Certificate, others: Sequence[x509.Certificate], pins: Pins) -> Iterator[Fault]:
    if not pins.authorities:
        return
    pinned = [x509.load_der_x509_certificate(der) for der in pins.authorities]
    if not _leads_to(certificate, list(others)[:_MOST_ISSUERS], pinned):
        expected = " or ".join(name_of(one.subject) for one in pinned)
        yield Fault(code="certificate-issuer", expected=f"issued by {expected}", found=name_of(certificate.issuer))


def _leads_to(
    certificate: x509.Certificate, others: Sequence[x509.Certificate], pinned: Sequence[x509.Certificate]
) -> bool:
    """Whether a pinned authority issued the certificate, or one of the others whom a pinned authority issued."""
    if any(issued(certificate, one) for one in pinned):
        return True
    above = [one for one in others if issued(certificate, one)]
    return any(_leads_to(one, [other for other in others if other != one], pinned) for one in above)


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether this issuer, an authority, signed the certificate."""
    try:
        certificate.verify_directly_issued_by(issuer)
        return issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except Exception:  # noqa: BLE001 - a hostile certificate may break the parser anywhere: it counts as not issued
        return False
