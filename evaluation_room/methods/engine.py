"""The engine: one method, one case, one result. Rooms, files and evidence bundles are all evaluated here.

The order is the law's: corrections, ceiling and rejections; the compared value of each bidder; whether enough remain;
the experts' marks; the price; credit; the sum; the order. Every figure leaves a step in the trace. No step rejects a
bid that the committee has not rejected, except that a price over the ceiling is never ranked (条例51条第5项).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from evaluation_room.methods import case as cases
from evaluation_room.methods.aggregate import deviation, section_score
from evaluation_room.methods.arithmetic import decimal_text, hundredths_text, mean, whole
from evaluation_room.methods.case import Case, Offer
from evaluation_room.methods.document import Method, Name, Quote
from evaluation_room.methods.price import PriceScores, price_scores, trace_scores
from evaluation_room.methods.ranking import BidMerit, parallel, places, rank
from evaluation_room.methods.result import Excluded, Outcome, Remark, Result, Score
from evaluation_room.methods.trace import Trace
from records.errors import InvalidRecordError


def evaluate(method: Method, case: Case) -> Result:
    """Evaluate a case that `case.check` found sound; the order of bidders, experts and marks changes nothing.

    Raises InvalidRecordError where a figure cannot be computed: `draw-missing`, `control-price-missing`,
    `credit-missing`, `base-not-positive`, `price-not-positive`; WrongStageError("section-without-scores") where every
    expert abstained.
    """
    return _Evaluation(method=method, case=case).run()


@dataclass(slots=True, kw_only=True)
class _Evaluation:
    """One run over a case."""

    method: Method
    case: Case
    trace: Trace = field(default_factory=Trace)

    def run(self) -> Result:
        if len(self.case.offers) < self.method.fewest:
            return self._stopped(Outcome.RETENDER, ())
        excluded = tuple(self._excluded())
        live = list(cases.live(self.method, self.case))
        if not live:
            return self._stopped(Outcome.ALL_REJECTED, excluded)
        if len(live) < self.method.fewest and self.method.fails_when_few:
            return self._stopped(Outcome.FAILED, excluded)
        return self._ranked(live, excluded)

    def _stopped(self, outcome: Outcome, excluded: tuple[Excluded, ...]) -> Result:
        """Nothing may be ranked: too few bids, or none left."""
        if outcome is not Outcome.ALL_REJECTED:
            left = len(self.case.offers) - len(excluded)
            self._note_too_few(outcome, left)
        return Result(outcome=outcome, excluded=excluded, steps=tuple(self.trace.steps))

    def _note_too_few(self, outcome: Outcome, left: int) -> None:
        inputs = [
            ("bids", str(len(self.case.offers))),
            ("valid", str(left)),
            ("method.fewest", str(self.method.fewest)),
        ]
        self.trace.add("outcome", outcome.value, "outcome", "TOO-FEW", inputs)

    def _ranked(self, live: list[Offer], excluded: tuple[Excluded, ...]) -> Result:
        evaluated = {offer.id: self._evaluated(offer) for offer in live}
        outcome = self._outcome(len(live))
        low, remarks = self._low_prices(live)
        prices: PriceScores | None = None
        scores: tuple[Score, ...] = ()
        if self.method.name is not Name.LOWEST_EVALUATED:
            prices = self._prices(evaluated, low)
            scores = tuple(self._score(offer, prices) for offer in live)
            remarks = (*remarks, *self._floor(live), *self._deviations(live))
        merits = [self._merit(offer, evaluated, scores) for offer in live]
        lots = self.case.drawn.order if self.method.lot else ()
        order, equals = rank(merits, lots), parallel(merits, lots)
        self._trace_places(order, places(order, equals), {one.bidder: one for one in scores}, evaluated)
        return Result(
            outcome=outcome,
            excluded=excluded,
            evaluated=evaluated,
            price=prices,
            scores=scores,
            ranking=order,
            places=places(order, equals),
            parallel=equals,
            candidates=self._candidates(order, places(order, equals), outcome),
            remarks=remarks,
            steps=tuple(self.trace.steps),
        )

    # --- who takes part, and with what price ------------------------------------------------------------------------

    def _excluded(self) -> Iterator[Excluded]:
        """The excluded bidders: rejected by the committee, or over the ceiling (最高投标限价)."""
        for offer in self.case.offers:
            if offer.rejected is not None:
                yield Excluded(bidder=offer.id, ground=offer.rejected.ground, rule="REJECTED")
                continue
            if cases.over_ceiling(self.method, self.case, offer):
                inputs = [(f"bid.{offer.id}.price", str(self._given(offer))), ("control-price", str(self._ceiling()))]
                self.trace.add(f"bid.{offer.id}.excluded", "over-ceiling", "outcome", "CEILING", inputs)
                yield Excluded(bidder=offer.id, ground="F51-5", rule="CEILING")

    def _outcome(self, live: int) -> Outcome:
        if live >= self.method.fewest or self.case.competitive:
            return Outcome.RANKED
        self._note_too_few(Outcome.COMPETITION_OPEN, live)
        return Outcome.COMPETITION_OPEN

    def _unit(self) -> str:
        return "fen" if self.method.quote is Quote.TOTAL else "hundredths of a per cent"

    def _given(self, offer: Offer) -> int:
        return cases.given_price(self.method, offer)

    def _ceiling(self) -> int | None:
        return None if self.case.ceiling is None else cases.comparable(self.method, self.case.ceiling)

    def _evaluated(self, offer: Offer) -> int:
        """The compared value of a bidder (评标价): corrected, by rate, adjusted or deducted as the method states."""
        given, figure = self._given(offer), f"price.{offer.id}.evaluated"
        bid = [(f"bid.{offer.id}.price", str(offer.price))]
        if offer.corrected is not None:
            bid.append((f"bid.{offer.id}.corrected", str(offer.corrected)))
        if self.method.deduction and offer.terms.small:
            price = whole(Fraction(given * (10000 - self.method.deduction), 10000))
            share = ("method.deduction", f"{hundredths_text(self.method.deduction)} %")
            self.trace.add(figure, str(price), self._unit(), "DEDUCTION", [*bid, share], rounded="1 fen")
        elif self.method.name is Name.LOWEST_EVALUATED:
            price = given + sum(offer.terms.adjustments.values())
            added = [(f"bid.{offer.id}.{name}", str(fen)) for name, fen in sorted(offer.terms.adjustments.items())]
            self.trace.add(figure, str(price), self._unit(), "ADJUSTMENT", [*bid, *added])
        else:
            price = given
            as_bid = "PRICE" if offer.corrected is None else "CORRECTION"
            rule = "RATE" if self.method.quote is Quote.REDUCTION else as_bid
            self.trace.add(figure, str(price), self._unit(), rule, bid)
        if price <= 0:
            raise InvalidRecordError("price-not-positive", bidder=offer.id)
        return price

    # --- low prices, and marks to explain ---------------------------------------------------------------------------

    def _low_prices(self, live: list[Offer]) -> tuple[list[str], tuple[Remark, ...]]:
        """Prices so low that the bidder must explain them (暂行规定21条); never a rejection by itself."""
        rule = self.method.low_price
        if rule is None:
            return [], ()
        low: dict[str, Remark] = {}
        for offer in live:
            reference = self._low_reference(offer, live)
            if reference is None or self._given(offer) >= reference * rule.share / 10000:
                continue
            limit = self._trace_limit(offer, live, reference * rule.share / 10000)
            price = str(self._given(offer))
            low[offer.id] = Remark(rule="LOW", bidder=offer.id, value=price, threshold=limit, written=offer.explained)
            note = "left out of the base price" if rule.leave_out_of_base else ""
            inputs = [(f"bid.{offer.id}.price", price), (f"bid.{offer.id}.low-limit", limit)]
            self.trace.add(f"bid.{offer.id}.low", "to-be-explained", "outcome", "LOW", inputs, note=note)
        return (list(low) if rule.leave_out_of_base else []), tuple(low.values())

    def _trace_limit(self, offer: Offer, live: list[Offer], limit: Fraction) -> str:
        rule, shown = self.method.low_price, decimal_text(limit, 0)
        assert rule is not None  # only a document with a low-price rule gets here
        of_others = [(f"bid.{one.id}.price", str(self._given(one))) for one in live if one.id != offer.id]
        against = [("control-price", str(self._ceiling()))] if rule.against == "ceiling" else of_others
        share = ("method.low-price.share", f"{hundredths_text(rule.share)} %")
        note = "used exactly, shown rounded"
        self.trace.add(f"bid.{offer.id}.low-limit", shown, self._unit(), "LOW", [*against, share], note=note)
        return shown

    def _low_reference(self, offer: Offer, live: list[Offer]) -> Fraction | None:
        if self.method.low_price is not None and self.method.low_price.against == "ceiling":
            ceiling = self._ceiling()
            if ceiling is None:
                raise InvalidRecordError("control-price-missing")
            return Fraction(ceiling)
        others = [self._given(one) for one in live if one.id != offer.id]
        return mean(others) if others else None

    def _floor(self, live: list[Offer]) -> Iterator[Remark]:
        """A mark under the stated share of its maximum needs a written reason (招标文件约定)."""
        share = self.method.remarks.floor
        marked = [factor for factor in self.case.factors if factor.id not in self.method.remarks.floor_except]
        for expert in sorted(self.case.marks) if share else ():
            for offer in live:
                for factor in marked:
                    key, limit = (offer.id, factor.id), Fraction(factor.maximum * share, 10000)
                    mark = self.case.marks[expert].get(key)
                    if mark is not None and mark < limit:
                        yield Remark(
                            rule="FLOOR", bidder=offer.id, expert=expert, item=factor.id,
                            value=hundredths_text(mark), threshold=hundredths_text(limit),
                            written=bool(self.case.reasons.get(expert, {}).get(key)),
                        )  # fmt: skip

    def _deviations(self, live: list[Offer]) -> Iterator[Remark]:
        """A section total further from the mean than stated is noted and explained (招标文件约定)."""
        limit = Fraction(self.method.remarks.deviation, 10000)
        for section in self.method.sections if limit else ():
            for offer in live:
                given = {one: self.case.total(one, offer.id, section.id) for one in sorted(self.case.marks)}
                totals = {one: total for one, total in given.items() if total is not None}
                for place, expert in enumerate(totals if len(totals) > 1 else ()):
                    away = deviation(
                        list(totals.values()), place, from_others=self.method.remarks.deviation_from_others
                    )
                    if abs(away) > limit:
                        yield Remark(
                            rule="DEVIATION", bidder=offer.id, expert=expert, item=section.id,
                            value=f"{decimal_text(away * 100, 2)} %", threshold=f"{decimal_text(limit * 100, 2)} %",
                            written=self._explained(expert, offer.id, section.id),
                        )  # fmt: skip

    def _explained(self, expert: str, bidder: str, section: str) -> bool:
        reasons = self.case.reasons.get(expert, {})
        return any(reasons.get((bidder, factor.id)) for factor in self.case.section(section))

    # --- scores -----------------------------------------------------------------------------------------------------

    def _prices(self, evaluated: Mapping[str, int], low: list[str]) -> PriceScores:
        """Price scores; a frozen base still counts a bidder rejected after the preliminary review."""
        rule = self.method.price
        assert rule is not None  # every method with scores has a price rule
        later = [offer for offer in self.case.offers if offer.rejected is not None and offer.rejected.later]
        frozen = {offer.id: self._evaluated(offer) for offer in later} if rule.freeze_base else {}
        found = price_scores(rule, evaluated, also=frozen, left_out=low, ceiling=self._ceiling(), drawn=self.case.drawn)
        unit = self._unit()
        trace_scores(rule, {**evaluated, **frozen}, found, unit, self.trace)
        return found

    def _score(self, offer: Offer, prices: PriceScores) -> Score:
        sections = {
            section.id: section_score(self.method, self.case, section, offer.id, self.trace)
            for section in self.method.sections
        }
        score = Score(bidder=offer.id, sections=sections, price=prices.points[offer.id], credit=self._credit(offer))
        parts = [(f"section.{name}.{offer.id}", hundredths_text(points)) for name, points in sections.items()]
        parts.append((f"price.{offer.id}.score", hundredths_text(score.price)))
        if score.credit is not None:
            parts.append((f"credit.{offer.id}", hundredths_text(score.credit)))
        self.trace.add(f"total.{offer.id}", hundredths_text(score.total), "points", "TOTAL", parts)
        return score

    def _credit(self, offer: Offer) -> int | None:
        """The credit score with its weight, from the snapshot of the opening day (资信标)."""
        rule = self.method.credit
        if rule is None:
            return None
        if offer.terms.credit is None:
            raise InvalidRecordError("credit-missing", bidder=offer.id)
        if offer.terms.credit > rule.full_mark:
            raise InvalidRecordError("credit-over-full-mark", bidder=offer.id)
        points = whole(Fraction(offer.terms.credit * rule.weight, rule.full_mark))
        inputs = [
            (f"bid.{offer.id}.credit", hundredths_text(offer.terms.credit)),
            ("method.credit.weight", hundredths_text(rule.weight)),
            ("method.credit.full-mark", hundredths_text(rule.full_mark)),
        ]
        note = f"snapshot {offer.terms.credit_snapshot}" if offer.terms.credit_snapshot else ""
        self.trace.add(
            f"credit.{offer.id}", hundredths_text(points), "points", "CREDIT", inputs, rounded="0.01", note=note
        )
        return points

    # --- the order --------------------------------------------------------------------------------------------------

    def _merit(self, offer: Offer, evaluated: Mapping[str, int], scores: tuple[Score, ...]) -> BidMerit:
        score = next((one for one in scores if one.bidder == offer.id), None)
        first = evaluated[offer.id] if score is None else -score.total
        return BidMerit(bidder=offer.id, merit=(first, *(self._tie(tie, offer, score) for tie in self.method.ties)))

    def _tie(self, tie: str, offer: Offer, score: Score | None) -> int:
        """The price as bid, not as evaluated: 投标报价 (87号令57条)."""
        if tie == "price" or score is None:
            return self._given(offer)
        return -(score.credit or 0) if tie == "credit" else -score.sections[tie]

    def _trace_places(
        self,
        order: tuple[str, ...],
        found: Mapping[str, int],
        scores: Mapping[str, Score],
        evaluated: Mapping[str, int],
    ) -> None:
        lowest = self.method.name is Name.LOWEST_EVALUATED
        ties = f"equals by: {', '.join(self.method.ties)}" if self.method.ties else ""
        for bidder in order:
            if lowest:
                inputs = [(f"price.{bidder}.evaluated", str(evaluated[bidder]))]
            else:
                inputs = [(f"total.{bidder}", hundredths_text(scores[bidder].total))]
            rule = "RANK-LOW" if lowest else "RANK"
            self.trace.add(f"place.{bidder}", str(found[bidder]), "place", rule, inputs, note=ties)

    def _candidates(self, order: tuple[str, ...], found: Mapping[str, int], outcome: Outcome) -> tuple[str, ...]:
        """At most three (条例53条); by id where the tender file recommends without an order (评定分离)."""
        if outcome is not Outcome.RANKED:
            return ()
        chosen = order[: self.method.candidates]
        named = chosen if self.method.ranked else tuple(sorted(chosen))
        inputs = [(f"place.{bidder}", str(found[bidder])) for bidder in chosen]
        self.trace.add("candidates", " ".join(named), "bidders", "CANDIDATES", inputs)
        return named
