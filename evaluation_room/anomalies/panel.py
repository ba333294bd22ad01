"""A panel: one figure from each expert for each bidder; the input of the score indicators."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from evaluation_room.methods.arithmetic import Number, mean

Pair: TypeAlias = tuple[str, str]
"""(expert, bidder)."""
Winner: TypeAlias = Callable[[frozenset[str]], str]
"""The first place when these experts are left out, all of several equals; empty when it cannot be decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """`home`: which (expert, bidder) pairs are of one city. `name` distinguishes panels of one file; else empty."""

    totals: Mapping[Pair, Number]
    full: Number
    home: frozenset[Pair] = field(default_factory=frozenset)
    name: str = ""
    first: Winner | None = None

    @property
    def experts(self) -> list[str]:
        return sorted({expert for expert, _ in self.totals})

    @property
    def bidders(self) -> list[str]:
        return sorted({bidder for _, bidder in self.totals})

    def of(self, expert: str) -> dict[str, Number]:
        """The expert's totals by bidder."""
        return {bidder: total for (one, bidder), total in self.totals.items() if one == expert}

    def others(self, expert: str, bidder: str) -> list[Number]:
        """The figures of all others for this bidder."""
        return [total for (one, other), total in self.totals.items() if other == bidder and one != expert]

    def deviations(self, expert: str) -> dict[str, Fraction]:
        """The expert's distance above the mean of the others, by bidder; where there are others."""
        rows = ((bidder, total, self.others(expert, bidder)) for bidder, total in self.of(expert).items())
        return {bidder: total - mean(others) for bidder, total, others in rows if others}

    def winner(self, without: frozenset[str] = frozenset()) -> str:
        """The first place, all of several equals: by the method where there is one, otherwise by the mean of totals."""
        if self.first is not None:
            return self.first(without)
        marks: dict[str, list[Number]] = {}
        for (expert, bidder), total in self.totals.items():
            if expert not in without:
                marks.setdefault(bidder, []).append(total)
        means = {bidder: mean(totals) for bidder, totals in marks.items()}
        return " ".join(sorted(bidder for bidder, amount in means.items() if amount == max(means.values())))

    def subject(self, expert: str = "", bidder: str = "") -> dict[str, str]:
        fields = {"panel": self.name, "expert": expert, "bidder": bidder}
        return {name: value for name, value in fields.items() if value}
