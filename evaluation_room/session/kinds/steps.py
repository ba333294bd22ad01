"""The host's steps between stages, and the members' entries about going back (回退)."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from evaluation_room.session import guards
from evaluation_room.session.kinds.kind import (
    AnyKind,
    Arrival,
    Kind,
    Place,
    Speaker,
    check_author,
    plain,
    unchanged_centre,
)
from evaluation_room.session.parts import SeatPart
from evaluation_room.session.steps import (
    RollbackAcknowledged,
    RollbackRequested,
    StageEntered,
    read_acknowledgement,
    read_request,
    read_step,
)
from evaluation_room.stages import SITTING, Stage
from records.errors import EvidenceMismatchError, InvalidRecordError, NotPermittedError, UnavailableError


def _check_step(arrival: Arrival, act: StageEntered) -> None:
    """Everything the host counts is here, and on that count the step is allowed."""
    entry, now = arrival.entry, arrival.state.stage
    if act.origin is not now:
        raise EvidenceMismatchError("step-from-elsewhere", stage=act.origin.value, now=now.value)
    if act.frontier.get(entry.author) != entry.seq - 1:
        raise InvalidRecordError("frontier-incomplete", author=entry.author, seq=entry.seq)
    for author, seq in act.frontier.items():
        check_author(arrival.definition, author)
        if arrival.length(author) < seq:
            raise UnavailableError("dependency-missing", author=author, seq=seq, needs="frontier")
    guards.may_step(arrival.counted_to(act.frontier), act, entry.at)


def _check_lead(arrival: Arrival, _act: RollbackRequested) -> None:
    """Only the lead may ask for it, where there is a lead."""
    lead = arrival.state.lead
    if lead is not None and arrival.seat.id != lead:
        raise NotPermittedError("not-the-lead", author=arrival.entry.author)


def _request(part: SeatPart, act: RollbackRequested, _place: Place) -> SeatPart:
    return replace(part, request=act)


def _check_last(arrival: Arrival, act: RollbackAcknowledged) -> None:
    now = len(arrival.state.rollbacks)
    if act.rollback != now:
        raise EvidenceMismatchError("rollback-number", rollback=act.rollback, now=now)


def _acknowledge(part: SeatPart, act: RollbackAcknowledged, _place: Place) -> SeatPart:
    return replace(part, acknowledged=act.rollback)


KINDS: Mapping[str, AnyKind] = MappingProxyType(
    {
        "stage-entered": Kind(
            speaker=Speaker.HOST,
            stages=frozenset(Stage),
            read=plain(read_step),
            check=_check_step,
            apply=unchanged_centre,  # it changes the history of the session: fold.entered
        ),
        "rollback-requested": Kind(
            speaker=Speaker.SEAT,
            stages=frozenset(SITTING),
            read=plain(read_request),
            check_here=_check_lead,
            apply=_request,
        ),
        "rollback-acknowledged": Kind(
            speaker=Speaker.SEAT,
            stages=frozenset(SITTING),
            read=plain(read_acknowledgement),
            check=_check_last,
            apply=_acknowledge,
        ),
    },
)
