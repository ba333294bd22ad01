"""The review as shown on pages: a member's room, and the host's desk for the exchange with the bidders.

Nobody sees another member's marks or votes before giving their own (R21, R22); the console sees no mark at all.
"""

from collections.abc import Mapping

from evaluation_room.review import review_report
from evaluation_room.review.outcome import Clarification, Rejection, RejectionState, ReviewOutcome
from evaluation_room.review.table import keys
from evaluation_room.session.state import State
from evaluation_room.stages import PRELIMINARY
from evaluation_room.tender.definition import Seat
from records.actors import Role
from records.canonical import Value
from records.errors import NotPermittedError

View = dict[str, Value]
_CARRIED = frozenset(
    {
        "correction-recorded",
        "correction-answered",
        "clarification-approved",
        "clarification-sent",
        "clarification-delivered",
        "clarification-answered",
        "clarification-unanswered",
        "time-extended",
    },
)


def carrier(kind: str, body: Mapping[str, Value]) -> Role:
    """Who at the host's console may enter this: a supervisor's approval only the supervisor, the rest only others."""
    if kind not in _CARRIED:
        raise NotPermittedError("not-the-speaker", kind=kind)
    return Role.SUPERVISOR if body.get("by") == "supervisor" else Role.OPERATOR


def progress(state: State, seat: Seat) -> View:
    """A member's progress in the present stage: marks of a review, or scores; never their values."""
    part, stage = state.seats[seat.id], state.passage.stage
    if stage in PRELIMINARY:
        table = part.review.table(stage)
        total = len(keys(state.definition, stage))
        return {"entered": len(table.marks), "total": total, "locked": table.locked}
    return {"entered": len(part.sheet.cells), "total": len(state.cells), "locked": part.sheet.locked}


# --- the host's desk --------------------------------------------------------------------------------------------------


def desk_view(state: State) -> View:
    """Under `review`: motions with who has yet to vote, corrections, questions; nothing without a review."""
    if state.definition.review is None:
        return {}
    outcome = state.review
    view: View = {
        "bidders": [{"id": one.id, "name": one.name} for one in state.definition.bidders],
        "valid": list(outcome.valid),
        "rejections": [_motion(outcome, one) for one in outcome.rejections],
        "corrections": review_report.corrections(outcome),
        "clarifications": [_question(one) for one in outcome.clarifications],
        "competition": _competition(outcome),
        "supervised": state.definition.review.supervised,
    }
    return {"review": view}


def _motion(outcome: ReviewOutcome, one: Rejection) -> View:
    """With the counts once all have voted; the mover's name stays in the committee."""
    row = review_report.rejection(outcome, one)
    if one.missing:
        del row["upholding"], row["dismissing"]
    return row | {"id": one.id if not one.by else "", "missing": [str(seat) for seat in one.missing]}


def _question(one: Clarification) -> View:
    """By the id that the relay's steps name; the bidder is shown no more than `telling.clarification`."""
    return {"id": one.id, **review_report.clarification(one), "missing": [str(seat) for seat in one.missing]}


def _competition(outcome: ReviewOutcome) -> View:
    asked = outcome.competition_asked
    view: View = {"asked": asked, "valid": len(outcome.valid)}
    if asked:
        view["missing"] = [str(seat) for seat in outcome.competition_missing()]
        if outcome.competitive is not None:
            view["competitive"] = outcome.competitive
    return view


# --- a member's room --------------------------------------------------------------------------------------------------


def room_review(state: State, seat: Seat) -> View:
    """Under `review`: items, conclusions of the stages all have locked, motions, questions, corrections."""
    review = state.definition.review
    if review is None:
        return {}
    outcome, defined = state.review, state.definition.value["review"]
    part = outcome.seats[seat.id]
    assert isinstance(defined, dict)  # as it was read
    view: View = {
        "items": defined["items"],
        "grounds": defined.get("grounds", []),
        "supervised": review.supervised,
        "tables": [
            {"stage": stage.value, "locked": part.table(stage).locked, "all": outcome.all_locked(stage)}
            for stage in PRELIMINARY
            if stage in state.definition.stages
        ],
        "conclusions": [
            row
            for stage in PRELIMINARY
            if part.table(stage).locked
            for row in review_report.conclusions(outcome, stage)
        ],
        "read": part.read_at != "",
        "valid": list(outcome.valid),
        "rejections": [_member_motion(outcome, one, seat) for one in outcome.rejections if _shown(state, one, seat)],
        "competition": _member_competition(outcome, seat),
        "clarifications": [_member_question(outcome, one, seat) for one in outcome.clarifications],
        "corrections": review_report.corrections(outcome),
        "numbers": {"rejection": len(part.motions) + 1, "clarification": len(part.drafts) + 1},
    }
    return {"review": view}


def _shown(state: State, one: Rejection, seat: Seat) -> bool:
    """A motion of another member reveals that member's mark: hidden until the own table of the stage is locked."""
    stage = state.passage.stage
    own = one.by in {"", seat.id}
    return own or stage not in PRELIMINARY or state.seats[seat.id].review.table(stage).locked


def _member_motion(outcome: ReviewOutcome, one: Rejection, seat: Seat) -> View:
    """The counts are shown once the own vote is given."""
    vote = outcome.seats[seat.id].votes.get(one.id)
    row = review_report.rejection(outcome, one) | {"id": one.id, "by": one.by, "missing": len(one.missing)}
    if vote is None and one.state not in {RejectionState.UPHELD, RejectionState.DISMISSED}:
        del row["upholding"], row["dismissing"]
    return row | ({"mine": vote.act.upheld} if vote is not None else {})


def _member_competition(outcome: ReviewOutcome, seat: Seat) -> View:
    view = _competition(outcome)
    vote = outcome.seats[seat.id].competition.get(str(len(outcome.valid)))
    if "missing" in view:
        view["missing"] = len(outcome.competition_missing())
    return view | ({"mine": vote.competitive} if vote is not None else {})


def _member_question(outcome: ReviewOutcome, one: Clarification, seat: Seat) -> View:
    """The answer is shown when permitted: a supervisor's approval may come first."""
    row = review_report.clarification(one)
    if not one.readable:
        row = {name: value for name, value in row.items() if name not in {"answer", "document"}}
    vote = outcome.seats[seat.id].answers.get(one.id)
    row |= {"id": one.id, "by": str(one.by), "readable": one.readable, "missing": len(one.missing)}
    return row | ({"mine": vote.accepted} if vote is not None else {})
