"""One case for a method: the bids, the experts' marks, the draws; read from a file or built by a room.

Units: money in fen, rates in hundredths of a per cent, points in hundredths. All values are inputs; nothing is computed
here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from evaluation_room.methods import factor
from evaluation_room.methods.document import Method, Quote
from evaluation_room.methods.factor import Factor
from records import canonical, ids, strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import Digest
from records.strict_fields import Body

MOST_FEN: Final = canonical.MAX_INTEGER
_MOST_RATE: Final = 10000
ABSTAINED: Final = "abstained"
TERMS: Final = frozenset({"small", "credit", "credit_snapshot", "adjustments"})
"""Fields of a bid that some methods need."""
Key: TypeAlias = tuple[str, str]
"""(bidder, item)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A decision of the committee. `later`: after the preliminary review, when the base price was already fixed."""

    ground: str
    later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A bid's terms besides its price. `small`: a small or micro firm; `credit`: of the snapshot with this digest.

    `adjustments`: the value in fen of its terms of payment, delivery …, by the names that the method gives them.
    """

    small: bool = False
    credit: int | None = None
    credit_snapshot: str = ""
    adjustments: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One bid.

    `corrected`: after the arithmetic correction that the bidder confirmed. `explained`: the bidder has explained a low
    price in writing.
    """

    id: str
    price: int
    name: str = ""
    corrected: int | None = None
    terms: Terms = Terms()
    explained: bool = False
    rejected: Rejection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The results of draws at the opening or by lot. `order`: bidders that no rule tells apart, best first."""

    reduction: int | None = None
    ceiling_factor: int | None = None
    ceiling_weight: int | None = None
    left_out: str = ""
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The complete input of a method.

    `marks`: by expert, then (bidder, item); None means abstained. `competitive`: the committee resolved that fewer than
    three valid bids still compete (暂行规定27条).
    """

    offers: tuple[Offer, ...]
    factors: tuple[Factor, ...] = ()
    marks: Mapping[str, Mapping[Key, int | None]] = field(default_factory=lambda: MappingProxyType({}))
    reasons: Mapping[str, Mapping[Key, str]] = field(default_factory=lambda: MappingProxyType({}))
    ceiling: int | None = None
    drawn: Drawn = Drawn()
    competitive: bool = False

    def section(self, section: str) -> tuple[Factor, ...]:
        return tuple(one for one in self.factors if one.section == section)

    def total(self, expert: str, bidder: str, section: str) -> int | None:
        """The expert's total for one section of one bidder; None when any of its items is abstained or not marked."""
        marks = [self.marks[expert].get((bidder, one.id)) for one in self.section(section)]
        given = [mark for mark in marks if mark is not None]
        return sum(given) if len(given) == len(marks) else None

    def sheet(self, expert: str) -> Digest:
        """A digest over all marks of one expert: the basis of lots among experts."""
        marks = self.marks[expert]
        cells: list[Value] = [[*key, ABSTAINED if marks[key] is None else marks[key] or 0] for key in sorted(marks)]
        return ids.digest(canonical.encode([expert, cells]))


# --- reading ---------------------------------------------------------------------------------------------------------

_FIELDS: Final = {"title", "title_en", "control_price_fen", "control_rate", "items", "sheets", "drawn", "competitive"}


def read_file(value: Value) -> tuple[Method, Case]:
    """A file of method, prices and sheets (docs/evaluation.schema.json); InvalidRecordError names what is wrong."""
    body = strict_fields.fields(value, "method", "bidders", optional=_FIELDS)
    method = Method.read(body["method"])
    marks, reasons = _sheets(body)
    case = Case(
        offers=tuple(_offer(one, method) for one in strict_fields.array(body, "bidders")),
        factors=_factors(body, method),
        ceiling=_ceiling(body, method),
        drawn=read_drawn(body["drawn"]) if "drawn" in body else Drawn(),
        competitive=strict_fields.flag(body, "competitive") if "competitive" in body else False,
        marks=marks,
        reasons=reasons,
    )
    check(method, case)
    return method, case


