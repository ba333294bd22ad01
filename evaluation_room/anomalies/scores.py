"""Indicators over a panel's totals: deviation A01, ranks A02, spread A03, favour A04, pivot A05, local bias A06.

References are the others' values (leave one out) and medians, so that an expert does not shift the own reference: with
five experts a population z can never pass 2.000, and a rule on it would never fire.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from evaluation_room.anomalies.catalogue import Thresholds
from evaluation_room.anomalies.finding import Finding, Severity, number, percent
from evaluation_room.anomalies.panel import Panel
from evaluation_room.anomalies.statistics import concordance, correlation, median, ranks, share_as_large
from evaluation_room.methods.arithmetic import Number, mean

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
    yellow = f"{percent(limits.deviation_yellow)} or z {number(limits.robust_z, 1)}"
    for (expert, bidder), total in sorted(panel.totals.items()):
        others = panel.others(expert, bidder)
        share = loo_share(panel, expert, bidder)
        score = robust_z(total, [*others, total], floor=limits.robust_floor * panel.full)
        if share is None or score is None or len(others) < _FEWEST_EXPERTS - 1:
            continue
        red = abs(share) >= limits.deviation_red
        if not red and abs(share) < limits.deviation_yellow and abs(score) < limits.robust_z:
            continue
        yield Finding(
            indicator="A01",
            subject=panel.subject(expert, bidder),
            value=percent(share),
            threshold=percent(limits.deviation_red) if red else yellow,
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
    if w is not None and not limits.concordance_low <= w <= limits.concordance_high:
        low = w < limits.concordance_low
        yield Finding(
            indicator="A02",
            subject=panel.subject(),
            value=f"W {number(w)}",
            threshold=f"W {number(limits.concordance_low if low else limits.concordance_high, 2)}",
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
        if limits.spread_low <= ratio <= limits.spread_high:
            continue
        wide = ratio > limits.spread_high
        yield Finding(
            indicator="A03",
            subject=panel.subject(expert),
            value=number(ratio, 2),
            threshold=number(limits.spread_high if wide else limits.spread_low, 2),
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
        if found is None or found[1] <= limits.favour * panel.full:
            continue
        first, without = panel.winner(), panel.winner(frozenset({expert}))
        if not _another(first, without):
            continue
        yield Finding(
            indicator="A04",
            subject=panel.subject(expert, found[0]),
            value=number(found[1]),
            threshold=number(limits.favour * panel.full),
            severity=Severity.ORANGE,
            evidence={"first": first, "first without": without},
        )


def a05_pivot(panel: Panel, serious: frozenset[str]) -> Iterator[Finding]:
    """A05 关键评委: without this expert another comes first. RED when A01 or A04 names the same expert."""
    first = panel.winner()
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


def local_bias(home: list[Fraction], others: list[Fraction]) -> tuple[Fraction, Fraction | None]:
    """Mean deviation on home bidders less that on the others, and the exact one-sided permutation p."""
    return mean(home) - mean(others), share_as_large(home, others)


def a06_local(panel: Panel, limits: Thresholds) -> Iterator[Finding]:
    """A06 本地倾向: bidders of the expert's own city are higher with this expert than with the others."""
    for expert in panel.experts:
        away = panel.deviations(expert)
        home = [one for bidder, one in sorted(away.items()) if (expert, bidder) in panel.home]
        rest = [one for bidder, one in sorted(away.items()) if (expert, bidder) not in panel.home]
        if not home or not rest:
            continue
        bias = mean(home) - mean(rest)
        if bias < limits.bias * panel.full:
            continue
        p = share_as_large(home, rest)
        if p is None or p > limits.bias_p:
            continue
        yield Finding(
            indicator="A06",
            subject=panel.subject(expert),
            value=number(bias),
            threshold=f"{number(limits.bias * panel.full)} and p {number(limits.bias_p, 2)}",
            severity=Severity.YELLOW,
            evidence={"home": str(len(home)), "others": str(len(rest)), "p": number(p, 4)},
        )


def home_preference(panel: Panel) -> Fraction | None:
    """Over the whole panel: the mean deviation of home pairs less that of all others; None without either."""
    away = {(one, bidder): far for one in panel.experts for bidder, far in panel.deviations(one).items()}
    home = [far for pair, far in away.items() if pair in panel.home]
    rest = [far for pair, far in away.items() if pair not in panel.home]
    return mean(home) - mean(rest) if home and rest else None


def a06_group(panel: Panel, limits: Thresholds) -> Iterator[Finding]:
    """A06 for the whole committee: home bidders are higher with the experts of their city than with the others."""
    difference = home_preference(panel)
    if difference is not None and difference >= limits.bias * panel.full:
        yield Finding(
            indicator="A06",
            subject=panel.subject(),
            value=number(difference),
            threshold=number(limits.bias * panel.full),
            severity=Severity.YELLOW,
            evidence={"home marks": str(len(panel.home)), "marks": str(len(panel.totals))},
        )


def of_panel(panel: Panel, limits: Thresholds) -> list[Finding]:
    """All of A01 to A06 on one panel."""
    found = [*a01_deviation(panel, limits), *a02_ranks(panel, limits), *a03_spread(panel, limits)]
    found += a04_favour(panel, limits)
    serious = frozenset(one.subject["expert"] for one in found if one.indicator in {"A01", "A04"})
    return [*found, *a05_pivot(panel, serious), *a06_local(panel, limits), *a06_group(panel, limits)]
