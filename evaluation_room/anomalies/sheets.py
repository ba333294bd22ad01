"""Indicators over single marks: identical sheets A07, objective items A09, range, step, gaps and sums A10."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from types import MappingProxyType
from typing import Final

from evaluation_room.anomalies.finding import Finding, Severity, percent
from evaluation_room.anomalies.indicator import Indicator, Limit, Thresholds
from evaluation_room.anomalies.panel import Pair
from evaluation_room.methods.arithmetic import hundredths_text
from evaluation_room.methods.case import Key
from evaluation_room.methods.factor import Factor

IDENTICAL: Final = Limit("identical", Fraction(95, 100))
_FEWEST_ITEMS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """All marks of a session, right or wrong. None means abstained; `sums`: totals as the experts stated them."""

    factors: tuple[Factor, ...]
    bidders: tuple[str, ...]
    sheets: Mapping[str, Mapping[Key, int | None]]
    objective: frozenset[str] = frozenset()
    sums: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def subjective(self) -> tuple[Factor, ...]:
        return tuple(factor for factor in self.factors if factor.id not in self.objective)

    @property
    def full(self) -> Fraction:
        """The full mark of all subjective items together, in points."""
        return Fraction(sum(factor.maximum for factor in self.subjective), 100)

    @property
    def totals(self) -> dict[Pair, Fraction]:
        """Each expert's subjective total for each bidder, in points; none for an expert who abstained in one."""
        totals: dict[Pair, Fraction] = {}
        for expert, sheet in self.sheets.items():
            for bidder in self.bidders:
                given = [sheet.get((bidder, factor.id)) for factor in self.subjective]
                known = [mark for mark in given if mark is not None]
                if known and len(known) == len(given):
                    totals[expert, bidder] = Fraction(sum(known), 100)
        return totals


def a07_identical(marks: Marks, limits: Thresholds) -> Iterator[Finding]:
    """A07 评分雷同: two experts with equal marks on nearly all subjective items (at least ten)."""
    for one, other in combinations(sorted(marks.sheets), 2):
        first, second = marks.sheets[one], marks.sheets[other]
        keys = [key for key in first if key in second and key[1] not in marks.objective]
        pairs = [(first[key], second[key]) for key in keys if first[key] is not None and second[key] is not None]
        equal = sum(1 for a, b in pairs if a == b)
        if len(pairs) < _FEWEST_ITEMS or Fraction(equal, len(pairs)) < limits[IDENTICAL]:
            continue
        yield Finding(
            indicator="A07",
            subject={"expert": one, "other": other},
            value=percent(Fraction(equal, len(pairs))),
            threshold=percent(limits[IDENTICAL]),
            severity=Severity.ORANGE,
            evidence={"equal": str(equal), "items": str(len(pairs))},
        )


def a09_objective(marks: Marks, _limits: Thresholds) -> Iterator[Finding]:
    """A09 客观分不一致: an objective item has one right mark (87号令64条第3项)."""
    for bidder in marks.bidders:
        for item in sorted(marks.objective):
            given = {expert: sheet.get((bidder, item)) for expert, sheet in sorted(marks.sheets.items())}
            distinct = sorted({mark for mark in given.values() if mark is not None})
            if len(distinct) > 1:
                yield Finding(
                    indicator="A09",
                    subject={"bidder": bidder, "item": item},
                    value=" ".join(map(hundredths_text, distinct)),
                    threshold="one mark",
                    severity=Severity.BLOCK,
                    evidence={one: hundredths_text(mark) for one, mark in given.items() if mark is not None},
                )


def a10_faults(marks: Marks, _limits: Thresholds) -> Iterator[Finding]:
    """A10 超界、漏打、计算错误 (87号令64条第1、2项)."""
    factors = {factor.id: factor for factor in marks.factors}
    for expert, sheet in sorted(marks.sheets.items()):
        for bidder in marks.bidders:
            for factor in factors.values():
                fault = _fault(sheet, (bidder, factor.id), factor)
                if fault:
                    yield _a10(expert, bidder, factor.id, *fault)
            yield from _wrong_sum(marks, expert, bidder)


def _fault(sheet: Mapping[Key, int | None], key: Key, factor: Factor) -> tuple[str, str] | None:
    """The fault of one mark, and the right value."""
    allowed = f"{hundredths_text(factor.minimum)}–{hundredths_text(factor.maximum)}"
    if key not in sheet:
        return "missing", allowed
    mark = sheet[key]
    if mark is None:
        return None
    if not factor.minimum <= mark <= factor.maximum:
        return f"out of range {hundredths_text(mark)}", allowed
    if factor.fault(mark) == "score-not-fixed":
        return f"none of the fixed marks {hundredths_text(mark)}", " ".join(map(hundredths_text, factor.fixed))
    if (mark - factor.minimum) % factor.step:
        return f"off step {hundredths_text(mark)}", f"steps of {hundredths_text(factor.step)}"
    return None


def _wrong_sum(marks: Marks, expert: str, bidder: str) -> Iterator[Finding]:
    stated = marks.sums.get(expert, {}).get(bidder)
    given = [marks.sheets[expert].get((bidder, factor.id)) for factor in marks.factors]
    total = sum(mark for mark in given if mark is not None)
    if stated is not None and stated != total:
        yield _a10(expert, bidder, "sum", f"stated {hundredths_text(stated)}", hundredths_text(total))


def _a10(expert: str, bidder: str, item: str, value: str, threshold: str) -> Finding:
    return Finding(
        indicator="A10",
        subject={"expert": expert, "bidder": bidder, "item": item},
        value=value,
        threshold=threshold,
        severity=Severity.BLOCK,
        evidence={},
    )


INDICATORS: Final = (
    Indicator(
        id="A07",
        name_zh="评分雷同",
        name_en="identical sheets",
        formula="share of equal marks on subjective items, from ten items on",
        reference="under 0.95",
        reference_zh="主观评分相同的比例低于 95%",
        severity="ORANGE",
        takes=Marks,
        find=a07_identical,
        limits=(IDENTICAL,),
    ),
    Indicator(
        id="A09",
        name_zh="客观分不一致",
        name_en="objective mismatch",
        formula="distinct marks on an objective item",
        reference="one mark by everybody (87号令64条)",
        reference_zh="客观评审因素各成员评分一致（87号令64条）",
        severity="BLOCK",
        takes=Marks,
        find=a09_objective,
    ),
    Indicator(
        id="A10",
        name_zh="超界、漏打、计算错误",
        name_en="out of range, missing, wrong sum",
        formula="mark against minimum, maximum, step; stated sum",
        reference="none (87号令64条)",
        reference_zh="无（87号令64条）",
        severity="BLOCK",
        takes=Marks,
        find=a10_faults,
    ),
)
