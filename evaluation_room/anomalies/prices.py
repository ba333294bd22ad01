"""Indicators over prices: regularity A17, clustering A18, unit prices alike A19, unbalanced A23, abnormally low A24."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Final, TypeAlias

from evaluation_room.anomalies.finding import Finding, Severity, number, percent
from evaluation_room.anomalies.indicator import Indicator, Limit, Thresholds
from evaluation_room.anomalies.screens import cv
from evaluation_room.anomalies.statistics import population_deviation
from evaluation_room.methods.arithmetic import Number, mean

Bids: TypeAlias = Mapping[str, Number]
REGULARITY: Final = Limit("regularity", Fraction(2, 100))
CLUSTERING: Final = Limit("clustering", Fraction(1, 100))
CLUSTER_WIDTH: Final = Limit("cluster_width", Fraction(5, 1000))
LOW_PRICE: Final = Limit("low_price", Fraction(85, 100))
LOW_PRICE_OF_CEILING: Final = Limit("low_price_of_ceiling", Fraction(0))
UNIT_EQUAL: Final = Limit("unit_equal", Fraction(80, 100))
UNIT_RATIO: Final = Limit("unit_ratio", Fraction(1, 1000))
UNBALANCED_TOTAL: Final = Limit("unbalanced_total", Fraction(5, 100))
UNBALANCED_ITEM: Final = Limit("unbalanced_item", Fraction(5, 100))
UNBALANCED: Final = Limit("unbalanced", Fraction(30, 100))
_FEWEST = 4
_CLUSTER = 3
_PAIR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The bids of one tender. `ceiling`: its control price; `name`: distinguishes the tenders of one file."""

    bids: Bids
    ceiling: Number | None = None
    name: str = ""

    @property
    def subject(self) -> dict[str, str]:
        return {"tender": self.name} if self.name else {}


@dataclass(frozen=True, slots=True)
class UnitPrices:
    """Prices by bidder, then item of the bill."""

    lists: Mapping[str, Mapping[str, Number]]


def regularity(steps: Sequence[Number]) -> Fraction:
    """Population cv of steps; 0 when all are equal, and of equal prices, too."""
    middle = mean(steps)
    return population_deviation(steps) / abs(middle) if middle else Fraction(0)


def differences(prices: Sequence[Number]) -> list[Fraction]:
    return [Fraction(after - before) for before, after in pairwise(sorted(prices))]


def ratios(prices: Sequence[Number]) -> list[Fraction]:
    return [Fraction(after) / before for before, after in pairwise(sorted(prices))]


def a17_regular(offers: Offers, limits: Thresholds) -> Iterator[Finding]:
    """A17 报价规律: sorted prices in equal steps (等差) or equal ratios (等比); at least four prices.

    Ratios of similar prices are all near 1, so their regularity is measured on the part above 1.
    """
    prices = list(offers.bids.values())
    if len(prices) < _FEWEST or len(set(prices)) == 1:
        return
    for kind, steps in (("differences", differences(prices)), ("ratios", [one - 1 for one in ratios(prices)])):
        found = regularity(steps)
        if found <= limits[REGULARITY]:
            yield Finding(
                indicator="A17",
                subject=offers.subject,
                value=f"cv of {kind} {number(found)}",
                threshold=number(limits[REGULARITY]),
                severity=Severity.RED,
                evidence={"steps": " ".join(number(one, 6 if kind == "ratios" else 2) for one in steps)},
            )


def clustered(bids: Bids, width: Fraction) -> list[str]:
    """The largest group of bidders whose prices lie within a share of the lowest of them."""
    ordered = sorted(bids, key=lambda one: (bids[one], one))
    groups = [[other for other in ordered[place:] if bids[other] <= bids[one] * (1 + width)]
              for place, one in enumerate(ordered)]  # fmt: skip
    return max(groups, key=len, default=[])


def a18_clustered(offers: Offers, limits: Thresholds) -> Iterator[Finding]:
    """A18 报价聚集: all prices close together, or three and more within half a per cent."""
    bids = offers.bids
    overall = cv(list(bids.values())) if len(bids) >= _CLUSTER else None
    if overall is not None and overall <= limits[CLUSTERING]:
        yield Finding(
            indicator="A18",
            subject=offers.subject,
            value=f"cv {number(overall, 5)}",
            threshold=number(limits[CLUSTERING], 2),
            severity=Severity.ORANGE,
            evidence={"bids": str(len(bids))},
        )
    group = clustered(bids, limits[CLUSTER_WIDTH])
    if len(group) >= _CLUSTER:
        yield Finding(
            indicator="A18",
            subject=offers.subject,
            value=f"{len(group)} prices within {percent(limits[CLUSTER_WIDTH])}",
            threshold=str(_CLUSTER),
            severity=Severity.ORANGE,
            evidence={one: number(bids[one], 0) for one in group},
        )


def a24_low(offers: Offers, limits: Thresholds) -> Iterator[Finding]:
    """A24 异常低价: below the share of the others' mean, or of the ceiling; the bidder is asked to explain."""
    bids, ceiling = offers.bids, offers.ceiling
    for bidder, price in sorted(bids.items()):
        others = [other for one, other in bids.items() if one != bidder]
        if others and price < limits[LOW_PRICE] * mean(others):
            yield _low(offers, bidder, price, limits[LOW_PRICE], {"mean of others": mean(others)})
        if ceiling and price < limits[LOW_PRICE_OF_CEILING] * ceiling:
            yield _low(offers, bidder, price, limits[LOW_PRICE_OF_CEILING], {"ceiling": ceiling})


