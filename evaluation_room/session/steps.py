"""The host's entries when the session leaves its line: why it stands still, ends or goes back, and on whose order."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from evaluation_room.stages import LINE, OVERLAYS, TERMINALS, Stage, read_stage
from records import ids, strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import Author, CentreCode, SeatId
from records.strict_fields import Body

PRE_START_FAULT_LIMIT: Final = timedelta(hours=2)
"""A fault before the start (远程异地评标 local rule, art. 20): after it the tenderer decides whether to continue."""
IN_SESSION_FAULT_LIMIT: Final = timedelta(hours=4)
"""A fault during the evaluation (art. 21): after the limit the bids are sealed and a new committee evaluates again."""

_NOTHING: Final[frozenset[str]] = frozenset()
_REASON: Final = frozenset({"reason"})
_ORDER: Final = frozenset({"order", "reason"})
_WITHOUT_ORDER = frozenset({Stage.PREPARED, Stage.CHECK_IN})
"""Stages in which the host may abort without the supervisor's note (监督意见): nothing has been evaluated yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEntered:
    """The host's step; along the line there are no fields after the frontier.

    `order`: the number of a supervisor's order or review. `requested_by`: the seat that asked to go back. `decision`:
    the tenderer's, to continue after a fault over the limit.
    """

    origin: Stage
    target: Stage
    frontier: Mapping[Author, int]
    reason: str = ""
    order: str = ""
    cause: str = ""
    venue: CentreCode | None = None
    since: str = ""
    back_to: Stage | None = None
    requested_by: SeatId | None = None
    decision: str = ""


def fields(origin: Stage, target: Stage) -> tuple[AbstractSet[str], AbstractSet[str]]:
    """The required and the optional fields of a step."""
    if target in OVERLAYS and not (target is Stage.CLARIFYING and origin in OVERLAYS):
        return _overlay_fields(origin, target)
    if target in TERMINALS:
        ordered = origin is Stage.SUSPENDED or (target is Stage.ABORTED and origin not in _WITHOUT_ORDER)
        return (_ORDER, _NOTHING) if ordered else (_REASON, frozenset({"order"}))
    return {
        Stage.SUSPENDED: (frozenset({"order"}), _REASON),
        Stage.ROLLBACK_REQ: (_ORDER, _NOTHING),
        Stage.INTERRUPTED: (_NOTHING, frozenset({"reason", "decision"})),
        Stage.PAUSED: (_NOTHING, _REASON),
        Stage.CLARIFYING: (_NOTHING, _REASON),
    }.get(origin, (_NOTHING, _NOTHING))


def _overlay_fields(origin: Stage, target: Stage) -> tuple[AbstractSet[str], AbstractSet[str]]:
    if target is Stage.SUSPENDED or origin is Stage.SUSPENDED:
        return _ORDER, _NOTHING
    return {
        Stage.INTERRUPTED: (frozenset({"cause", "venue", "since"}), _NOTHING),
        Stage.ROLLBACK_REQ: (frozenset({"reason", "back_to"}), frozenset({"requested_by"})),
        Stage.CLARIFYING: (_NOTHING, _REASON),
    }.get(target, (_REASON, _NOTHING))


def by_supervisor(origin: Stage, target: Stage) -> bool:
    """Whether the step is the supervisor's to order (条例62条): a suspension, its end, the review of a rollback."""
    reviewed = origin is Stage.ROLLBACK_REQ and target not in TERMINALS
    return target is Stage.SUSPENDED or origin is Stage.SUSPENDED or reviewed


def read_step(body: Body) -> StageEntered:
    for name in ("from", "to", "frontier"):
        if name not in body:
            raise InvalidRecordError("missing-field", field=name)
    origin, target = read_stage(body["from"]), read_stage(body["to"])
    required, optional = fields(origin, target)
    strict_fields.fields(body, "from", "to", "frontier", *sorted(required), optional=optional)
    return StageEntered(
        origin=origin,
        target=target,
        frontier=_frontier(body["frontier"]),
        reason=_optional_text(body, "reason"),
        order=_optional_text(body, "order"),
        cause=_optional_text(body, "cause"),
        venue=ids.parse_centre(body["venue"]) if "venue" in body else None,
        since=ids.instant(ids.parse_instant(strict_fields.text(body, "since"))) if "since" in body else "",
        back_to=read_stage(body["back_to"]) if "back_to" in body else None,
        requested_by=ids.parse_seat(body["requested_by"]) if "requested_by" in body else None,
        decision=_optional_text(body, "decision"),
    )


def _optional_text(body: Body, name: str) -> str:
    return strict_fields.text(body, name, longest=strict_fields.LONGEST_REASON) if name in body else ""


def _frontier(value: Value) -> Mapping[Author, int]:
    if not isinstance(value, Mapping):
        raise InvalidRecordError("wrong-type", field="frontier", needs="object")
    return {ids.parse_author(author): strict_fields.integer(value, author, minimum=1) for author in value}


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackRequested:
    """A member, as the lead, asks to go back to an earlier stage (回退申请)."""

    back_to: Stage
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackAcknowledged:
    """The expert acknowledges that the session went back, and which time."""

    rollback: int


def read_request(body: Body) -> RollbackRequested:
    strict_fields.fields(body, "back_to", "reason")
    return RollbackRequested(back_to=read_stage(body["back_to"]), reason=_optional_text(body, "reason"))


def read_acknowledgement(body: Body) -> RollbackAcknowledged:
    strict_fields.fields(body, "rollback")
    return RollbackAcknowledged(rollback=strict_fields.integer(body, "rollback", minimum=1))


def fault_limit(stage: Stage) -> timedelta:
    """The limit of a fault in this stage: until the briefing begins the evaluation has not started."""
    started = LINE.index(stage) >= LINE.index(Stage.BRIEFING)
    return IN_SESSION_FAULT_LIMIT if started else PRE_START_FAULT_LIMIT


def fault_deadline(stage: Stage, since: str) -> str:
    """The time until which the session may continue by itself after a fault; both times RFC 3339."""
    return ids.instant(ids.parse_instant(since) + fault_limit(stage))
