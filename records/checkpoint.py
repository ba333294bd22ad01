"""Checkpoints: a log's size and root as a C2SP signed note, which any transparency-log tool reads.

Formats: c2sp.org/signed-note and c2sp.org/tlog-checkpoint, Ed25519 (signature type 0x01). Lines of unknown keys are
ignored, so old and new keys overlap while one replaces the other, and signatures of other kinds may stand beside.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from records.errors import EvidenceMismatchError, InvalidRecordError
from records.merkle import HASH_SIZE, MAX_SIZE

_ED25519 = b"\x01"
_KEY_SIZE = 32
_MAX_NOTE = 64 * 1024
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,19}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A log's state: its `root` (32 bytes) over its first `size` entries. `origin` names the log."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or not self.origin.isprintable():
            raise InvalidRecordError("bad-origin")
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise InvalidRecordError("bad-checkpoint", size=self.size)

    def text(self) -> str:
        """What is signed: three lines, each ended."""
        return f"{self.origin}\n{self.size}\n{_b64(self.root)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """An Ed25519 key as notes name it: name and key id together."""

    name: str
    key: bytes

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[^\s+]+", self.name) or len(self.key) != _KEY_SIZE:
            raise InvalidRecordError("bad-verifier-key")

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_b64(_ED25519 + self.key)}"

    def verify(self, signature: bytes, text: str) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def verifier_key(name: str, public_key: Ed25519PublicKey) -> str:
    """The C2SP text of a public key (vkey): `name+id+base64`."""
    return str(VerifierKey(name=name, key=public_key.public_bytes_raw()))


def parse_verifier_key(text: str) -> VerifierKey:
    """The key behind a vkey; InvalidRecordError when it is not Ed25519 or its id is not its own."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    material = _unb64(encoded)
    if material is None or material[:1] != _ED25519:
        raise InvalidRecordError("bad-verifier-key")
    key = VerifierKey(name=name, key=material[1:])
    if key.id.hex() != key_id:
        raise InvalidRecordError("bad-verifier-key")
    return key


def sign_note(checkpoint: Checkpoint, *, name: str, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note with one signature line. The log's `name` should be its origin."""
    signer = VerifierKey(name=name, key=key.public_key().public_bytes_raw())
    text = checkpoint.text()
    return f"{text}\n— {name} {_b64(signer.id + key.sign(text.encode()))}\n"


def open_note(text: str, verifier_keys: Iterable[str]) -> Checkpoint:
    """The checkpoint of a note that at least one of the known keys signed; the caller compares its origin.

    InvalidRecordError("malformed-note") when it is no checkpoint at all; EvidenceMismatchError when no known key
    signed it ("note-unsigned") or when any line of a known key does not verify ("note-signature").
    """
    body, lines = _split(text)
    known = {(key.name, key.id): key for key in map(parse_verifier_key, verifier_keys)}
    signed = False
    for name, signature in lines:
        key = known.get((name, signature[:4]))
        if key is None:
            continue
        if not key.verify(signature[4:], body):
            raise EvidenceMismatchError("note-signature", key=name)
        signed = True
    if not signed:
        raise EvidenceMismatchError("note-unsigned")
    return _parse_body(body)


def _split(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The signed text, its last newline included, and the signature lines as (name, key id + signature)."""
    body, blank, tail = text.rpartition("\n\n")
    plain = len(text) <= _MAX_NOTE and all(sign >= " " or sign == "\n" for sign in text)
    if not (blank and plain and tail.endswith("\n")):
        raise InvalidRecordError("malformed-note")
    return body + "\n", [_signature(line) for line in tail[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    found = _SIGNATURE_LINE.fullmatch(line)
    signature = _unb64(found[2]) if found else None
    if found is None or signature is None:
        raise InvalidRecordError("malformed-note")
    return found[1], signature


def _parse_body(body: str) -> Checkpoint:
    """Origin, size, root; lines after them are extensions, which say nothing to us."""
    lines = body[:-1].split("\n")
    root = _unb64(lines[2]) if len(lines) >= 3 else None  # noqa: PLR2004 - the three lines of a checkpoint
    if root is None or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise InvalidRecordError("malformed-note")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unb64(text: str) -> bytes | None:
    """Standard base64 in its one spelling, else None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _b64(data) == text else None
