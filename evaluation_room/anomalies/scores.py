"""Indicators over a panel's totals: deviation A01, ranks A02, spread A03, favour A04, pivot A05, local bias A06.

References are the others' values (leave one out) and medians, so that an expert does not shift the own reference: with
five experts a population z can never pass 2.000, and a rule on it would never fire.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from evaluation_room.anomalies.finding import Finding, Severity, number, percent
from evaluation_room.anomalies.indicator import Indicator, Limit, Thresholds
from evaluation_room.anomalies.panel import Panel
from evaluation_room.anomalies.statistics import concordance, correlation, median, ranks, share_as_large
from evaluation_room.methods.arithmetic import Number, mean

DEVIATION_YELLOW: Final = Limit("deviation_yellow", Fraction(20, 100))
ROBUST_Z: Final = Limit("robust_z", Fraction(35, 10))
ROBUST_FLOOR: Final = Limit("robust_floor", Fraction(2, 100))
DEVIATION_RED: Final = Limit("deviation_red", Fraction(30, 100))
CONCORDANCE_LOW: Final = Limit("concordance_low", Fraction(30, 100))
CONCORDANCE_HIGH: Final = Limit("concordance_high", Fraction(98, 100))
SPREAD_LOW: Final = Limit("spread_low", Fraction(20, 100))
SPREAD_HIGH: Final = Limit("spread_high", Fraction(2))
FAVOUR: Final = Limit("favour", Fraction(15, 100))
BIAS: Final = Limit("bias", Fraction(5, 100))
BIAS_P: Final = Limit("bias_p", Fraction(10, 100))
_Z = Fraction(6745, 10000)
_FEWEST_RANKED = 4
_FEWEST_EXPERTS = 3


def loo_share(panel: Panel, expert: str, bidder: str) -> Fraction | None:
    """(x − mean of others) / mean of others; None where there is no such mean."""
    others = panel.others(expert, bidder)
    reference = mean(others) if others else Fraction(0)
    return (panel.totals[expert, bidder] - reference) / reference if reference else None


def robust_z(amount: Number, amounts: Sequence[Number], *, floor: Number) -> Fraction | None:
    """0.6745 (x − median) / max(MAD, floor); None where both are zero."""
    middle = median(amounts)
    spread = max(median([abs(one - middle) for one in amounts]), Fraction(floor))
    return _Z * (amount - middle) / spread if spread else None


def a01_deviation(panel: Panel, limits: Thresholds) -> Iterator[Finding]:
    """A01 专家打分偏离: far from the others, by share of their mean or by median and MAD with a floor."""
    yellow = f"{percent(limits[DEVIATION_YELLOW])} or z {number(limits[ROBUST_Z], 1)}"
    for (expert, bidder), total in sorted(panel.totals.items()):
        others = panel.others(expert, bidder)
        share = loo_share(panel, expert, bidder)
        score = robust_z(total, [*others, total], floor=limits[ROBUST_FLOOR] * panel.full)
        if share is None or score is None or len(others) < _FEWEST_EXPERTS - 1:
            continue
        red = abs(share) >= limits[DEVIATION_RED]
        if not red and abs(share) < limits[DEVIATION_YELLOW] and abs(score) < limits[ROBUST_Z]:
            continue
        yield Finding(
            indicator="A01",
            subject=panel.subject(expert, bidder),
            value=percent(share),
            threshold=percent(limits[DEVIATION_RED]) if red else yellow,
            severity=Severity.RED if red else Severity.YELLOW,
            evidence={"total": number(total), "others": number(mean(others)), "robust z": number(score, 2)},
        )


# --- ranks -----------------------------------------------------------------------------------------------------------


def spearman(panel: Panel, expert: str) -> Fraction | None:
    """Rho between the expert's ranks and those of the medians of the others; None under four bidders."""
    own = panel.of(expert)
    bidders = [bidder for bidder in sorted(own) if panel.others(expert, bidder)]
    if len(bidders) < _FEWEST_RANKED:
        return None
    reference = [median(panel.others(expert, bidder)) for bidder in bidders]
    return correlation(ranks([own[bidder] for bidder in bidders]), ranks(reference))


def kendall(panel: Panel) -> Fraction | None:
    """W of all experts who judged every bidder; None under three of them, or under three bidders."""
    bidders = panel.bidders
    rows = [[own[bidder] for bidder in bidders] for one in panel.experts if len(own := panel.of(one)) == len(bidders)]
    return concordance(rows) if len(rows) >= _FEWEST_EXPERTS and len(bidders) >= _FEWEST_EXPERTS else None


