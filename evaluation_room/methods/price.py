"""Price scores (报价得分): the benchmark price and the linear deduction around it, exact to the hundredth.

Money is in fen, points in hundredths, ROUND_HALF_UP only at the end of each step (标准施工招标文件).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType
from typing import TypeAlias

from records.errors import InvalidRecordError

_EXACT = Context(prec=50, rounding=ROUND_HALF_UP)
_PLAIN_MEAN_AT_MOST = 3

Prices: TypeAlias = Mapping[str, int]


def rounded(amount: Decimal, places: int = 0) -> Decimal:
    """Half up at so many decimal places: 2.675 is 2.68."""
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_EXACT)


def quotient(amount: int, count: int) -> Decimal:
    return _EXACT.divide(Decimal(amount), Decimal(count))


def _by_price(prices: Prices) -> list[str]:
    return sorted(prices, key=lambda bidder: (prices[bidder], bidder))


def _all(prices: Prices) -> list[str]:
    return _by_price(prices)


def _without_extremes(prices: Prices) -> list[str]:
    """Three prices or fewer all count; of more the highest one and the lowest one are left out (one of equals each)."""
    ordered = _by_price(prices)
    return ordered if len(ordered) <= _PLAIN_MEAN_AT_MOST else ordered[1:-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How the base price (评标基准价) is made: which prices count, and the places the offset ratio is rounded to."""

    counted: Callable[[Prices], list[str]]
    offset_places: int | None


VARIANTS: Mapping[str, Variant] = MappingProxyType(
    {
        "B1": Variant(counted=_all, offset_places=None),
        "B2": Variant(counted=_without_extremes, offset_places=4),
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """Full mark in hundredths; e1, e2: hundredths of a point for each per cent above and below the base price."""

    weight: int
    variant: str
    e1: int
    e2: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceScores:
    """The base price, which prices made it, and what each bidder gets; offsets are hundredths of a per cent."""

    base_fen: int
    counted: tuple[str, ...]
    offsets: Mapping[str, int]
    points: Mapping[str, int]


def base_price(variant: str, prices: Prices) -> tuple[int, tuple[str, ...]]:
    """The base price in fen and the bidders whose prices made it, cheapest first."""
    if variant not in VARIANTS:
        raise InvalidRecordError("unknown-variant", variant=variant)
    if not prices:
        raise InvalidRecordError("no-prices")
    counted = VARIANTS[variant].counted(prices)
    return int(rounded(quotient(sum(prices[bidder] for bidder in counted), len(counted)))), tuple(counted)


def _offset(variant: str, price: int, base: int) -> Decimal:
    places = VARIANTS[variant].offset_places
    ratio = quotient(price - base, base)
    return ratio if places is None else rounded(ratio, places)


def _points(rule: PriceRule, offset: Decimal) -> int:
    per_cent = abs(offset) * 100
    lost = per_cent * (rule.e1 if offset > 0 else rule.e2)
    return max(0, int(rounded(rule.weight - lost)))


def price_scores(rule: PriceRule, prices: Prices) -> PriceScores:
    """Linear deduction: full mark at the base price, e1 lost per per cent above it, e2 below it, never under zero."""
    base, counted = base_price(rule.variant, prices)
    offsets = {bidder: _offset(rule.variant, price, base) for bidder, price in prices.items()}
    return PriceScores(
        base_fen=base,
        counted=counted,
        offsets={bidder: int(rounded(offset * 10000)) for bidder, offset in offsets.items()},
        points={bidder: _points(rule, offset) for bidder, offset in offsets.items()},
    )
