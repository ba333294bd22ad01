"""docs/benchmarks.md from the figures: pure text."""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.measure import Bench

_HEAD = """# Benchmarks

Written by `make bench`; do not edit. Every figure is a **ratio measured side by side in one run**: both sides in turn
on the same machine, the median of at least five rounds. What slows the machine down slows both, so the ratio keeps its
meaning where the absolute numbers do not: they are shown to make the ratio readable, and promise nothing. Every case is
shown, also those where we lose.

Measured on {machine}. One bench alone: `tongping bench NAME --json`; some again:
`make bench ARGS="gas seal"`, which keeps the other results.

"""
_REACHED = {"goal": "reached", "floor": "floor only", "missed": "**missed**", "none": ""}
Line = Mapping[str, Any]  # Any: one figure as JSON, see measure.Figure.to_json


def page(found: Sequence[tuple[Bench, Sequence[Line]]], *, machine: str) -> str:
    """The whole page; a bench without lines is marked as not run."""
    return _HEAD.format(machine=machine) + "\n".join(_section(bench, lines) for bench, lines in found)


def _section(bench: Bench, lines: Sequence[Line]) -> str:
    text = [f"## {bench.name}", "", bench.question, "", f"* ours: {bench.ours}", f"* peer: {bench.peer}", ""]
    text += [*_table(lines), ""] if lines else ["Not run.", ""]
    text += ["What it does not show:", *(f"* {point}" for point in bench.not_shown), ""]
    return "\n".join(text)


def _table(lines: Sequence[Line]) -> list[str]:
    rows = [
        "| case | ours | peer | unit | ratio | goal | floor | |",
        "|---|---:|---:|---|---:|---|---|---|",
    ]
    return rows + [_row(line) for line in lines]


def _row(line: Line) -> str:
    ratio = "" if line["ratio"] is None else f"**{_number(line['ratio'])}×** {line['ratio_is']}"
    cells = [
        line["case"],
        _number(line["ours"]),
        "" if line["peer"] is None else _number(line["peer"]),
        line["unit"],
        ratio,
        line["goal"] or "",
        line["floor"] or "",
        _REACHED[line["reached"]],
    ]
    return "| " + " | ".join(cells) + " |"


def _number(figure: float) -> str:
    """As many digits as are significant: 12,340 · 43.2 · 0.021."""
    return f"{figure:,.0f}" if abs(figure) >= 1000 else f"{figure:.3g}"  # noqa: PLR2004 - the first number with a comma
