"""`tongping indicators`: indicators and screens over a file of bids or sheets, JSON of one session or CSV of many."""

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import Final

from evaluation_room.anomalies import observations
from evaluation_room.anomalies.catalogue import INDICATORS, as_value, find_all
from evaluation_room.anomalies.finding import Finding, Severity, number
from evaluation_room.anomalies.panel import Pair, Panel
from evaluation_room.anomalies.prices import Offers
from evaluation_room.anomalies.screens import Screens, screens
from evaluation_room.methods.arithmetic import mean
from node.evaluation.json_file import read_bytes, read_json
from node.evaluation.terminal_table import table
from records import strict_text
from records.canonical import Value
from records.errors import InvalidRecordError

NOTICE: Final = "Clues for people who look into them: no indicator is a verdict, changes a score or rejects a bid."
_COLUMNS: Final = ("group", "bidder", "price", "expert", "points", "home")
_LINE: Final = "line"
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_FIGURE: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?")
_LONGEST: Final = 60
"""Characters of a figure: with its exponent of two digits it is never a long calculation."""
_TRUE: Final = {"true", "1", "yes"}

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The findings in a file; `summary`: figures over the whole file, as decimal texts."""

    found: tuple[Finding, ...]
    screens: Mapping[str, Screens]
    summary: Mapping[str, str]

    @property
    def value(self) -> dict[str, Value]:
        return {
            "notice": NOTICE,
            "findings": [as_value(one) for one in self.found],
            "screens": {name: one.value for name, one in self.screens.items()},
            "summary": dict(self.summary),
        }


def indicators(path: Path, *, columns: str, full_mark: str, for_programs: bool, say: Callable[[str], object]) -> bool:
    """Look through a file and print the findings; return whether nothing blocks.

    Only BLOCK findings do: wrong marks the law has corrected before aggregation, strange terminals (87号令64条).
    """
    if path.suffix.lower() == ".csv":
        report = of_rows(
            _rows(path, _named(columns)), Fraction(_decimal(full_mark, "full-mark")) if full_mark else None
        )
    else:
        found = observations.of_session(read_json(path))
        report = Report(found=found.found, screens=found.screens, summary={})
    for line in (json.dumps(report.value, ensure_ascii=False, indent=2),) if for_programs else lines(report):
        say(line)
    return not any(one.severity is Severity.BLOCK for one in report.found)


# --- CSV -------------------------------------------------------------------------------------------------------------


def _named(columns: str) -> dict[str, list[str]]:
    """`expert=judge,group=competition+program`: the headings from which a column is read; several are joined."""
    found = {name: [name] for name in _COLUMNS}
    for part in columns.split(",") if columns else ():
        name, equals, headings = part.partition("=")
        if name not in found or not equals or not headings:
            raise InvalidRecordError("unknown-field", field=name[:32])
        found[name] = headings.split("+")
    return found


def _rows(path: Path, named: Mapping[str, Sequence[str]]) -> list[Row]:
    """The rows under our own names, with the line number of each; a missing column is left out.

    Rows of empty cells are skipped. A row with more cells than headings is refused: a figure with unquoted commas would
    be read as another figure.
    """
    try:
        reader = csv.reader(io.StringIO(_table_text(read_bytes(path)), newline=""), strict=True)
        headings = [one.strip() for one in next(reader, [])]
        lines_read = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InvalidRecordError("malformed-csv", file=path.name) from error
    except InvalidRecordError as error:
        if error.code != "not-unicode":
            raise
        raise InvalidRecordError("malformed-csv", file=path.name) from error
    held = {name: heads for name, heads in named.items() if set(heads) <= set(headings)}
    rows: list[Row] = []
    for line, cells in lines_read:
        if any(cell.strip() for cell in cells[len(headings) :]):
            raise InvalidRecordError("malformed-csv", file=path.name, line=line)
        row = dict(zip_longest(headings, cells[: len(headings)], fillvalue=""))
        joined = {name: " / ".join(row[one] for one in heads) for name, heads in held.items()}
        rows.append({**joined, _LINE: str(line)})
    return rows


def _table_text(data: bytes) -> str:
    """The text of a table as saved by spreadsheets: Unicode, or GB 18030 where Chinese is the system's language."""
    try:
        return strict_text.decode(data)
    except InvalidRecordError:
        return strict_text.decode(data, otherwise="gb18030")


def of_rows(rows: Sequence[Row], full: Fraction | None = None) -> Report:
    """Bids where the rows have a price, sheets where they have points."""
    if not rows:
        raise InvalidRecordError("empty-field", field="rows")
    if {"bidder", "price"} <= rows[0].keys():
        return _of_bids(rows)
    if {"expert", "bidder", "points"} <= rows[0].keys():
        return _of_sheets(rows, full)
    raise InvalidRecordError("columns-missing", needs="bidder,price or expert,bidder,points")


