"""A signer: a certificate, its issuers and their revocation lists, in a form exchanged between centres."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from records.errors import EvidenceMismatchError, InvalidRecordError, NotPermittedError, UnavailableError
from records.ids import Digest, digest

_MOST_ISSUERS = 8
_MOST_PEM = 64 * 1024


WHOLE_NAME = x509.ObjectIdentifier("2.5.4.41")
"""X.520 `name`, of up to 32,768 characters."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A signer's public side. All DER; `chain` from the issuer up to the root, `crls` of those issuers."""

    certificate: bytes
    chain: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()

    @cached_property
    def x509(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.certificate)

    @property
    def fingerprint(self) -> Digest:
        return digest(self.certificate)

    @property
    def name(self) -> str:
        """Whom the certificate names."""
        return name_of(self.x509.subject)

    @property
    def issuer_name(self) -> str:
        return name_of(self.x509.issuer)

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The P-256 key; this procedure accepts no other. Raises InvalidRecordError("certificate-key")."""
        key = self.x509.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
            raise InvalidRecordError("certificate-key")
        return key

    def to_wire(self) -> dict[str, str | list[str]]:
        return {
            "certificate": certificate_pem(self.certificate),
            "chain": [certificate_pem(issuer) for issuer in self.chain],
            "crls": [crl_pem(crl) for crl in self.crls],
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> "Identity":
        """Raises InvalidRecordError("certificate-unreadable")."""
        identity = cls(
            certificate=certificate_der(wire.get("certificate")),
            chain=tuple(certificate_der(pem) for pem in _list(wire.get("chain", []))),
            crls=tuple(crl_der(pem) for pem in _list(wire.get("crls", []))),
        )
        _ = identity.public_key
        return identity


class Signer(Protocol):
    """The port to a signing key: here in software, on a token, or in another centre.

    `document` is the whole PDF with an empty place for this signature, so that the holder of the key can see what it
    signs; `data` are the signed attributes (DER) whose message digest covers it.
    """

    @property
    def identity(self) -> Identity: ...

    def sign(self, data: bytes, *, document: bytes, field: str) -> bytes:
        """An ECDSA P-256 / SHA-256 signature (DER) over `data`."""
        ...


def check_signature(identity: Identity, data: bytes, signature: bytes) -> None:
    """Raises EvidenceMismatchError("signature-invalid") when the signature over the data is not this identity's."""
    try:
        identity.public_key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError) as error:
        raise EvidenceMismatchError("signature-invalid") from error


def require_issued(identity: Identity, roots: Iterable[str], *, at: datetime) -> None:
    """The certificate is in force and leads to one of these roots (PEM).

    Raises NotPermittedError("certificate-not-trusted"), and where only a clock is early UnavailableError(
    "certificate-not-valid-yet").
    """
    line = [identity.x509, *(x509.load_der_x509_certificate(issuer) for issuer in identity.chain)]
    try:
        for below, above in pairwise(line):
            below.verify_directly_issued_by(above)
        issuing = [one.extensions.get_extension_for_class(x509.BasicConstraints).value.ca for one in line[1:]]
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound) as error:
        raise NotPermittedError("certificate-not-trusted") from error
    ended = any(at > one.not_valid_after_utc for one in line)
    if not all(issuing) or ended or line[-1].public_bytes(Encoding.DER) not in certificates_der(roots):
        raise NotPermittedError("certificate-not-trusted")
    if any(at < one.not_valid_before_utc for one in line):
        raise UnavailableError("certificate-not-valid-yet")


def certificate_pem(der: bytes) -> str:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM).decode("ascii")


def crl_pem(der: bytes) -> str:
    return x509.load_der_x509_crl(der).public_bytes(Encoding.PEM).decode("ascii")


def certificate_der(pem: object) -> bytes:
    try:
        return x509.load_pem_x509_certificate(_pem(pem)).public_bytes(Encoding.DER)
    except (ValueError, x509.InvalidVersion) as error:
        raise InvalidRecordError("certificate-unreadable") from error


def crl_der(pem: object) -> bytes:
    try:
        return x509.load_pem_x509_crl(_pem(pem)).public_bytes(Encoding.DER)
    except (ValueError, x509.InvalidVersion) as error:
        raise InvalidRecordError("certificate-unreadable") from error


def certificates_der(pems: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(certificate_der(pem) for pem in pems)


def _pem(pem: object) -> bytes:
    if not isinstance(pem, str) or len(pem) > _MOST_PEM or not pem.isascii():
        raise InvalidRecordError("certificate-unreadable")
    return pem.encode("ascii")


def _list(value: object) -> list[object]:
    if not isinstance(value, list | tuple) or len(value) > _MOST_ISSUERS:
        raise InvalidRecordError("certificate-unreadable")
    return list(value)


def name_of(name: x509.Name) -> str:
    """Whom a certificate names: the whole name where the common name has no room for it."""
    found = name.get_attributes_for_oid(WHOLE_NAME) or name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""
