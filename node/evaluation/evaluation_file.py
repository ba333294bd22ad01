"""`tongping evaluate`: one method on one file of prices and sheets, with the trace of every figure."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from evaluation_room.methods.arithmetic import hundredths_text
from evaluation_room.methods.case import read_file
from evaluation_room.methods.document import Method, Quote
from evaluation_room.methods.engine import evaluate
from evaluation_room.methods.result import Outcome, Result, Score
from evaluation_room.methods.rules import RULES
from evaluation_room.methods.trace import Step
from node.evaluation.json_file import read_json
from node.evaluation.terminal_table import table
from records.canonical import Value

_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.RANKED: "",
    Outcome.RETENDER: "fewer bids than the law asks for: the tender must be called again",
    Outcome.ALL_REJECTED: "every bid is rejected: nothing to rank",
    Outcome.FAILED: "fewer than three valid bids: the procurement fails",
    Outcome.COMPETITION_OPEN: "fewer than three valid bids: the committee has to decide whether they compete; "
    "no candidates before it has",
}


def evaluate_file(path: Path, *, for_programs: bool, say: Callable[[str], object]) -> bool:
    """Evaluate a file and print the result; return whether there is a ranking that candidates can be taken from.

    Raises a TongpingError when it could not run: the file cannot be read, or is faulty.
    """
    method, case = read_file(read_json(path))
    found = evaluate(method, case)
    names = {offer.id: offer.name for offer in case.offers}
    for line in (as_json(method, found),) if for_programs else lines(method, found, names):
        say(line)
    return found.outcome is Outcome.RANKED


def as_json(method: Method, found: Result) -> str:
    """The result for programs (docs/evaluation.schema.json, `result`)."""
    return json.dumps(as_value(method, found), ensure_ascii=False, indent=2)


def as_value(method: Method, found: Result) -> dict[str, Value]:
    """The result with the method that made it."""
    return {"method": {"name": method.name.value, "version": method.version}, **found.value}


def lines(method: Method, found: Result, names: Mapping[str, str]) -> Iterator[str]:
    """The result for people: the table of scores, the required explanations, and the derivation of every figure."""
    yield f"{method.name.value}, version {method.version}"
    if _OUTCOMES[found.outcome]:
        yield _OUTCOMES[found.outcome]
    for one in found.excluded:
        yield f"{one.bidder} is out: {one.ground} ({RULES[one.rule].source})"
    if found.ranking:
        yield ""
        yield from _ranking_table(method, found, names)
        yield from _below(method, found)
    yield from _remarks(found)
    yield ""
    yield from trace_lines(found.steps)


def _ranking_table(method: Method, found: Result, names: Mapping[str, str]) -> Iterator[str]:
    sections = [section.id for section in method.sections]
    scored = [*sections, *(["credit"] if method.credit else []), "price", "total"] if found.scores else []
    scores = {score.bidder: score for score in found.scores}
    rows = [
        [
            str(found.places[bidder]),
            f"{bidder} {names.get(bidder, '')}".rstrip(),
            _amount(method, found.evaluated[bidder]),
            *(hundredths_text(_points(scores[bidder], part)) for part in scored),
        ]
        for bidder in found.ranking
    ]
    yield from table(["place", "bidder", "compared by", *scored], rows, "rlr" + "r" * len(scored))


def _points(score: Score, part: str) -> int:
    whole = {"price": score.price, "credit": score.credit or 0, "total": score.total}
    return whole[part] if part in whole else score.sections[part]


def _amount(method: Method, amount: int) -> str:
    text = f"{amount // 100:,}.{amount % 100:02}"
    return text if method.quote is Quote.TOTAL else f"{text} %"


def _below(method: Method, found: Result) -> Iterator[str]:
    if found.price is not None:
        counted = " ".join(found.price.base.counted)
        yield f"base price {_amount(method, found.price.base.price)}, made by {counted}"
    if found.candidates:
        yield f"candidates: {', '.join(found.candidates)}{'' if method.ranked else ' (in no order)'}"
    for group in found.parallel:
        yield f"equal in everything: {', '.join(group)}; people decide"


def _remarks(found: Result) -> Iterator[str]:
    if not found.remarks:
        return
    yield ""
    yield "to be explained in writing (a clue for people, never a rejection)"
    rows = [
        [one.rule, one.bidder, one.expert, one.item, one.value, one.threshold, "yes" if one.written else "no"]
        for one in found.remarks
    ]
    yield from table(["rule", "bidder", "expert", "item", "value", "limit", "explained"], rows, "llllrrl")


def trace_lines(steps: Iterable[Step]) -> Iterator[str]:
    """The derivation of every figure. The plain sums of single sheets are in the JSON alone: there are many."""
    shown = [step for step in steps if step.rule != "SUM"]
    rows = [[step.figure, step.value, step.unit, step.rule, step.rounded, _inputs(step)] for step in shown]
    yield from table(["figure", "value", "unit", "rule", "rounded to", "from"], rows, "lrllll")
    yield ""
    used = [RULES[name] for name in dict.fromkeys(step.rule for step in shown)]
    yield from table(["rule", "says", "source"], [[one.id, one.says_en, one.source] for one in used], "lll")


def _inputs(step: Step) -> str:
    given = ", ".join(f"{name} {value}" for name, value in step.inputs.items())
    return f"{given}; {step.note}" if step.note else given
