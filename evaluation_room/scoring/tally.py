"""The tally (汇总): pure arithmetic from locked sheets and prices to scores, ranking and candidates.

Equal sheets give equal bytes; all centres' digests are compared before the session continues. The figures are the
method engine's; this module passes a room's sheets to it and builds the record's values.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from evaluation_room.methods import aggregate
from evaluation_room.methods.case import Case, Offer, Rejection, live
from evaluation_room.methods.engine import evaluate
from evaluation_room.methods.price import PriceScores
from evaluation_room.methods.result import Result, Score
from evaluation_room.review.ballots import Issue
from evaluation_room.review.clarifications import ClarificationState
from evaluation_room.review.outcome import ReviewOutcome
from evaluation_room.scoring.sheets import Sheet
from evaluation_room.tender.definition import Bidder, Definition
from records import canonical, ids, strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError, WrongStageError
from records.ids import Digest
from records.strict_fields import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyComputed:
    """A centre has computed the tally and got this digest."""

    digest: Digest

    @classmethod
    def read(cls, body: Body) -> "TallyComputed":
        return cls(digest=ids.parse_digest(strict_fields.fields(body, "digest")["digest"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The result, with all its inputs named: sheets by digest, the base price by its trace."""

    definition: Definition
    sheets: tuple[Sheet, ...]
    result: Result
    review: ReviewOutcome | None = None

    @property
    def price(self) -> PriceScores | None:
        """None where the method scores no price."""
        return self.result.price

    @property
    def scores(self) -> tuple[Score, ...]:
        return self.result.scores

    @property
    def ranking(self) -> tuple[str, ...]:
        return self.result.ranking

    @property
    def parallel(self) -> tuple[tuple[str, ...], ...]:
        return self.result.parallel

    @property
    def candidates(self) -> tuple[str, ...]:
        return self.result.candidates

    @property
    def benchmark(self) -> dict[str, Value]:
        """The base price and each offer's offset from it, in hundredths of a per cent; empty without a price score."""
        rule = self.definition.method.price
        if rule is None or self.price is None:
            return {}
        trace: list[Value] = [
            self._traced(bidder, self.price)
            for bidder in self.definition.prices
            if self._in_base(bidder, self.price, freeze=rule.freeze_base)
        ]
        return {"variant": rule.variant, "price_fen": self.price.base.price, "trace": trace}

    def _in_base(self, bidder: str, price: PriceScores, *, freeze: bool) -> bool:
        """The prices behind the base price: of the remaining bidders, and in a frozen base of those rejected later."""
        if bidder in price.points or self.review is None:
            return bidder in price.points
        rejection = self.review.rejected.get(bidder)
        return freeze and rejection is not None and rejection.later

    def _traced(self, bidder: str, scores: PriceScores) -> Value:
        """One offer's part in the base price; without points when it was rejected after the base was fixed."""
        price = self.definition.prices[bidder]
        counted = self.review.price(bidder) if self.review is not None else price
        row: dict[str, Value] = {
            "bidder": bidder,
            "price_fen": price,
            "counted": bidder in scores.base.counted,
            **({"corrected_fen": counted} if counted != price else {}),
        }
        if bidder not in scores.points:
            return row
        return row | {"offset": scores.offsets[bidder], "points": scores.points[bidder]}

    @property
    def value(self) -> dict[str, Value]:
        sheets: list[Value] = [{"seat": str(sheet.seat), "digest": sheet.digest} for sheet in self.sheets]
        return {
            "project": str(self.definition.project),
            "method": self.definition.value["method"],
            **({"benchmark": self.benchmark} if self.benchmark else {}),
            "sheets": sheets,
            "scores": [score.value for score in self.scores],
            "ranking": list(self.ranking),
            "candidates": list(self.candidates),
            "parallel": [list(group) for group in self.parallel],
            **self.compared,
            **self.explained,
        }

    @property
    def compared(self) -> dict[str, Value]:
        """The evaluated prices (评标价), where bids are compared by them and not by scores."""
        return {"evaluated": dict(self.result.evaluated)} if self.price is None else {}

    @property
    def explained(self) -> dict[str, Value]:
        """Outcome, remarks and trace, from version 2 on: reports of version 1 never held them."""
        if self.definition.method.version == 1:
            return {}
        return {
            "outcome": self.result.outcome.value,
            "remarks": [one.as_value for one in self.result.remarks],
            "trace": [step.as_value for step in self.result.steps],
        }

    @property
    def digest(self) -> Digest:
        return ids.digest(canonical.encode(self.value))


def case_of(definition: Definition, sheets: Iterable[Sheet], review: ReviewOutcome | None = None) -> Case:
    """A room's sheets, prices and rejections as a case for its method."""
    held = tuple(sheets)
    return Case(
        offers=tuple(_offer(one, review) for one in definition.bidders),
        factors=definition.factors,
        marks={sheet.seat: {key: cell.points for key, cell in sheet.cells.items()} for sheet in held},
        reasons={sheet.seat: {key: cell.reason for key, cell in sheet.cells.items()} for sheet in held},
        ceiling=definition.control_price_fen,
        drawn=definition.drawn,
        competitive=review is not None and review.competitive is True,
    )


def _offer(bidder: Bidder, review: ReviewOutcome | None) -> Offer:
    """A bid after corrections and rejections."""
    offer = Offer(id=bidder.id, name=bidder.name, price=bidder.price_fen, terms=bidder.terms)
    if review is None:
        return offer
    rejection = review.rejected.get(bidder.id)
    return replace(
        offer,
        corrected=review.host.price(bidder.id),
        explained=any(
            one.state is ClarificationState.ACCEPTED for one in review.asked(bidder.id, Issue.LOW_PRICE.value)
        ),
        rejected=None if rejection is None else Rejection(ground=rejection.ground, later=rejection.later),
    )


def unmarked_sections(
    definition: Definition, sheets: Iterable[Sheet], review: ReviewOutcome | None = None
) -> tuple[tuple[str, str], ...]:
    """(bidder, section) where every expert abstained: no score can be computed."""
    case = case_of(definition, sheets, review)
    return tuple(
        (offer.id, section)
        for offer in live(definition.method, case)
        for section in aggregate.unmarked(definition.method, case, offer.id)
    )


def tally(definition: Definition, sheets: Iterable[Sheet], review: ReviewOutcome | None = None) -> Tally:
    """Compute the result of locked sheets, one of every seat, in any order."""
    ordered = _every_seat_locked(definition, sheets)
    result = evaluate(definition.method, case_of(definition, ordered, review))
    return Tally(definition=definition, sheets=ordered, result=result, review=review)


def _every_seat_locked(definition: Definition, sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    found = {sheet.seat: sheet for sheet in sheets}
    if set(found) != {seat.id for seat in definition.seats}:
        raise InvalidRecordError("sheets-of-other-seats")
    for sheet in found.values():
        if not sheet.locked:
            raise WrongStageError("sheet-not-locked", seat=sheet.seat)
    return tuple(found[seat.id] for seat in definition.seats)