def a02_ranks(panel: Panel, limits: Thresholds) -> Iterator[Finding]:
    """A02 排名背离: an expert against the others' order; a panel with no agreement or too perfect a one."""
    for expert in panel.experts:
        rho = spearman(panel, expert)
        if rho is not None and rho <= 0:
            yield Finding(
                indicator="A02",
                subject=panel.subject(expert),
                value=f"rho {number(rho, 2)}",
                threshold="rho 0.00",
                severity=Severity.YELLOW,
                evidence={"bidders": str(len(panel.of(expert))), "rho": number(rho, 4)},
            )
    w = kendall(panel)
    if w is not None and not limits[CONCORDANCE_LOW] <= w <= limits[CONCORDANCE_HIGH]:
        low = w < limits[CONCORDANCE_LOW]
        yield Finding(
            indicator="A02",
            subject=panel.subject(),
            value=f"W {number(w)}",
            threshold=f"W {number(limits[CONCORDANCE_LOW] if low else limits[CONCORDANCE_HIGH], 2)}",
            severity=Severity.YELLOW,
            evidence={"experts": str(len(panel.experts)), "bidders": str(len(panel.bidders)), "W": number(w, 4)},
        )


# --- spread, favour, pivot -------------------------------------------------------------------------------------------


def a03_spread(panel: Panel, limits: Thresholds) -> Iterator[Finding]:
    """A03 区分度异常: an expert who drags bidders apart, or marks them all alike."""
    spans = {one: max(own.values()) - min(own.values()) for one in panel.experts if (own := panel.of(one))}
    for expert, span in spans.items():
        usual = median([other for one, other in spans.items() if one != expert]) if len(spans) > 1 else Fraction(0)
        if not usual or len(panel.bidders) < 2:  # noqa: PLR2004 - a span needs two
            continue
        ratio = span / usual
        if limits[SPREAD_LOW] <= ratio <= limits[SPREAD_HIGH]:
            continue
        wide = ratio > limits[SPREAD_HIGH]
        yield Finding(
            indicator="A03",
            subject=panel.subject(expert),
            value=number(ratio, 2),
            threshold=number(limits[SPREAD_HIGH] if wide else limits[SPREAD_LOW], 2),
            severity=Severity.YELLOW,
            evidence={"range": number(span), "median range of others": number(usual)},
        )


def favour(panel: Panel, expert: str) -> tuple[str, Fraction] | None:
    """The bidder the expert favours most over the others, beyond the expert's own mean offset, and by how much."""
    away = panel.deviations(expert)
    if not away:
        return None
    offset = mean(list(away.values()))
    best = max(sorted(away), key=lambda bidder: away[bidder])
    return best, away[best] - offset


def _another(first: str, without: str) -> bool:
    """Whether someone else comes first: one of several equals who remains is not someone else."""
    return bool(first and without) and not set(first.split()) & set(without.split())


def a04_favour(panel: Panel, limits: Thresholds) -> Iterator[Finding]:
    """A04 单一投标人倾向: one bidder favoured strongly, and the first place depends on this expert."""
    for expert in panel.experts:
        found = favour(panel, expert)
        if found is None or found[1] <= limits[FAVOUR] * panel.full:
            continue
        first, without = panel.winner(), panel.winner(frozenset({expert}))
        if not _another(first, without):
            continue
        yield Finding(
            indicator="A04",
            subject=panel.subject(expert, found[0]),
            value=number(found[1]),
            threshold=number(limits[FAVOUR] * panel.full),
            severity=Severity.ORANGE,
            evidence={"first": first, "first without": without},
        )


def a05_pivot(panel: Panel, limits: Thresholds) -> Iterator[Finding]:
    """A05 关键评委: without this expert another comes first. RED when A01 or A04 names the same expert."""
    first = panel.winner()
    named = (*a01_deviation(panel, limits), *a04_favour(panel, limits))
    serious = {one.subject["expert"] for one in named}
    for expert in panel.experts if len(panel.experts) >= _FEWEST_EXPERTS else ():
        without = panel.winner(frozenset({expert}))
        if not _another(first, without):
            continue
        yield Finding(
            indicator="A05",
            subject=panel.subject(expert),
            value=without,
            threshold=first,
            severity=Severity.RED if expert in serious else Severity.YELLOW,
            evidence={"first": first, "first without": without},
        )


# --- local bias ------------------------------------------------------------------------------------------------------


def a06_local(panel: Panel, limits: Thresholds) -> Iterator[Finding]:
    """A06 本地倾向: bidders of the own city are higher than with the others, for an expert or the whole committee."""
    yield from _of_experts(panel, limits)
    yield from _of_committee(panel, limits)


