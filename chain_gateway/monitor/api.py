"""Routes of the alarms: an operator acknowledges an alarm, with the reason or the action taken."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from chain_gateway.monitor.alarms import Alarm
from chain_gateway.monitor.desk import Alarms
from records.actors import Actor

_LARGEST = 2**53


class AcknowledgementIn(BaseModel):
    """Above the desk's own limit, so that the desk's clearer error is shown."""

    reason: str = Field(max_length=2000)


def routes(alarms: Alarms, actor: Callable[[Request], Actor]) -> APIRouter:
    router = APIRouter(prefix="/api")

    @router.post("/alarms/{entry}/acknowledgement")
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
