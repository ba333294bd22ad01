"""Compares a table with the rows derived from the records: row by row, field by field."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from records import canonical
from records.alteration import ABSENT, Alteration, decoded, differences, shown
from records.canonical import Value

Row = Mapping[str, Any]
"""A row as the database gives it, by column. Any: columns of any type."""
Key = tuple[object, ...]
Want = object | Callable[[Any], object]
"""The required value of a column; or a function from the found value to it. Any: the found value."""
UNACCOUNTED: Final = "a row that no record accounts for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A row as the record at `index` defines it. `must`: its follower has passed that record, so it has to exist."""

    index: int
    salt: bytes
    columns: Mapping[str, Want]
    must: bool = True


def compare(
    table: str, key: tuple[str, ...], expected: Mapping[Key, Derived], rows: Iterable[Row]
) -> Iterator[Alteration]:
    """Every difference between a table and the derived rows; columns that are not derived are free."""
    left = dict(expected)
    for row in rows:
        found = tuple(row[name] for name in key)
        derived = left.pop(found, None)
        if derived is None:
            yield Alteration(where=_place(table, found), field="row", expected=ABSENT, found=UNACCOUNTED)
        else:
            yield from compare_row(table, found, derived, row)
    for missing, derived in left.items():
        if derived.must:
            row_of = f"the row of record {derived.index}"
            yield Alteration(
                where=_place(table, missing), index=derived.index, field="row", expected=row_of, found=ABSENT
            )


def compare_row(table: str, key: Key, derived: Derived, row: Row) -> Iterator[Alteration]:
    """The differences of one row."""
    for column, want in derived.columns.items():
        found = row[column]
        expected = want(found) if callable(want) else want
        if expected == found and type(expected) is type(found):
            continue
        for path, right, wrong in _differences(column, expected, found):
            yield Alteration(
                where=_place(table, key),
                index=derived.index,
                field=path,
                expected=shown(path, right, salt=derived.salt),
                found=shown(path, wrong, salt=derived.salt),
            )


def _place(table: str, key: Key) -> str:
    return f"table {table}, row {' '.join(map(str, key))}"


def _differences(column: str, expected: object, found: object) -> Iterator[tuple[str, object, object]]:
    """Inside JSON the field is named, otherwise the column."""
    right, wrong = _json(expected), _json(found)
    if right is not None and wrong is not None:
        inner = list(differences(right, wrong, column))
        if inner:
            yield from inner
            return
    yield column, expected, found


def _json(column: object) -> Value | None:
    """The value of a column that holds canonical JSON."""
    data = column.encode() if isinstance(column, str) else column
    return decoded(data) if isinstance(data, bytes) and data[:1] in {b"{", b"["} else None


def read(record: bytes) -> dict[str, Any]:
    """A record as a mapping. Any: the audit compares whatever it finds; it has been committed to."""
    value = orjson.loads(record)
    return value if isinstance(value, dict) else {}


def text(value: Value) -> str:
    """A value in the form that tables store."""
    return canonical.encode(value).decode()
