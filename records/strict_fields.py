"""Strict reading of the objects inside a record: every field named, typed and bounded, nothing left over."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import TypeVar

from records.canonical import Value
from records.errors import InvalidRecordError

LONGEST_NAME = 400
LONGEST_REASON = 4000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")

Body = Mapping[str, Value]
_Choice = TypeVar("_Choice", bound=StrEnum)


def fields(value: Value, *required: str, optional: AbstractSet[str] = frozenset()) -> Body:
    """The object itself, when it has all the required fields and no other than these and the optional ones."""
    if not isinstance(value, Mapping):
        raise InvalidRecordError("wrong-type", needs="object")
    for name in required:
        if name not in value:
            raise InvalidRecordError("missing-field", field=name)
    for name in value:
        if name not in required and name not in optional:
            raise InvalidRecordError("unknown-field", field=name[:64])
    return value


def text(body: Body, name: str, *, longest: int = LONGEST_NAME, empty: bool = False) -> str:
    found = body[name]
    if not isinstance(found, str):
        raise InvalidRecordError("wrong-type", field=name, needs="text")
    if not found and not empty:
        raise InvalidRecordError("empty-field", field=name)
    if len(found) > longest:
        raise InvalidRecordError("field-too-long", field=name, longest=longest)
    return found


def reason(body: Body, *, needed: bool = False) -> str:
    """A written reason; an absent one reads as empty. `needed`: "missing-field" when it is blank."""
    if needed:
        return written(body, "reason")
    return text(body, "reason", longest=LONGEST_REASON, empty=True) if "reason" in body else ""


def written(body: Body, name: str) -> str:
    """A few sentences that have to be there: "missing-field" when they are blank or absent."""
    found = text(body, name, longest=LONGEST_REASON, empty=True) if name in body else ""
    if not found.strip():
        raise InvalidRecordError("missing-field", field=name)
    return found


def short_id(body: Body, name: str) -> str:
    """The name of a bidder, an item or a section inside one evaluation."""
    found = text(body, name)
    if not _ID.fullmatch(found):
        raise InvalidRecordError("bad-id", field=name)
    return found


def integer(body: Body, name: str, *, minimum: int | None = None, maximum: int | None = None) -> int:
    found = body[name]
    if not isinstance(found, int) or isinstance(found, bool):
        raise InvalidRecordError("wrong-type", field=name, needs="integer")
    if (minimum is not None and found < minimum) or (maximum is not None and found > maximum):
        raise InvalidRecordError("out-of-range", field=name)
    return found


def choice(body: Body, name: str, of: type[_Choice]) -> _Choice:
    """One of the words of an enumeration."""
    found = text(body, name)
    if found not in {one.value for one in of}:
        raise InvalidRecordError("unknown-value", field=name)
    return of(found)


def flag(body: Body, name: str) -> bool:
    found = body[name]
    if not isinstance(found, bool):
        raise InvalidRecordError("wrong-type", field=name, needs="boolean")
    return found


def array(body: Body, name: str) -> tuple[Value, ...]:
    found = body[name]
    if isinstance(found, str) or not isinstance(found, Sequence):
        raise InvalidRecordError("wrong-type", field=name, needs="array")
    return tuple(found)


def distinct(names: Sequence[str], *, field: str) -> None:
    """Refuse a list that names the same thing twice."""
    if len(set(names)) != len(names):
        raise InvalidRecordError("named-twice", field=field)
