"""From experts' marks to a section's score (专家评分汇总): mean, trimmed, by factor, median; the nine-member rule."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from evaluation_room.methods.arithmetic import hundredths_text, mean, rounded, whole
from evaluation_room.methods.case import Case, live
from evaluation_room.methods.document import AGGREGATES, Method, Section
from evaluation_room.methods.trace import Trace
from records import ids
from records.errors import InvalidRecordError, WrongStageError


def kept(aggregate: str, scores: Sequence[int], *, trim_above: int) -> list[int]:
    """The scores that count, in order.

    Above `trim_above` scores, one highest and one lowest are left out, one each of equals; for the median the middle
    one or two remain.
    """
    ordered = sorted(scores)
    if AGGREGATES.get(aggregate) is None:
        raise InvalidRecordError("unknown-aggregate", aggregate=aggregate[:32])
    if not ordered:
        raise InvalidRecordError("no-scores")
    if aggregate == "median":
        return ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    return ordered[1:-1] if aggregate != "mean" and len(ordered) > trim_above else ordered


def deviation(scores: Sequence[int], place: int, *, from_others: bool) -> Fraction:
    """The distance of one score from the mean of all, or of the others, as a ratio of that mean (偏差率)."""
    reference = mean([score for at, score in enumerate(scores) if at != place] if from_others else scores)
    return (scores[place] - reference) / reference if reference else Fraction(0)


# --- sections --------------------------------------------------------------------------------------------------------


def section_score(method: Method, case: Case, section: Section, bidder: str, trace: Trace) -> int:
    """The score of one bidder in one section, hundredths, with its steps."""
    experts = _experts(method, case, section, trace)
    if section.aggregate == "trimmed-by-factor":
        score = _by_factor(case, section, bidder, experts, trace)
    else:
        score = _by_total(case, section, bidder, experts, trace)
    if section.full_mark == section.weight:
        return score
    counted = whole(Fraction(score * section.weight, section.full_mark))
    figure = f"section.{section.id}.{bidder}"
    inputs = [
        (f"mark.{section.id}.{bidder}", hundredths_text(score)),
        (f"method.{section.id}.weight", hundredths_text(section.weight)),
        (f"method.{section.id}.full-mark", hundredths_text(section.full_mark)),
    ]
    trace.add(figure, hundredths_text(counted), "points", "SCALE", inputs, rounded="0.01")
    return counted


def unmarked(method: Method, case: Case, bidder: str) -> Iterator[str]:
    """The sections without enough marks: no score can be computed for them."""
    for section in method.sections:
        if section.aggregate == "trimmed-by-factor":
            marks = [
                [case.marks[one].get((bidder, factor.id)) for one in case.marks] for factor in case.section(section.id)
            ]
        else:
            marks = [[case.total(one, bidder, section.id) for one in case.marks]]
        if any(all(mark is None for mark in row) for row in marks):
            yield section.id


def _figure(section: Section, bidder: str) -> str:
    """The aggregate of the experts' marks: the section's score itself, unless a separate weight is applied after."""
    return f"{'section' if section.full_mark == section.weight else 'mark'}.{section.id}.{bidder}"


def _by_total(case: Case, section: Section, bidder: str, experts: Sequence[str], trace: Trace) -> int:
    totals = {one: total for one in experts if (total := case.total(one, bidder, section.id)) is not None}
    for expert, total in totals.items():
        _trace_sum(case, section, expert, bidder, total, trace)
    if not totals:
        raise WrongStageError("section-without-scores", bidder=bidder, section=section.id)
    counting = kept(section.aggregate, list(totals.values()), trim_above=section.trim_above)
    score = whole(mean(counting))
    given = [(f"expert.{one}.{section.id}.{bidder}", hundredths_text(total)) for one, total in totals.items()]
    trace.add(
        _figure(section, bidder), hundredths_text(score), "points", section.rule, given,
        rounded="0.01", note=_counting(counting, len(totals)),
    )  # fmt: skip
    return score


def _trace_sum(case: Case, section: Section, expert: str, bidder: str, total: int, trace: Trace) -> None:  # noqa: PLR0917 - the operands of a sum, in one order everywhere
    marks = [(factor.id, case.marks[expert][bidder, factor.id]) for factor in case.section(section.id)]
    inputs = [(f"sheet.{expert}.{bidder}.{item}", hundredths_text(mark or 0)) for item, mark in marks]
    trace.add(f"expert.{expert}.{section.id}.{bidder}", hundredths_text(total), "points", "SUM", inputs)


def _counting(counting: Sequence[int], of: int) -> str:
    return f"counted: {' '.join(map(hundredths_text, counting))}" if len(counting) < of else ""


def _by_factor(case: Case, section: Section, bidder: str, experts: Sequence[str], trace: Trace) -> int:
    """AGG3: the mean of every factor is rounded at its own places, their sum at the section's two."""
    scores: dict[str, Fraction] = {}
    for factor in case.section(section.id):
        marks = {one: mark for one in experts if (mark := case.marks[one].get((bidder, factor.id))) is not None}
        if not marks:
            raise WrongStageError("section-without-scores", bidder=bidder, section=section.id)
        counting = kept(section.aggregate, list(marks.values()), trim_above=section.trim_above)
        score = rounded(mean(counting) / 100, section.factor_places)
        scores[f"factor.{factor.id}.{bidder}"] = Fraction(score) * 100
        given = [(f"sheet.{one}.{bidder}.{factor.id}", hundredths_text(mark)) for one, mark in marks.items()]
        trace.add(
            f"factor.{factor.id}.{bidder}", f"{score:f}", "points", section.rule, given,
            rounded=_unit(section.factor_places), note=_counting(counting, len(marks)),
        )  # fmt: skip
    total = whole(sum(scores.values()))
    inputs = [(name, hundredths_text(score, section.factor_places)) for name, score in scores.items()]
    trace.add(_figure(section, bidder), hundredths_text(total), "points", section.rule, inputs, rounded="0.01")
    return total


