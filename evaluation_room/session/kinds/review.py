"""The preliminary review: tables, motions to reject and votes, corrections of prices, questions to bidders."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from evaluation_room.review.ballots import (
    AnswerVote,
    CompetitionVote,
    Drafted,
    Issue,
    Raised,
    ReadingFinished,
    RejectionVote,
)
from evaluation_room.review.clarifications import (
    Answered,
    Approval,
    Carried,
    ClarificationState,
    Delivered,
    Sent,
    Unanswered,
)
from evaluation_room.review.corrections import Correction, CorrectionAnswered
from evaluation_room.review.outcome import Clarification
from evaluation_room.review.parts import PRELIMINARY_PHASE, CentreReview, SeatReview
from evaluation_room.review.table import Mark, TableLocked, review_of
from evaluation_room.session.kinds.kind import A, AnyKind, Arrival, Kind, Place, Speaker, plain
from evaluation_room.session.parts import CentrePart, SeatPart
from evaluation_room.stages import EVALUATING, PRELIMINARY, Stage, read_label
from evaluation_room.tender.review_items import CEILING, LOW_PRICE, NO_ANSWER
from records.errors import InvalidRecordError, NotFoundError, NotPermittedError, WrongStageError

_REJECTING = frozenset({*PRELIMINARY, Stage.PRELIM_DONE, Stage.DETAILED})
_CORRECTING = frozenset({Stage.READING, *PRELIMINARY, Stage.PRELIM_DONE})
_ASKING = frozenset(EVALUATING)


def _own(apply: Callable[[SeatReview, A, Place], SeatReview]) -> Callable[[SeatPart, A, Place], SeatPart]:
    """The member's part after a change of its review."""
    return lambda part, act, place: replace(part, review=apply(part.review, act, place))


def _host(apply: Callable[[CentreReview, A, Place], CentreReview]) -> Callable[[CentrePart, A, Place], CentrePart]:
    """The host's part after a change of its review."""
    return lambda part, act, place: replace(part, review=apply(part.review, act, place))


def check_not_rejected(arrival: Arrival, bidder: str) -> None:
    if bidder in arrival.state.review.rejected:
        raise WrongStageError("bidder-rejected", bidder=bidder)


# --- what a member marks and moves ----------------------------------------------------------------------------------


def _check_table(arrival: Arrival, act: Mark | TableLocked) -> None:
    stage = read_label(arrival.entry.stage)
    if act.stage is not stage:
        raise InvalidRecordError("review-item-stage", stage=stage.value)


def _check_motion(arrival: Arrival, act: Raised) -> None:
    """A low price or a refused clarification is a ground only after the bidder was asked (暂行规定21、22条)."""
    check_not_rejected(arrival, act.bidder)
    outcome = arrival.state.review
    if act.ground in {LOW_PRICE, CEILING} and not outcome.asked(act.bidder, Issue.LOW_PRICE.value):
        raise WrongStageError("inquiry-missing", bidder=act.bidder, ground=act.ground)
    unanswered = {ClarificationState.TIMED_OUT, ClarificationState.REFUSED, ClarificationState.NOT_ACCEPTED}
    if act.ground == NO_ANSWER and not any(one.state in unanswered for one in outcome.asked(act.bidder)):
        raise WrongStageError("inquiry-missing", bidder=act.bidder, ground=act.ground)


def _check_vote(arrival: Arrival, act: RejectionVote) -> None:
    motion = arrival.state.review.rejection(act.rejection)
    if motion is None:
        raise NotFoundError("rejection-unknown")
    if motion.later is (read_label(arrival.entry.stage) in PRELIMINARY_PHASE):
        raise WrongStageError("rejection-decided", bidder=motion.bidder)
    if motion.bound and not act.upheld:
        raise NotPermittedError("over-control-must-be-rejected", bidder=motion.bidder)


def _check_competition(arrival: Arrival, act: CompetitionVote) -> None:
    outcome = arrival.state.review
    if not outcome.competition_asked or act.valid != len(outcome.valid):
        raise WrongStageError("competition-not-asked", valid=len(outcome.valid))


def _check_draft(arrival: Arrival, act: Drafted) -> None:
    check_not_rejected(arrival, act.bidder)


