"""A centre's own certificate authority, for the embedded default; in production licensed CAs replace it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from records.errors import InvalidRecordError, UnavailableError
from records.ids import instant, parse_instant
from signing.keys.identity import WHOLE_NAME, Identity

_ROOT_YEARS, _YEAR = 20, timedelta(days=365)
_CRL_LIFE = timedelta(days=400)
"""Sealed reports are checked offline; after this time the bundle must have a newer list than the one inside."""
_REVOKED = "revoked.txt"
_COMMON_NAME_BYTES = 64
LONGEST_ORGANISATION = 64
"""Characters of an organisation's name and of its unit's, by X.520."""
_BACKDATE = timedelta(minutes=5)
"""A certificate is used seconds after it is made, by clocks that differ slightly."""


class Profile(StrEnum):
    """The use of a certificate; its lifetime in years is in _YEARS."""

    EXPERT = "expert"
    SEAL = "seal"
    TIMESTAMP = "timestamp"


POLICIES: Final[Mapping[Profile, str]] = {
    Profile.EXPERT: "2.25.329800735698586629295641978511506172918.1",
    Profile.SEAL: "2.25.329800735698586629295641978511506172918.2",
    Profile.TIMESTAMP: "2.25.329800735698586629295641978511506172918.3",
}
"""The policy named in each profile's certificates: under a UUID (X.667), for which nobody has to be asked."""
_YEARS = {Profile.EXPERT: 2, Profile.SEAL: 5, Profile.TIMESTAMP: 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The subject of a certificate: a person of a centre, or the centre itself."""

    name: str
    organisation: str
    unit: str

    @property
    def x509(self) -> x509.Name:
        """A common name has 64 bytes of UTF-8: a longer one ends in …, and the whole name stands beside it."""
        common = shortened(self.name)
        whole = [] if common == self.name else [x509.NameAttribute(WHOLE_NAME, self.name)]
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.organisation[:LONGEST_ORGANISATION]),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, self.unit[:LONGEST_ORGANISATION]),
                *whole,
                x509.NameAttribute(NameOID.COMMON_NAME, common),
            ]
        )


def shortened(name: str) -> str:
    """The name, or as many of its first characters as a common name has room for, and …; never half a character."""
    if len(name.encode()) <= _COMMON_NAME_BYTES:
        return name
    room = _COMMON_NAME_BYTES - len("…".encode())
    return name.encode()[:room].decode(errors="ignore").rstrip() + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The root and its key. Issues certificates and their revocation list."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    revoked: tuple[tuple[int, datetime], ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def issue(
        self, subject: Subject, public_key: ec.EllipticCurvePublicKey, *, profile: Profile, now: datetime
    ) -> Identity:
        """A certificate of this profile, with its chain and a fresh revocation list."""
        builder = _builder(subject.x509, public_key, now=now, life=_YEARS[profile] * _YEAR)
        builder = builder.issuer_name(self.certificate.subject)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs=True), critical=True)
        policy = x509.PolicyInformation(x509.ObjectIdentifier(POLICIES[profile]), None)
        builder = builder.add_extension(x509.CertificatePolicies([policy]), critical=False)
        if profile is Profile.TIMESTAMP:
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(usage, critical=True)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        certificate = builder.add_extension(identifier, critical=False).sign(self.key, hashes.SHA256())
        return self.identity(certificate.public_bytes(Encoding.DER), now=now)

    def identity(self, certificate: bytes, *, now: datetime) -> Identity:
        """An issued certificate again, with a present revocation list."""
        return Identity(certificate=certificate, chain=(self.der,), crls=(self.crl(now),))

    def crl(self, now: datetime) -> bytes:
        """The present list of revoked certificates (DER)."""
        builder = x509.CertificateRevocationListBuilder(
            issuer_name=self.certificate.subject, last_update=now - _BACKDATE, next_update=now + _CRL_LIFE
        )
        builder = builder.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(identifier, critical=False)
        for serial, moment in self.revoked:
            entry = x509.RevokedCertificateBuilder(serial, moment).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


def revoke(directory: Path, serial: int, *, at: datetime) -> None:
    """Revoke a certificate in the authority of this directory; permanently, with the first time given."""
    known = {serial: at} | dict(_revoked(directory))
    lines = (f"{one} {instant(moment)}\n" for one, moment in sorted(known.items()))
    _write(directory / _REVOKED, "".join(lines).encode("ascii"))


def _revoked(directory: Path) -> tuple[tuple[int, datetime], ...]:
    try:
        lines = (directory / _REVOKED).read_text("ascii").splitlines()
        pairs = [line.split(" ") for line in lines]
        return tuple((int(serial), parse_instant(moment)) for serial, moment in pairs)
    except FileNotFoundError:
        return ()
    except ValueError as error:
        raise InvalidRecordError("revocation-list-unreadable") from error


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def open_authority(directory: Path, *, name: str, now: datetime) -> Authority:
    """The authority of this directory, made on first use (`ca.key.pem`, `ca.pem`)."""
    key = open_key(directory / "ca.key.pem")
    certificate = open_der(directory / "ca.pem", lambda: _root(name, key, now))
    loaded = x509.load_der_x509_certificate(certificate)
    return Authority(certificate=loaded, key=key, revoked=_revoked(directory))


def open_identity(
    directory: Path, stem: str, authority: Authority, *, subject: Subject, profile: Profile, now: datetime
) -> tuple[ec.EllipticCurvePrivateKey, Identity]:
    """A key and certificate of this centre (`<stem>.key.pem`, `<stem>.pem`), made on first use."""
    key = open_key(directory / f"{stem}.key.pem")
    certificate = open_der(
        directory / f"{stem}.pem",
        lambda: authority.issue(subject, key.public_key(), profile=profile, now=now).certificate,
    )
    return key, authority.identity(certificate, now=now)


def open_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """A P-256 key file readable by the owner alone, made on first use."""
    if not path.exists():
        no_encryption = serialization.NoEncryption()
        pem = new_key().private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, no_encryption)
        _write(path, pem)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise InvalidRecordError("key-unreadable", file=path.name) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise InvalidRecordError("key-unreadable", file=path.name)
    return key


def open_der(path: Path, make: Callable[[], bytes]) -> bytes:
    """A certificate stored as PEM, made on first use; its DER."""
    if not path.exists():
        _write(path, x509.load_der_x509_certificate(make()).public_bytes(Encoding.PEM))
    try:
        return x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)
    except ValueError as error:
        raise InvalidRecordError("certificate-unreadable", file=path.name) from error


def _root(name: str, key: ec.EllipticCurvePrivateKey, now: datetime) -> bytes:
    subject = Subject(name=name, organisation="Tongping", unit="local CA").x509
    builder = _builder(subject, key.public_key(), now=now, life=_ROOT_YEARS * _YEAR).issuer_name(subject)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs=False), critical=True)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _builder(
    subject: x509.Name, public_key: ec.EllipticCurvePublicKey, *, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATE)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, data: bytes) -> None:
    """Written whole or not at all, and never readable by others, not even briefly."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_suffix(".new")
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise UnavailableError("keys-unavailable", reason=error.strerror or "unknown") from error
