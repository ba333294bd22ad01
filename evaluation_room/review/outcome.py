"""The outcome of the review (评审结论): conclusions, rejections, valid bids and prices, from everybody's parts.

Nothing here is stored: it is computed from the parts each time, so the order of their arrival changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from evaluation_room.review.clarifications import ClarificationState, Relay
from evaluation_room.review.parts import PRELIMINARY_PHASE, CentreReview, SeatReview
from evaluation_room.review.table import Mark
from evaluation_room.stages import PRELIMINARY, Stage
from evaluation_room.tender.definition import Bidder, Definition
from evaluation_room.tender.review_items import CEILING, NOT_CORRECTED, ReviewItem
from records.ids import SeatId


class RejectionState(StrEnum):
    RAISED = "RAISED"  # 提出
    DEBATED = "DEBATED"  # 讨论、表决中
    UPHELD = "UPHELD"  # 否决成立
    DISMISSED = "DISMISSED"  # 不成立
    # VOTED is the moment the last vote is in; RECORDED is the host's step that counts it


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """The committee's conclusion on one item of one bid: unanimous, otherwise by majority (少数服从多数)."""

    bidder: str
    item: ReviewItem
    passed: bool
    unanimous: bool
    failing: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """One motion to reject one bid on one ground. `by`: the seat that moved it, empty where the rules do."""

    id: str
    bidder: str
    ground: str
    evidence: str
    by: str
    raised_at: str
    later: bool
    bound: bool
    upholding: int
    dismissing: int
    missing: tuple[SeatId, ...]

    @property
    def state(self) -> RejectionState:
        """R22: by majority of the members. R18: a price over the control price must be rejected (条例51条第5项)."""
        if self.missing:
            voted = self.upholding + self.dismissing
            return RejectionState.DEBATED if voted else RejectionState.RAISED
        if self.bound or majority(self.upholding, self.upholding + self.dismissing):
            return RejectionState.UPHELD
        return RejectionState.DISMISSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarification:
    """A question with its steps. `by`: the seat that drafted it, which never leaves the committee."""

    id: str
    by: SeatId
    bidder: str
    issue: str
    place: str
    question: str
    drafted_at: str
    relay: Relay
    accepting: int
    refusing: int
    missing: tuple[SeatId, ...]
    supervised: bool

    @property
    def state(self) -> ClarificationState:
        """ACCEPTED or NOT_ACCEPTED by majority once every member has decided (R22)."""
        state = self.relay.state
        if state is not ClarificationState.ANSWERED:
            return state
        if self.relay.answer is not None and not self.relay.answer.approved:
            return ClarificationState.NOT_ACCEPTED
        if self.missing:
            return state
        accepted = majority(self.accepting, self.accepting + self.refusing)
        return ClarificationState.ACCEPTED if accepted else ClarificationState.NOT_ACCEPTED

    @property
    def open(self) -> bool:
        return self.state not in _ENDED

    @property
    def readable(self) -> bool:
        """Whether the members may read the answer: a supervisor's approval may come first."""
        approved = self.relay.answer is not None and self.relay.answer.approved
        return self.relay.answered is not None and (approved or not self.supervised)


_ENDED = frozenset(
    {
        ClarificationState.RETURNED,
        ClarificationState.TIMED_OUT,
        ClarificationState.REFUSED,
        ClarificationState.ACCEPTED,
        ClarificationState.NOT_ACCEPTED,
    },
)