def _unit(places: int) -> str:
    return f"0.{'0' * (places - 1)}1"


# --- the nine-member rule --------------------------------------------------------------------------------------------


def _experts(method: Method, case: Case, section: Section, trace: Trace) -> list[str]:
    """The experts that count in this section, in the order of the names; of nine by factor, without the widest."""
    experts = sorted(case.marks)
    if section.aggregate != "trimmed-by-factor" or not method.nine_members or len(experts) < method.nine_members:
        return experts
    left_out = widest(method, case, section, experts)
    if not any(step.figure == f"left-out.{section.id}" for step in trace.steps):
        _trace_gaps(method, case, section, left_out, trace)
    return [one for one in experts if one != left_out]


def _trace_gaps(method: Method, case: Case, section: Section, left_out: str, trace: Trace) -> None:
    gaps = {}
    for expert in sorted(case.marks):
        given = {one.id: case.total(expert, one.id, section.id) for one in live(method, case)}
        totals = {bidder: total for bidder, total in given.items() if total is not None}
        for bidder, total in totals.items():
            _trace_sum(case, section, expert, bidder, total, trace)
        name, gap = f"gap.{expert}.{section.id}", hundredths_text(_gaps(method, case, section, expert)[0])
        inputs = [(f"expert.{expert}.{section.id}.{bidder}", hundredths_text(one)) for bidder, one in totals.items()]
        trace.add(name, gap, "points", "NINE", inputs)
        gaps[name] = gap
    trace.add(f"left-out.{section.id}", left_out, "expert", "NINE", gaps.items())


def _gaps(method: Method, case: Case, section: Section, expert: str) -> tuple[int, int]:
    """Highest total less the lowest, and less the second lowest, over all bidders this expert marked."""
    given = [case.total(expert, offer.id, section.id) for offer in live(method, case)]
    totals = sorted(total for total in given if total is not None)
    if not totals[1:]:
        return 0, 0
    return totals[-1] - totals[0], totals[-1] - totals[1]


def widest(method: Method, case: Case, section: Section, experts: Sequence[str]) -> str:
    """The expert with the widest range of totals; of equals, the wider gap to the second lowest; then by lot.

    The lot is the one drawn and stated in the case, otherwise the least digest of the equals' own sheets: nobody knows
    it before every sheet is locked, and everybody computes the same.
    """
    gaps: Mapping[str, tuple[int, int]] = {one: _gaps(method, case, section, one) for one in experts}
    equals = [one for one in experts if gaps[one] == max(gaps.values())]
    if case.drawn.left_out in equals:
        return case.drawn.left_out
    lots = {one: ids.digest(case.sheet(one).encode()) for one in equals}
    return min(equals, key=lambda one: lots[one])
