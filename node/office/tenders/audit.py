"""The table of tenders as derived from the records."""

from collections.abc import Collection, Mapping
from typing import Any

from evaluation_room.methods.case import TERMS
from evaluation_room.tender.definition import FROM_TENDER, FROM_TENDER_IF_GIVEN, OF_BIDDER
from journal.expected_rows import Derived, Key, read, text
from records import facts
from records.alteration import decoded
from records.canonical import Value
from records.ids import CentreCode

_FROM_DEFINITION = (*FROM_TENDER, *FROM_TENDER_IF_GIVEN)
_FROM_BIDDER = (*OF_BIDDER, *TERMS)
Found = Any
"""Any: the value of a column."""


class TenderAudit:
    """The public part of a tender, and all of it once a session was opened with it."""

    def __init__(self, centre: CentreCode) -> None:
        self._centre = centre
        self._tenders: dict[Key, tuple[int, bytes, dict[str, Any]]] = {}
        self._definitions: dict[str, Mapping[str, Any]] = {}
        self.derives = {facts.TENDER_REGISTERED: self._tender}
        self.rows = {"tender": self._rows}

    def _tender(self, index: int, record: bytes, salt: bytes) -> None:
        value = read(record)
        self._tenders[(value["project"],)] = (index, salt, value)

    def opened(self, definition: Mapping[str, Any]) -> None:
        """The host's tender must fit the definition."""
        if definition.get("host", {}).get("code") == self._centre:
            self._definitions[str(definition.get("project"))] = definition

    def _rows(self) -> dict[Key, Derived]:
        return {
            key: Derived(
                index=index,
                salt=salt,
                columns={
                    "project": value["project"],
                    "registered_at": value["at"],
                    "value": _tender_value(value, self._definitions.get(str(value["project"]))),
                },
            )
            for key, (index, salt, value) in self._tenders.items()
        }


def _tender_value(value: Mapping[str, Any], definition: Mapping[str, Any] | None) -> object:
    """The required values of the row, given the found ones: parts that no record holds stay as found."""

    def expected(found: Found) -> str:
        held = decoded(str(found).encode())
        kept: dict[str, Value] = dict(held) if isinstance(held, Mapping) else {}
        kept |= {"project": value["project"], **value["body"]}
        if definition is not None:
            kept = _replaced(kept, definition, _FROM_DEFINITION)
            kept["bidders"] = _bidders(kept.get("bidders"), definition.get("bidders", []))
        return text(kept)

    return expected


def _bidders(found: object, defined: list[Mapping[str, Any]]) -> list[Value]:
    """The bidders of the definition, with the tender's other fields of each."""
    held = [one if isinstance(one, Mapping) else {} for one in found] if isinstance(found, list) else []
    held += [{}] * (len(defined) - len(held))
    return [_replaced(other, one, _FROM_BIDDER) for one, other in zip(defined, held, strict=False)]


def _replaced(held: Mapping[str, Any], defined: Mapping[str, Any], names: Collection[str]) -> dict[str, Value]:
    """The object as held, with just those of the named keys that the definition has."""
    return {
        **{name: part for name, part in held.items() if name not in names},
        **{name: defined[name] for name in names if name in defined},
    }
