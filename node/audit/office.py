"""The tables of the office work as derived from the records: tenders, invitations, named seats."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from evaluation_room.methods.case import TERMS
from evaluation_room.tender.definition import FROM_TENDER, FROM_TENDER_IF_GIVEN, OF_BIDDER
from node.audit.expected_rows import Derived, Key, read, text
from records import facts
from records.alteration import decoded
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import CentreCode, parse_instant

_FROM_DEFINITION = (*FROM_TENDER, *FROM_TENDER_IF_GIVEN)
_FROM_BIDDER = (*OF_BIDDER, *TERMS)
_STATE = {
    facts.INVITATION_ISSUED: "ISSUED",
    facts.INVITATION_RECEIVED: "RECEIVED",
    facts.INVITATION_CONFIRMED: "CONFIRMED",
    facts.INVITATION_REFUSED: "REJECTED",
}
_TOLERANCE = timedelta(seconds=60)
"""How far ahead another centre's clock may be (node.office.invitation.desk)."""
Found = Any
"""Any: the value of a column."""


class Office:
    """Takes records in their order; afterwards it knows the rows."""

    def __init__(self, centre: CentreCode) -> None:
        self._centre = centre
        self._tenders: dict[Key, tuple[int, bytes, dict[str, Any]]] = {}
        self._definitions: dict[str, Mapping[str, Any]] = {}
        self._invitations: dict[Key, list[tuple[int, bytes, dict[str, Any]]]] = {}
        self.seats: dict[Key, Derived] = {}
        self.derives = {
            facts.TENDER_REGISTERED: self._tender,
            facts.COMMITTEE_SEATS_NAMED: self._seats,
            **dict.fromkeys(_STATE, self._invitation),
        }

    def _tender(self, index: int, record: bytes, salt: bytes) -> None:
        value = read(record)
        self._tenders[(value["project"],)] = (index, salt, value)

    def opened(self, definition: Mapping[str, Any]) -> None:
        """A session was opened under this definition (any: as the room keeps it); the host's tender must fit it."""
        if definition.get("host", {}).get("code") == self._centre:
            self._definitions[str(definition.get("project"))] = definition

    def _seats(self, index: int, record: bytes, salt: bytes) -> None:
        value = read(record)
        project = value["project"]
        self.seats = {key: one for key, one in self.seats.items() if key[0] != project}
        for one in value["body"]["seats"]:
            columns = {
                "project": project,
                "seat": one["seat"],
                "expert": one["expert"],
                "selection": text(one["selection"]) if "selection" in one else "",
                "reason": one.get("reason", ""),
            }
            self.seats[(project, one["seat"])] = Derived(index=index, salt=salt, columns=columns)

    def _invitation(self, index: int, record: bytes, salt: bytes) -> None:
        value = read(record)
        self._invitations.setdefault((value["body"]["id"],), []).append((index, salt, value))

    @property
    def tenders(self) -> dict[Key, Derived]:
        """The public part of a tender, and all of it once a session was opened with it."""
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

    @property
    def invitations(self) -> dict[Key, Derived]:
        return {key: self._invited(steps) for key, steps in self._invitations.items()}

    def _invited(self, steps: list[tuple[int, bytes, dict[str, Any]]]) -> Derived:
        """The row after its last step: the newest record gives its state, the first its beginning."""
        index, salt, last = steps[-1]
        terms = {name: part for name, part in last["body"].items() if name != "reason_code"}
        first = steps[0][2]
        begun = "DRAFT" if first["type"] == facts.INVITATION_ISSUED else "ISSUED"
        history = [(begun, first["at"], True)]
        history += [(_STATE[value["type"]], value["at"], self._own(value)) for _, _, value in steps]
        columns = {
            "id": terms["id"],
            "project": terms["project"],
            "issued_at": first["at"],
            "terms": text(terms),
            "history": lambda found: _history(history, found),
            "reason_code": last["body"].get("reason_code", ""),
        }
        return Derived(index=index, salt=salt, columns=columns)

    def _own(self, value: Mapping[str, Any]) -> bool:
        """Whether this centre made the step: then its time is the record's own."""
        author = str(value["author"])
        return author.startswith("operator:") or author == f"centre:{self._centre}"


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


def _history(steps: list[tuple[str, str, bool]], found: Found) -> str:
    """The history from the records. Another centre's times are its claim, and must only come before the record's."""
    held = decoded(str(found).encode())
    rows = held if isinstance(held, list) else []
    history: list[Value] = []
    for place, (state, at, own) in enumerate(steps):
        row = rows[place] if place < len(rows) else None
        stated = row.get("at") if isinstance(row, Mapping) else None
        history.append({"state": state, "at": str(stated) if not own and _not_after(stated, at) else at})
    return text(history)


def _not_after(stated: object, at: str) -> bool:
    try:
        return parse_instant(stated) <= parse_instant(at) + _TOLERANCE
    except InvalidRecordError:
        return False
