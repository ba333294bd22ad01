"""Arithmetic corrections (算术性修正): words over figures, unit price over total.

标准施工招标文件 3.1.3; 评标委员会和评标方法暂行规定 19条.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from evaluation_room.review import amounts
from evaluation_room.review.ballots import bidder_of
from evaluation_room.review.table import review_of
from evaluation_room.tender.definition import Definition
from records import ids, strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import Digest
from records.strict_fields import Body

_FINEST: Final = 6
"""Decimal places of a quantity."""
_SLIPS: Final = (-3, -2, -1, 1, 2, 3)
"""The number of places by which a decimal point may be obviously wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One correction: the original sum, the one that counts, the rule. Sums in fen; `line` is empty for the price."""

    rule: str
    line: str
    stated: int
    counted: int

    @property
    def value(self) -> dict[str, Value]:
        named: dict[str, Value] = {"line": self.line} if self.line else {}
        return {"rule": self.rule, **named, "stated_fen": self.stated, "counted_fen": self.counted}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The corrected price of a bid, computed from the bid's own figures; `price` is the price in figures."""

    bidder: str
    price: int
    corrected: int
    steps: tuple[Step, ...]

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "Correction":
        """`words`: the price in words; `lines`: rows of the bill where unit price times quantity is not the total."""
        review_of(definition)
        strict_fields.fields(body, "bidder", optional={"words", "lines"})
        bidder = bidder_of(body, definition)
        words = strict_fields.text(body, "words") if "words" in body else ""
        lines = [_Line.read(one) for one in strict_fields.array(body, "lines")] if "lines" in body else []
        return correct(bidder, definition.prices[bidder], words=words, lines=[line.step for line in lines])


def correct(bidder: str, price: int, *, words: str = "", lines: "list[Step] | None" = None) -> Correction:
    """The price in words counts, and each wrong row changes it by the row's own correction."""
    steps: list[Step] = []
    corrected = price
    if words:
        corrected = amounts.read_words(words)
        if corrected != price:
            steps.append(Step(rule="WORDS", line="", stated=price, counted=corrected))
    for step in lines or []:
        corrected += step.counted - step.stated
        steps.append(step)
    if not steps:
        raise InvalidRecordError("nothing-to-correct", bidder=bidder)
    if not 0 < corrected <= amounts.MOST_FEN:
        raise InvalidRecordError("price-not-positive", bidder=bidder)
    return Correction(bidder=bidder, price=price, corrected=corrected, steps=tuple(steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A row of the bill: the unit price counts, unless its decimal point is obviously wrong; then the total does."""

    step: Step

    @classmethod
    def read(cls, value: Value) -> "_Line":
        body = strict_fields.fields(value, "name", "unit_fen", "quantity", "total_fen", optional={"decimal_point"})
        name = strict_fields.text(body, "name")
        unit = strict_fields.integer(body, "unit_fen", minimum=0, maximum=amounts.MOST_FEN)
        total = strict_fields.integer(body, "total_fen", minimum=0, maximum=amounts.MOST_FEN)
        slipped = strict_fields.flag(body, "decimal_point") if "decimal_point" in body else False
        return cls(step=correct_line(name, unit, _quantity(body), total, slipped=slipped))


def correct_line(name: str, unit: int, quantity: Decimal, total: int, *, slipped: bool = False) -> Step:
    """The counting part of a row whose figures do not agree; sums in fen, rounded half up once."""
    product = _fen(unit * quantity)
    if product == total:
        raise InvalidRecordError("nothing-to-correct", line=name[:32])
    if not slipped:
        return Step(rule="UNIT-PRICE", line=name, stated=total, counted=product)
    if total not in {_fen(unit * quantity * Decimal(10) ** places) for places in _SLIPS}:
        raise InvalidRecordError("decimal-point-not-wrong", line=name[:32])
    return Step(rule="DECIMAL-POINT", line=name, stated=total, counted=total)


def _fen(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _quantity(body: Body) -> Decimal:
    text = strict_fields.text(body, "quantity", longest=20)
    try:
        quantity = Decimal(text)
    except InvalidOperation:
        raise InvalidRecordError("wrong-type", field="quantity", needs="decimal") from None
    # The size comes first: to round a number of a thousand million digits fails.
    fine = quantity.is_finite() and 0 < quantity < Decimal(10) ** 9 and quantity == round(quantity, _FINEST)
    if not fine:
        raise InvalidRecordError("out-of-range", field="quantity")
    return quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAnswered:
    """The bidder's written answer to the correction, as the host centre received it; a refusal is a rejection."""

    bidder: str
    confirmed: bool
    text: str
    document: Digest | None

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "CorrectionAnswered":
        strict_fields.fields(body, "bidder", "confirmed", "text", optional={"document"})
        return cls(
            bidder=bidder_of(body, definition),
            confirmed=strict_fields.flag(body, "confirmed"),
            text=strict_fields.text(body, "text", longest=strict_fields.LONGEST_REASON),
            document=ids.parse_digest(body["document"]) if "document" in body else None,
        )
