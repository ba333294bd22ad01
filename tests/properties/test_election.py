"""An election ends with one lead whatever the votes, and does not depend on the order of the ballots."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation_room.committee.election import MOST_ROUNDS, Ballot, elect
from records import ids
from records.ids import SeatId
from tests.examples import share

MEMBERS = tuple(SeatId(f"JN-{number}") for number in range(1, 8))
CHOICES = st.lists(st.sampled_from(MEMBERS), min_size=len(MEMBERS) * MOST_ROUNDS, max_size=len(MEMBERS) * MOST_ROUNDS)
SALTS = st.lists(st.binary(min_size=16, max_size=16), min_size=len(MEMBERS), max_size=len(MEMBERS))


def all_ballots(choices: list[SeatId], salts: list[bytes]) -> dict[SeatId, dict[int, Ballot]]:
    found: dict[SeatId, dict[int, Ballot]] = {}
    for place, member in enumerate(MEMBERS):
        mine = choices[place * MOST_ROUNDS : (place + 1) * MOST_ROUNDS]
        found[member] = {
            number: Ballot(round=number, candidate=candidate, salt=ids.b64u(salts[place]))
            for number, candidate in enumerate(mine, 1)
        }
    return found


@settings(deadline=None, max_examples=share(200))
@given(CHOICES, SALTS, st.permutations(MEMBERS), st.integers(1, len(MEMBERS)))
def test_there_is_one_lead_whatever_the_order(
    choices: list[SeatId], salts: list[bytes], order: list[SeatId], eligible: int
) -> None:
    ballots = all_ballots(choices, salts)
    found = elect(MEMBERS, MEMBERS[:eligible], ballots)

    assert found.lead in MEMBERS[:eligible]
    assert found.missing == ()
    assert all(
        set(later.candidates) < set(one.candidates) or later.candidates == one.candidates
        for one, later in zip(found.rounds, found.rounds[1:], strict=False)
    )
    assert elect(MEMBERS, MEMBERS[:eligible], {member: ballots[member] for member in order}) == found
