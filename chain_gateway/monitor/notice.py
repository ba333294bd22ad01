"""A webhook's message about an alarm: the record that raised, acknowledged or cleared it, in its own form. Pure."""

from typing import Any, Final

from journal import Entry
from records import facts

EVENTS: Final = {
    facts.MONITOR_ALARM_RAISED: "raised",
    facts.MONITOR_ALARM_ACKNOWLEDGED: "acknowledged",
    facts.MONITOR_ALARM_CLEARED: "cleared",
}
_REASON = "reason"


def notice_id(origin: str, entry: Entry) -> str:
    """Constant however often the same news is sent: the record's place in the log."""
    return f"{origin}/{entry.index}"


def notice(origin: str, entry: Entry) -> dict[str, Any] | None:
    """Any: JSON. None for every other record. Who acknowledged an alarm, and why, is not sent outside the centre."""
    if entry.empty or (event := EVENTS.get(entry.type)) is None:
        return None
    value = entry.value
    content = {key: part for key, part in entry.body.items() if key != _REASON}
    raised = entry.index if event == "raised" else content.pop("raised")
    return {
        "id": notice_id(origin, entry),
        "event": event,
        "centre": value["centre"],
        "at": value["at"],
        "raised": raised,
        **content,
    }