def _of_experts(panel: Panel, limits: Thresholds) -> Iterator[Finding]:
    for expert in panel.experts:
        away = panel.deviations(expert)
        home = [one for bidder, one in sorted(away.items()) if (expert, bidder) in panel.home]
        rest = [one for bidder, one in sorted(away.items()) if (expert, bidder) not in panel.home]
        if not home or not rest:
            continue
        bias = mean(home) - mean(rest)
        if bias < limits[BIAS] * panel.full:
            continue
        p = share_as_large(home, rest)
        if p is None or p > limits[BIAS_P]:
            continue
        yield Finding(
            indicator="A06",
            subject=panel.subject(expert),
            value=number(bias),
            threshold=f"{number(limits[BIAS] * panel.full)} and p {number(limits[BIAS_P], 2)}",
            severity=Severity.YELLOW,
            evidence={"home": str(len(home)), "others": str(len(rest)), "p": number(p, 4)},
        )


def home_preference(panel: Panel) -> Fraction | None:
    """Over the whole panel: the mean deviation of home pairs less that of all others; None without either."""
    away = {(one, bidder): far for one in panel.experts for bidder, far in panel.deviations(one).items()}
    home = [far for pair, far in away.items() if pair in panel.home]
    rest = [far for pair, far in away.items() if pair not in panel.home]
    return mean(home) - mean(rest) if home and rest else None


def _of_committee(panel: Panel, limits: Thresholds) -> Iterator[Finding]:
    difference = home_preference(panel)
    if difference is not None and difference >= limits[BIAS] * panel.full:
        yield Finding(
            indicator="A06",
            subject=panel.subject(),
            value=number(difference),
            threshold=number(limits[BIAS] * panel.full),
            severity=Severity.YELLOW,
            evidence={"home marks": str(len(panel.home)), "marks": str(len(panel.totals))},
        )


INDICATORS: Final = (
    Indicator(
        id="A01",
        name_zh="专家打分偏离",
        name_en="expert score deviation",
        formula="(x − mean of others) / mean of others; 0.6745 (x − median) / max(MAD, 2 % of full mark)",
        reference="within ±20 % and |robust z| < 3.5; "
        "a plain z cannot pass √(n−1), 2.000 with five experts, so it is not used",
        reference_zh="与其余专家均值相差在 ±20% 以内，稳健偏差小于 3.5",
        severity="RED, YELLOW",
        takes=Panel,
        find=a01_deviation,
        limits=(DEVIATION_RED, DEVIATION_YELLOW, ROBUST_Z, ROBUST_FLOOR),
    ),
    Indicator(
        id="A02",
        name_zh="排名背离",
        name_en="rank disagreement",
        formula="Spearman's rho with the medians of the others, from four bidders on; "
        "Kendall's W = 12 S / (m² (k³ − k))",
        reference="rho above 0; W between 0.3 and 0.98",
        reference_zh="与其余专家排名正相关，一致性系数在 0.3 至 0.98 之间",
        severity="YELLOW",
        takes=Panel,
        find=a02_ranks,
        limits=(CONCORDANCE_LOW, CONCORDANCE_HIGH),
    ),
    Indicator(
        id="A03",
        name_zh="区分度异常",
        name_en="spread",
        formula="range of the expert's totals / median range of the others",
        reference="between 0.2 and 2",
        reference_zh="区分度为其余专家中位数的 0.2 至 2 倍",
        severity="YELLOW",
        takes=Panel,
        find=a03_spread,
        limits=(SPREAD_HIGH, SPREAD_LOW),
    ),
    Indicator(
        id="A04",
        name_zh="单一投标人倾向",
        name_en="single-bidder favour",
        formula="(x − mean of others) less the expert's own mean offset, on the expert's most favoured bidder",
        reference="at most 15 % of full mark, or the first place does not depend on it",
        reference_zh="不超过满分的 15%，或不影响第一名",
        severity="ORANGE",
        takes=Panel,
        find=a04_favour,
        limits=(FAVOUR,),
    ),
    Indicator(
        id="A05",
        name_zh="关键评委",
        name_en="pivotal expert",
        formula="the first place with and without the expert",
        reference="the same",
        reference_zh="去掉该专家后第一名不变",
        severity="YELLOW; RED with A01 or A04",
        takes=Panel,
        find=a05_pivot,
    ),
    Indicator(
        id="A06",
        name_zh="本地倾向",
        name_en="local bias",
        formula="mean deviation on home bidders less that on the others; exact permutation p",
        reference="under 5 % of full mark, or p above 0.10; with few bidders p cannot be small",
        reference_zh="低于满分的 5%，或统计上不显著",
        severity="YELLOW",
        takes=Panel,
        find=a06_local,
        limits=(BIAS, BIAS_P),
    ),
)
