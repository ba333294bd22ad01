"""An audit's description of an alteration: its place and field, the expected and the found value.

A private value is never shown, neither plain nor as a bare hash, from which a score or a name could be guessed: it is
shown as eight bytes of HMAC-SHA-256 under the record's own salt. Equal short forms are equal values, and whoever holds
the salt can compute them again.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from records import canonical
from records.canonical import Value
from records.errors import InvalidRecordError

ABSENT: Final = "nothing"
"""Shown for an absent value."""
OPEN: Final = frozenset(
    {
        *("index", "entry_index", "type", "version", "centre", "project", "session", "seq", "previous", "stage", "at"),
        *("digest", "commitment", "leaf", "kind", "place", "size", "root", "origin", "transaction", "block_number"),
        *("block_hash", "chain_id", "contract", "position", "registered_at", "issued_at", "data", "draft", "current"),
        *("sealed", "sealed_at", "sealed_digest", "report_digest", "signed_hash", "note", "row", "field", "file"),
    }
)
"""Fields of a record, and columns, whose values reveal nothing about a person, a bid or a score."""
OPEN_INSIDE: Final = frozenset(
    {
        *("session", "seq", "previous", "stage", "at", "kind", "size", "root", "origin", "transaction", "block"),
        *("chain_id", "contract", "sealed_digest", "report_digest", "data_digest", "certificate", "revision", "sha256"),
    }
)
"""The last names of such fields inside a body or a JSON column."""
_SHORT: Final = 8
_LONGEST: Final = 80
_LONGEST_REPAIRED: Final = 4096
_BYTE: Final = tuple(bytes([value]) for value in range(256))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """One altered value. `index`: the record it concerns, None when there is none.

    `rank`: how specific it is, 0 for a field proven to be the altered one; of several about one record the lowest is
    reported.
    """

    where: str
    field: str
    expected: str
    found: str
    index: int | None = None
    rank: int = 1

    def __str__(self) -> str:
        return f"{self.where}, {self.field}: expected {self.expected}, found {self.found}"


def shown(field: str, value: object, *, salt: bytes) -> str:
    """A value in the form an audit may print: open fields plain, all others as a short form under the salt."""
    if value is None:
        return ABSENT
    if isinstance(value, bytes):
        plain = value.hex()
    else:
        plain = value if isinstance(value, str) else canonical.encode(value).decode()  # type: ignore[arg-type]  # ints and JSON
    if field in OPEN or (field.rpartition(".")[2] in OPEN_INSIDE and "." in field):
        return plain if len(plain) <= _LONGEST else plain[:_LONGEST] + "…"
    return f"salted:{hmac.digest(salt or bytes(32), plain.encode(), 'sha256')[:_SHORT].hex()}" if salt else "hidden"


def differences(expected: Value, found: Value, at: str = "") -> Iterator[tuple[str, Value | None, Value | None]]:
    """The difference of two values: the path (`body.entry.seq`), the expected part, the found part. None: equal."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        for key in sorted({*expected, *found}):
            below = f"{at}.{key}" if at else key
            if key not in expected or key not in found:
                yield below, expected.get(key), found.get(key)
            else:
                yield from differences(expected[key], found[key], below)
    elif _is_list(expected) and _is_list(found) and len(expected) == len(found):  # type: ignore[arg-type]  # lists
        for place, (one, other) in enumerate(zip(expected, found, strict=True)):  # type: ignore[arg-type]  # lists
            yield from differences(one, other, f"{at}[{place}]")
    elif type(expected) is not type(found) or expected != found:
        yield at, expected, found


def _is_list(value: Value) -> bool:
    return isinstance(value, list | tuple)


def field_at(value: Value, position: int) -> str:
    """The path of the innermost member whose canonical bytes (key and value) hold the byte at a position."""
    parts: Sequence[tuple[str, Value, int]]
    if isinstance(value, Mapping):
        parts = [(f".{key}", value[key], len(canonical.encode(key)) + 1) for key in sorted(value)]
    elif _is_list(value):
        parts = [(f"[{place}]", item, 0) for place, item in enumerate(value)]  # type: ignore[arg-type]  # a list
    else:
        return ""
    start = 1
    for name, part, before in parts:
        end = start + before + len(canonical.encode(part))
        if start <= position < end:
            return (name + field_at(part, position - start - before)) if position >= start + before else name
        start = end + 1
    return ""


def decoded(data: bytes) -> Value | None:
    """The value of canonical bytes, None for others."""
    try:
        return canonical.decode(data)
    except InvalidRecordError:
        return None


def repaired(data: bytes, digest: bytes) -> tuple[int, bytes] | None:
    """The bytes with this SHA-256 that differ from the data in one byte, and that byte's position.

    None when no single byte repairs it, or when the data are too long to try them all.
    """
    if len(data) > _LONGEST_REPAIRED:
        return None
    before = hashlib.sha256()
    for position in range(len(data)):
        after = data[position + 1 :]
        for byte in _BYTE:
            candidate = before.copy()
            candidate.update(byte + after)
            if candidate.digest() == digest:
                return position, data[:position] + byte + after
        before.update(data[position : position + 1])
    return None
