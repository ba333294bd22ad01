"""The result of a method for a case: scores, order, candidates, required explanations, and every figure's trace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from evaluation_room.methods.price import PriceScores
from evaluation_room.methods.trace import Step
from records.canonical import Value


class Outcome(StrEnum):
    RANKED = "ranked"
    RETENDER = "retender"  # fewer than three bids at the deadline (暂行规定27条)
    ALL_REJECTED = "all-rejected"  # 否决全部投标
    FAILED = "failed"  # 废标: fewer than three valid in procurement (87号令43条)
    COMPETITION_OPEN = "competition-open"  # fewer than three valid: the committee has yet to decide (暂行规定27条)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One bidder's result in hundredths; a method without scores has `evaluated` alone."""

    bidder: str
    sections: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    price: int = 0
    credit: int | None = None

    @property
    def total(self) -> int:
        return sum(self.sections.values()) + self.price + (self.credit or 0)

    @property
    def value(self) -> dict[str, Value]:
        credit: dict[str, Value] = {} if self.credit is None else {"credit": self.credit}
        return {"bidder": self.bidder, **self.sections, **credit, "price": self.price, "total": self.total}


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A bid out of the ranking: rejected by the committee, or over the ceiling, which the committee has to reject."""

    bidder: str
    ground: str
    rule: str

    @property
    def value(self) -> dict[str, Value]:
        return {"bidder": self.bidder, "ground": self.ground, "rule": self.rule}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A required written explanation. `value` and `threshold` are decimal texts; `written`: whether it was given."""

    rule: str
    bidder: str
    value: str
    threshold: str
    expert: str = ""
    item: str = ""
    written: bool = False

    @property
    def as_value(self) -> dict[str, Value]:
        fields: dict[str, Value] = {"rule": self.rule, "bidder": self.bidder}
        fields |= {"expert": self.expert} if self.expert else {}
        fields |= {"item": self.item} if self.item else {}
        return fields | {"value": self.value, "threshold": self.threshold, "written": self.written}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`evaluated`: the price each bidder is compared by (评标价). `ranking` is empty where nothing may be ranked."""

    outcome: Outcome
    excluded: tuple[Excluded, ...] = ()
    evaluated: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    price: PriceScores | None = None
    scores: tuple[Score, ...] = ()
    ranking: tuple[str, ...] = ()
    places: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    parallel: tuple[tuple[str, ...], ...] = ()
    candidates: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def value(self) -> dict[str, Value]:
        """Everything, for programs (docs/evaluation.schema.json, `result`)."""
        base: dict[str, Value] = {}
        if self.price is not None:
            base["base"] = {"price": self.price.base.price, "counted": list(self.price.base.counted)}
        return {
            "outcome": self.outcome.value,
            "excluded": [one.value for one in self.excluded],
            "evaluated": dict(self.evaluated),
            **base,
            "scores": [one.value for one in self.scores],
            "ranking": list(self.ranking),
            "places": dict(self.places),
            "parallel": [list(group) for group in self.parallel],
            "candidates": list(self.candidates),
            "remarks": [one.as_value for one in self.remarks],
            "trace": [step.as_value for step in self.steps],
        }
