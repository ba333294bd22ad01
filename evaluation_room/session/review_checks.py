"""What is checked of the review when an entry comes: against the stage always, against what stands here only directly.

An entry from another venue was acknowledged there; what only this venue knows refuses nothing that comes that way.
"""

from evaluation_room.review.ballots import AnswerVote, CompetitionVote, Drafted, Issue, Raised, RejectionVote
from evaluation_room.review.clarifications import Answered, Approval, ClarificationState, Delivered, Sent, Unanswered
from evaluation_room.review.outcome import ReviewOutcome
from evaluation_room.review.parts import PRELIMINARY_PHASE, ReviewAct
from evaluation_room.review.table import Mark, TableLocked, review_of
from evaluation_room.scoring.sheets import Cell
from evaluation_room.session.acts import SheetLocked
from evaluation_room.session.state import State
from evaluation_room.stages import read_label
from evaluation_room.tender.review_items import CEILING, LOW_PRICE, NO_ANSWER
from records.errors import InvalidRecordError, NotFoundError, NotPermittedError, WrongStageError
from records.room_entry import RoomEntry


def check(state: State, entry: RoomEntry, act: Cell | SheetLocked | ReviewAct, *, direct: bool) -> None:
    """Return when the act may be taken, else raise the rule it breaks."""
    stage = read_label(entry.stage)
    if isinstance(act, Mark | TableLocked) and act.stage is not stage:
        raise InvalidRecordError("review-item-stage", stage=stage.value)
    if not direct or state.definition.review is None:
        return
    if isinstance(act, SheetLocked):
        _check_sheet(state, entry)
    elif not isinstance(act, Mark | TableLocked):
        _check_direct(state, act, later=stage not in PRELIMINARY_PHASE)


def _check_direct(state: State, act: Cell | ReviewAct, *, later: bool) -> None:
    """What the author could know of the others."""
    outcome = state.review
    if isinstance(act, Cell | Drafted | Raised) and act.bidder in outcome.rejected:
        raise WrongStageError("bidder-rejected", bidder=act.bidder)
    match act:
        case Raised():
            _check_ground(outcome, act)
        case RejectionVote():
            _check_vote(outcome, act, later=later)
        case CompetitionVote():
            if not outcome.competition_asked or act.valid != len(outcome.valid):
                raise WrongStageError("competition-not-asked", valid=len(outcome.valid))
        case AnswerVote():
            _check_answer(outcome, act)
        case Approval() | Sent() | Delivered() | Answered() | Unanswered():
            _check_relay(state, outcome, act)


def _check_sheet(state: State, entry: RoomEntry) -> None:
    """A sheet is whole when every bid that is left is scored or abstained from; a rejected bid needs no marks."""
    seat = state.definition.seat_of(entry.author)
    if seat is not None:
        state.seats[seat.id].sheet.check_whole(state.cells, state.definition)


def _check_ground(outcome: ReviewOutcome, act: Raised) -> None:
    """A low price or a refused clarification is a ground only after the bidder was asked (暂行规定21、22条)."""
    if act.ground in {LOW_PRICE, CEILING} and not outcome.asked(act.bidder, Issue.LOW_PRICE.value):
        raise WrongStageError("inquiry-missing", bidder=act.bidder, ground=act.ground)
    unanswered = {ClarificationState.TIMED_OUT, ClarificationState.REFUSED, ClarificationState.NOT_ACCEPTED}
    if act.ground == NO_ANSWER and not any(one.state in unanswered for one in outcome.asked(act.bidder)):
        raise WrongStageError("inquiry-missing", bidder=act.bidder, ground=act.ground)


def _check_vote(outcome: ReviewOutcome, act: RejectionVote, *, later: bool) -> None:
    motion = outcome.rejection(act.rejection)
    if motion is None:
        raise NotFoundError("rejection-unknown")
    if motion.later is not later:
        raise WrongStageError("rejection-decided", bidder=motion.bidder)
    if motion.bound and not act.upheld:
        raise NotPermittedError("over-control-must-be-rejected", bidder=motion.bidder)


def _check_answer(outcome: ReviewOutcome, act: AnswerVote) -> None:
    found = outcome.clarification(act.clarification)
    if found is None:
        raise NotFoundError("clarification-unknown")
    if found.state is not ClarificationState.ANSWERED or not found.readable:
        raise WrongStageError("answer-not-there", clarification=act.clarification)


def _check_relay(
    state: State, outcome: ReviewOutcome, act: Approval | Sent | Delivered | Answered | Unanswered
) -> None:
    """R19: what was not asked is not answered, and where a supervisor approves, nothing goes out before."""
    found = outcome.clarification(act.clarification)
    if found is None:
        raise NotFoundError("clarification-unknown")
    approved = found.relay.question is not None and found.relay.question.approved
    if isinstance(act, Sent) and review_of(state.definition).supervised and not approved:
        raise WrongStageError("question-not-approved", clarification=act.clarification)