def _of_bids(rows: Sequence[Row]) -> Report:
    tenders: dict[str, dict[str, Fraction]] = {}
    for row in rows:
        price = _decimal(row["price"], _line(row))
        if price <= 0:
            raise InvalidRecordError("price-not-positive", bidder=row["bidder"][:32])
        bids = tenders.setdefault(row.get("group", ""), {})
        if row["bidder"] in bids:
            raise InvalidRecordError("named-twice", field=_line(row))
        bids[row["bidder"]] = price
    found = find_all([Offers(bids=bids, name=name) for name, bids in tenders.items()])
    screened = {name: screens(list(bids.values())) for name, bids in tenders.items()}
    summary = {"tenders": str(len(tenders)), "bids": str(len(rows))}
    return Report(found=found, screens=screened, summary=summary)


def _of_sheets(rows: Sequence[Row], full: Fraction | None) -> Report:
    """One panel for each group; an expert's rows for one bidder are items of one total."""
    totals: dict[str, dict[Pair, Fraction]] = {}
    home: dict[str, set[Pair]] = {}
    for row in rows:
        group, pair = row.get("group", ""), (row["expert"], row["bidder"])
        panel = totals.setdefault(group, {})
        panel[pair] = panel.get(pair, Fraction(0)) + _decimal(row["points"], _line(row))
        if row.get("home", "").lower() in _TRUE:
            home.setdefault(group, set()).add(pair)
    panels = [
        Panel(totals=marks, full=full or max(marks.values()), home=frozenset(home.get(name, ())), name=name)
        for name, marks in totals.items()
    ]
    return Report(found=find_all(panels), screens={}, summary=_preference(panels))


def _preference(panels: Sequence[Panel]) -> dict[str, str]:
    """Marks over all panels, and how much further above the others' mean home pairs are than all other pairs."""
    away = [
        (far, (expert, bidder) in panel.home)
        for panel in panels
        for expert in panel.experts
        for bidder, far in panel.deviations(expert).items()
    ]
    home, rest = [far for far, own in away if own], [far for far, own in away if not own]
    summary = {
        "panels": str(len(panels)),
        "marks": str(sum(len(panel.totals) for panel in panels)),
        "experts": str(len({expert for panel in panels for expert in panel.experts})),
        "home marks": str(len(home)),
    }
    if home and rest:
        summary |= {"mean deviation at home": number(mean(home)), "mean deviation elsewhere": number(mean(rest))}
        summary |= {"home preference": number(mean(home) - mean(rest))}
    return summary


def _line(row: Row) -> str:
    return f"line {row[_LINE]}"


def _decimal(text: str, field: str) -> Fraction:
    """A figure, with or without commas between its thousands, in digits of either width."""
    plain = unicodedata.normalize("NFKC", text).strip() if len(text) <= _LONGEST else ""
    figure = plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain
    if not _FIGURE.fullmatch(figure):
        raise InvalidRecordError("wrong-type", field=field, needs="decimal")
    return Fraction(figure)


# --- for people ------------------------------------------------------------------------------------------------------


def lines(report: Report) -> Iterator[str]:
    """Findings in a table, the most serious first; screens; the number of each; the usual values."""
    rows = [
        [one.severity.value, one.indicator, INDICATORS[one.indicator].name_en, _whom(one), one.value, one.threshold]
        for one in report.found
    ]
    if rows:
        yield from table(["severity", "id", "indicator", "about", "value", "threshold"], rows, "llllrr")
        yield ""
        yield from _usual(report.found)
    else:
        yield "nothing found"
    if report.screens:
        yield ""
        yield from _screen_lines(report.screens)
    if report.summary:
        yield ""
        yield from (f"{name}: {value}" for name, value in report.summary.items())
    yield ""
    yield NOTICE


def _whom(finding: Finding) -> str:
    return ", ".join(f"{name} {value}" for name, value in finding.subject.items())


def _usual(found: Sequence[Finding]) -> Iterator[str]:
    counts = Counter(one.indicator for one in found)
    rows = [[name, str(counts[name]), INDICATORS[name].reference] for name in sorted(counts)]
    yield from table(["id", "found", "usual is"], rows, "lrl")


def _screen_lines(listed: Mapping[str, Screens]) -> Iterator[str]:
    names = ["bids", "cv", "spread", "diffp", "rd", "skew", "kurtosis"]
    rows = [[tender, *(str(one.value.get(name, "–")) for name in names)] for tender, one in listed.items()]
    yield from table(["screens", *names], rows, "l" + "r" * len(names))
