"""Exact arithmetic of the methods: fractions until a rule says "round", then ROUND_HALF_UP, and nowhere else.

Fractions never lose a digit, so the only roundings are those a method defines ("评分分值计算保留小数点后两位，小数点后
第三位四舍五入", 标准施工招标文件 第三章), whatever the size of the prices.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Number: TypeAlias = int | Fraction


def rounded(amount: Number, places: int = 0) -> Decimal:
    """Half up at this number of places, halves away from zero: 2.675 is 2.68, -2.675 is -2.68 (ROUND_HALF_UP)."""
    scaled = abs(Fraction(amount)) * 10**places
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    return Decimal(f"{'-' if amount < 0 and whole else ''}{whole}e-{places}")


def whole(amount: Number) -> int:
    """The nearest integer, halves away from zero."""
    return int(rounded(amount))


def mean(amounts: Sequence[Number]) -> Fraction:
    return Fraction(sum(amounts)) / len(amounts)


def geometric_mean(amounts: Sequence[int]) -> int:
    """The n-th root of the product, rounded half up, by integers alone."""
    product, count = 1, len(amounts)
    for amount in amounts:
        product *= amount
    root = _root(product, count)
    return root + int((2 * root + 1) ** count <= 2**count * product)


def _root(product: int, count: int) -> int:
    """The greatest integer whose count-th power is not above the product."""
    low, high = 0, 1 << (product.bit_length() // count + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**count <= product:
            low = middle
        else:
            high = middle - 1
    return low


def decimal_text(amount: Number, places: int) -> str:
    """The amount with this number of decimals, for people to read: 36.17."""
    return f"{rounded(amount, places):f}"


def hundredths_text(hundredths: Number, places: int = 2) -> str:
    """Points or per cents in hundredths, as people write them: 3617 is 36.17."""
    return decimal_text(Fraction(hundredths) / 100, places)
