"""The observations of one session, read from a file: the fields of an evaluation file, and how the session went.

Unlike an evaluation, observations may be wrong: a mark out of its range is a finding here, not a refusal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from evaluation_room.anomalies.bid_files import BidFiles
from evaluation_room.anomalies.catalogue import DEFAULTS, find_all, read_thresholds
from evaluation_room.anomalies.conduct import (
    Clarification,
    Clarifications,
    Entries,
    Entry,
    Signature,
    Signatures,
    Sitting,
    Sittings,
    Terminal,
    TerminalEvent,
    Terminals,
)
from evaluation_room.anomalies.finding import Finding
from evaluation_room.anomalies.panel import Pair, Panel, Winner
from evaluation_room.anomalies.prices import Offers, UnitPrices
from evaluation_room.anomalies.screens import Screens, screens
from evaluation_room.anomalies.sheets import Marks
from evaluation_room.methods import case as cases
from evaluation_room.methods.case import ABSTAINED, Case, Key
from evaluation_room.methods.document import FULL_MARK, Method
from evaluation_room.methods.engine import evaluate
from evaluation_room.methods.factor import MARKING, Factor, FactorKind
from records import strict_fields
from records.canonical import Value
from records.errors import TongpingError
from records.ids import parse_digest
from records.strict_fields import Body
from records.text import names

_EVALUATION: Final = {"title", "title_en", "method", "bidders", "items", "sheets", "control_price_fen", "drawn",
                      "control_rate", "competitive"}  # fmt: skip
_SESSION: Final = {"experts", "entries", "sittings", "terminals", "clarifications", "signatures", "unit_prices",
                   "thresholds"}  # fmt: skip
_BIDDER: Final = {"name", "price_fen", "rate", "corrected_fen", "small", "credit", "credit_snapshot", "adjustments",
                  "explained", "rejected", "centre", "files"}  # fmt: skip
_ITEM: Final = {"section", "minimum", "step", "objective", "name_zh", "name_en", *MARKING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All findings of a file, most serious first, and the screens of its bids, by tender ("" for the only one)."""

    found: tuple[Finding, ...]
    screens: Mapping[str, Screens]


def of_session(value: Value) -> Findings:
    """Run every indicator whose input is in the file."""
    body = strict_fields.fields(value, optional=_EVALUATION | _SESSION)
    thresholds = read_thresholds(body["thresholds"]) if "thresholds" in body else DEFAULTS
    bidders = [strict_fields.fields(one, "id", optional=_BIDDER) for one in _rows(body, "bidders")]
    priced = [one for one in bidders if "price_fen" in one]
    bids = {strict_fields.short_id(one, "id"): strict_fields.integer(one, "price_fen", minimum=1) for one in priced}
    known = _conduct(body, len(bidders))
    if "sheets" in body:
        marks = _marks(body, [strict_fields.short_id(one, "id") for one in bidders])
        known += [marks, _panel(body, marks, bidders)]
    if bids:
        ceiling = strict_fields.integer(body, "control_price_fen", minimum=1) if "control_price_fen" in body else None
        known += [Offers(bids=bids, ceiling=ceiling)]
    if any("files" in one for one in bidders):
        known += [BidFiles({strict_fields.short_id(one, "id"): _files(one) for one in bidders if "files" in one})]
    if "unit_prices" in body:
        known += [UnitPrices(_units(body))]
    listed = {"": screens(list(bids.values()))} if bids else {}
    return Findings(found=find_all(known, thresholds), screens=listed)


def _files(bidder: Body) -> frozenset[str]:
    return frozenset(parse_digest(one) for one in strict_fields.array(bidder, "files"))


def _rows(body: Body, name: str) -> tuple[Value, ...]:
    return strict_fields.array(body, name) if name in body else ()


# --- marks -----------------------------------------------------------------------------------------------------------


