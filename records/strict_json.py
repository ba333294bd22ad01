"""Strict reading of JSON text other than records: bounded, no doubled key, standard JSON only.

Records have one byte form and are read by `canonical`; this is for the JSON of people and other programs. Fractions and
nulls pass: the reader of the fields refuses them by field name, where they do not belong.
"""

import json
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from records import strict_text
from records.canonical import MAX_DEPTH, Value
from records.errors import InvalidRecordError

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a text, at most, unless an entrance allows less."""


def read(data: bytes, *, largest: int = LARGEST) -> Value:
    """The value of UTF-8 bytes.

    InvalidRecordError: `malformed-json`, `named-twice` (a key), `too-deep`, `lone-surrogate`, `file-too-large`.
    """
    _bound(data, largest)
    try:
        return _parse(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidRecordError("malformed-json") from error


def read_by_hand(data: bytes, *, largest: int = LARGEST) -> Value:
    """The value of a file that a person saved: as `read`, with or without a byte order mark."""
    _bound(data, largest)
    try:
        return _parse(strict_text.decode(data))
    except InvalidRecordError as error:
        if error.code == "not-unicode":
            raise InvalidRecordError("malformed-json") from error
        raise


def _bound(data: bytes, largest: int) -> None:
    if len(data) > largest:
        raise InvalidRecordError("file-too-large", maximum=largest)


def _parse(text: str) -> Value:
    try:
        value: Value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise InvalidRecordError("malformed-json") from error
    _check((value,), MAX_DEPTH)
    return value


def _check(items: Iterable[object], room: int) -> None:
    """Refuse nesting beyond the depth of a record, and text that cannot be written again."""
    for item in items:
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, dict | list):
            if room == 0:
                raise InvalidRecordError("too-deep", most=MAX_DEPTH)
            if isinstance(item, dict):
                for key in item:
                    _check_text(key)
            _check(item.values() if isinstance(item, dict) else item, room - 1)


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidRecordError("lone-surrogate") from error


def _single_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON as the parser gives it
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place]))
        raise InvalidRecordError("named-twice", field=twice[:64])
    return found


def _refuse(constant: str) -> NoReturn:
    raise InvalidRecordError("malformed-json", constant=constant)  # NaN and Infinity: accepted only by Python's JSON


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_single_keys, parse_constant=_refuse)
