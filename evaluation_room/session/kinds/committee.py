"""The committee's common acts: undertakings, the election of its lead, and the time it needs."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from evaluation_room.committee.election import Ballot
from evaluation_room.committee.extension import Extension, TimeExtended, TimeShort
from evaluation_room.committee.undertaking import Undertaking
from evaluation_room.session.kinds.kind import AnyKind, Arrival, Kind, Place, Speaker, plain
from evaluation_room.session.parts import CentrePart, SeatPart, with_item
from evaluation_room.stages import EVALUATING, Stage
from records.errors import ConflictError, EvidenceMismatchError, InvalidRecordError, NotPermittedError, WrongStageError


def _undertake(part: SeatPart, act: Undertaking, _place: Place) -> SeatPart:
    if part.undertaking is not None:
        raise ConflictError("already-undertaken", seat=part.seat)
    return replace(part, undertaking=act)


def _check_ballot(arrival: Arrival, act: Ballot) -> None:
    """Into the open round, and for one of its candidates."""
    election = arrival.state.election
    open_round = None if election is None or election.lead is not None else election.rounds[-1]
    if open_round is None or act.round != open_round.number:
        raise WrongStageError("ballot-round", round=act.round, now=0 if open_round is None else open_round.number)
    if act.candidate not in open_round.candidates:
        raise NotPermittedError("not-a-candidate", seat=act.candidate)


def _cast(part: SeatPart, act: Ballot, _place: Place) -> SeatPart:
    """One ballot in every round, and the rounds in their order."""
    if act.round <= len(part.ballots):
        raise ConflictError("already-voted", seat=part.seat)
    if act.round > len(part.ballots) + 1:
        raise InvalidRecordError("number-out-of-order", seat=part.seat, expected=len(part.ballots) + 1)
    return replace(part, ballots=with_item(part.ballots, act.round, act))


def _check_short(arrival: Arrival, act: TimeShort) -> None:
    """R15: time is requested anew after every extension."""
    given = len(arrival.state.time.extensions)
    if act.after != given:
        raise EvidenceMismatchError("extension-number", after=act.after, now=given)


def _ask_for_time(part: SeatPart, act: TimeShort, _place: Place) -> SeatPart:
    if part.short is not None and part.short.after >= act.after:
        raise ConflictError("already-asked", seat=part.seat)
    return replace(part, short=act)


def _check_extension(arrival: Arrival, act: TimeExtended) -> None:
    """R15: extended when more than a third requested it, to a future time."""
    time = arrival.state.time
    if not time.due:
        raise WrongStageError("extension-not-asked", asked=time.asked, members=time.members)
    if act.until <= arrival.entry.at:
        raise InvalidRecordError("extension-passed")


def _extend(part: CentrePart, act: TimeExtended, place: Place) -> CentrePart:
    return replace(part, extensions=(*part.extensions, Extension(act=act, at=place.at)))


KINDS: Mapping[str, AnyKind] = MappingProxyType(
    {
        "undertaking-signed": Kind(
            speaker=Speaker.SEAT,
            stages=frozenset({Stage.BRIEFING}),
            read=plain(Undertaking.read),
            apply=_undertake,
        ),
        "ballot-cast": Kind(
            speaker=Speaker.SEAT,
            stages=frozenset({Stage.ELECTING}),
            read=plain(Ballot.read),
            check_here=_check_ballot,
            apply=_cast,
        ),
        "time-short": Kind(
            speaker=Speaker.SEAT,
            stages=frozenset(EVALUATING),
            read=plain(TimeShort.read),
            check_here=_check_short,
            apply=_ask_for_time,
        ),
        "time-extended": Kind(
            speaker=Speaker.HOST,
            stages=frozenset(EVALUATING),
            read=plain(TimeExtended.read),
            check_here=_check_extension,
            apply=_extend,
        ),
    },
)