def _marks(body: Body, bidders: list[str]) -> Marks:
    items = [strict_fields.fields(one, "id", "maximum", optional=_ITEM) for one in _rows(body, "items")]
    given: dict[str, dict[Key, int | None]] = {}
    sums: dict[str, dict[str, int]] = {}
    for one in _rows(body, "sheets"):
        sheet = strict_fields.fields(one, "expert", "marks", optional={"reasons", "sums"})
        expert = strict_fields.short_id(sheet, "expert")
        given[expert] = {key: _mark(row, key[1]) for key, row in cases.cells(sheet["marks"])}
        stated = strict_fields.fields(sheet["sums"], optional=frozenset(bidders)) if "sums" in sheet else {}
        sums[expert] = {bidder: strict_fields.integer(stated, bidder) for bidder in stated}
    named = [key[1] for sheet in given.values() for key in sheet]
    return Marks(
        factors=tuple(_factor(one) for one in items)
        or tuple(Factor(id=item, section=item, maximum=_highest(body, item)) for item in dict.fromkeys(named)),
        bidders=tuple(bidders),
        sheets=given,
        objective=frozenset(
            strict_fields.short_id(one, "id") for one in items if _flag(one, "objective", otherwise=False)
        ),
        sums=sums,
    )


def _factor(body: Body) -> Factor:
    return Factor(
        id=strict_fields.short_id(body, "id"),
        section=strict_fields.short_id(body, "section") if "section" in body else "",
        maximum=strict_fields.integer(body, "maximum", minimum=1),
        minimum=strict_fields.integer(body, "minimum") if "minimum" in body else _left(body),
        step=strict_fields.integer(body, "step", minimum=1) if "step" in body else 1,
        kind=strict_fields.choice(body, "kind", FactorKind) if "kind" in body else FactorKind.ACCUMULATE,
        values=tuple(strict_fields.integer({"values": one}, "values") for one in _rows(body, "values")),
    )


def _left(body: Body) -> int:
    """The rest of a capped deduction; zero without a cap."""
    return max(strict_fields.integer(body, "maximum") - strict_fields.integer(body, "cap"), 0) if "cap" in body else 0


def _mark(row: Body, item: str) -> int | None:
    return None if row[item] == ABSTAINED else strict_fields.integer(row, item)


def _highest(body: Body, item: str) -> int:
    """Without items: the full mark of the section of that name, otherwise a hundred points."""
    if "method" in body:
        return next((one.full_mark for one in Method.read(body["method"]).sections if one.id == item), FULL_MARK)
    return FULL_MARK


def _panel(body: Body, marks: Marks, bidders: list[Body]) -> Panel:
    totals = marks.totals
    home = _home(body, bidders) & frozenset(totals)
    return Panel(totals=totals, full=marks.full, home=home, first=_winner(body))


def _home(body: Body, bidders: list[Body]) -> frozenset[Pair]:
    """Experts and bidders of one centre's city."""
    experts = [strict_fields.fields(one, "id", "centre") for one in _rows(body, "experts")]
    cities = {strict_fields.short_id(one, "id"): _city(one) for one in experts}
    of = {strict_fields.short_id(one, "id"): _city(one) for one in bidders if "centre" in one}
    return frozenset((expert, bidder) for expert, city in cities.items() for bidder in of if of[bidder] == city)


def _city(body: Body) -> str:
    return names.folded(strict_fields.text(body, "centre"))


def _winner(body: Body) -> Winner | None:
    """The first place by the file's own method, when the file can be evaluated."""
    if "method" not in body:
        return None
    plain: dict[str, Value] = {name: part for name, part in body.items() if name in _EVALUATION}
    for name, extra in (("bidders", "centre"), ("bidders", "files"), ("items", "objective"), ("sheets", "sums")):
        if name in plain:
            plain[name] = [_without(one, extra) for one in _rows(plain, name)]
    try:
        method, case = cases.read_file(plain)
    except TongpingError:
        return None
    return lambda without: first_place(method, case, without)


def _without(value: Value, extra: str) -> Value:
    """The object in the form of an evaluation file."""
    return {name: part for name, part in value.items() if name != extra} if isinstance(value, Mapping) else value


