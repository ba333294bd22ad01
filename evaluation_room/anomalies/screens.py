"""Price screens (报价筛查): figures of cartel research over a list of bids, without thresholds of their own.

CV, spread, DIFFP, RD, skewness and excess kurtosis as in Imhof, "Detecting bid-rigging cartels with descriptive
statistics", and Huber and Imhof, "Machine learning with screens for detecting bid-rigging cartels".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation_room.anomalies.statistics import kurtosis, sample_deviation, skewness
from evaluation_room.methods.arithmetic import Number, decimal_text, mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """None where a screen cannot be computed: too few bids, or no spread to divide by.

    `cv` sample deviation / mean · `spread` (highest − lowest) / lowest · `diffp` (second lowest − lowest) / lowest ·
    `rd` (second lowest − lowest) / sample deviation of the losing bids · `skew` · `kurtosis` (excess, adjusted).
    """

    bids: int
    cv: Fraction | None
    spread: Fraction | None
    diffp: Fraction | None
    rd: Fraction | None
    skew: Fraction | None
    kurtosis: Fraction | None

    @property
    def value(self) -> dict[str, str | int]:
        """All computable screens, as decimal texts of six places."""
        named = {
            "cv": self.cv,
            "spread": self.spread,
            "diffp": self.diffp,
            "rd": self.rd,
            "skew": self.skew,
            "kurtosis": self.kurtosis,
        }
        return {"bids": self.bids, **{name: decimal_text(one, 6) for name, one in named.items() if one is not None}}


def cv(prices: Sequence[Number]) -> Fraction | None:
    """Coefficient of variation: sample deviation / mean."""
    return sample_deviation(prices) / mean(prices) if len(prices) > 1 and mean(prices) else None


def rd(prices: Sequence[Number]) -> Fraction | None:
    """The lowest bid's distance to the next, in deviations of the losing bids; at least three bids."""
    ordered = sorted(prices)
    losing = sample_deviation(ordered[1:]) if ordered[2:] else Fraction(0)
    return (ordered[1] - ordered[0]) / losing if losing else None


def screens(prices: Sequence[Number]) -> Screens:
    """All screens of any list of positive bids."""
    ordered = sorted(prices)
    low = ordered[0] if len(ordered) > 1 else Fraction(0)
    return Screens(
        bids=len(ordered),
        cv=cv(ordered),
        spread=Fraction(ordered[-1] - low) / low if low else None,
        diffp=Fraction(ordered[1] - low) / low if low else None,
        rd=rd(ordered),
        skew=skewness(ordered),
        kurtosis=kurtosis(ordered),
    )
