"""Typed reading of the report's data: a missing or mistyped key is one clear error instead of a KeyError."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from records.errors import InvalidRecordError


@dataclass(frozen=True, slots=True)
class Reading:
    """One object of the data. Every getter raises InvalidRecordError("report-data", key=…) when the key is wrong."""

    fields: Mapping[str, object]

    def text(self, key: str) -> str:
        value = self.fields.get(key)
        if not isinstance(value, str):
            raise InvalidRecordError("report-data", key=key)
        return value

    def text_or(self, key: str, default: str) -> str:
        return self.text(key) if key in self.fields else default

    def number(self, key: str) -> int:
        value = self.fields.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidRecordError("report-data", key=key)
        return value

    def numbers(self, key: str) -> list[int]:
        value = self.fields.get(key)
        if not isinstance(value, list | tuple):
            raise InvalidRecordError("report-data", key=key)
        return [Reading({key: one}).number(key) for one in value]

    def flag(self, key: str) -> bool:
        return self.fields.get(key) is True

    def has(self, key: str) -> bool:
        return key in self.fields

    @property
    def names(self) -> list[str]:
        """The keys of an object that is a table of its own."""
        return list(self.fields)

    def part(self, key: str) -> "Reading":
        return read(self.fields.get(key), key)

    def rows(self, key: str) -> "list[Reading]":
        return [read(value, key) for value in self.values(key)]

    def texts(self, key: str) -> list[str]:
        values = self.values(key)
        if not all(isinstance(value, str) for value in values):
            raise InvalidRecordError("report-data", key=key)
        return [str(value) for value in values]

    def values(self, key: str) -> Sequence[object]:
        """A list under the key; an absent one is empty, so that a section may say that there is nothing."""
        value = self.fields.get(key, ())
        if not isinstance(value, list | tuple):
            raise InvalidRecordError("report-data", key=key)
        return value


def read(value: object, key: str = "") -> Reading:
    if not isinstance(value, Mapping):
        raise InvalidRecordError("report-data", key=key)
    return Reading(value)
