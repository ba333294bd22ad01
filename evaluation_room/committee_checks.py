"""What is checked of a ballot and of the score check when its author says it here: against all that stands here."""

from evaluation_room.check_acts import MarkCorrected, WarningAcknowledged
from evaluation_room.election import Ballot
from evaluation_room.state import State
from records.errors import NotPermittedError, WrongStageError
from records.room_entry import RoomEntry


def check(state: State, entry: RoomEntry, act: Ballot | MarkCorrected | WarningAcknowledged) -> None:
    """Return when the act may be taken, else raise the rule it breaks."""
    if isinstance(act, Ballot):
        _check_ballot(state, act)
        return
    found, seat = state.score_check, state.definition.seat_of(entry.author)
    assert found is not None  # the stage is entered with all sheets locked
    assert seat is not None  # a seat speaks
    if isinstance(act, MarkCorrected):
        found.check_correction(seat.id, act)
    else:
        found.check_acknowledgement(seat.id, act)


def _check_ballot(state: State, act: Ballot) -> None:
    """Into the open round, and for one of its candidates."""
    election = state.election
    open_round = None if election is None or election.lead is not None else election.rounds[-1]
    if open_round is None or act.round != open_round.number:
        raise WrongStageError("ballot-round", round=act.round, now=0 if open_round is None else open_round.number)
    if act.candidate not in open_round.candidates:
        raise NotPermittedError("not-a-candidate", seat=act.candidate)
