"""The table of invitations as derived from the records."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from journal.expected_rows import Derived, Key, read, text
from records import facts
from records.alteration import decoded
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import CentreCode, parse_instant

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


class InvitationAudit:
    """Each row after its last step: the newest record gives its state, the first its beginning."""

    def __init__(self, centre: CentreCode) -> None:
        self._centre = centre
        self._invitations: dict[Key, list[tuple[int, bytes, dict[str, Any]]]] = {}
        self.derives = dict.fromkeys(_STATE, self._invitation)
        self.rows = {"invitation": self._rows}

    def _invitation(self, index: int, record: bytes, salt: bytes) -> None:
        value = read(record)
        self._invitations.setdefault((value["body"]["id"],), []).append((index, salt, value))

    def opened(self, definition: Mapping[str, Any]) -> None:
        """An invitation stays what it is."""

    def _rows(self) -> dict[Key, Derived]:
        return {key: self._invited(steps) for key, steps in self._invitations.items()}

    def _invited(self, steps: list[tuple[int, bytes, dict[str, Any]]]) -> Derived:
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


def _history(steps: list[tuple[str, str, bool]], found: Found) -> str:
    """The history from the records. Another centre's times are its claim, and must only come before the record's."""
    held = decoded(str(found).encode())
    rows = held if isinstance(held, list) else []
    rows = [*rows, *[None] * len(steps)]
    return text([_step(*step, row) for step, row in zip(steps, rows, strict=False)])


def _step(state: str, at: str, own: bool, row: Value) -> Value:  # noqa: FBT001 - a step as it is kept
    stated = row.get("at") if isinstance(row, Mapping) else None
    return {"state": state, "at": str(stated) if not own and _not_after(stated, at) else at}


def _not_after(stated: object, at: str) -> bool:
    try:
        return parse_instant(stated) <= parse_instant(at) + _TOLERANCE
    except InvalidRecordError:
        return False
