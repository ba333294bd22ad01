"""The bounds of a JSON text, looked at before anything is built from it: its depth, and how many values it holds.

A value costs up to a hundred times its bytes once it is built (`{}` two bytes, an empty table 64), so the length of a
text alone bounds nothing. The marks that begin or part values are counted instead, without a parser.
"""

import re
from collections.abc import Iterable
from typing import Final

from records.errors import InvalidRecordError

MAX_DEPTH: Final = 64
"""The greatest nesting of objects and arrays."""
MAX_VALUES: Final = 1 << 21
"""Values of one text, at most: some 200 MiB once they are built."""

_MARKS: Final = (b",", b"[", b"{")
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


def check_values(texts: Iterable[bytes], most: int = MAX_VALUES) -> None:
    """Refuse texts that together hold more values than `most`: InvalidRecordError("too-many-values").

    Every value but the first follows a comma or an opening bracket. Texts that pass with the marks inside their
    strings counted need no second look.
    """
    large = list(texts)
    if sum(map(len, large)) > most and _marks(large) > most and _marks(_STRING.sub(b"", one) for one in large) > most:
        raise InvalidRecordError("too-many-values", most=most)


def check_depth(data: bytes, most: int = MAX_DEPTH) -> None:
    """Refuse a text that is nested more deeply, before a parser recurses into it: InvalidRecordError("too-deep")."""
    if data.count(b"[") + data.count(b"{") > most and depth(data) > most:
        raise InvalidRecordError("too-deep", most=most)


def depth(data: bytes) -> int:
    """The depth of nested brackets outside strings."""
    level = deepest = 0
    for mark in _STRING.sub(b"", data).translate(None, _NO_BRACKETS):
        level += 1 if mark in b"[{" else -1
        deepest = max(deepest, level)
    return deepest


def _marks(texts: Iterable[bytes]) -> int:
    return sum(text.count(mark) for text in texts for mark in _MARKS)
