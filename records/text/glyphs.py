"""Which characters a text may contain: those in the report's fonts, so that every input can be printed. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

from records.canonical import Value
from records.errors import InvalidRecordError
from records.text.glyph_table import RUNS

_LAYOUT: Final = frozenset("\n\r\t")
"""Tabs and line feeds of a multi-line text: set as breaks and spaces, never as characters."""
_LONGEST_FIELD: Final = 64


def check(text: str, *, field: str) -> None:
    """Return when every character can be printed; InvalidRecordError("character-not-printable") names the first other.

    For every text entered here that the report may show. Not for texts acknowledged by another centre: those are taken
    unchanged, and shown by `legible`.
    """
    found = unprintable(text)
    if found is not None:
        raise InvalidRecordError("character-not-printable", field=field[:_LONGEST_FIELD], character=name(found))


def check_all(value: Value, *, field: str = "") -> None:
    """`check` for every text inside a value; `field` names the part with the text, by the keys that lead there."""
    if isinstance(value, str):
        check(value, field=field)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            check_all(part, field=f"{field}.{key}" if field else str(key))
    elif isinstance(value, Sequence):
        for part in value:
            check_all(part, field=field)


def unprintable(text: str) -> str | None:
    """The first character that cannot be printed."""
    if text.isascii() and text.isprintable():
        return None
    return next((sign for sign in text if not is_printable(sign)), None)


def is_printable(sign: str) -> bool:
    return sign in _LAYOUT or bisect_right(_boundaries(), ord(sign)) % 2 == 1


def legible(text: str) -> str:
    """The text as printed: a character that no font has becomes ⟦U+F0B7⟧, so that everybody sees it was there."""
    if unprintable(text) is None:
        return text
    return "".join(sign if is_printable(sign) else f"⟦{name(sign)}⟧" for sign in text)


def name(sign: str) -> str:
    """The name of a character that cannot be shown: U+F0B7."""
    return f"U+{ord(sign):04X}"


@lru_cache(maxsize=1)
def _boundaries() -> tuple[int, ...]:
    """The starts and ends of runs of characters, alternating."""
    lengths = [int(word, 36) for word in "".join(RUNS).split()]
    return tuple(accumulate(lengths))
