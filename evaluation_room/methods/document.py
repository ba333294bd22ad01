"""A method as a document (评标办法): a tender file's rules for scores and prices, read strictly, with a version.

Version 1 is the comprehensive evaluation of the first rooms; its bytes are in sealed reports, so it stays readable.
Version 2 covers everything the engine can do. No other standard than the document's may be used (条例49条).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from evaluation_room.methods.pricing import PriceRule, read_price
from records import strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError
from records.strict_fields import Body

FULL_MARK: Final = 10000
"""100.00 points: the weights of a method add up to it."""
MOST_CANDIDATES: Final = 3
"""中标候选人不超过3个 (条例53条)."""
AGGREGATES: Mapping[str, str] = MappingProxyType(
    {"mean": "AGG1", "trimmed": "AGG2", "trimmed-by-factor": "AGG3", "median": "AGG4"},
)
"""The aggregations of experts' scores by their names in a document, and the rule of each."""
_RESERVED: Final = frozenset({"price", "total", "credit", "bidder"})


class Name(StrEnum):
    COMPREHENSIVE = "comprehensive"  # 综合评估法
    LOWEST_EVALUATED = "lowest-evaluated"  # 经评审的最低投标价法
    LOW_PRICE_FIRST = "low-price-first"  # 政府采购综合评分法，低价优先


class ProcurementKind(StrEnum):
    WORKS = "works"
    GOODS = "goods"
    SERVICES = "services"


class Quote(StrEnum):
    """What bidders offer: a sum, a reduction (下浮率), or a fee rate (费率); rates in hundredths of a per cent."""

    TOTAL = "total"
    REDUCTION = "reduction-rate"
    FEE = "fee-rate"


