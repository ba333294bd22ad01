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
_HALF: Final = 32  # bytes of r and of s


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The parts of a request that are signed. `path` and `query` (without its '?') are as sent, percent-encoded."""

    method: str
    path: str
    query: str
    body: bytes
    to: str


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


def base(message: Message, parameters: Parameters) -> bytes:
    """The signature base of RFC 9421 section 2.5."""
    lines = (
        f'"@method": {message.method}',
        f'"@path": {message.path}',
        f'"@query": ?{message.query}',
        f'"content-digest": {content_digest(message.body)}',
        f'"{TO_HEADER}": {message.to}',
        f'"@signature-params": {parameters.text()}',
    )
    return "\n".join(lines).encode()


def sign(message: Message, parameters: Parameters, key: EllipticCurvePrivateKey) -> dict[str, str]:
    """The headers that sign the request as this centre's own."""
    r, s = decode_dss_signature(key.sign(base(message, parameters), ECDSA(hashes.SHA256())))
    signature = base64.b64encode(r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")).decode()
    return {
        "content-digest": content_digest(message.body),
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


def check(message: Message, headers: Mapping[str, str], parameters: Parameters, key: EllipticCurvePublicKey) -> None:
    """Raises NotPermittedError: peer-body-altered, peer-signature-malformed, peer-signature-wrong."""
    if headers.get("content-digest") != content_digest(message.body):
        raise NotPermittedError("peer-body-altered")
    found = _SIGNATURE.fullmatch(headers.get("signature", ""))
    if found is None:
        raise NotPermittedError("peer-signature-malformed")
    raw = base64.b64decode(found["value"])
    signature = encode_dss_signature(int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big"))
    try:
        key.verify(signature, base(message, parameters), ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise NotPermittedError("peer-signature-wrong", centre=parameters.keyid) from error