def first_place(method: Method, case: Case, without: frozenset[str]) -> str:
    """The first place by the method when these experts are left out; empty when it cannot be decided."""
    left = {expert: sheet for expert, sheet in case.marks.items() if expert not in without}
    try:
        found = evaluate(method, replace(case, marks=left))
    except TongpingError:
        return ""
    return " ".join(sorted(bidder for bidder, place in found.places.items() if place == 1))


# --- how the session went --------------------------------------------------------------------------------------------


def _units(body: Body) -> dict[str, dict[str, int]]:
    lists = {}
    for one in _rows(body, "unit_prices"):
        row = strict_fields.fields(one, "bidder", "prices")
        given = row["prices"]
        items = strict_fields.fields(given, optional=frozenset(given) if isinstance(given, Mapping) else frozenset())
        lists[strict_fields.short_id(row, "bidder")] = {
            item: strict_fields.integer(items, item, minimum=1) for item in items
        }
    return lists


def _conduct(body: Body, bidders: int) -> list[object]:
    return [
        Entries([_entry(one) for one in _rows(body, "entries")]),
        Sittings([_sitting(one) for one in _rows(body, "sittings")], bidders),
        Terminals([_terminal(one) for one in _rows(body, "terminals")]),
        Clarifications([_clarification(one) for one in _rows(body, "clarifications")], bidders),
        Signatures([_signature(one) for one in _rows(body, "signatures")]),
    ]


def _number(body: Body, name: str, otherwise: int = 0) -> int:
    return strict_fields.integer(body, name, minimum=0) if name in body else otherwise


def _entry(value: Value) -> Entry:
    body = strict_fields.fields(value, "seat", "bidder", "item", "at_seconds")
    names = {name: strict_fields.short_id(body, name) for name in ("seat", "bidder", "item")}
    return Entry(**names, at=_number(body, "at_seconds"))


def _sitting(value: Value) -> Sitting:
    optional = {"pages", "unopened", "absences_seconds", "leaves"}
    body = strict_fields.fields(value, "seat", "opened_seconds", "locked_seconds", optional=optional)
    absences = _rows(body, "absences_seconds")
    return Sitting(
        seat=strict_fields.short_id(body, "seat"),
        opened=_number(body, "opened_seconds"),
        locked=_number(body, "locked_seconds"),
        pages=_number(body, "pages"),
        unopened=tuple(str(one) for one in _rows(body, "unopened")),
        absences=tuple(
            strict_fields.integer({"absences_seconds": one}, "absences_seconds", minimum=0) for one in absences
        ),
        leaves=_number(body, "leaves"),
    )


def _terminal(value: Value) -> Terminal:
    body = strict_fields.fields(value, "seat", "event", optional={"seconds"})
    event = strict_fields.choice(body, "event", TerminalEvent)
    return Terminal(seat=strict_fields.short_id(body, "seat"), event=event, seconds=_number(body, "seconds"))


def _flag(body: Body, name: str, *, otherwise: bool) -> bool:
    return strict_fields.flag(body, name) if name in body else otherwise


def _clarification(value: Value) -> Clarification:
    body = strict_fields.fields(value, "id", "bidder", optional={"solicited", "substance_changed"})
    return Clarification(
        id=strict_fields.short_id(body, "id"),
        bidder=strict_fields.short_id(body, "bidder"),
        solicited=_flag(body, "solicited", otherwise=True),
        substance_changed=_flag(body, "substance_changed", otherwise=False),
    )


def _signature(value: Value) -> Signature:
    body = strict_fields.fields(value, "seat", "shown_seconds", "signed_seconds", optional={"differs", "bound"})
    return Signature(
        seat=strict_fields.short_id(body, "seat"),
        shown=_number(body, "shown_seconds"),
        signed=_number(body, "signed_seconds"),
        differs=_flag(body, "differs", otherwise=False),
        bound=_flag(body, "bound", otherwise=True),
    )
