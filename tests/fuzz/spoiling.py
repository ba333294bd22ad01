"""Makes foreign bytes: true documents with a few things in them wrong, and bytes that are nothing at all."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from hypothesis import strategies as st

Json = Any
"""Any: JSON as the parser gives it."""

_TOKENS: Final = (
    b"", b"[]", b"{}", b"null", b"true", b"-1", b"1e999999999", b"9" * 30, b'"\\ud800"', b"\xff", b"\x00", b"\n",
    b'"', b"\\", b",", b":", b"[" * 80, b"0x", b"1.5", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3\xa9", b"PK\x03\x04",
    b"\n\n", b"=",
)  # fmt: skip
_VALUES: Final[tuple[Json, ...]] = (
    [], {}, [[]], [{}], "", "x", "é", "e\u0301", "\u202e", "0x", "1e999999999", "NaN", "9" * 20, "A" * 5000, 0, -1, 1,
    2**31, 2**53, 2**64, True, False, None, 1.5,
)  # fmt: skip
_NAMES: Final = st.sampled_from(["", "x", "format", "variant", "é", "__class__", "constructor"])

_edits = st.lists(
    st.tuples(st.integers(0, 1 << 20), st.integers(0, 40), st.sampled_from(_TOKENS) | st.binary(max_size=8)), max_size=4
)
_changes = st.lists(
    st.tuples(
        st.integers(0, 1 << 20),
        st.sampled_from(["value", "value", "value", "lost", "renamed", "doubled"]),
        st.sampled_from(_VALUES) | st.text(max_size=6) | st.integers(),
        _NAMES,
    ),
    min_size=1,
    max_size=3,
)


def spoiled(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """One of the texts with up to four places exchanged, cut short or not; or any bytes."""
    cut = st.none() | st.integers(0, 1 << 20)
    return st.binary(max_size=200) | st.builds(_edited, st.sampled_from(seeds), _edits, cut)


def _edited(data: bytes, edits: Sequence[tuple[int, int, bytes]], cut: int | None) -> bytes:
    for place, length, filling in edits:
        at = place % (len(data) + 1)
        data = data[:at] + filling + data[at + length :]
    return data if cut is None else data[: cut % (len(data) + 1)]


def changed(seeds: Sequence[Json]) -> st.SearchStrategy[Json]:
    """One of the values with up to three parts of it of another type, lost, renamed or doubled."""
    texts = [json.dumps(seed) for seed in seeds]
    return st.builds(_changed, st.sampled_from(texts), _changes)


def _changed(text: str, changes: Sequence[tuple[int, str, Json, str]]) -> Json:
    value = {"": json.loads(text)}
    for place, what, other, name in changes:
        holders = list(_places(value))
        holder, key = holders[place % len(holders)]
        if what == "value" or holder is value:
            holder[key] = deepcopy(other)
        elif what == "lost":
            del holder[key]
        elif isinstance(holder, dict):
            holder[name if what == "renamed" else key + "x"] = (
                holder.pop(key) if what == "renamed" else deepcopy(holder[key])
            )
        else:
            holder.insert(key, deepcopy(holder[key]))
    return value[""]


def _places(value: Json) -> Iterator[tuple[Json, Any]]:
    """Every place of a value: what holds it, and under which key or number."""
    for key, item in list(value.items() if isinstance(value, Mapping) else enumerate(value)):
        yield value, key
        if isinstance(item, dict | list):
            yield from _places(item)
