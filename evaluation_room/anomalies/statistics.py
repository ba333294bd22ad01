"""The few statistics the indicators need, exact on fractions; square roots to forty digits, so every machine agrees."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from itertools import combinations
from math import comb, lcm

from evaluation_room.methods.arithmetic import Number, mean

_ROOTS = Context(prec=40, rounding=ROUND_HALF_EVEN)
_MOST_ARRANGEMENTS = 200_000


def root(amount: Number) -> Fraction:
    """The square root, to forty digits."""
    exact = Fraction(amount)
    ratio = _ROOTS.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return Fraction(_ROOTS.sqrt(ratio))


def median(amounts: Sequence[Number]) -> Fraction:
    ordered = sorted(amounts)
    half = len(ordered) // 2
    return Fraction(ordered[half]) if len(ordered) % 2 else Fraction(ordered[half - 1] + ordered[half]) / 2


def _moment(amounts: Sequence[Number], power: int) -> Fraction:
    middle = mean(amounts)
    return Fraction(sum((amount - middle) ** power for amount in amounts))


def population_deviation(amounts: Sequence[Number]) -> Fraction:
    """Divided by n."""
    return root(_moment(amounts, 2) / len(amounts))


def sample_deviation(amounts: Sequence[Number]) -> Fraction:
    """Divided by n−1."""
    return root(_moment(amounts, 2) / (len(amounts) - 1))


def skewness(amounts: Sequence[Number]) -> Fraction | None:
    """Adjusted sample skewness; None under three values or without spread."""
    count, spread = len(amounts), _moment(amounts, 2) if amounts else Fraction(0)
    if count - 2 < 1 or not spread:
        return None
    deviation = root(spread / (count - 1))
    return Fraction(count, (count - 1) * (count - 2)) * _moment(amounts, 3) / deviation**3


def kurtosis(amounts: Sequence[Number]) -> Fraction | None:
    """Adjusted sample excess kurtosis; None under four values or without spread."""
    count, spread = len(amounts), _moment(amounts, 2) if amounts else Fraction(0)
    if count - 3 < 1 or not spread:
        return None
    variance = spread / (count - 1)
    first = Fraction(count * (count + 1), (count - 1) * (count - 2) * (count - 3)) * _moment(amounts, 4) / variance**2
    return first - Fraction(3 * (count - 1) ** 2, (count - 2) * (count - 3))


def ranks(amounts: Sequence[Number]) -> list[Fraction]:
    """Ranks, the highest amount 1; equals share the mean of their places."""
    ordered = sorted(amounts, reverse=True)
    return [Fraction(2 * ordered.index(one) + ordered.count(one) + 1, 2) for one in amounts]


def correlation(one: Sequence[Number], other: Sequence[Number]) -> Fraction | None:
    """Pearson's; of ranks it is Spearman's rho. None when either does not vary."""
    first, second = mean(one), mean(other)
    spread = _moment(one, 2) * _moment(other, 2)
    if not spread:
        return None
    return Fraction(sum((a - first) * (b - second) for a, b in zip(one, other, strict=True))) / root(spread)


def concordance(rows: Sequence[Sequence[Number]]) -> Fraction | None:
    """Kendall's W of m rankings of k: 12 S / (m² (k³ − k)), the denominator less m ΣT where there are equals."""
    ranked = [ranks(row) for row in rows]
    count, judged = len(ranked), len(ranked[0])
    sums = [Fraction(sum(column)) for column in zip(*ranked, strict=True)]
    ties = sum(row.count(rank) ** 3 - row.count(rank) for row in ranked for rank in set(row))
    most = Fraction(count * count * (judged**3 - judged) - count * ties)
    return 12 * _moment(sums, 2) / most if most else None


def share_as_large(chosen: Sequence[Number], others: Sequence[Number]) -> Fraction | None:
    """Exact one-sided permutation p: the share of all choices whose mean is as far above the rest as this one.

    None when there are more than 200,000 choices.
    """
    pool = [Fraction(one) for one in (*chosen, *others)]
    count = comb(len(pool), len(chosen))
    if count > _MOST_ARRANGEMENTS:
        return None
    unit = lcm(*(one.denominator for one in pool))
    whole = [int(one * unit) for one in pool]
    observed = sum(whole[: len(chosen)])  # the sum of the rest follows from it, so comparing sums compares means
    return Fraction(sum(1 for choice in combinations(whole, len(chosen)) if sum(choice) >= observed), count)
