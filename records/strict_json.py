"""Strict reading of JSON text other than records: bounded, no doubled key, standard JSON only.

Records have one byte form and are read by `canonical`; this is for the JSON of people and other programs. Fractions and
nulls pass: the reader of the fields refuses them by field name, where they do not belong. A number that no program can
hold (`1e999999999`, five thousand digits) is no number.
"""

import json
import math
from collections.abc import Iterable
from typing import Any, Final, NoReturn

from records import json_bounds, strict_text
from records.canonical import Value
from records.errors import InvalidRecordError

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a text, at most, unless an entrance allows less."""

_LONGEST_WHOLE: Final = 20
"""Characters: every whole number of 64 bits has a spelling within them."""
_LONGEST_FRACTION: Final = 400
"""Likewise every number of double precision."""


def read(data: bytes, *, largest: int = LARGEST) -> Value:
    """The value of UTF-8 bytes.

    InvalidRecordError: `malformed-json`, `named-twice` (a key), `too-deep`, `too-many-values`, `lone-surrogate`,
    `file-too-large`.
    """
    _bound(data, largest)
    try:
        return _parse(data.decode("utf-8"), data)
    except UnicodeDecodeError as error:
        raise InvalidRecordError("malformed-json") from error


def read_by_hand(data: bytes, *, largest: int = LARGEST) -> Value:
    """The value of a file that a person saved: as `read`, with or without a byte order mark."""
    _bound(data, largest)
    try:
        text = strict_text.decode(data)
    except InvalidRecordError as error:
        raise InvalidRecordError("malformed-json") from error
    return _parse(text, text.encode())


def _bound(data: bytes, largest: int) -> None:
    if len(data) > largest:
        raise InvalidRecordError("file-too-large", maximum=largest)


def _parse(text: str, data: bytes) -> Value:
    """The value of a text; `data`: the text in UTF-8."""
    json_bounds.check_values((data,))
    json_bounds.check_depth(data)
    try:
        value: Value = _DECODER.decode(text)
    except ValueError as error:
        raise InvalidRecordError("malformed-json") from error
    _check_texts((value,))
    return value


def _check_texts(items: Iterable[object]) -> None:
    """Refuse text that cannot be written again; keys were looked at when they were read."""
    for item in items:
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, dict | list):
            _check_texts(item.values() if isinstance(item, dict) else item)


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidRecordError("lone-surrogate") from error


def _single_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON as the parser gives it
    found: dict[str, Any] = {}
    for name, value in pairs:
        _check_text(name)
        if name in found:
            raise InvalidRecordError("named-twice", field=name[:64])
        found[name] = value
    return found


def _whole(text: str) -> int:
    return int(_no_longer(text, _LONGEST_WHOLE))


def _fraction(text: str) -> float:
    number = float(_no_longer(text, _LONGEST_FRACTION))
    if not math.isfinite(number):
        raise InvalidRecordError("malformed-json")
    return number


def _no_longer(text: str, longest: int) -> str:
    if len(text) > longest:
        raise InvalidRecordError("malformed-json")
    return text


def _refuse(constant: str) -> NoReturn:
    raise InvalidRecordError("malformed-json", constant=constant)  # NaN and Infinity: accepted only by Python's JSON


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_single_keys, parse_int=_whole, parse_float=_fraction, parse_constant=_refuse
)
