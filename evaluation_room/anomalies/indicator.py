"""An indicator (异常预警指标): declared once, with its texts, its limits, its input and its rule."""

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
    """The limits that count: those set, by name, otherwise the defaults."""

    given: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))

    def __getitem__(self, limit: Limit) -> Fraction:
        return self.given.get(limit.name, limit.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Generic[Input]):
    """`reference`: an ordinary session's values, to help people judge the clue. `severity`: the page's text for it.

    `find` runs on every part of the data whose type is `takes`. `by_value`: it may have two findings on one subject,
    distinguished only by their values.
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
