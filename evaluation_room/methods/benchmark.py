"""The base price (评标基准价): the prices it is made from, the variants B1 to B7, and where it is rounded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

from evaluation_room.methods.arithmetic import Number, geometric_mean, mean, whole
from evaluation_room.methods.case import Drawn
from evaluation_room.methods.pricing import PriceRule, Second
from records.errors import InvalidRecordError

Prices: TypeAlias = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """The base price in the unit of the prices, the bidders behind it (cheapest first), and its other inputs."""

    price: int
    counted: tuple[str, ...]
    inputs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseInputs:
    """The input of a variant: the prices that count, in ascending order, and what was fixed at the opening."""

    rule: PriceRule
    prices: Sequence[int]
    ceiling: int | None
    drawn: Drawn


def check_drawn(rule: PriceRule | None, drawn: Drawn) -> None:
    """Everything the price rule draws at the opening was drawn, from its list. InvalidRecordError names what is not."""
    if rule is not None:
        for name, choices, found in (
            ("reductions", rule.reductions, drawn.reduction),
            ("ceiling_factors", rule.ceiling_factors, drawn.ceiling_factor),
            ("ceiling_weights", rule.ceiling_weights, drawn.ceiling_weight),
        ):
            if choices:
                _share(name, choices, found)


def _share(name: str, choices: Sequence[int], drawn: int | None) -> Fraction:
    """The share that applies: the only one of the list, otherwise the one drawn at the opening."""
    if drawn is None:
        if len(choices) > 1:
            raise InvalidRecordError("draw-missing", field=name)
        drawn = choices[0]
    if drawn not in choices:
        raise InvalidRecordError("draw-not-in-list", field=name)
    return Fraction(drawn, 10000)


def _mean(ground: BaseInputs) -> Number:
    """B1, B2: the mean of all prices that count."""
    return mean(ground.prices)


def _reduced(ground: BaseInputs) -> Number:
    """B3: the mean less the share k, drawn at the opening from a list."""
    return mean(ground.prices) * (1 - _share("reductions", ground.rule.reductions, ground.drawn.reduction))


def _composite(ground: BaseInputs) -> Number:
    """B4: C = A×K×w + B×(1−w), A the ceiling (最高投标限价) and B the mean."""
    if ground.ceiling is None:
        raise InvalidRecordError("control-price-missing")
    factor = _share("ceiling_factors", ground.rule.ceiling_factors, ground.drawn.ceiling_factor)
    weight = _share("ceiling_weights", ground.rule.ceiling_weights, ground.drawn.ceiling_weight)
    return ground.ceiling * factor * weight + mean(ground.prices) * (1 - weight)


def _second_mean(ground: BaseInputs) -> Number:
    """B5 (二次平均): the mean of prices not above the mean; or of both means; or of the mean and the lowest."""
    first = mean(ground.prices)
    second = mean([price for price in ground.prices if price <= first])
    return {
        Second.NOT_ABOVE_MEAN: second,
        Second.BOTH_MEANS: (first + second) / 2,
        Second.MEAN_AND_LOWEST: (first + min(ground.prices)) / 2,
    }[ground.rule.second]


def _geometric(ground: BaseInputs) -> Number:
    """B6: exact on integers, so it is the one variant that does its own rounding."""
    return geometric_mean(ground.prices)


def _lowest(ground: BaseInputs) -> Number:
    """B7: the lowest price (87号令55条)."""
    return min(ground.prices)


_MAKERS: Mapping[str, Callable[[BaseInputs], Number]] = MappingProxyType(
    {
        "B1": _mean,
        "B2": _mean,
        "B3": _reduced,
        "B4": _composite,
        "B5": _second_mean,
        "B6": _geometric,
        "B7": _lowest,
    },
)


def base_price(
    rule: PriceRule,
    prices: Prices,
    *,
    left_out: Iterable[str] = (),
    ceiling: int | None = None,
    drawn: Drawn | None = None,
) -> Base:
    """The base price, rounded half up to the prices' own unit (a fen) and nowhere before.

    `left_out`: low prices the method does not count; when none would remain, all count.
    """
    if not prices:
        raise InvalidRecordError("no-prices")
    outliers = set(left_out)
    ordered = sorted((bidder for bidder in prices if bidder not in outliers), key=lambda one: (prices[one], one))
    counted = _trimmed(rule, ordered or sorted(prices, key=lambda one: (prices[one], one)))
    drawn = drawn or Drawn()
    amounts = [prices[bidder] for bidder in counted]
    exact = _MAKERS[rule.variant](BaseInputs(rule=rule, prices=amounts, ceiling=ceiling, drawn=drawn))
    price = whole(exact)
    if price <= 0:
        raise InvalidRecordError("base-not-positive")
    return Base(price=price, counted=tuple(counted), inputs=tuple(_also(rule, ceiling, drawn)))


def _trimmed(rule: PriceRule, ordered: Sequence[str]) -> list[str]:
    """Without one lowest and one highest price, from the rule's number of prices on; one each of equals."""
    first = 1 if len(ordered) >= rule.lowest_from else 0
    last = len(ordered) - (1 if len(ordered) >= rule.highest_from else 0)
    return list(ordered[first:last])


def _also(rule: PriceRule, ceiling: int | None, drawn: Drawn) -> Iterable[tuple[str, str]]:
    """The values fixed or drawn besides the prices, by name."""
    if rule.variant == "B3":
        yield "drawn.reduction", str(rule.reductions[0] if drawn.reduction is None else drawn.reduction)
    if rule.variant == "B4" and ceiling is not None:
        yield "control-price", str(ceiling)
        yield (
            "drawn.ceiling-factor",
            str(rule.ceiling_factors[0] if drawn.ceiling_factor is None else drawn.ceiling_factor),
        )
        yield (
            "drawn.ceiling-weight",
            str(rule.ceiling_weights[0] if drawn.ceiling_weight is None else drawn.ceiling_weight),
        )
