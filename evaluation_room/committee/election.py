"""Electing the lead (推选组长): secret ballots in rounds, a tie goes to the next round, at last a recorded draw.

The committee chooses its lead from among its members (暂行规定9条), who has the same vote as every other member. A
tenderer's representative votes and cannot be chosen (R44, 87号令45条).
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from records import canonical, ids, strict_fields
from records.errors import InvalidRecordError
from records.ids import SeatId
from records.strict_fields import Body

MOST_ROUNDS: Final = 3
"""After this number of tied rounds the tied are drawn by lot; no law gives a number."""
_SALT_SIZE: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One member's vote in one round. A draw uses the salts: nobody can predict it before all have voted."""

    round: int
    candidate: SeatId
    salt: str

    @classmethod
    def read(cls, body: Body) -> "Ballot":
        strict_fields.fields(body, "round", "candidate", "salt")
        salt = strict_fields.text(body, "salt", longest=64)
        if len(ids.unb64u(salt)) != _SALT_SIZE:
            raise InvalidRecordError("ballot-salt", needs=_SALT_SIZE)
        return cls(
            round=strict_fields.integer(body, "round", minimum=1, maximum=MOST_ROUNDS),
            candidate=ids.parse_seat(body["candidate"]),
            salt=salt,
        )


Ballots = Mapping[SeatId, Mapping[int, Ballot]]
"""Each member's ballots by round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round: the candidates, the members still to vote, and, once all have, the votes of each candidate."""

    number: int
    candidates: tuple[SeatId, ...]
    missing: tuple[SeatId, ...]
    votes: Mapping[SeatId, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """All rounds up to the open one; `lead` is None while one is open. `drawn`: by the draw, not by votes."""

    rounds: tuple[Round, ...]
    lead: SeatId | None = None
    drawn: bool = False

    @property
    def missing(self) -> tuple[SeatId, ...]:
        return self.rounds[-1].missing


def elect(members: Sequence[SeatId], eligible: Sequence[SeatId], ballots: Ballots) -> Election:
    """The election from the ballots so far, in any order.

    When every member has voted, those with the most votes remain candidates: one alone is the lead, several go to the
    next round. A ballot for a non-candidate of its round is not counted.
    """
    rounds: list[Round] = []
    candidates = tuple(one for one in members if one in eligible)
    for number in range(1, MOST_ROUNDS + 1):
        cast = {member: ballots[member][number] for member in members if number in ballots.get(member, {})}
        missing = tuple(member for member in members if member not in cast)
        if missing:
            return Election(rounds=(*rounds, Round(number=number, candidates=candidates, missing=missing, votes={})))
        counted = Counter(ballot.candidate for ballot in cast.values() if ballot.candidate in candidates)
        votes = {candidate: counted[candidate] for candidate in candidates}
        rounds.append(Round(number=number, candidates=candidates, missing=(), votes=votes))
        candidates = tuple(one for one in candidates if votes[one] == max(votes.values()))
        if len(candidates) == 1:
            return Election(rounds=tuple(rounds), lead=candidates[0])
    return Election(rounds=tuple(rounds), lead=_drawn(candidates, members, ballots), drawn=True)


def _drawn(tied: Sequence[SeatId], members: Sequence[SeatId], ballots: Ballots) -> SeatId:
    """The tied member whose name hashes lowest after all ballots: anybody can repeat the draw, with the same result."""
    cast = [
        f"{member} {number} {ballots[member][number].candidate} {ballots[member][number].salt}"
        for member in sorted(members)
        for number in range(1, MOST_ROUNDS + 1)
    ]
    seed = hashlib.sha256(canonical.encode(cast)).digest()
    return min(tied, key=lambda one: hashlib.sha256(seed + one.encode()).digest())
