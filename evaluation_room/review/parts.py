"""One member's and the host centre's acts in the review: each a fold of its author's own chain alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

from evaluation_room.review.ballots import AnswerVote, CompetitionVote, Drafted, Raised, RejectionVote
from evaluation_room.review.clarifications import Carried, Relay
from evaluation_room.review.corrections import Correction, CorrectionAnswered
from evaluation_room.review.table import Mark, Table, TableLocked
from evaluation_room.stages import PRELIMINARY, Stage
from evaluation_room.tender.definition import Definition
from records.canonical import Value
from records.errors import ConflictError, InvalidRecordError
from records.ids import SeatId

PRELIMINARY_PHASE = frozenset({Stage.READING, *PRELIMINARY, Stage.PRELIM_DONE})
"""Decisions in these stages come before the base price; one in DETAILED is a later rejection."""
_V = TypeVar("_V")


def _with(mapping: Mapping[str, _V], key: str, value: _V) -> Mapping[str, _V]:
    return MappingProxyType({**mapping, key: value})


def _none() -> Mapping[str, _V]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """A member's motion to reject, with its time and stage."""

    act: Raised
    at: str
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    act: RejectionVote
    at: str
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatReview:
    """One member's review: tables, motions, votes and drafts."""

    seat: SeatId
    tables: Mapping[str, Table] = field(default_factory=_none)
    read_at: str = ""
    motions: tuple[Motion, ...] = ()
    votes: Mapping[str, Vote] = field(default_factory=_none)
    competition: Mapping[str, CompetitionVote] = field(default_factory=_none)
    drafts: tuple[tuple[Drafted, str], ...] = ()
    answers: Mapping[str, AnswerVote] = field(default_factory=_none)

    def table(self, stage: Stage) -> Table:
        return self.tables.get(stage.value) or Table(seat=self.seat, stage=stage)

    def write(self, mark: Mark) -> "SeatReview":
        table = self.table(mark.stage).write(mark)
        return replace(self, tables=_with(self.tables, mark.stage.value, table))

    def lock(self, act: TableLocked, definition: Definition, at: str) -> "SeatReview":
        table = self.table(act.stage).lock(act.digest, definition, at)
        return replace(self, tables=_with(self.tables, act.stage.value, table))

    def finish_reading(self, at: str) -> "SeatReview":
        return replace(self, read_at=self.read_at or at)

    def move(self, act: Raised, at: str, stage: Stage) -> "SeatReview":
        self._check_number(act.number, len(self.motions))
        return replace(self, motions=(*self.motions, Motion(act=act, at=at, stage=stage)))

    def vote(self, act: RejectionVote, at: str, stage: Stage) -> "SeatReview":
        return replace(self, votes=self._first(self.votes, act.rejection, Vote(act=act, at=at, stage=stage)))

    def vote_competition(self, act: CompetitionVote) -> "SeatReview":
        return replace(self, competition=self._first(self.competition, str(act.valid), act))

    def draft(self, act: Drafted, at: str) -> "SeatReview":
        self._check_number(act.number, len(self.drafts))
        return replace(self, drafts=(*self.drafts, (act, at)))

    def judge(self, act: AnswerVote) -> "SeatReview":
        return replace(self, answers=self._first(self.answers, act.clarification, act))

    def _check_number(self, number: int, known: int) -> None:
        if number != known + 1:
            raise InvalidRecordError("number-out-of-order", seat=self.seat, expected=known + 1)

    def _first(self, votes: Mapping[str, _V], name: str, vote: _V) -> Mapping[str, _V]:
        """The votes with this one on a matter that the member has not voted on."""
        if name in votes:
            raise ConflictError("already-voted", seat=self.seat)
        return _with(votes, name, vote)

    @property
    def value(self) -> dict[str, Value]:
        """For comparing: the deciding content of this part; empty when there is none."""
        tables: dict[str, Value] = {
            stage: {"locked": table.locked, "digest": table.digest} for stage, table in self.tables.items()
        }
        motions: list[Value] = [[one.act.bidder, one.act.ground, one.stage.value] for one in self.motions]
        votes: dict[str, Value] = {name: [one.act.upheld, one.stage.value] for name, one in self.votes.items()}
        competition: dict[str, Value] = {name: one.competitive for name, one in self.competition.items()}
        answers: dict[str, Value] = {name: one.accepted for name, one in self.answers.items()}
        found: dict[str, Value] = {
            "tables": tables,
            "read": self.read_at,
            "motions": motions,
            "votes": votes,
            "competition": competition,
            "drafts": [[one.bidder, one.question] for one, _ in self.drafts],
            "answers": answers,
        }
        return {name: one for name, one in found.items() if one}


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreReview:
    """The host centre's relayed acts: corrections and the bidders' answers to them, questions and their answers."""

    corrections: Mapping[str, Correction] = field(default_factory=_none)
    confirmations: Mapping[str, CorrectionAnswered] = field(default_factory=_none)
    confirmed_at: Mapping[str, str] = field(default_factory=_none)
    relays: Mapping[str, Relay] = field(default_factory=_none)

    def correct(self, act: Correction) -> "CentreReview":
        if act.bidder in self.confirmations:
            raise ConflictError("correction-answered", bidder=act.bidder)
        return replace(self, corrections=_with(self.corrections, act.bidder, act))

    def answer(self, act: CorrectionAnswered, at: str) -> "CentreReview":
        if act.bidder not in self.corrections:
            raise InvalidRecordError("correction-missing", bidder=act.bidder)
        if act.bidder in self.confirmations:
            raise ConflictError("correction-answered", bidder=act.bidder)
        confirmations = _with(self.confirmations, act.bidder, act)
        return replace(self, confirmations=confirmations, confirmed_at=_with(self.confirmed_at, act.bidder, at))

    def carry(self, act: Carried, at: str) -> "CentreReview":
        """The next step of a question on its way to the bidder and back."""
        relay = self.relays.get(act.clarification) or Relay(clarification=act.clarification)
        number = 1 + sum(one.sent is not None for one in self.relays.values())
        return replace(self, relays=_with(self.relays, act.clarification, relay.take(act, at, number=number)))

    def price(self, bidder: str) -> int | None:
        """The corrected price the bidder confirmed in writing, None without one."""
        answer = self.confirmations.get(bidder)
        return self.corrections[bidder].corrected if answer is not None and answer.confirmed else None

    @property
    def value(self) -> dict[str, Value]:
        corrections: dict[str, Value] = {name: one.corrected for name, one in self.corrections.items()}
        confirmed: dict[str, Value] = {name: one.confirmed for name, one in self.confirmations.items()}
        relays: dict[str, Value] = {name: one.value for name, one in self.relays.items()}
        found: dict[str, Value] = {"corrections": corrections, "confirmed": confirmed, "relays": relays}
        return {name: one for name, one in found.items() if one}
