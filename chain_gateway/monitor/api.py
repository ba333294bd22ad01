"""Routes of the alarms: an operator acknowledges an alarm, with the reason or the action taken."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from chain_gateway.monitor.alarms import Alarm
from chain_gateway.monitor.desk import Alarms
from records.actors import Actor
from records.answers import Out

_LARGEST = 2**53


class AcknowledgementIn(BaseModel):
    """Above the desk's own limit, so that the desk's clearer error is shown."""

    reason: str = Field(max_length=2000)


class AcknowledgedOut(Out):
    by: str
    at: str
    reason: str


class AlarmOut(Out):
    """Something that must never happen and did; `entry` is the index of the record that raised it."""

    entry: int
    alarm: str
    subject: str
    code: str
    severity: Literal["critical", "warning"]
    expected: str
    found: str
    first_seen: str
    last_seen: str
    acknowledged: AcknowledgedOut | None = None


def routes(alarms: Alarms, actor: Callable[[Request], Actor]) -> APIRouter:
    router = APIRouter(tags=["centre"])

    @router.post("/alarms/{entry}/acknowledgement", response_model=AlarmOut)
    def acknowledge(
        entry: Annotated[int, Path(ge=0, le=_LARGEST)],
        body: AcknowledgementIn,
        who: Annotated[Actor, Depends(actor)],
    ) -> dict[str, Any]:
        return view(alarms.acknowledge(entry, by=who.person, reason=body.reason))

    return router


def view(alarm: Alarm) -> dict[str, Any]:
    """Any: JSON for the console."""
    shown: dict[str, Any] = {
        "entry": alarm.entry,
        "alarm": alarm.name.value,
        "subject": alarm.subject,
        "code": alarm.code,
        "severity": alarm.severity.value,
        "expected": alarm.expected,
        "found": alarm.found,
        "first_seen": alarm.first_seen,
        "last_seen": alarm.last_seen,
    }
    if alarm.acknowledged_at:
        shown["acknowledged"] = {"by": alarm.acknowledged_by, "at": alarm.acknowledged_at, "reason": alarm.reason}
    return shown