def _check_answer(arrival: Arrival, act: AnswerVote) -> None:
    found = _clarification(arrival, act.clarification)
    if found.state is not ClarificationState.ANSWERED or not found.readable:
        raise WrongStageError("answer-not-there", clarification=act.clarification)


def _clarification(arrival: Arrival, name: str) -> Clarification:
    found = arrival.state.review.clarification(name)
    if found is None:
        raise NotFoundError("clarification-unknown")
    return found


_OF_MEMBERS: Mapping[str, AnyKind] = {
    "reading-finished": Kind(
        speaker=Speaker.SEAT,
        stages=frozenset({Stage.READING}),
        read=plain(ReadingFinished.read),
        apply=_own(lambda review, _act, place: review.finish_reading(place.at)),
    ),
    "review-marked": Kind(
        speaker=Speaker.SEAT,
        stages=frozenset(PRELIMINARY),
        read=Mark.read,
        check=_check_table,
        apply=_own(lambda review, act, _place: review.write(act)),
    ),
    "review-locked": Kind(
        speaker=Speaker.SEAT,
        stages=frozenset(PRELIMINARY),
        read=plain(TableLocked.read),
        check=_check_table,
        apply=_own(lambda review, act, place: review.lock(act, place.definition, place.at)),
    ),
    "rejection-raised": Kind(
        speaker=Speaker.SEAT,
        stages=_REJECTING,
        read=Raised.read,
        check_here=_check_motion,
        apply=_own(lambda review, act, place: review.move(act, place.at, place.stage)),
    ),
    "rejection-voted": Kind(
        speaker=Speaker.SEAT,
        stages=_REJECTING,
        read=RejectionVote.read,
        check_here=_check_vote,
        apply=_own(lambda review, act, place: review.vote(act, place.at, place.stage)),
    ),
    "competition-voted": Kind(
        speaker=Speaker.SEAT,
        stages=frozenset({Stage.PRELIM_DONE, Stage.DETAILED}),
        read=CompetitionVote.read,
        check_here=_check_competition,
        apply=_own(lambda review, act, _place: review.vote_competition(act)),
    ),
    "clarification-drafted": Kind(
        speaker=Speaker.SEAT,
        stages=_ASKING,
        read=Drafted.read,
        check_here=_check_draft,
        apply=_own(lambda review, act, place: review.draft(act, place.at)),
    ),
    "answer-judged": Kind(
        speaker=Speaker.SEAT,
        stages=_ASKING,
        read=AnswerVote.read,
        check_here=_check_answer,
        apply=_own(lambda review, act, _place: review.judge(act)),
    ),
}


# --- what the host carries between committee and bidders ------------------------------------------------------------


def _check_carried(arrival: Arrival, act: Carried) -> None:
    """R19: an unasked question is not answered, and where a supervisor approves, nothing goes out before."""
    found = _clarification(arrival, act.clarification)
    approved = found.relay.question is not None and found.relay.question.approved
    if isinstance(act, Sent) and review_of(arrival.definition).supervised and not approved:
        raise WrongStageError("question-not-approved", clarification=act.clarification)


def _carry(review: CentreReview, act: Carried, place: Place) -> CentreReview:
    return review.carry(act, place.at)


def _carried(read: Callable[..., A]) -> AnyKind:
    """A step of a question on its way to the bidder and back."""
    return Kind(speaker=Speaker.HOST, stages=_ASKING, read=read, check_here=_check_carried, apply=_host(_carry))


_OF_THE_HOST: Mapping[str, AnyKind] = {
    "correction-recorded": Kind(
        speaker=Speaker.HOST,
        stages=_CORRECTING,
        read=Correction.read,
        apply=_host(lambda review, act, _place: review.correct(act)),
    ),
    "correction-answered": Kind(
        speaker=Speaker.HOST,
        stages=_CORRECTING,
        read=CorrectionAnswered.read,
        apply=_host(lambda review, act, place: review.answer(act, place.at)),
    ),
    "clarification-approved": _carried(Approval.read),
    "clarification-sent": _carried(Sent.read),
    "clarification-delivered": _carried(Delivered.read),
    "clarification-answered": _carried(Answered.read),
    "clarification-unanswered": _carried(Unanswered.read),
}
KINDS: Mapping[str, AnyKind] = MappingProxyType({**_OF_MEMBERS, **_OF_THE_HOST})
