"""The monitor's table as derived from the records: the alarms raised and not cleared."""

from journal.expected_rows import Derived, Key, read
from records import facts


class OpenAlarms:
    """Takes the monitor's records in their order; afterwards it knows the open alarms."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[bytes, dict[str, object]]] = {}
        self.derives = {
            facts.MONITOR_ALARM_RAISED: self._raised,
            facts.MONITOR_ALARM_CLEARED: self._cleared,
            facts.MONITOR_ALARM_ACKNOWLEDGED: self._acknowledged,
        }

    def _raised(self, index: int, record: bytes, salt: bytes) -> None:
        value = read(record)
        body = value["body"]
        columns = {name: body[name] for name in ("subject", "code", "expected", "found")}
        columns |= {"name": body["alarm"], "entry": index, "first_seen": value["at"]}
        columns |= {"acknowledged_by": "", "acknowledged_at": "", "reason": ""}
        self._open[index] = (salt, columns)

    def _cleared(self, _index: int, record: bytes, _salt: bytes) -> None:
        self._open.pop(read(record)["body"]["raised"], None)

    def _acknowledged(self, _index: int, record: bytes, _salt: bytes) -> None:
        value = read(record)
        known = self._open.get(value["body"]["raised"])
        if known is not None:
            known[1].update(
                acknowledged_by=str(value["author"]).removeprefix("operator:"),
                acknowledged_at=value["at"],
                reason=value["body"]["reason"],
            )

    @property
    def rows(self) -> dict[Key, Derived]:
        return {
            (columns["name"], columns["subject"], columns["code"]): Derived(index=index, salt=salt, columns=columns)
            for index, (salt, columns) in self._open.items()
        }
