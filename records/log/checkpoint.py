"""Checkpoints: a log's size and root as a C2SP signed note, which any transparency-log tool reads.

Formats: c2sp.org/signed-note and c2sp.org/tlog-checkpoint, Ed25519 (signature type 0x01). Lines of unknown keys are
ignored, so old and new keys overlap while one replaces the other, and signatures of other kinds may be present.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from records.errors import EvidenceMismatchError, InvalidRecordError
from records.log.merkle import HASH_SIZE, MAX_SIZE
from records.log.note import Line, Note, b64, check_key, key_id, key_text, parse_key_text, parse_note, public_key, unb64

_ED25519 = b"\x01"
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
        """The signed text: three lines, each ended."""
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """An Ed25519 key in notes: name and key id together."""

    name: str
    key: bytes

    def __post_init__(self) -> None:
        check_key(self.name, self.key)

    @property
    def id(self) -> bytes:
        return key_id(self.name, _ED25519, self.key)

    def __str__(self) -> str:
        return key_text(self.name, _ED25519, self.key)

    def verify(self, signature: bytes, text: str) -> bool:
        try:
            public_key(self.key).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def verifier_key(name: str, public_key: Ed25519PublicKey) -> str:
    """The C2SP text of a public key (vkey): `name+id+base64`."""
    return str(VerifierKey(name=name, key=public_key.public_bytes_raw()))


@lru_cache(maxsize=256)
def parse_verifier_key(text: str) -> VerifierKey:
    """The key behind a vkey; InvalidRecordError when it is not Ed25519 or its id is not its own."""
    name, key = parse_key_text(text, _ED25519)
    return VerifierKey(name=name, key=key)


def sign_note(checkpoint: Checkpoint, *, name: str, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note with one signature line. The log's `name` should be its origin."""
    signer = VerifierKey(name=name, key=key.public_key().public_bytes_raw())
    text = checkpoint.text()
    line = Line(name=name, id=signer.id, signature=key.sign(text.encode()))
    return str(Note(text=text, lines=(line,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCheckpoint:
    """A checkpoint, and the known keys (vkey texts) that signed it: at least one."""

    checkpoint: Checkpoint
    keys: tuple[str, ...]


def open_note(text: str, verifier_keys: Iterable[str]) -> Checkpoint:
    """The checkpoint of a note that at least one of the known keys signed; raises as `open_signed` does."""
    return open_signed(text, verifier_keys).checkpoint


def open_signed(text: str, verifier_keys: Iterable[str]) -> SignedCheckpoint:
    """The checkpoint of a note with the known keys that signed it; the caller compares its origin.

    InvalidRecordError("malformed-note") when it is not a checkpoint at all; EvidenceMismatchError when no known key
    signed it ("note-unsigned") or when any line of a known key does not verify ("note-signature").
    """
    note = parse_note(text)
    known = {(key.name, key.id): key for key in map(parse_verifier_key, verifier_keys)}
    signed: dict[str, None] = {}
    for line in note.lines:
        key = known.get((line.name, line.id))
        if key is None:
            continue
        if not key.verify(line.signature, note.text):
            raise EvidenceMismatchError("note-signature", key=line.name)
        signed[str(key)] = None
    if not signed:
        raise EvidenceMismatchError("note-unsigned")
    return SignedCheckpoint(checkpoint=parse_checkpoint(note.text), keys=tuple(signed))


def parse_checkpoint(text: str) -> Checkpoint:
    """Origin, size, root of a note's text, unverified; lines after them are extensions, which are ignored.

    Raises InvalidRecordError: "malformed-note", "bad-checkpoint", "bad-origin".
    """
    lines = text[:-1].split("\n")
    root = unb64(lines[2]) if len(lines) >= 3 else None  # noqa: PLR2004 - the three lines of a checkpoint
    if root is None or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise InvalidRecordError("malformed-note")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root)
