"""Signed notes (c2sp.org/signed-note): a text, a blank line, and the signature lines of any number of keys."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from records.errors import InvalidRecordError

KEY_SIZE: Final = 32
ID_SIZE: Final = 4
MAXIMUM_SIZE: Final = 1 << 20
"""Characters: sixteen signatures of the largest kind that the format foresees (16 KiB each) fit several times."""
MAXIMUM_LINES: Final = 1000
LEAST_SIGNATURE: Final = ID_SIZE + 1
"""Bytes of a line: the key's id, and a signature that is not empty."""

_NAME: Final = re.compile(r"[^\s+]+")
_FOREIGN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
"""What no note holds: control characters, and halves of a character, which have no bytes."""
_LINE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One signature line: the key's name and id, and its signature. `str` gives it as it is in a note."""

    name: str
    id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64(self.id + self.signature)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The signed text, its last newline included, and the lines below it; none of them verified."""

    text: str
    lines: tuple[Line, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{line}\n" for line in self.lines)


def parse_note(text: str) -> Note:
    """Parse a note. Raises InvalidRecordError("malformed-note")."""
    body, blank, tail = text.rpartition("\n\n")
    plain = len(text) <= MAXIMUM_SIZE and _FOREIGN.search(text) is None
    if not (blank and plain and tail.endswith("\n")) or tail.count("\n") > MAXIMUM_LINES:
        raise InvalidRecordError("malformed-note")
    return Note(text=body + "\n", lines=tuple(parse_line(line) for line in tail[:-1].split("\n")))


def parse_line(text: str) -> Line:
    """Parse one signature line, without its newline. Raises InvalidRecordError("malformed-note")."""
    found = _LINE.fullmatch(text)
    material = unb64(found[2]) if found else None
    if found is None or material is None or len(material) < LEAST_SIGNATURE or _FOREIGN.search(text):
        raise InvalidRecordError("malformed-note")
    return Line(name=found[1], id=material[:ID_SIZE], signature=material[ID_SIZE:])


@lru_cache(maxsize=256)
def key_id(name: str, kind: bytes, key: bytes) -> bytes:
    """The first bytes of a key's signatures: `kind` is the signature type, one byte."""
    return hashlib.sha256(name.encode() + b"\n" + kind + key).digest()[:ID_SIZE]


def check_key(name: str, key: bytes) -> None:
    """Refuse a name that cannot be in a line, and a key that is not Ed25519. InvalidRecordError("bad-verifier-key")."""
    if not _NAME.fullmatch(name) or _FOREIGN.search(name) or len(key) != KEY_SIZE:
        raise InvalidRecordError("bad-verifier-key")


@lru_cache(maxsize=256)
def public_key(key: bytes) -> Ed25519PublicKey:
    """The key behind its 32 bytes; ValueError when there is none."""
    return Ed25519PublicKey.from_public_bytes(key)


@lru_cache(maxsize=256)
def key_text(name: str, kind: bytes, key: bytes) -> str:
    """The text of a public key (vkey): `name+id+base64`."""
    return f"{name}+{key_id(name, kind, key).hex()}+{b64(kind + key)}"


def parse_key_text(text: str, kind: bytes) -> tuple[str, bytes]:
    """The name and key of a vkey of this kind; InvalidRecordError("bad-verifier-key") when its id is wrong."""
    name, _, rest = text.partition("+")
    material = unb64(rest.partition("+")[2])
    if material is None or material[:1] != kind:
        raise InvalidRecordError("bad-verifier-key")
    check_key(name, material[1:])
    if key_text(name, kind, material[1:]) != text:
        raise InvalidRecordError("bad-verifier-key")
    return name, material[1:]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes | None:
    """Standard base64 in its canonical spelling, else None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if b64(data) == text else None
