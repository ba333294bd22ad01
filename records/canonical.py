"""The single byte form of every record: RFC 8785 (JCS) over a subset small enough to have one reading.

The subset: objects with ASCII keys, arrays, strings in NFC, integers of at most 53 bits, booleans. No float, no null.
Within it, `orjson` with sorted keys writes exactly the bytes of RFC 8785 (a property test holds it to `rfc8785`).
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn, TypeAlias

import orjson

from records import json_bounds
from records.errors import InvalidRecordError

Value: TypeAlias = bool | int | str | Sequence["Value"] | Mapping[str, "Value"]
"""What a record may hold.

At run time exactly dict, list, tuple (written as an array), str, int and bool: a subclass (an enum member, an
OrderedDict) is refused, so that nothing is written in an unintended form.
"""

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = json_bounds.MAX_DEPTH


def encode(value: Value) -> bytes:
    """The canonical bytes of a value, or InvalidRecordError with the code of the first thing outside the subset."""
    _check((value,), MAX_DEPTH)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def decode(data: bytes) -> Value:
    """The value of canonical bytes; any other bytes, even of equal meaning, are an InvalidRecordError.

    Bytes that parse, lie in the subset and are written back unchanged were canonical: a duplicate key, a space, a
    superfluous escape or a key out of order all change the length or the order of the output. A text of more values
    than `json_bounds` allows is refused before anything is built from it.
    """
    if not isinstance(data, bytes):
        raise InvalidRecordError("wrong-type", found=type(data).__name__)
    values = _decoded((data,))
    return values[0] if values is not None else _diagnose(data)


def decode_all(many: Sequence[bytes]) -> list[Value]:
    """The values of many canonical texts. Raises the error of `decode` for the first that is not canonical."""
    values = _decoded(many)
    return values if values is not None else list(map(decode, many))


def _decoded(many: Sequence[bytes]) -> list[Value] | None:
    """The values when all of the texts are canonical; None does not tell which are not."""
    json_bounds.check_values(many)
    try:
        values: list[Value] = list(map(orjson.loads, many))
        _check(values, MAX_DEPTH)
    except (orjson.JSONDecodeError, InvalidRecordError):
        return None
    return values if [orjson.dumps(value, None, orjson.OPT_SORT_KEYS) for value in values] == [*many] else None


def _check(items: Iterable[Any], room: int) -> None:  # Any: 'type(x) is str' narrows nothing, and isinstance is slow
    """Refuse any value outside the subset, in one pass; `room` is the number of further levels allowed."""
    for item in items:
        kind = type(item)
        if kind is str:
            if not item.isascii():
                _check_text(item)
        elif kind is int:
            if not -MAX_INTEGER <= item <= MAX_INTEGER:
                raise InvalidRecordError("integer-too-big")
        elif kind is dict or kind is list or kind is tuple:
            if room == 0:
                raise InvalidRecordError("too-deep", most=MAX_DEPTH)
            if kind is dict:
                _check_keys(item)
            _check(item.values() if kind is dict else item, room - 1)
        elif kind is not bool:
            _refuse(item)


def _check_keys(keys: Iterable[object]) -> None:
    for key in keys:
        if type(key) is not str:
            raise InvalidRecordError("wrong-type", found=type(key).__name__)
        if not key.isascii():
            raise InvalidRecordError("key-not-ascii")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidRecordError("lone-surrogate") from error
    if not unicodedata.is_normalized("NFC", text):
        raise InvalidRecordError("not-nfc")


def _refuse(value: object) -> NoReturn:
    if value is None:
        raise InvalidRecordError("null-not-allowed")
    if isinstance(value, float):
        raise InvalidRecordError("float-not-allowed")
    raise InvalidRecordError("wrong-type", found=type(value).__name__)


def _diagnose(data: bytes) -> NoReturn:
    """Raise the fault of bytes that are not canonical. Slow, strict, and never returns."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise InvalidRecordError("malformed-json") from error
    json_bounds.check_depth(data)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_float=_no_float,
            parse_constant=_no_constant,
            parse_int=_integer,
        )
    except ValueError as error:
        raise InvalidRecordError("malformed-json") from error
    _check((value,), MAX_DEPTH)
    raise InvalidRecordError("not-canonical")


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidRecordError("duplicate-key")
    return found


def _no_float(_: str) -> NoReturn:
    raise InvalidRecordError("float-not-allowed")


def _no_constant(_: str) -> NoReturn:
    raise InvalidRecordError("malformed-json")  # NaN and Infinity: accepted only by Python's JSON


def _integer(text: str) -> int:
    if len(text) > len(str(-MAX_INTEGER)):
        raise InvalidRecordError("integer-too-big")
    return int(text)