def _low(offers: Offers, bidder: str, price: Number, limit: Fraction, against: Mapping[str, Number]) -> Finding:
    ((what, amount),) = against.items()
    return Finding(
        indicator="A24",
        subject={**offers.subject, "bidder": bidder},
        value=f"{number(Fraction(price) / amount)} of {what}",
        threshold=number(limit, 2),
        severity=Severity.YELLOW,
        evidence={"price": number(price, 0), what: number(amount, 0)},
    )


# --- unit prices -----------------------------------------------------------------------------------------------------


def a19_alike(prices: UnitPrices, limits: Thresholds) -> Iterator[Finding]:
    """A19 综合单价雷同: two price lists with mostly equal items, or one a constant multiple of the other."""
    units = prices.lists
    for one, other in combinations(sorted(units), 2):
        items = [item for item in units[one] if item in units[other]]
        if len(items) < _FEWEST:
            continue
        equal = Fraction(sum(1 for item in items if units[one][item] == units[other][item]), len(items))
        constant = regularity([Fraction(units[one][item]) / units[other][item] for item in items])
        if equal < limits[UNIT_EQUAL] and constant > limits[UNIT_RATIO]:
            continue
        yield Finding(
            indicator="A19",
            subject={"bidder": one, "other": other},
            value=f"{percent(equal)} equal, cv of ratios {number(constant, 5)}",
            threshold=f"{percent(limits[UNIT_EQUAL])}, {number(limits[UNIT_RATIO], 3)}",
            severity=Severity.RED,
            evidence={"items": str(len(items))},
        )


def a23_unbalanced(lists: UnitPrices, limits: Thresholds) -> Iterator[Finding]:
    """A23 不平衡报价: big items far from the others' mean while the total is an ordinary one."""
    units = lists.lists
    items = sorted(set.intersection(*(set(one) for one in units.values()))) if len(units) >= _PAIR else []
    totals = {bidder: Fraction(sum(prices[item] for item in items)) for bidder, prices in units.items()}
    usual = mean(list(totals.values())) if items else Fraction(0)
    for bidder, prices in sorted(units.items()) if usual else ():
        if abs(totals[bidder] - usual) > limits[UNBALANCED_TOTAL] * usual:
            continue
        for item in items:
            middle = mean([one[item] for one in units.values()])
            away = (prices[item] - middle) / middle
            if middle >= limits[UNBALANCED_ITEM] * usual and abs(away) > limits[UNBALANCED]:
                yield Finding(
                    indicator="A23",
                    subject={"bidder": bidder, "item": item},
                    value=percent(away),
                    threshold=percent(limits[UNBALANCED]),
                    severity=Severity.YELLOW,
                    evidence={"price": number(prices[item], 0), "mean": number(middle, 0)},
                )


INDICATORS: Final = (
    Indicator(
        id="A17",
        name_zh="报价规律",
        name_en="price regularity",
        formula="population cv of the differences or ratios of sorted prices, from four on",
        reference="above 0.02",
        reference_zh="报价间差异的变异系数大于 0.02",
        severity="RED",
        takes=Offers,
        find=a17_regular,
        limits=(REGULARITY,),
    ),
    Indicator(
        id="A18",
        name_zh="报价聚集",
        name_en="clustering",
        formula="sample cv of all prices; most prices within 0.5 %",
        reference="cv above 0.01; fewer than three",
        reference_zh="变异系数大于 0.01，相近报价少于三家",
        severity="ORANGE",
        takes=Offers,
        find=a18_clustered,
        limits=(CLUSTERING, CLUSTER_WIDTH),
    ),
    Indicator(
        id="A19",
        name_zh="综合单价雷同",
        name_en="unit prices alike",
        formula="share of items at equal price; cv of the ratio of two price lists",
        reference="under 0.8; above 0.001",
        reference_zh="单价相同的比例低于 80%，单价之比的变异系数大于 0.001",
        severity="RED",
        takes=UnitPrices,
        find=a19_alike,
        limits=(UNIT_EQUAL, UNIT_RATIO),
    ),
    Indicator(
        id="A23",
        name_zh="不平衡报价",
        name_en="unbalanced prices",
        formula="|unit − mean| / mean on items of 5 % of the total and more",
        reference="at most 30 % where the total lies within 5 % of the mean",
        reference_zh="总价与均值相差 5% 以内时，主要单价与均值相差不超过 30%",
        severity="YELLOW",
        takes=UnitPrices,
        find=a23_unbalanced,
        limits=(UNBALANCED, UNBALANCED_ITEM, UNBALANCED_TOTAL),
    ),
    Indicator(
        id="A24",
        name_zh="异常低价",
        name_en="abnormally low price",
        formula="price / mean of the others; price / ceiling",
        reference="at least 0.85 of the others' mean; a low price is to be explained (暂行规定21条)",
        reference_zh="不低于其余报价均值的 85%；低价应当说明（暂行规定21条）",
        severity="YELLOW",
        takes=Offers,
        find=a24_low,
        limits=(LOW_PRICE, LOW_PRICE_OF_CEILING),
        by_value=True,
    ),
)
