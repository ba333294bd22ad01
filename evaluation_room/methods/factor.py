"""An item to be marked (评审因素): its range, its step, its kind, and when a mark needs a written reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evaluation_room.methods.document import FULL_MARK
from records import strict_fields
from records.errors import InvalidRecordError
from records.strict_fields import Body

MARKING: Final = frozenset({"kind", "cap", "values", "reasons"})
"""The optional fields of an item about its marking."""
_FEWEST_VALUES: Final = 2


class FactorKind(StrEnum):
    """How an item is marked; the mark itself is always the bidder's points."""

    ACCUMULATE = "accumulate"  # 打分制: from the minimum up
    DEDUCT = "deduct"  # 扣分制: from the maximum down
    QUALIFIED = "pass"  # 合格制: the maximum or the minimum, nothing between


class Reasons(StrEnum):
    """Which marks need a written reason before the sheet can be locked."""

    NONE = "none"
    ALWAYS = "always"
    EXTREMES = "extremes"  # 满分或最低分
    DEDUCTIONS = "deductions"  # 每一处扣分


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One item to mark, in hundredths of a point. `values`: the only allowed marks (固定分值); empty: every step.

    `cap`: how much may be taken off at most (扣分上限), where the item says so; the minimum is what is left then.
    """

    id: str
    section: str
    maximum: int
    minimum: int = 0
    step: int = 1
    kind: FactorKind = FactorKind.ACCUMULATE
    cap: int | None = None
    values: tuple[int, ...] = ()
    reasons: Reasons = Reasons.NONE

    @property
    def fixed(self) -> tuple[int, ...]:
        """The only allowed marks; empty where every mark on a step is allowed."""
        return (self.minimum, self.maximum) if self.kind is FactorKind.QUALIFIED else self.values

    def fault(self, mark: int) -> str:
        """The code of the fault of a mark; empty when the item allows it."""
        if not self.minimum <= mark <= self.maximum:
            return "score-out-of-range"
        if self.fixed:
            return "" if mark in self.fixed else "score-not-fixed"
        return "score-off-step" if (mark - self.minimum) % self.step else ""

    def check(self, mark: int) -> None:
        """InvalidRecordError with the code of the fault and the allowed marks; it never repeats the mark."""
        code = self.fault(mark)
        if code == "score-out-of-range":
            raise InvalidRecordError(code, item=self.id, minimum=self.minimum, maximum=self.maximum)
        if code == "score-off-step":
            raise InvalidRecordError(code, item=self.id, step=self.step)
        if code:
            raise InvalidRecordError(code, item=self.id)

    def wants_reason(self, mark: int) -> bool:
        """Whether this mark needs its written reason."""
        return {
            Reasons.NONE: False,
            Reasons.ALWAYS: True,
            Reasons.EXTREMES: mark in (self.minimum, self.maximum),
            Reasons.DEDUCTIONS: mark < self.maximum,
        }[self.reasons]


def read(body: Body) -> Factor:
    """The factor of an item's fields; minimum, step and the fields of `MARKING` may be left out."""
    cap = strict_fields.integer(body, "cap", minimum=1, maximum=FULL_MARK) if "cap" in body else None
    factor = Factor(
        id=strict_fields.short_id(body, "id"),
        section=strict_fields.short_id(body, "section"),
        maximum=strict_fields.integer(body, "maximum", minimum=1, maximum=FULL_MARK),
        minimum=_minimum(body, cap),
        step=strict_fields.integer(body, "step", minimum=1, maximum=FULL_MARK) if "step" in body else 1,
        kind=strict_fields.choice(body, "kind", FactorKind) if "kind" in body else FactorKind.ACCUMULATE,
        cap=cap,
        values=tuple(_values(body)) if "values" in body else (),
        reasons=strict_fields.choice(body, "reasons", Reasons) if "reasons" in body else Reasons.NONE,
    )
    if factor.minimum >= factor.maximum or (factor.maximum - factor.minimum) % factor.step:
        raise InvalidRecordError("item-range", item=factor.id)
    if cap is not None and (factor.kind is not FactorKind.DEDUCT or factor.minimum != factor.maximum - cap):
        raise InvalidRecordError("item-cap", item=factor.id)
    fixed = factor.values
    if fixed and (factor.kind is FactorKind.QUALIFIED or (fixed[0], fixed[-1]) != (factor.minimum, factor.maximum)):
        raise InvalidRecordError("item-values", item=factor.id)
    return factor


def _minimum(body: Body, cap: int | None) -> int:
    """As stated; left out, what a capped deduction leaves, or nothing."""
    if "minimum" in body:
        return strict_fields.integer(body, "minimum", minimum=0, maximum=FULL_MARK)
    return 0 if cap is None else max(strict_fields.integer(body, "maximum") - cap, 0)


def _values(body: Body) -> Iterable[int]:
    """Two or more marks, ascending."""
    found = [strict_fields.integer({"values": one}, "values", minimum=0) for one in strict_fields.array(body, "values")]
    if len(found) < _FEWEST_VALUES or found != sorted(set(found)):
        raise InvalidRecordError("item-values", item=strict_fields.short_id(body, "id"))
    return found