def majority(votes: int, total: int) -> bool:
    """More than half of the members (87号令61条)."""
    return votes * 2 > total


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOutcome:
    """The review from the entries known here."""

    definition: Definition
    seats: Mapping[SeatId, SeatReview]
    host: CentreReview

    # --- conclusions of the group -------------------------------------------------------------------------------

    def all_locked(self, stage: Stage) -> bool:
        return all(part.table(stage).locked for part in self.seats.values())

    def conclusions(self, stage: Stage) -> tuple[Conclusion, ...]:
        """Of every bid and item, once every member has locked; none before."""
        review = self.definition.review
        if review is None or not self.all_locked(stage):
            return ()
        return tuple(self._conclusion(bidder, item) for bidder in self.definition.bidders for item in review.of(stage))

    def _conclusion(self, bidder: Bidder, item: ReviewItem) -> Conclusion:
        marks = [self.seats[seat].table(item.stage).marks[bidder.id, item.id] for seat in sorted(self.seats)]
        failing = tuple(mark for mark in marks if not mark.passed)
        return Conclusion(
            bidder=bidder.id,
            item=item,
            passed=not majority(len(failing), len(marks)),
            unanimous=len(failing) in {0, len(marks)},
            failing=failing,
        )

    # --- rejections ---------------------------------------------------------------------------------------------

    @property
    def rejections(self) -> tuple[Rejection, ...]:
        """All motions, those of the rules first."""
        return (*self._over_control(), *self._not_corrected(), *self._failed(), *self._moved())

    def rejection(self, name: str) -> Rejection | None:
        return next((one for one in self.rejections if one.id == name), None)

    def _over_control(self) -> Iterator[Rejection]:
        """R18: a price over the highest price of the tender file must be rejected (条例51条第5项)."""
        control = self.definition.control_price_fen
        for bidder in self.definition.bidders if self.definition.review is not None else ():
            price = self.price(bidder.id)
            if price > control:
                evidence = f"投标报价 {price} 分，高于最高投标限价 {control} 分。"
                yield self._motion(f"ceiling.{bidder.id}", bidder.id, CEILING, evidence, bound=True)

    def _not_corrected(self) -> Iterator[Rejection]:
        """A bidder that does not confirm the correction of its arithmetic (暂行规定19条)."""
        for bidder, answer in sorted(self.host.confirmations.items()):
            if not answer.confirmed:
                at = self.host.confirmed_at[bidder]
                yield self._motion(f"correction.{bidder}", bidder, NOT_CORRECTED, answer.text, at=at)

    def _failed(self) -> Iterator[Rejection]:
        """A bid that the committee found failing, one motion per stage and ground."""
        for stage in PRELIMINARY:
            found: dict[tuple[str, str], list[Conclusion]] = {}
            for one in self.conclusions(stage):
                if not one.passed:
                    found.setdefault((one.bidder, one.item.ground), []).append(one)
            at = max((part.table(stage).locked_at for part in self.seats.values()), default="")
            for (bidder, ground), failed in found.items():
                evidence = "\n".join(_evidence(one) for one in failed)
                yield self._motion(f"{stage.value}.{bidder}.{ground}", bidder, ground, evidence, at=at)

    def _moved(self) -> Iterator[Rejection]:
        """The members' motions. The name states what is voted on: no vote ever counts for another bid or ground."""
        for seat in sorted(self.seats):
            for motion in self.seats[seat].motions:
                act = motion.act
                later = motion.stage not in PRELIMINARY_PHASE
                name = f"{seat}.{act.number}.{act.bidder}.{act.ground}"
                yield self._motion(name, act.bidder, act.ground, act.evidence, by=seat, at=motion.at, later=later)

    def _motion(
        self,
        name: str,
        bidder: str,
        ground: str,
        evidence: str,
        *,
        by: str = "",
        at: str = "",
        later: bool = False,
        bound: bool = False,
    ) -> Rejection:
        """With the votes of its own phase: a motion from before the base price is decided before it."""
        votes = {seat: part.votes[name] for seat, part in self.seats.items() if name in part.votes}
        counted = [one for one in votes.values() if (one.stage not in PRELIMINARY_PHASE) is later]
        missing = [
            seat.id
            for seat in self.definition.seats
            if seat.id not in votes or (votes[seat.id].stage not in PRELIMINARY_PHASE) is not later
        ]
        upholding = sum(one.act.upheld for one in counted)
        return Rejection(
            id=name, bidder=bidder, ground=ground, evidence=evidence, by=by, raised_at=at, later=later, bound=bound,
            upholding=upholding, dismissing=len(counted) - upholding, missing=tuple(missing),
        )  # fmt: skip

    # --- who is left, and with what price ------------------------------------------------------------------------

    @property
    def rejected(self) -> dict[str, Rejection]:
        """The motion that rejected each bidder: one from before the base price, otherwise a later one."""
        found: dict[str, Rejection] = {}
        for one in sorted(self.rejections, key=lambda motion: motion.later):
            if one.state is RejectionState.UPHELD:
                found.setdefault(one.bidder, one)
        return found

    @property
    def valid(self) -> tuple[str, ...]:
        """The bidders whose bids are still compared."""
        out = self.rejected
        return tuple(bidder.id for bidder in self.definition.bidders if bidder.id not in out)

    def price(self, bidder: str) -> int:
        """As bid or, after a confirmed correction, as corrected."""
        corrected = self.host.price(bidder)
        return self.definition.prices[bidder] if corrected is None else corrected

    @property
    def competition_asked(self) -> bool:
        """R20: fewer than three valid bids in a works tender: the committee decides whether they compete."""
        left = len(self.valid)
        return 0 < left < self.definition.fewest and not self.definition.method.fails_when_few

    def competition_missing(self) -> tuple[SeatId, ...]:
        """The members who have not voted on whether the remaining bids compete."""
        name = str(len(self.valid))
        return tuple(seat for seat in self.seats if name not in self.seats[seat].competition)

    @property
    def competitive(self) -> bool | None:
        """The committee's resolution on the remaining bids, by majority; None until all have voted (暂行规定27条)."""
        if not self.competition_asked or self.competition_missing():
            return None
        name = str(len(self.valid))
        yes = sum(part.competition[name].competitive for part in self.seats.values())
        return majority(yes, len(self.seats))

    # --- clarifications -------------------------------------------------------------------------------------------

    @property
    def clarifications(self) -> tuple[Clarification, ...]:
        """All questions, by member and number."""
        supervised = self.definition.review is not None and self.definition.review.supervised
        found: list[Clarification] = []
        for seat in sorted(self.seats):
            for draft, at in self.seats[seat].drafts:
                name = f"{seat}.Q{draft.number}"
                votes = {one: part.answers[name] for one, part in self.seats.items() if name in part.answers}
                accepting = sum(vote.accepted for vote in votes.values())
                found.append(
                    Clarification(
                        id=name, by=seat, bidder=draft.bidder, issue=draft.issue.value, place=draft.place,
                        question=draft.question, drafted_at=at,
                        relay=self.host.relays.get(name) or Relay(clarification=name),
                        accepting=accepting, refusing=len(votes) - accepting,
                        missing=tuple(one for one in self.seats if one not in votes), supervised=supervised,
                    ),
                )  # fmt: skip
        return tuple(found)

    def clarification(self, name: str) -> Clarification | None:
        return next((one for one in self.clarifications if one.id == name), None)

    def asked(self, bidder: str, issue: str | None = None) -> tuple[Clarification, ...]:
        """The questions this bidder has received, up to the deadline of the answer."""
        over = [one for one in self.clarifications if one.relay.over and one.bidder == bidder]
        return tuple(one for one in over if issue is None or one.issue == issue)


def _evidence(conclusion: Conclusion) -> str:
    """The item, its clause and the reasons of the failing members, in a form for the report."""
    reasons = "；".join(sorted({mark.reason for mark in conclusion.failing}))
    return f"{conclusion.item.name_zh}（{conclusion.item.clause}）：{reasons}"
