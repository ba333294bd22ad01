"""The table of named seats as derived from the records."""

from collections.abc import Mapping
from typing import Any

from journal.expected_rows import Derived, Key, read, text
from records import facts
from records.ids import CentreCode


class SeatAudit:
    """The seats of a project as they were named last."""

    def __init__(self, _centre: CentreCode) -> None:
        self._seats: dict[Key, Derived] = {}
        self.derives = {facts.COMMITTEE_SEATS_NAMED: self._named}
        self.rows = {"committee_seat": lambda: self._seats}

    def _named(self, index: int, record: bytes, salt: bytes) -> None:
        value = read(record)
        project = value["project"]
        self._seats = {key: one for key, one in self._seats.items() if key[0] != project}
        for one in value["body"]["seats"]:
            columns = {
                "project": project,
                "seat": one["seat"],
                "expert": one["expert"],
                "selection": text(one["selection"]) if "selection" in one else "",
                "reason": one.get("reason", ""),
            }
            self._seats[(project, one["seat"])] = Derived(index=index, salt=salt, columns=columns)

    def opened(self, definition: Mapping[str, Any]) -> None:
        """Seats are named before and after."""
