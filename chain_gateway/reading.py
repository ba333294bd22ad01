"""Reads foreign JSON (trust files, bundle members, chain answers) key by key, naming the key that is wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from records.errors import InvalidRecordError
from records.ids import parse_instant

_LARGEST: Final = 2**63


@dataclass(frozen=True, slots=True)
class Reader:
    """One JSON object of a named document; every getter returns a value of the right type or raises an error."""

    document: str
    value: Mapping[str, object]

    def text(self, key: str) -> str:
        found = self.value.get(key)
        return found if isinstance(found, str) else self.refuse(key)

    def number(self, key: str) -> int:
        """Return a non-negative whole number."""
        found = self.value.get(key)
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < _LARGEST:
            return int(self.refuse(key))
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(item if isinstance(item, str) else self.refuse(key) for item in self._list(key))

    def part(self, key: str) -> "Reader":
        found = self.value.get(key)
        return Reader(f"{self.document}.{key}", found) if isinstance(found, dict) else self.refuse(key)

    def parts(self, key: str) -> tuple["Reader", ...]:
        return tuple(
            Reader(f"{self.document}.{key}.{place}", item) if isinstance(item, dict) else self.refuse(key)
            for place, item in enumerate(self._list(key))
        )

    def only(self, *keys: str) -> "Reader":
        """Refuse the first unknown key: a misspelt one must not be ignored."""
        for key in self.value:
            if key not in keys:
                self.refuse(key)
        return self

    def moment(self, key: str) -> datetime:
        """Return a time as records write it."""
        try:
            return parse_instant(self.text(key))
        except InvalidRecordError:
            self.refuse(key)
            raise

    def _list(self, key: str) -> list[object]:
        found = self.value.get(key)
        return found if isinstance(found, list) else self.refuse(key)

    def refuse(self, key: str) -> Any:  # Any: it never returns, so it may replace a value of any type
        raise InvalidRecordError("document-invalid", document=self.document, key=key)


def read_object(document: str, data: bytes) -> Reader:
    """Parse a JSON object, formatted or compact; a doubled key is refused. Raises InvalidRecordError."""
    value = _parse(document, data)
    if not isinstance(value, dict):
        raise InvalidRecordError("document-not-json", document=document)
    return Reader(document, value)


def read_objects(document: str, data: bytes) -> tuple[Reader, ...]:
    """Parse a JSON array of objects, as strictly."""
    return Reader(document, {"items": _parse(document, data)}).parts("items")


def _parse(document: str, data: bytes) -> object:
    try:
        return _DECODER.decode(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidRecordError("document-not-json", document=document) from error


def _single_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("doubled key")
    return found


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_single_keys, parse_constant=_refuse_constant)
