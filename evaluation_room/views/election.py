"""The election as shown on pages: closed rounds with their counts, and of the open one only who may vote.

No page shows who chose whom: the own centre's clerk sees that a ballot was cast. The record keeps every signed ballot.
"""

from evaluation_room.committee.election import Round
from evaluation_room.session.state import State
from records.canonical import Value
from records.ids import SeatId

View = dict[str, Value]


def lead_view(state: State) -> View:
    """The lead, and the election where there is one."""
    election = state.election
    lead: View = {"lead": str(state.lead)} if state.lead is not None else {}
    if election is None:
        return lead
    rounds: list[Value] = [_round(one) for one in election.rounds]
    return {**lead, "election": {"rounds": rounds, "drawn": election.drawn, "over": election.lead is not None}}


def own_ballots(state: State, seat: SeatId) -> View:
    """How many rounds this member has voted in."""
    return {} if state.election is None else {"ballots": len(state.seats[seat].ballots)}


def _round(one: Round) -> View:
    votes: list[Value] = [{"seat": str(seat), "votes": count} for seat, count in one.votes.items()]
    return {
        "round": one.number,
        "candidates": [str(seat) for seat in one.candidates],
        "waiting": len(one.missing),
        **({"votes": votes} if votes else {}),
    }
