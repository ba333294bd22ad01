"""What is checked of a ballot, of time and of the score check when it is said here: against all that stands here."""

from typing import TypeAlias

from evaluation_room.committee.election import Ballot
from evaluation_room.committee.extension import TimeExtended, TimeShort
from evaluation_room.scoring.check_acts import MarkCorrected, WarningAcknowledged
from evaluation_room.session.state import State
from records.errors import EvidenceMismatchError, InvalidRecordError, NotPermittedError, WrongStageError
from records.room_entry import RoomEntry

Acts: TypeAlias = Ballot | TimeShort | TimeExtended | MarkCorrected | WarningAcknowledged


def check(state: State, entry: RoomEntry, act: Acts) -> None:
    """Return when the act may be taken, else raise the rule it breaks."""
    match act:
        case Ballot():
            _check_ballot(state, act)
        case TimeShort() | TimeExtended():
            _check_time(state, entry, act)
        case _:
            _check_scores(state, entry, act)


def _check_scores(state: State, entry: RoomEntry, act: MarkCorrected | WarningAcknowledged) -> None:
    found, seat = state.score_check, state.definition.seat_of(entry.author)
    assert found is not None  # the stage is entered with all sheets locked
    assert seat is not None  # a seat speaks
    if isinstance(act, MarkCorrected):
        found.check_correction(seat.id, act)
    else:
        found.check_acknowledgement(seat.id, act)


def _check_time(state: State, entry: RoomEntry, act: TimeShort | TimeExtended) -> None:
    """R15: asked for after the extensions there were; extended when more than a third asked, into the future."""
    time = state.time
    if isinstance(act, TimeShort):
        if act.after != len(time.extensions):
            raise EvidenceMismatchError("extension-number", after=act.after, now=len(time.extensions))
    elif not time.due:
        raise WrongStageError("extension-not-asked", asked=time.asked, members=time.members)
    elif act.until <= entry.at:
        raise InvalidRecordError("extension-passed")


def _check_ballot(state: State, act: Ballot) -> None:
    """Into the open round, and for one of its candidates."""
    election = state.election
    open_round = None if election is None or election.lead is not None else election.rounds[-1]
    if open_round is None or act.round != open_round.number:
        raise WrongStageError("ballot-round", round=act.round, now=0 if open_round is None else open_round.number)
    if act.candidate not in open_round.candidates:
        raise NotPermittedError("not-a-candidate", seat=act.candidate)