_DEDUCTIONS: Mapping[ProcurementKind, tuple[int, int]] = MappingProxyType(
    {ProcurementKind.GOODS: (1000, 2000), ProcurementKind.SERVICES: (1000, 2000), ProcurementKind.WORKS: (300, 500)},
)
"""Small firms' price deduction: goods and services 10–20 %, works 3–5 % (财库〔2022〕19号)."""
_LEAST_PRICE_WEIGHT: Mapping[ProcurementKind, int] = MappingProxyType(
    {ProcurementKind.GOODS: 3000, ProcurementKind.SERVICES: 1000}
)
"""价格分权重: goods at least 30 %, services at least 10 % (87号令55条)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the score that experts mark. `full_mark`: what its items add up to; counted as `weight` (Fi×Ai)."""

    id: str
    weight: int
    full_mark: int
    aggregate: str
    trim_above: int = 4
    factor_places: int = 2

    @property
    def rule(self) -> str:
        return AGGREGATES[self.aggregate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Credit score (信用分): `weight` hundredths of a point for `full_mark` of the credit system."""

    weight: int
    full_mark: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LowPrice:
    """A price under `share` (hundredths of a per cent) of the reference is low. Never a rejection by itself."""

    share: int
    against: str
    leave_out_of_base: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """The conditions for a written explanation; shares in hundredths of a per cent, 0 when not required."""

    floor: int = 0
    floor_except: tuple[str, ...] = ()
    deviation: int = 0
    deviation_from_others: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """The evaluation method of a tender file."""

    name: Name
    version: int
    sections: tuple[Section, ...]
    price: PriceRule | None
    ties: tuple[str, ...]
    kind: ProcurementKind = ProcurementKind.WORKS
    quote: Quote = Quote.TOTAL
    credit: Credit | None = None
    deduction: int = 0
    low_price: LowPrice | None = None
    adjustments: tuple[str, ...] = ()
    remarks: Remarks = Remarks()
    nine_members: int = 0
    lot: bool = False
    fewest: int = 1
    candidates: int = MOST_CANDIDATES
    ranked: bool = True

    @property
    def fails_when_few(self) -> bool:
        """Procurement: with fewer than three valid bids the tender fails (87号令43条); else the committee decides."""
        return self.name is Name.LOW_PRICE_FIRST

    @classmethod
    def read(cls, value: Value) -> "Method":
        """Read and check a document; every error is an InvalidRecordError that names the field or the rule."""
        if not isinstance(value, Mapping):
            raise InvalidRecordError("wrong-type", needs="object")
        for field in ("name", "version"):
            if field not in value:
                raise InvalidRecordError("missing-field", field=field)
        name, version = strict_fields.text(value, "name"), strict_fields.integer(value, "version", minimum=1)
        reader = _READERS.get((name, version))
        if reader is None:
            raise InvalidRecordError("unknown-method", method=name[:32], version=version)
        method = reader(value)
        _check(method)
        return method


def _version_1(body: Body) -> Method:
    """The method of the first rooms.

    It rounds the offset of B2 to a hundredth of a per cent, that of B1 not at all, and breaks ties by price, then by
    the first section.
    """
    strict_fields.fields(body, "name", "version", "sections", "price")
    sections = tuple(_section_1(one) for one in strict_fields.array(body, "sections"))
    price = strict_fields.fields(body["price"], "weight", "variant", "e1", "e2")
    variant = strict_fields.text(price, "variant")
    if variant not in {"B1", "B2"}:
        raise InvalidRecordError("unknown-variant", variant=variant[:32])
    rounding: dict[str, Value] = {"offset_places": 4} if variant == "B2" else {}
    return Method(
        name=Name.COMPREHENSIVE,
        version=1,
        sections=sections,
        price=read_price({**price, **rounding}, full_mark=FULL_MARK),
        ties=("price", *(section.id for section in sections[:1])),
    )


def _section_1(value: Value) -> Section:
    strict_fields.fields(value, "id", "weight", "aggregate", optional={"trim_above"})
    section = _section(value)
    if section.aggregate == "trimmed-by-factor":
        raise InvalidRecordError("unknown-aggregate", section=section.id)
    return section


def _section(value: Value) -> Section:
    body = strict_fields.fields(
        value, "id", "weight", "aggregate", optional={"trim_above", "full_mark", "factor_places"}
    )
    weight = strict_fields.integer(body, "weight", minimum=1, maximum=FULL_MARK)
    section = Section(
        id=strict_fields.short_id(body, "id"),
        weight=weight,
        full_mark=_number(body, "full_mark", weight, least=1, most=FULL_MARK),
        aggregate=strict_fields.text(body, "aggregate"),
        trim_above=_number(body, "trim_above", 4, least=2, most=99),
        factor_places=_number(body, "factor_places", 3, least=2, most=6),
    )
    if section.aggregate not in AGGREGATES:
        raise InvalidRecordError("unknown-aggregate", section=section.id)
    if section.id in _RESERVED:
        raise InvalidRecordError("bad-id", field="section")
    return section


_SHARED: Final = frozenset({"title", "title_en", "kind", "low_price", "ties", "lot", "fewest", "candidates", "ranked"})
_SCORED: Final = _SHARED | {"credit", "deduction", "floor", "deviation", "nine_members"}


def _comprehensive(body: Body) -> Method:
    strict_fields.fields(body, "name", "version", "sections", "price", optional=_SCORED | {"quote"})
    return _scored(Name.COMPREHENSIVE, body, read_price(body["price"], full_mark=FULL_MARK))


def _low_price_first(body: Body) -> Method:
    """R41: 综合评分法 of 87号令: score = base / price × weight, no price is ever left out (55条)."""
    strict_fields.fields(body, "name", "version", "kind", "sections", "price", optional=_SCORED)
    price = strict_fields.fields(body["price"], "weight")
    weight = strict_fields.integer(price, "weight", minimum=0, maximum=FULL_MARK)
    kind = strict_fields.choice(body, "kind", ProcurementKind)
    if kind not in _LEAST_PRICE_WEIGHT:
        raise InvalidRecordError("unknown-value", field="kind")
    if weight < _LEAST_PRICE_WEIGHT[kind]:
        raise InvalidRecordError("price-weight-too-low", weight=weight, minimum=_LEAST_PRICE_WEIGHT[kind])
    method = _scored(Name.LOW_PRICE_FIRST, body, PriceRule(weight=weight, variant="B7", low_price_first=True))
    if method.low_price is not None and method.low_price.leave_out_of_base:
        raise InvalidRecordError("prices-are-not-trimmed")
    return method


def _scored(name: Name, body: Body, price: PriceRule) -> Method:
    sections = tuple(_section(one) for one in strict_fields.array(body, "sections"))
    first = () if name is Name.LOW_PRICE_FIRST else tuple(section.id for section in sections[:1])
    return Method(
        name=name,
        version=2,
        sections=sections,
        price=price,
        ties=_ties(body, ("price", *first)),
        kind=_kind(body),
        quote=strict_fields.choice(body, "quote", Quote) if "quote" in body else Quote.TOTAL,
        credit=_credit(body["credit"]) if "credit" in body else None,
        deduction=_deduction(body),
        low_price=_low_price(body),
        remarks=_remarks(body),
        nine_members=_number(body, "nine_members", 0, least=3, most=99),
        lot=_flag(body, "lot", otherwise=False),
        fewest=_number(body, "fewest", 3, least=1, most=99),
        candidates=_number(body, "candidates", MOST_CANDIDATES, least=1, most=MOST_CANDIDATES),
        ranked=_flag(body, "ranked", otherwise=True),
    )


def _lowest_evaluated(body: Body) -> Method:
    strict_fields.fields(body, "name", "version", optional=_SHARED | {"adjustments"})
    adjustments = [str(one) for one in strict_fields.array(body, "adjustments")] if "adjustments" in body else []
    strict_fields.distinct(adjustments, field="adjustments")
    return Method(
        name=Name.LOWEST_EVALUATED,
        version=2,
        sections=(),
        price=None,
        ties=_ties(body, ("price",)),
        kind=_kind(body),
        low_price=_low_price(body),
        adjustments=tuple(adjustments),
        lot=_flag(body, "lot", otherwise=False),
        fewest=_number(body, "fewest", 3, least=1, most=99),
        candidates=_number(body, "candidates", MOST_CANDIDATES, least=1, most=MOST_CANDIDATES),
        ranked=_flag(body, "ranked", otherwise=True),
    )


_READERS: Mapping[tuple[str, int], Callable[[Body], Method]] = MappingProxyType(
    {
        ("comprehensive", 1): _version_1,
        ("comprehensive", 2): _comprehensive,
        ("low-price-first", 2): _low_price_first,
        ("lowest-evaluated", 2): _lowest_evaluated,
    },
)


def _number(body: Body, name: str, otherwise: int, *, least: int, most: int) -> int:
    return strict_fields.integer(body, name, minimum=least, maximum=most) if name in body else otherwise


def _flag(body: Body, name: str, *, otherwise: bool) -> bool:
    return strict_fields.flag(body, name) if name in body else otherwise


def _kind(body: Body) -> ProcurementKind:
    return strict_fields.choice(body, "kind", ProcurementKind) if "kind" in body else ProcurementKind.WORKS


def _ties(body: Body, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    if "ties" not in body:
        return otherwise
    ties = tuple(str(one) for one in strict_fields.array(body, "ties"))
    strict_fields.distinct(ties, field="ties")
    return ties


def _credit(value: Value) -> Credit:
    body = strict_fields.fields(value, "weight", optional={"full_mark"})
    weight = strict_fields.integer(body, "weight", minimum=1, maximum=FULL_MARK)
    return Credit(weight=weight, full_mark=_number(body, "full_mark", FULL_MARK, least=1, most=10**9))


def _deduction(body: Body) -> int:
    if "deduction" not in body:
        return 0
    least, most = _DEDUCTIONS[_kind(body)]
    share = strict_fields.integer(body, "deduction")
    if not least <= share <= most:
        raise InvalidRecordError("deduction-out-of-range", minimum=least, maximum=most)
    return share


def _low_price(body: Body) -> LowPrice | None:
    if "low_price" not in body:
        return None
    rule = strict_fields.fields(body["low_price"], "share", optional={"against", "leave_out_of_base"})
    against = strict_fields.text(rule, "against") if "against" in rule else "mean-of-others"
    if against not in {"mean-of-others", "ceiling"}:
        raise InvalidRecordError("unknown-value", field="against")
    return LowPrice(
        share=strict_fields.integer(rule, "share", minimum=1, maximum=FULL_MARK - 1),
        against=against,
        leave_out_of_base=_flag(rule, "leave_out_of_base", otherwise=False),
    )


def _remarks(body: Body) -> Remarks:
    floor: Body = strict_fields.fields(body["floor"], "share", optional={"except"}) if "floor" in body else {}
    deviation: Body = strict_fields.fields(body["deviation"], "share", optional={"from"}) if "deviation" in body else {}
    reading = strict_fields.text(deviation, "from") if "from" in deviation else "mean-of-all"
    if reading not in {"mean-of-all", "mean-of-others"}:
        raise InvalidRecordError("unknown-value", field="from")
    return Remarks(
        floor=_number(floor, "share", 0, least=1, most=FULL_MARK),
        floor_except=tuple(str(one) for one in strict_fields.array(floor, "except")) if "except" in floor else (),
        deviation=_number(deviation, "share", 0, least=1, most=FULL_MARK),
        deviation_from_others=reading == "mean-of-others",
    )


def _check(method: Method) -> None:
    """Where the parts of a document must agree."""
    names = [section.id for section in method.sections]
    strict_fields.distinct(names, field="sections")
    known = {"price", *names, *(("credit",) if method.credit else ())}
    for tie in method.ties:
        if tie not in known:
            raise InvalidRecordError("unknown-value", field="ties")
    if method.price is not None:
        credit = method.credit.weight if method.credit else 0
        if sum(section.weight for section in method.sections) + method.price.weight + credit != FULL_MARK:
            raise InvalidRecordError("weights-not-100")
