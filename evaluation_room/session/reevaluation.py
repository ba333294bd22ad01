"""Evaluating again (复议): version n+1 of a project's session, on a legal ground; the old report remains unchanged."""

from collections.abc import Set as AbstractSet

from evaluation_room.session.session import Session
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Definition
from evaluation_room.tender.reevaluation_ground import ANOTHER_COMMITTEE, Previous, ReevaluationGround
from records.canonical import Value
from records.errors import EvidenceMismatchError, NotFoundError, NotPermittedError, WrongStageError
from records.ids import SessionId


def session_of(definition: Definition) -> SessionId:
    """The name of the session that this definition opens: version 1, or the next after the evaluation it repeats."""
    return SessionId(f"{definition.project}-1") if definition.previous is None else definition.previous.next


def check(previous: Previous, definition: Definition, old: Session | None) -> None:
    """The old session ended as the ground requires, under exactly this report, and its committee sits again.

    Raises NotFoundError("session-unknown"), WrongStageError("previous-not-over"),
    EvidenceMismatchError("previous-report"), NotPermittedError("committee-differs").
    """
    if old is None:
        raise NotFoundError("session-unknown", session=previous.session)
    _check_over(old, previous.ground)
    sealed = old.state.host.sealed
    if previous.sealed is not None and (sealed is None or sealed.sealed != previous.sealed):
        raise EvidenceMismatchError("previous-report", session=old.id)
    if previous.ground not in ANOTHER_COMMITTEE and definition.seats != old.definition.seats:
        raise NotPermittedError("committee-differs", session=old.id)


def grounds(old: Session) -> tuple[ReevaluationGround, ...]:
    """The grounds on which this session may now be followed by another."""
    return tuple(ground for ground in ReevaluationGround if old.stage in _over(ground))


def view(session: Session) -> dict[str, Value]:
    """For the console: the session this one repeats, and the grounds on which another may follow it."""
    previous = {"previous": session.definition.value["previous"]} if session.definition.previous else {}
    return {**previous, "again": [ground.value for ground in grounds(session)]}


def _over(ground: ReevaluationGround) -> AbstractSet[Stage]:
    return {Stage.REFORMED} if ground is ReevaluationGround.REFORMED else {Stage.SEALED, Stage.CLOSED}


def _check_over(old: Session, ground: ReevaluationGround) -> None:
    if old.stage not in _over(ground):
        raise WrongStageError("previous-not-over", session=old.id, stage=old.stage.value)


def again(old: Session, ground: ReevaluationGround, reason: str) -> dict[str, Value]:
    """The definition of the next version: the same content, and why it is evaluated again."""
    _check_over(old, ground)
    sealed = old.state.host.sealed
    previous: dict[str, Value] = {"session": str(old.id), "ground": ground.value, "reason": reason}
    if sealed is not None and ground is not ReevaluationGround.REFORMED:
        previous["sealed_digest"] = sealed.sealed
    return {**old.definition.value, "previous": previous}
