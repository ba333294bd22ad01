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
_OF_AN_EVALUATION: Final = frozenset({"project", "room", "work"})
"""Subjects that name an evaluation, a seat or a guest: outside the centre only their kind is told."""


def notice_id(origin: str, entry: Entry) -> str:
    """Constant however often the same news is sent: the record's place in the log."""
    return f"{origin}/{entry.index}"


def notice(origin: str, entry: Entry) -> dict[str, Any] | None:
    """Any: JSON. None for every other record.

    Who acknowledged an alarm, and why, is not sent outside the centre, nor which evaluation it concerns: `raised` finds
    the alarm on the console.
    """
    if entry.empty or (event := EVENTS.get(entry.type)) is None:
        return None
    value = entry.value
    content = {key: part for key, part in entry.body.items() if key != _REASON}
    subject = str(content.get("subject", ""))
    if subject.partition(":")[0] in _OF_AN_EVALUATION:
        content["subject"] = subject.partition(":")[0]
    raised = entry.index if event == "raised" else content.pop("raised")
    return {
        "id": notice_id(origin, entry),
        "event": event,
        "centre": value["centre"],
        "at": value["at"],
        "raised": raised,
        **content,
    }
