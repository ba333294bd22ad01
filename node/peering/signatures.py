"""HTTP message signatures (RFC 9421) between centres: one fixed set of covered parts, P-256."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from records.errors import NotPermittedError

TO_HEADER: Final = "tongping-to"
_LABEL: Final = "tongping"
_TAG: Final = "tongping-peer"
_COVERED: Final = ("@method", "@path", "@query", "content-digest", TO_HEADER)
_PARAMETERS: Final = re.compile(
    re.escape("(" + " ".join(f'"{name}"' for name in _COVERED) + ")")
    + r';created=(?P<created>[0-9]{1,12});nonce="(?P<nonce>[A-Za-z0-9_-]{16,64})";keyid="(?P<keyid>[A-Z]{2,4})"'
    + rf';alg="ecdsa-p256-sha256";tag="{_TAG}"'
)
_SIGNATURE: Final = re.compile(rf"{_LABEL}=:(?P<value>[A-Za-z0-9+/]{{86}}==):")
_DIGEST: Final = re.compile(r"sha-256=:[A-Za-z0-9+/]{43}=:")
_HALF: Final = 32  # bytes of r and of s


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The signed parts of a request before its body. `path` and `query` (without its '?') are as sent, encoded."""

    method: str
    path: str
    query: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Head):
    """All signed parts of a request."""

    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Who signs (`keyid`, a centre code), when (Unix seconds), and a nonce never used twice."""

    keyid: str
    created: int
    nonce: str

    def text(self) -> str:
        covered = " ".join(f'"{name}"' for name in _COVERED)
        return (
            f'({covered});created={self.created};nonce="{self.nonce}";keyid="{self.keyid}"'
            f';alg="ecdsa-p256-sha256";tag="{_TAG}"'
        )


def content_digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def base(head: Head, digest: str, parameters: Parameters) -> bytes:
    """The signature base of RFC 9421 section 2.5, over a body of this digest."""
    lines = (
        f'"@method": {head.method}',
        f'"@path": {head.path}',
        f'"@query": ?{head.query}',
        f'"content-digest": {digest}',
        f'"{TO_HEADER}": {head.to}',
        f'"@signature-params": {parameters.text()}',
    )
    return "\n".join(lines).encode()


def sign(message: Message, parameters: Parameters, key: EllipticCurvePrivateKey) -> dict[str, str]:
    """The headers that sign the request as this centre's own."""
    digest = content_digest(message.body)
    r, s = decode_dss_signature(key.sign(base(message, digest, parameters), ECDSA(hashes.SHA256())))
    signature = base64.b64encode(r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")).decode()
    return {
        "content-digest": digest,
        TO_HEADER: message.to,
        "signature-input": f"{_LABEL}={parameters.text()}",
        "signature": f"{_LABEL}=:{signature}:",
    }


def read_parameters(headers: Mapping[str, str]) -> Parameters:
    """Raises NotPermittedError: peer-signature-missing, peer-signature-malformed."""
    text = headers.get("signature-input", "")
    if not text or "signature" not in headers:
        raise NotPermittedError("peer-signature-missing")
    found = _PARAMETERS.fullmatch(text.removeprefix(f"{_LABEL}="))
    if found is None:
        raise NotPermittedError("peer-signature-malformed")
    return Parameters(keyid=found["keyid"], created=int(found["created"]), nonce=found["nonce"])


def check(head: Head, headers: Mapping[str, str], parameters: Parameters, key: EllipticCurvePublicKey) -> str:
    """The signature over these headers; returns the digest that the body must have, in the form of `content_digest`.

    Raises NotPermittedError: peer-signature-malformed, peer-signature-wrong.
    """
    digest = headers.get("content-digest", "")
    found = _SIGNATURE.fullmatch(headers.get("signature", ""))
    if found is None or not _DIGEST.fullmatch(digest):
        raise NotPermittedError("peer-signature-malformed")
    raw = base64.b64decode(found["value"])
    signature = encode_dss_signature(int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big"))
    try:
        key.verify(signature, base(head, digest, parameters), ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise NotPermittedError("peer-signature-wrong", centre=parameters.keyid) from error
    return digest
