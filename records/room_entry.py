"""One act in the evaluation room: written and signed by its author, chained to the author's act before it.

The bytes signed are the canonical bytes of exactly eight keys. The browser builds the same bytes; both are tested with
tests/vectors/room_entry.json.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from records import strict_fields
from records.canonical import MAX_INTEGER, Value, encode
from records.errors import EvidenceMismatchError, InvalidRecordError
from records.ids import (
    ZERO_DIGEST,
    Author,
    Digest,
    SessionId,
    b64u,
    digest,
    parse_author,
    parse_digest,
    parse_instant,
    parse_session,
    unb64u,
)

MAX_SIZE = 64 * 1024
"""Bytes of an encoded entry, at most: one message of the data channel."""
_KEYS = ("session", "author", "seq", "previous", "at", "stage", "kind", "body")
_ES256 = ec.ECDSA(hashes.SHA256())
_HALF = 32
_STAGE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_KIND = re.compile(r"[a-z][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomEntry:
    """An author's next entry. `seq` counts from 1; `previous` is the hash of the author's entry before."""

    session: SessionId
    author: Author
    seq: int
    previous: Digest
    at: str
    stage: str
    kind: str
    body: Mapping[str, Value]

    def __post_init__(self) -> None:
        """Refuse an entry that nobody could have written: its form alone, not whether it was allowed."""
        parse_session(self.session)
        if parse_author(self.author).partition(":")[0] not in {"seat", "centre"}:
            raise InvalidRecordError("bad-author")
        if type(self.seq) is not int or not 1 <= self.seq <= MAX_INTEGER:
            raise InvalidRecordError("bad-seq")
        if (parse_digest(self.previous) == ZERO_DIGEST) is not (self.seq == 1):
            raise InvalidRecordError("bad-previous", seq=self.seq)
        parse_instant(self.at)
        _expect(_STAGE, self.stage, "bad-stage")
        _expect(_KIND, self.kind, "bad-kind")
        if not isinstance(self.body, dict):
            raise InvalidRecordError("bad-body")

    def value(self) -> dict[str, Value]:
        """The object that is signed."""
        return {
            "session": str(self.session),
            "author": str(self.author),
            "seq": self.seq,
            "previous": self.previous,
            "at": self.at,
            "stage": str(self.stage),
            "kind": str(self.kind),
            "body": self.body,
        }

    def encode(self) -> bytes:
        """The canonical bytes, or `entry-too-large`."""
        data = encode(self.value())
        if len(data) > MAX_SIZE:
            raise InvalidRecordError("entry-too-large", size=len(data), most=MAX_SIZE)
        return data

    @property
    def hash(self) -> Digest:
        """The hash that the author's next entry names as its previous."""
        return digest(self.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedEntry:
    """An entry and its author's ES256 signature: 64 raw bytes, r‖s."""

    entry: RoomEntry
    signature: bytes

    def __post_init__(self) -> None:
        if len(self.signature) != 2 * _HALF:
            raise InvalidRecordError("bad-entry")

    def verify(self, public_key: str) -> None:
        """Return when the key (b64u of its uncompressed point) signed this entry, else EvidenceMismatchError."""
        key = load_point(public_key)
        numbers = (int.from_bytes(self.signature[:_HALF], "big"), int.from_bytes(self.signature[_HALF:], "big"))
        try:
            key.verify(encode_dss_signature(*numbers), self.entry.encode(), _ES256)
        except InvalidSignature as error:
            raise EvidenceMismatchError("bad-signature", author=self.entry.author, seq=self.entry.seq) from error

    def to_wire(self) -> dict[str, Value]:
        return {"entry": self.entry.value(), "signature": b64u(self.signature)}

    @classmethod
    def from_wire(cls, wire: Value) -> "SignedEntry":
        """Read the output of `to_wire`, from any source: InvalidRecordError for anything else."""
        parts = _fields(wire, "entry", "signature")
        entry = _fields(parts["entry"], *_KEYS)
        found = cls(entry=RoomEntry(**entry), signature=unb64u(parts["signature"]))
        found.entry.encode()  # refuses a body outside the subset or too large, before it is stored
        return found


def _fields(value: Value, *names: str) -> dict[str, Any]:  # Any: RoomEntry refuses whatever has the wrong type
    try:
        return dict(strict_fields.fields(value, *names))
    except InvalidRecordError as error:
        raise InvalidRecordError("bad-entry") from error


def _expect(form: re.Pattern[str], text: object, code: str) -> None:
    if not isinstance(text, str) or not form.fullmatch(text):
        raise InvalidRecordError(code)


def sign(entry: RoomEntry, private_key: ec.EllipticCurvePrivateKey) -> SignedEntry:
    """The entry with its author's signature (P-256, SHA-256)."""
    r, s = decode_dss_signature(private_key.sign(entry.encode(), _ES256))
    return SignedEntry(entry=entry, signature=r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big"))


def public_point(key: ec.EllipticCurvePublicKey) -> str:
    """A public key in wire form: b64u of the uncompressed 65-byte point."""
    form = serialization.PublicFormat.UncompressedPoint
    return b64u(key.public_bytes(serialization.Encoding.X962, form))


def load_point(text: object) -> ec.EllipticCurvePublicKey:
    """The P-256 key of its wire form, else `bad-public-key`."""
    point = unb64u(text)
    if point[:1] != b"\x04":
        raise InvalidRecordError("bad-public-key")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise InvalidRecordError("bad-public-key") from error
