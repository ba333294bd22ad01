"""Price scores (报价得分): the linear deduction around the base price, or lowest price first; exact to the hundredth.

Money is in fen, points in hundredths, ROUND_HALF_UP only at the end of each step (标准施工招标文件).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from evaluation_room.methods.arithmetic import hundredths_text, rounded, whole
from evaluation_room.methods.benchmark import Base, Prices, base_price
from evaluation_room.methods.case import Drawn
from evaluation_room.methods.pricing import PriceRule
from evaluation_room.methods.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceScores:
    """The base price, the bidders behind it, and each bidder's score; offsets in hundredths of a per cent."""

    base: Base
    offsets: Mapping[str, int]
    points: Mapping[str, int]


def offset(rule: PriceRule, price: int, base: int) -> Fraction:
    """The ratio (p−C)/C, rounded where the rule requires it (偏差率)."""
    ratio = Fraction(price - base, base)
    return ratio if rule.offset_places is None else Fraction(rounded(ratio, rule.offset_places))


def points(rule: PriceRule, price: int, base: int) -> int:
    """The price's score: full mark at the base price, less on both sides, never below zero.

    Lowest price first (87号令55条): base / price × weight, never over the full mark.
    """
    if rule.low_price_first:
        return min(rule.weight, whole(Fraction(base * rule.weight, price)))
    ratio = offset(rule, price, base)
    lost = abs(ratio) * 100 * (rule.e1 if ratio > 0 else rule.e2)
    return max(0, whole(rule.weight - lost))


def price_scores(
    rule: PriceRule,
    prices: Prices,
    *,
    also: Prices | None = None,
    left_out: Iterable[str] = (),
    ceiling: int | None = None,
    drawn: Drawn | None = None,
) -> PriceScores:
    """Base price and scores. `also`: prices that count in a frozen base but no longer get a score."""
    base = base_price(rule, {**prices, **(also or {})}, left_out=left_out, ceiling=ceiling, drawn=drawn)
    ratios = {bidder: offset(rule, price, base.price) for bidder, price in prices.items()}
    return PriceScores(
        base=base,
        offsets={bidder: whole(ratio * 10000) for bidder, ratio in ratios.items()},
        points={bidder: points(rule, price, base.price) for bidder, price in prices.items()},
    )


def trace_scores(rule: PriceRule, prices: Prices, found: PriceScores, unit: str, trace: Trace) -> None:
    """The steps behind price scores."""
    made = [(f"price.{bidder}.evaluated", str(prices[bidder])) for bidder in found.base.counted]
    fine = "1 fen" if unit == "fen" else "0.01 %"
    left_out = " ".join(sorted(set(prices) - set(found.base.counted)))
    trace.add(
        "price.base", str(found.base.price), unit, rule.variant, [*made, *found.base.inputs],
        rounded=fine, note=f"not counted: {left_out}" if left_out else "",
    )  # fmt: skip
    for bidder, score in found.points.items():
        inputs = [(f"price.{bidder}.evaluated", str(prices[bidder])), ("price.base", str(found.base.price))]
        if not rule.low_price_first:
            _trace_offset(rule, bidder, prices[bidder], found.base.price, trace)
            ratio = offset(rule, prices[bidder], found.base.price)
            inputs = [(f"price.{bidder}.offset", _percent(rule, ratio))]
            inputs += [("method.price.e1", hundredths_text(rule.e1)), ("method.price.e2", hundredths_text(rule.e2))]
        inputs.append(("method.price.weight", hundredths_text(rule.weight)))
        by = "G" if rule.low_price_first else "LINEAR"
        trace.add(f"price.{bidder}.score", hundredths_text(score), "points", by, inputs, rounded="0.01")


def _percent(rule: PriceRule, ratio: Fraction) -> str:
    places = 8 if rule.offset_places is None else rule.offset_places - 2
    return f"{rounded(ratio * 100, places):f}"


def _trace_offset(rule: PriceRule, bidder: str, price: int, base: int, trace: Trace) -> None:
    ratio = offset(rule, price, base)
    inputs = [(f"price.{bidder}.evaluated", str(price)), ("price.base", str(base))]
    exact, places = rule.offset_places is None, (rule.offset_places or 0) - 2
    trace.add(
        f"price.{bidder}.offset", _percent(rule, ratio), "per cent", "OFFSET", inputs,
        rounded="" if exact else f"0.{'1'.zfill(places)} %",
        note="used exactly, shown with eight decimals" if exact else "",
    )  # fmt: skip