def _offer(value: Value, method: Method) -> Offer:
    price = "price_fen" if method.quote is Quote.TOTAL else "rate"
    body = strict_fields.fields(value, "id", price, optional={"name", "corrected_fen", "explained", "rejected"} | TERMS)
    bidder = strict_fields.short_id(body, "id")
    return Offer(
        id=bidder,
        name=strict_fields.text(body, "name") if "name" in body else "",
        price=_price(body, price, bidder),
        corrected=_price(body, "corrected_fen", bidder) if "corrected_fen" in body else None,
        terms=read_terms(body, method),
        explained=strict_fields.flag(body, "explained") if "explained" in body else False,
        rejected=_rejection(body["rejected"]) if "rejected" in body else None,
    )


def read_terms(body: Body, method: Method) -> Terms:
    """The present fields of `TERMS`."""
    named = frozenset(method.adjustments)
    adjustments = strict_fields.fields(body["adjustments"], optional=named) if "adjustments" in body else {}
    return Terms(
        small=strict_fields.flag(body, "small") if "small" in body else False,
        credit=strict_fields.integer(body, "credit", minimum=0, maximum=10**9) if "credit" in body else None,
        credit_snapshot=ids.parse_digest(body["credit_snapshot"]) if "credit_snapshot" in body else "",
        adjustments={
            name: strict_fields.integer(adjustments, name, minimum=-MOST_FEN, maximum=MOST_FEN) for name in adjustments
        },
    )


def _price(body: Body, name: str, bidder: str) -> int:
    price = strict_fields.integer(body, name)
    if price <= 0:
        raise InvalidRecordError("price-not-positive", bidder=bidder)
    if price > MOST_FEN or (name == "rate" and price >= _MOST_RATE):
        raise InvalidRecordError("price-too-large", bidder=bidder)
    return price


def _rejection(value: Value) -> Rejection:
    body = strict_fields.fields(value, "ground", optional={"later"})
    return Rejection(
        ground=strict_fields.text(body, "ground"),
        later=strict_fields.flag(body, "later") if "later" in body else False,
    )


def _ceiling(body: Body, method: Method) -> int | None:
    name = "control_price_fen" if method.quote is Quote.TOTAL else "control_rate"
    return strict_fields.integer(body, name, minimum=1, maximum=MOST_FEN) if name in body else None


def _factors(body: Body, method: Method) -> tuple[Factor, ...]:
    """The items; when left out, every section is one item of its own name."""
    if "items" not in body:
        return tuple(Factor(id=one.id, section=one.id, maximum=one.full_mark) for one in method.sections)
    return tuple(_factor(one) for one in strict_fields.array(body, "items"))


def _factor(value: Value) -> Factor:
    optional = {"minimum", "step", "name_zh", "name_en", *factor.MARKING}
    return factor.read(strict_fields.fields(value, "id", "section", "maximum", optional=optional))


def read_drawn(value: Value) -> Drawn:
    """The results of draws at the opening or by lot, field by field."""
    shares = ("reduction", "ceiling_factor", "ceiling_weight")
    body = strict_fields.fields(value, optional={*shares, "left_out", "order"})
    order = tuple(str(one) for one in strict_fields.array(body, "order")) if "order" in body else ()
    strict_fields.distinct(order, field="order")
    return Drawn(
        **{name: strict_fields.integer(body, name) for name in shares if name in body},
        left_out=strict_fields.text(body, "left_out") if "left_out" in body else "",
        order=order,
    )


def _sheets(body: Body) -> tuple[dict[str, dict[Key, int | None]], dict[str, dict[Key, str]]]:
    """Marks and reasons by expert."""
    marks: dict[str, dict[Key, int | None]] = {}
    reasons: dict[str, dict[Key, str]] = {}
    for one in strict_fields.array(body, "sheets") if "sheets" in body else ():
        sheet = strict_fields.fields(one, "expert", "marks", optional={"reasons"})
        expert = strict_fields.short_id(sheet, "expert")
        if expert in marks:
            raise InvalidRecordError("named-twice", field="sheets")
        marks[expert] = {key: _mark(row, key) for key, row in cells(sheet["marks"])}
        reasons[expert] = {key: strict_fields.text(row, key[1]) for key, row in cells(sheet.get("reasons", {}))}
    return marks, reasons


