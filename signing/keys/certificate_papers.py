"""The certificates and revocation lists beside a report: each leads to an authority the reader trusts."""

from collections.abc import Iterable, Mapping
from typing import Final

from cryptography import x509

from records.errors import EvidenceMismatchError, InvalidRecordError
from signing.keys.holders import issued
from signing.keys.identity import certificate_der, certificate_pem, certificates_der, crl_der, crl_pem

MAXIMUM: Final = 64
"""Certificates, and lists: more are refused, to bound the work."""


def check_certificates(files: Mapping[str, bytes], roots: Iterable[str]) -> tuple[tuple[x509.Certificate, ...], str]:
    """Every file is one certificate (PEM) that is a root or was issued by a root, or by another of the files.

    Returns those that may issue, roots first. Raises EvidenceMismatchError("certificate-not-issued"),
    InvalidRecordError("certificate-unreadable", "certificates-too-many").
    """
    trusted = [x509.load_der_x509_certificate(der) for der in dict.fromkeys(certificates_der(roots))]
    waiting = {name: x509.load_der_x509_certificate(_der(content)) for name, content in _few(files).items()}
    while waiting:
        known = [name for name, one in waiting.items() if one in trusted or _issued(one, trusted)]
        if not known:
            raise EvidenceMismatchError("certificate-not-issued", member=min(waiting))
        trusted += [waiting.pop(name) for name in known]
    return tuple(trusted), f"{len(files)} certificate(s), each of an authority that the trust file names"


def check_revocations(files: Mapping[str, bytes], issuers: Iterable[x509.Certificate]) -> tuple[tuple[str, ...], str]:
    """Every file is one revocation list (PEM) that one of these issuers signed; returns the lists (PEM).

    Raises EvidenceMismatchError("revocation-not-issued"), InvalidRecordError as above.
    """
    able = tuple(issuers)
    lists = []
    for name, content in sorted(_few(files).items()):
        text = content.decode("ascii", "replace")
        found = x509.load_der_x509_crl(crl_der(text))
        if crl_pem(crl_der(text)) != text:
            raise InvalidRecordError("certificate-unreadable")
        if not any(_signed(found, one) for one in able):
            raise EvidenceMismatchError("revocation-not-issued", member=name)
        lists.append(text)
    return tuple(lists), f"{len(lists)} revocation list(s), each of an authority that the trust file names"


def _few(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    if len(files) > MAXIMUM:
        raise InvalidRecordError("certificates-too-many", count=len(files), maximum=MAXIMUM)
    return files


def _der(content: bytes) -> bytes:
    """The only certificate of a PEM text in exactly our own spelling."""
    text = content.decode("ascii", "replace")
    der = certificate_der(text)
    if certificate_pem(der) != text:
        raise InvalidRecordError("certificate-unreadable")
    return der


def _issued(certificate: x509.Certificate, issuers: Iterable[x509.Certificate]) -> bool:
    return any(issued(certificate, issuer) for issuer in issuers)


def _signed(found: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        key = issuer.public_key()
        return issuer.subject == found.issuer and found.is_signature_valid(key)  # type: ignore[arg-type]  # other: TypeError
    except Exception:  # noqa: BLE001 - as above
        return False
