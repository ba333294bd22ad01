"""Indicators over prices: regularity A17, clustering A18, unit prices alike A19, unbalanced A23, abnormally low A24."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import TypeAlias

from evaluation_room.anomalies.catalogue import Thresholds
from evaluation_room.anomalies.finding import Finding, Severity, number, percent
from evaluation_room.anomalies.screens import cv
from evaluation_room.anomalies.statistics import population_deviation
from evaluation_room.methods.arithmetic import Number, mean

Bids: TypeAlias = Mapping[str, Number]
UnitPrices: TypeAlias = Mapping[str, Mapping[str, Number]]
"""By bidder, then item of the bill."""
_FEWEST = 4
_CLUSTER = 3
_PAIR = 2


def regularity(steps: Sequence[Number]) -> Fraction:
    """Population cv of steps; 0 when all are equal, and of equal prices, too."""
    middle = mean(steps)
    return population_deviation(steps) / abs(middle) if middle else Fraction(0)


def differences(prices: Sequence[Number]) -> list[Fraction]:
    return [Fraction(after - before) for before, after in pairwise(sorted(prices))]


def ratios(prices: Sequence[Number]) -> list[Fraction]:
    return [Fraction(after) / before for before, after in pairwise(sorted(prices))]


def a17_regular(bids: Bids, limits: Thresholds, name: str = "") -> Iterator[Finding]:
    """A17 报价规律: sorted prices in equal steps (等差) or equal ratios (等比); at least four prices.

    Ratios of similar prices are all near 1, so their regularity is measured on the part above 1.
    """
    prices = list(bids.values())
    if len(prices) < _FEWEST or len(set(prices)) == 1:
        return
    for kind, steps in (("differences", differences(prices)), ("ratios", [one - 1 for one in ratios(prices)])):
        found = regularity(steps)
        if found <= limits.regularity:
            yield Finding(
                indicator="A17",
                subject=_subject(name),
                value=f"cv of {kind} {number(found)}",
                threshold=number(limits.regularity),
                severity=Severity.RED,
                evidence={"steps": " ".join(number(one, 6 if kind == "ratios" else 2) for one in steps)},
            )


def clustered(bids: Bids, width: Fraction) -> list[str]:
    """The largest group of bidders whose prices lie within a share of the lowest of them."""
    ordered = sorted(bids, key=lambda one: (bids[one], one))
    groups = [[other for other in ordered[place:] if bids[other] <= bids[one] * (1 + width)]
              for place, one in enumerate(ordered)]  # fmt: skip
    return max(groups, key=len, default=[])


def a18_clustered(bids: Bids, limits: Thresholds, name: str = "") -> Iterator[Finding]:
    """A18 报价聚集: all prices close together, or three and more within half a per cent."""
    overall = cv(list(bids.values())) if len(bids) >= _CLUSTER else None
    if overall is not None and overall <= limits.clustering:
        yield Finding(
            indicator="A18",
            subject=_subject(name),
            value=f"cv {number(overall, 5)}",
            threshold=number(limits.clustering, 2),
            severity=Severity.ORANGE,
            evidence={"bids": str(len(bids))},
        )
    group = clustered(bids, limits.cluster_width)
    if len(group) >= _CLUSTER:
        yield Finding(
            indicator="A18",
            subject=_subject(name),
            value=f"{len(group)} prices within {percent(limits.cluster_width)}",
            threshold=str(_CLUSTER),
            severity=Severity.ORANGE,
            evidence={one: number(bids[one], 0) for one in group},
        )


def a24_low(bids: Bids, limits: Thresholds, *, ceiling: Number | None = None, name: str = "") -> Iterator[Finding]:
    """A24 异常低价: below the share of the others' mean, or of the ceiling; the bidder is asked to explain."""
    for bidder, price in sorted(bids.items()):
        others = [other for one, other in bids.items() if one != bidder]
        if others and price < limits.low_price * mean(others):
            yield _low(name, bidder, price, limits.low_price, {"mean of others": mean(others)})
        if ceiling and price < limits.low_price_of_ceiling * ceiling:
            yield _low(name, bidder, price, limits.low_price_of_ceiling, {"ceiling": ceiling})


def _low(name: str, bidder: str, price: Number, limit: Fraction, against: Mapping[str, Number]) -> Finding:
    ((what, amount),) = against.items()
    return Finding(
        indicator="A24",
        subject={**_subject(name), "bidder": bidder},
        value=f"{number(Fraction(price) / amount)} of {what}",
        threshold=number(limit, 2),
        severity=Severity.YELLOW,
        evidence={"price": number(price, 0), what: number(amount, 0)},
    )


# --- unit prices -----------------------------------------------------------------------------------------------------


def a19_alike(units: UnitPrices, limits: Thresholds) -> Iterator[Finding]:
    """A19 综合单价雷同: two price lists with mostly equal items, or one a constant multiple of the other."""
    for one, other in combinations(sorted(units), 2):
        items = [item for item in units[one] if item in units[other]]
        if len(items) < _FEWEST:
            continue
        equal = Fraction(sum(1 for item in items if units[one][item] == units[other][item]), len(items))
        constant = regularity([Fraction(units[one][item]) / units[other][item] for item in items])
        if equal < limits.unit_equal and constant > limits.unit_ratio:
            continue
        yield Finding(
            indicator="A19",
            subject={"bidder": one, "other": other},
            value=f"{percent(equal)} equal, cv of ratios {number(constant, 5)}",
            threshold=f"{percent(limits.unit_equal)}, {number(limits.unit_ratio, 3)}",
            severity=Severity.RED,
            evidence={"items": str(len(items))},
        )


def a23_unbalanced(units: UnitPrices, limits: Thresholds) -> Iterator[Finding]:
    """A23 不平衡报价: big items far from the others' mean while the total is an ordinary one."""
    items = sorted(set.intersection(*(set(one) for one in units.values()))) if len(units) >= _PAIR else []
    totals = {bidder: Fraction(sum(prices[item] for item in items)) for bidder, prices in units.items()}
    usual = mean(list(totals.values())) if items else Fraction(0)
    for bidder, prices in sorted(units.items()) if usual else ():
        if abs(totals[bidder] - usual) > limits.unbalanced_total * usual:
            continue
        for item in items:
            middle = mean([one[item] for one in units.values()])
            away = (prices[item] - middle) / middle
            if middle >= limits.unbalanced_item * usual and abs(away) > limits.unbalanced:
                yield Finding(
                    indicator="A23",
                    subject={"bidder": bidder, "item": item},
                    value=percent(away),
                    threshold=percent(limits.unbalanced),
                    severity=Severity.YELLOW,
                    evidence={"price": number(prices[item], 0), "mean": number(middle, 0)},
                )


def _subject(name: str) -> dict[str, str]:
    return {"tender": name} if name else {}


def of_bids(bids: Bids, limits: Thresholds, *, ceiling: Number | None = None, name: str = "") -> list[Finding]:
    """All of A17, A18 and A24 on one list of bids."""
    low = a24_low(bids, limits, ceiling=ceiling, name=name)
    return [*a17_regular(bids, limits, name), *a18_clustered(bids, limits, name), *low]


def of_units(units: UnitPrices, limits: Thresholds) -> list[Finding]:
    return [*a19_alike(units, limits), *a23_unbalanced(units, limits)]
