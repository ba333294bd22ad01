"""Cosignatures (c2sp.org/tlog-cosignature, Ed25519 v1): other centres' signatures on a checkpoint's note, with time.

A cosignature states: at this time this was the largest state of the log that I had seen, and it extended all earlier
ones. It is a line of the note (signature type 0x04) over the time and the note's text, so lines are independent of one
another, and a reader ignores the line of an unknown cosigner.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from records.errors import EvidenceMismatchError, InvalidRecordError
from records.log.note import Line, Note, check_key, key_id, key_text, parse_key_text, parse_line, parse_note, public_key

LATEST: Final = 2**63 - 1
"""POSIX seconds; the format allows no later time."""

_COSIGNATURE: Final = b"\x04"
_TIME_SIZE: Final = 8
_SIZE: Final = _TIME_SIZE + 64


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignerKey:
    """An Ed25519 key that cosigns. The signed bytes do not hold its name: no two cosigners may share a key."""

    name: str
    key: bytes

    def __post_init__(self) -> None:
        check_key(self.name, self.key)

    @property
    def id(self) -> bytes:
        return key_id(self.name, _COSIGNATURE, self.key)

    def __str__(self) -> str:
        return key_text(self.name, _COSIGNATURE, self.key)

    def verify(self, line: Line, text: str) -> int:
        """The time in a line of this key. Raises EvidenceMismatchError("cosignature-invalid").

        InvalidRecordError("cosignature-malformed") when it is no timestamped signature, or its time above 2^63-1.
        """
        time = int.from_bytes(line.signature[:_TIME_SIZE], "big")
        if len(line.signature) != _SIZE or time > LATEST:
            raise InvalidRecordError("cosignature-malformed", key=self.name)
        try:
            public_key(self.key).verify(line.signature[_TIME_SIZE:], cosigned_message(text, time))
        except (InvalidSignature, ValueError) as error:
            raise EvidenceMismatchError("cosignature-invalid", key=self.name) from error
        return time


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosignature:
    """One verified line: whose (`key` is the vkey text), when (POSIX seconds), and the line itself."""

    key: str
    time: int
    line: str


def cosigner_key(name: str, public_key: Ed25519PublicKey) -> str:
    """The C2SP text of a cosigner's public key (vkey): `name+id+base64`."""
    return str(CosignerKey(name=name, key=public_key.public_bytes_raw()))


@lru_cache(maxsize=256)
def parse_cosigner_key(text: str) -> CosignerKey:
    """The key behind a vkey; InvalidRecordError("bad-verifier-key") when it is no cosigner's or its id is wrong."""
    name, key = parse_key_text(text, _COSIGNATURE)
    return CosignerKey(name=name, key=key)


def cosigned_message(text: str, time: int) -> bytes:
    """The signed bytes: a header, the time in POSIX seconds, and the note's text with its last newline."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def cosign(note: str, *, name: str, key: Ed25519PrivateKey, at: datetime) -> str:
    """The signature line, without its newline, by which a cosigner confirms the text of a note.

    The caller has opened the note and checked that it extends everything it saw; nothing is checked again here. Raises
    InvalidRecordError: "malformed-note", "bad-verifier-key", and "cosignature-malformed" for a time before 1970.
    """
    text, time = parse_note(note).text, int(at.timestamp())
    if time < 0:
        raise InvalidRecordError("cosignature-malformed", key=name)
    signer = CosignerKey(name=name, key=key.public_key().public_bytes_raw())
    signature = time.to_bytes(_TIME_SIZE, "big") + key.sign(cosigned_message(text, time))
    return str(Line(name=name, id=signer.id, signature=signature))


def add_lines(note: str, lines: Iterable[str]) -> str:
    """The note with these signature lines after its own; a key already in it is not added again.

    The lines are not verified. Raises InvalidRecordError("malformed-note"), also when the note became too long.
    """
    found = parse_note(note)
    spoken = {(line.name, line.id) for line in found.lines}
    added: dict[tuple[str, bytes], Line] = {}
    for line in map(parse_line, lines):
        if (line.name, line.id) not in spoken:
            added.setdefault((line.name, line.id), line)
    whole = str(Note(text=found.text, lines=(*found.lines, *added.values())))
    parse_note(whole)
    return whole


def cosignatures(note: str, keys: Iterable[str]) -> tuple[Cosignature, ...]:
    """The lines of known cosigners (vkey texts), in the note's order, each key once; others are ignored.

    InvalidRecordError: "malformed-note", "bad-verifier-key", "cosignature-malformed". EvidenceMismatchError
    ("cosignature-invalid") when a line of a known key does not verify: such a note is refused as a whole.
    """
    found = parse_note(note)
    known = {(key.name, key.id): key for key in map(parse_cosigner_key, keys)}
    given: dict[str, Cosignature] = {}
    for line in found.lines:
        key = known.get((line.name, line.id))
        if key is not None:
            time = key.verify(line, found.text)
            given.setdefault(str(key), Cosignature(key=str(key), time=time, line=str(line)))
    return tuple(given.values())
