"""The lead is chosen in rounds among the tied, at last by a draw that anybody can repeat."""

from collections.abc import Mapping, Sequence

import pytest

from evaluation_room.committee.election import Ballot, Election, Round, elect
from evaluation_room.stages import REQUIRED, Stage
from records import ids
from records.canonical import Value
from records.errors import ConflictError, InvalidRecordError, NotPermittedError, WrongStageError
from records.ids import SeatId
from tests.unit.evaluation_room.rooms import Venue, definition, one_city

A, B, C, D, E = MEMBERS = tuple(SeatId(f"JN-{number}") for number in range(1, 6))
PROCEDURE: list[Value] = [stage.value for stage in Stage if stage in REQUIRED or stage is Stage.ELECTING]


def salt(seat: str, number: int) -> str:
    return ids.b64u(ids.digest(f"{seat} {number}".encode())[7:23].encode())


def ballots(*rounds: Sequence[SeatId]) -> dict[SeatId, dict[int, Ballot]]:
    """What A, B, C, D and E chose, round by round."""
    return {
        member: {
            number: Ballot(round=number, candidate=chosen[place], salt=salt(member, number))
            for number, chosen in enumerate(rounds, 1)
            if place < len(chosen)
        }
        for place, member in enumerate(MEMBERS)
    }


def elected(*rounds: Sequence[SeatId], eligible: Sequence[SeatId] = MEMBERS) -> Election:
    return elect(MEMBERS, eligible, ballots(*rounds))


def test_the_tied_alone_go_to_the_next_round() -> None:
    found = elected([A, A, B, B, C], [A, A, B, B, A])

    assert found == Election(
        rounds=(
            Round(number=1, candidates=MEMBERS, missing=(), votes={A: 2, B: 2, C: 1, D: 0, E: 0}),
            Round(number=2, candidates=(A, B), missing=(), votes={A: 3, B: 2}),
        ),
        lead=A,
    )


def test_an_open_round_shows_who_is_missing_and_no_vote() -> None:
    assert elected([A, A, B]) == Election(
        rounds=(Round(number=1, candidates=MEMBERS, missing=(D, E), votes={}),),
    )


def test_a_ballot_for_somebody_who_is_no_candidate_counts_for_nobody() -> None:
    found = elected([A, A, B, B, C], [A, B, C, C, C], [B, B, B, A, A])

    assert [dict(one.votes) for one in found.rounds] == [
        {A: 2, B: 2, C: 1, D: 0, E: 0},
        {A: 1, B: 1},
        {A: 2, B: 3},
    ]
    assert found.lead == B


def test_after_three_tied_rounds_the_draw_is_the_same_for_whoever_repeats_it() -> None:
    tied = [A, A, B, B, C], [A, A, B, B, C], [A, A, B, B, C]
    found = elected(*tied)

    assert found.drawn
    assert found.lead in {A, B}
    assert elected(*tied) == found
    other = ballots(*tied)
    drawn = {elect(MEMBERS, MEMBERS, _salted(other, number)).lead for number in range(20)}
    assert drawn == {A, B}


def _salted(given: Mapping[SeatId, Mapping[int, Ballot]], number: int) -> dict[SeatId, dict[int, Ballot]]:
    """The same votes with other salts."""
    return {
        member: {
            one.round: Ballot(round=one.round, candidate=one.candidate, salt=salt(member, number))
            for one in cast.values()
        }
        for member, cast in given.items()
    }


# --- in a session ---------------------------------------------------------------------------------------------------


@pytest.fixture(name="room")
def _room() -> Venue:
    return one_city(Stage.ELECTING, definition(seats=MEMBERS, stages=PROCEDURE))


def test_the_session_waits_for_every_ballot_and_has_a_lead_then(room: Venue) -> None:
    for seat, candidate in zip(MEMBERS[:4], (A, A, B, A), strict=True):
        room.cast(seat, candidate)

    assert [(one.who, one.what) for one in room.session.waiting_for()] == [(E, "ballot-missing")]
    assert room.session.state.lead is None
    room.cast(E, E)
    assert room.session.waiting_for() == ()
    assert room.session.state.lead == A


def test_a_member_votes_once_in_a_round_and_only_in_the_open_one(room: Venue) -> None:
    room.cast(A, B)

    with pytest.raises(ConflictError, match="already-voted"):
        room.cast(A, C)
    with pytest.raises(WrongStageError, match="ballot-round"):
        room.cast(B, C, 2)
    for seat in MEMBERS[1:]:
        room.cast(seat, B)
    with pytest.raises(WrongStageError, match="ballot-round"):
        room.cast(A, B, 2)


def test_a_ballot_goes_to_a_candidate_of_the_round(room: Venue) -> None:
    with pytest.raises(NotPermittedError, match="not-a-candidate"):
        room.cast(A, "DL-1")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"round": 4, "candidate": A, "salt": salt(A, 1)}, "out-of-range"),
        ({"round": 1, "candidate": A, "salt": "AAAA"}, "ballot-salt"),
        ({"round": 1, "candidate": A}, "missing-field"),
    ],
)
def test_a_ballot_is_read_strictly(body: dict[str, Value], code: str) -> None:
    with pytest.raises(InvalidRecordError, match=code):
        Ballot.read(body)


def test_a_lead_may_be_named_instead_and_never_both() -> None:
    assert Venue.opened(definition(seats=MEMBERS, lead=A)).session.state.lead == A
    with pytest.raises(InvalidRecordError, match="lead-named-and-elected"):
        Venue.opened(definition(seats=MEMBERS, lead=A, stages=PROCEDURE))
    with pytest.raises(InvalidRecordError, match="unknown-seat"):
        Venue.opened(definition(lead="DL-1"))
