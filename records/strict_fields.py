"""Strict reading of objects, in records and in documents: every field named, typed and bounded, none left over.

The functions read one field of an object and raise a record's codes. `Reader` does the same for a named document, where
each entrance has its own code for every fault.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias, TypeVar

from records import strict_json
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import parse_instant

LONGEST_NAME = 400
LONGEST_REASON = 4000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")

_LARGEST: Final = 2**63
_UNBOUNDED: Final = strict_json.LARGEST

Body = Mapping[str, Value]
Object: TypeAlias = Mapping[str, object]
"""An object not yet checked: a `Body`, or the content of a JSON or TOML text."""
_Choice = TypeVar("_Choice", bound=StrEnum)
_Answer = TypeVar("_Answer")


def fields(value: Value, *required: str, optional: AbstractSet[str] = frozenset()) -> Body:
    """The object itself, when it has all the required fields and no others but the optional ones."""
    if not isinstance(value, Mapping):
        raise InvalidRecordError("wrong-type", needs="object")
    for name in required:
        if name not in value:
            raise InvalidRecordError("missing-field", field=name)
    for name in value:
        if name not in required and name not in optional:
            raise InvalidRecordError("unknown-field", field=name[:64])
    return value


def _field(body: Object, name: str) -> object:
    if name not in body:
        raise InvalidRecordError("missing-field", field=name)
    return body[name]


def text(body: Object, name: str, *, longest: int = LONGEST_NAME, empty: bool = False) -> str:
    found = _field(body, name)
    if not isinstance(found, str):
        raise InvalidRecordError("wrong-type", field=name, needs="text")
    if not found and not empty:
        raise InvalidRecordError("empty-field", field=name)
    if len(found) > longest:
        raise InvalidRecordError("field-too-long", field=name, longest=longest)
    return found


def reason(body: Object, *, needed: bool = False) -> str:
    """A written reason; an absent one reads as empty. `needed`: "missing-field" when it is blank."""
    if needed:
        return written(body, "reason")
    return text(body, "reason", longest=LONGEST_REASON, empty=True) if "reason" in body else ""


def written(body: Object, name: str) -> str:
    """A required text of a few sentences: "missing-field" when it is blank or absent."""
    found = text(body, name, longest=LONGEST_REASON, empty=True) if name in body else ""
    if not found.strip():
        raise InvalidRecordError("missing-field", field=name)
    return found


def short_id(body: Object, name: str) -> str:
    """The name of a bidder, an item or a section inside one evaluation."""
    found = text(body, name)
    if not _ID.fullmatch(found):
        raise InvalidRecordError("bad-id", field=name)
    return found


def integer(body: Object, name: str, *, minimum: int | None = None, maximum: int | None = None) -> int:
    found = _field(body, name)
    if not isinstance(found, int) or isinstance(found, bool):
        raise InvalidRecordError("wrong-type", field=name, needs="integer")
    if (minimum is not None and found < minimum) or (maximum is not None and found > maximum):
        raise InvalidRecordError("out-of-range", field=name)
    return found


def choice(body: Object, name: str, of: type[_Choice]) -> _Choice:
    """One of the words of an enumeration."""
    found = text(body, name)
    if found not in {one.value for one in of}:
        raise InvalidRecordError("unknown-value", field=name)
    return of(found)


def flag(body: Object, name: str) -> bool:
    found = _field(body, name)
    if not isinstance(found, bool):
        raise InvalidRecordError("wrong-type", field=name, needs="boolean")
    return found


def array(body: Object, name: str) -> tuple[Value, ...]:
    found = _field(body, name)
    if isinstance(found, str) or not isinstance(found, Sequence):
        raise InvalidRecordError("wrong-type", field=name, needs="array")
    return tuple(found)


def table(body: Object, name: str) -> Body:
    """An object whose keys are names of their own, not fields."""
    found = _field(body, name)
    if not isinstance(found, Mapping):
        raise InvalidRecordError("wrong-type", field=name, needs="object")
    return found


def distinct(names: Sequence[str], *, field: str) -> None:
    """Refuse a list that names the same thing twice."""
    if len(set(names)) != len(names):
        raise InvalidRecordError("named-twice", field=field)


Refusal: TypeAlias = Callable[[str, str, InvalidRecordError], InvalidRecordError]
"""An entrance's own error for (the object's place in its document, the key, the fault)."""


def document_invalid(place: str, key: str, _fault: InvalidRecordError) -> InvalidRecordError:
    """The error for evidence, trust files and answers of a chain."""
    return InvalidRecordError("document-invalid", document=place, key=key)


_IN_WORDS: Final = {"missing-field": "missing", "unknown-field": "unknown key"}
_NEEDED: Final = {
    "array": "must be a list",
    "boolean": "must be true or false",
    "integer": "must be a whole number",
    "object": "must be a table",
    "text": "must be text",
}


def in_words(fault: InvalidRecordError) -> str:
    """What is wrong with a key, for an entrance whose error says it to the person who wrote the file."""
    return _IN_WORDS.get(fault.code) or _NEEDED.get(str(fault.values.get("needs")), fault.code)


@dataclass(frozen=True, slots=True)
class Reader:
    """One object of a named document; every getter returns a value of the right type or raises."""

    document: str
    value: Object
    refusal: Refusal = document_invalid

    def text(self, key: str) -> str:
        return self._ask(lambda: text(self.value, key, longest=_UNBOUNDED, empty=True), key)

    def text_or(self, key: str, default: str) -> str:
        return self.text(key) if key in self.value else default

    def number(self, key: str) -> int:
        """Return a non-negative whole number."""
        return self._ask(lambda: integer(self.value, key, minimum=0, maximum=_LARGEST - 1), key)

    def integer(self, key: str) -> int:
        """Return a whole number of either sign."""
        return self._ask(lambda: integer(self.value, key), key)

    def flag(self, key: str) -> bool:
        """Return yes or no; an absent one is no."""
        return key in self.value and self._ask(lambda: flag(self.value, key), key)

    def has(self, key: str) -> bool:
        return key in self.value

    @property
    def names(self) -> list[str]:
        """The keys of an object that is a table of its own."""
        return list(self.value)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self._inner({key: item}).text(key) for item in self._list(key))

    def texts_or(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        return self.texts(key) if key in self.value else default

    def integers(self, key: str) -> tuple[int, ...]:
        return tuple(self._inner({key: item}).integer(key) for item in self._list(key))

    def part(self, key: str) -> "Reader":
        return self._part(self.value.get(key), key, self.place(key))

    def parts(self, key: str) -> tuple["Reader", ...]:
        place = self.place(key)
        return tuple(self._part(item, key, f"{place}[{index}]") for index, item in enumerate(self._list(key)))

    def rows(self, key: str) -> tuple["Reader", ...]:
        """As `parts`; an absent list is empty, so a document may leave it out."""
        return self.parts(key) if key in self.value else ()

    def place(self, key: str) -> str:
        """Where a key stands: `trust.centres[0].code`, in a document without a name `members[0].code`."""
        return f"{self.document}.{key}" if self.document else key

    def need(self, *keys: str) -> "Reader":
        """Refuse the first of these keys that is not there."""
        for key in keys:
            if key not in self.value:
                raise self.refusal(self.document, key, InvalidRecordError("missing-field", field=key))
        return self

    def only(self, *keys: str) -> "Reader":
        """Refuse the first unknown key: a misspelt one must not be ignored."""
        for key in self.value:
            if key not in keys:
                raise self.refusal(self.document, key, InvalidRecordError("unknown-field", field=key[:64]))
        return self

    def moment(self, key: str) -> datetime:
        """Return a time in the records' format."""
        return self._ask(lambda: parse_instant(text(self.value, key)), key)

    def refuse(self, key: str) -> Any:  # Any: it never returns, so it may replace a value of any type
        raise self.refusal(self.document, key, InvalidRecordError("unknown-value", field=key))

    def _ask(self, question: Callable[[], _Answer], key: str) -> _Answer:
        try:
            return question()
        except InvalidRecordError as error:
            raise self.refusal(self.document, key, error) from error

    def _list(self, key: str) -> tuple[Value, ...]:
        return self._ask(lambda: array(self.value, key), key)

    def _inner(self, value: Object) -> "Reader":
        return Reader(self.document, value, self.refusal)

    def _part(self, item: object, key: str, place: str) -> "Reader":
        if not isinstance(item, Mapping):
            raise self.refusal(self.document, key, InvalidRecordError("wrong-type", field=key, needs="object"))
        return Reader(place, item, self.refusal)


def read_object(document: str, data: bytes, *, by_hand: bool = False) -> Reader:
    """A JSON object, formatted or compact. InvalidRecordError("document-not-json").

    `by_hand`: a person saved it, and a byte order mark may stand before it.
    """
    value = _read(document, data, by_hand=by_hand)
    if not isinstance(value, Mapping):
        raise InvalidRecordError("document-not-json", document=document)
    return Reader(document, value)


def read_objects(document: str, data: bytes) -> tuple[Reader, ...]:
    """A JSON array of objects, as strictly."""
    return Reader(document, {"items": _read(document, data, by_hand=False)}).parts("items")


def _read(document: str, data: bytes, *, by_hand: bool) -> Value:
    try:
        return strict_json.read_by_hand(data) if by_hand else strict_json.read(data)
    except InvalidRecordError as error:
        raise InvalidRecordError("document-not-json", document=document) from error
