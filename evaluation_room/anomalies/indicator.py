"""What an indicator (异常预警指标) is: declared once, with its words, its limits, what it takes and its rule."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Generic, TypeVar

from evaluation_room.anomalies.finding import Finding

Input = TypeVar("Input")


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold by its name in files, with its default. Shares are ratios, times are seconds."""

    name: str
    default: Fraction


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits that count: those that were set, by name, else the defaults."""

    given: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, limit: Limit) -> Fraction:
        return self.given.get(limit.name, limit.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Generic[Input]):
    """`reference`: what an ordinary session shows, for whoever has to judge the clue. `severity`: as the page says it.

    `find` runs on every part of what is known that is of the kind `takes`. `by_value`: it may find two things about
    one subject, which only their values tell apart.
    """

    id: str
    name_zh: str
    name_en: str
    formula: str
    reference: str
    reference_zh: str
    severity: str
    takes: type[Input]
    find: Callable[[Input, Thresholds], Iterator[Finding]]
    limits: tuple[Limit, ...] = ()
    by_value: bool = False

    def findings(self, known: Sequence[object], thresholds: Thresholds) -> Iterator[Finding]:
        for part in known:
            if isinstance(part, self.takes):
                yield from self.find(part, thresholds)
