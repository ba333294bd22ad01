"""The tally (汇总): pure arithmetic from locked sheets and prices to scores, ranking and candidates.

Whoever holds the same sheets computes the same bytes; all centres' digests are compared before the session goes on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evaluation_room.definition import Definition, Section
from evaluation_room.methods.comprehensive import Standing, combine, parallel, rank
from evaluation_room.methods.price import PriceScores, price_scores
from evaluation_room.scoring import Sheet
from records import canonical, ids
from records.canonical import Value
from records.errors import InvalidRecordError, WrongStageError
from records.ids import Digest

MOST_CANDIDATES = 3
"""中标候选人不超过3个 (条例53条)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BidderScore:
    """One bidder's result, hundredths: a score for each section of the method, the price score and the sum."""

    bidder: str
    sections: Mapping[str, int]
    price: int

    @property
    def total(self) -> int:
        return sum(self.sections.values()) + self.price

    @property
    def value(self) -> dict[str, Value]:
        return {"bidder": self.bidder, **self.sections, "price": self.price, "total": self.total}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The result, with everything that went into it named: sheets by digest, the base price by its trace."""

    definition: Definition
    sheets: tuple[Sheet, ...]
    price: PriceScores
    scores: tuple[BidderScore, ...]
    ranking: tuple[str, ...]
    parallel: tuple[tuple[str, ...], ...]

    @property
    def candidates(self) -> tuple[str, ...]:
        return self.ranking[:MOST_CANDIDATES]

    @property
    def benchmark(self) -> dict[str, Value]:
        """The base price and how each offer lies to it; offsets in hundredths of a per cent."""
        trace: list[Value] = [
            {
                "bidder": bidder,
                "price_fen": price,
                "counted": bidder in self.price.counted,
                "offset": self.price.offsets[bidder],
                "points": self.price.points[bidder],
            }
            for bidder, price in self.definition.prices.items()
        ]
        return {"variant": self.definition.method.price.variant, "price_fen": self.price.base_fen, "trace": trace}

    @property
    def value(self) -> dict[str, Value]:
        sheets: list[Value] = [{"seat": str(sheet.seat), "digest": sheet.digest} for sheet in self.sheets]
        return {
            "project": str(self.definition.project),
            "method": self.definition.value["method"],
            "benchmark": self.benchmark,
            "sheets": sheets,
            "scores": [score.value for score in self.scores],
            "ranking": list(self.ranking),
            "candidates": list(self.candidates),
            "parallel": [list(group) for group in self.parallel],
        }

    @property
    def digest(self) -> Digest:
        return ids.digest(canonical.encode(self.value))


def section_score(section: Section, bidder: str, sheets: Iterable[Sheet], definition: Definition) -> int:
    """The section's score of one bidder out of the totals of the experts who marked all of it."""
    totals = [sheet.section_total(bidder, section.id, definition) for sheet in sheets]
    marked = [total for total in totals if total is not None]
    if not marked:
        raise WrongStageError("section-without-scores", bidder=bidder, section=section.id)
    return combine(section.aggregate, marked, trim_above=section.trim_above)


def unmarked_sections(definition: Definition, sheets: Iterable[Sheet]) -> tuple[tuple[str, str], ...]:
    """(bidder, section) for which every expert abstained: no score can be made of nothing."""
    all_sheets = tuple(sheets)
    return tuple(
        (bidder.id, section.id)
        for bidder in definition.bidders
        for section in definition.method.sections
        if all(sheet.section_total(bidder.id, section.id, definition) is None for sheet in all_sheets)
    )


def tally(definition: Definition, sheets: Iterable[Sheet]) -> Tally:
    """Compute the result of locked sheets, one of every seat; the order in which they are given does not matter."""
    ordered = _every_seat_locked(definition, sheets)
    price = price_scores(definition.method.price, definition.prices)
    scores = tuple(
        BidderScore(
            bidder=bidder.id,
            sections={
                section.id: section_score(section, bidder.id, ordered, definition)
                for section in definition.method.sections
            },
            price=price.points[bidder.id],
        )
        for bidder in definition.bidders
    )
    standings = _standings(definition, scores)
    return Tally(
        definition=definition,
        sheets=ordered,
        price=price,
        scores=scores,
        ranking=rank(standings),
        parallel=parallel(standings),
    )


def _every_seat_locked(definition: Definition, sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    found = {sheet.seat: sheet for sheet in sheets}
    if set(found) != {seat.id for seat in definition.seats}:
        raise InvalidRecordError("sheets-of-other-seats")
    for sheet in found.values():
        if not sheet.locked:
            raise WrongStageError("sheet-not-locked", seat=sheet.seat)
    return tuple(found[seat.id] for seat in definition.seats)


def _standings(definition: Definition, scores: tuple[BidderScore, ...]) -> tuple[Standing, ...]:
    sections = definition.method.sections
    return tuple(
        Standing(
            bidder=score.bidder,
            total=score.total,
            price_fen=definition.prices[score.bidder],
            first_section=score.sections[sections[0].id] if sections else 0,
        )
        for score in scores
    )
