"""Reads a JSON file that a person wrote: bounded, no field twice, one error of ours whatever is wrong with it."""

import json
from pathlib import Path
from typing import Any, Final

from records.canonical import MAX_DEPTH, Value
from records.errors import InvalidRecordError, NotFoundError

LARGEST: Final = 64 * 1024 * 1024


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, or `file-not-found`, `file-unreadable`, `file-too-large`."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise NotFoundError("file-not-found", file=path.name) from error
    except OSError as error:
        raise InvalidRecordError("file-unreadable", file=path.name) from error
    if len(data) > LARGEST:
        raise InvalidRecordError("file-too-large", maximum=LARGEST)
    return data


def read_json(path: Path) -> Value:
    """The value in a file. Fractions and nulls are left for the reader of the fields to refuse by their names."""
    try:
        value: Value = json.loads(read_bytes(path), object_pairs_hook=_object, parse_constant=_refuse)
    except InvalidRecordError:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidRecordError("malformed-json", file=path.name) from error
    _check_depth(value, MAX_DEPTH)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON as the parser gives it
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place]))
        raise InvalidRecordError("named-twice", field=twice[:64])
    return found


def _refuse(constant: str) -> object:
    raise InvalidRecordError("malformed-json", constant=constant)


def _check_depth(value: object, room: int) -> None:
    if room == 0:
        raise InvalidRecordError("too-deep", most=MAX_DEPTH)
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in items:
        _check_depth(item, room - 1)