def cells(value: Value) -> Iterator[tuple[Key, Body]]:
    """Every (bidder, item) of a table of tables, with its row."""
    if not isinstance(value, Mapping):
        raise InvalidRecordError("wrong-type", needs="object")
    for bidder, row in value.items():
        if not isinstance(row, Mapping):
            raise InvalidRecordError("wrong-type", needs="object")
        for item in row:
            yield (bidder, item), row


def _mark(row: Body, key: Key) -> int | None:
    return None if row[key[1]] == ABSTAINED else strict_fields.integer(row, key[1])


# --- checking --------------------------------------------------------------------------------------------------------


def check(method: Method, case: Case) -> None:
    """Where a method and a case of it must agree."""
    if not case.offers:
        raise InvalidRecordError("empty-field", field="bidders")
    strict_fields.distinct([offer.id for offer in case.offers], field="bidders")
    strict_fields.distinct([one.id for one in case.factors], field="items")
    check_factors(method, case.factors)
    _check_remarks(method, case.factors)
    if method.sections and not case.marks:
        raise InvalidRecordError("empty-field", field="sheets")
    if not method.sections and case.marks:
        raise InvalidRecordError("unknown-field", field="sheets")
    for expert in case.marks:
        _check_marks(method, case, expert)
    for bidder in case.drawn.order:
        if bidder not in {offer.id for offer in case.offers}:
            raise InvalidRecordError("unknown-cell", bidder=bidder[:32], item="order")


def check_factors(method: Method, factors: tuple[Factor, ...]) -> None:
    """The items of every section add up to its full mark."""
    full = {section.id: section.full_mark for section in method.sections}
    highest = dict.fromkeys(full, 0)
    for one in factors:
        if one.section not in full:
            raise InvalidRecordError("unknown-section", item=one.id)
        highest[one.section] += one.maximum
    for section, mark in full.items():
        if highest[section] != mark:
            raise InvalidRecordError("section-weight", section=section, weight=mark, items=highest[section])


def _check_remarks(method: Method, factors: tuple[Factor, ...]) -> None:
    for item in method.remarks.floor_except:
        if item not in {one.id for one in factors}:
            raise InvalidRecordError("unknown-item", item=item[:32])


def _check_marks(method: Method, case: Case, expert: str) -> None:
    """Every mark is allowed by its item, and every bidder that was not rejected early is marked or abstained from."""
    factors = {one.id: one for one in case.factors}
    bidders = {offer.id for offer in case.offers}
    for (bidder, item), mark in case.marks[expert].items():
        if bidder not in bidders or item not in factors:
            raise InvalidRecordError("unknown-cell", bidder=bidder[:32], item=item[:32])
        if mark is not None:
            factors[item].check(mark)
            if factors[item].wants_reason(mark) and not case.reasons[expert].get((bidder, item), "").strip():
                raise InvalidRecordError("reason-missing", seat=expert, missing=1)
    for offer in live(method, case):
        missing = [one.id for one in case.factors if (offer.id, one.id) not in case.marks[expert]]
        if missing:
            raise InvalidRecordError("unscored-cells", seat=expert, missing=len(missing))


def comparable(method: Method, price: int) -> int:
    """The value that is compared, the lower the better: a reduction (下浮率) counts as 100 % less the reduction."""
    return _MOST_RATE - price if method.quote is Quote.REDUCTION else price


def given_price(method: Method, offer: Offer) -> int:
    """The price as offered or, after an arithmetic correction, as corrected and confirmed."""
    return comparable(method, offer.price if offer.corrected is None else offer.corrected)


def over_ceiling(method: Method, case: Case, offer: Offer) -> bool:
    """Whether the price is above the highest the tender file allows (条例51条第5项)."""
    return case.ceiling is not None and given_price(method, offer) > comparable(method, case.ceiling)


def live(method: Method, case: Case) -> tuple[Offer, ...]:
    """The bids that are compared: neither rejected nor over the ceiling."""
    return tuple(one for one in case.offers if one.rejected is None and not over_ceiling(method, case, one))
