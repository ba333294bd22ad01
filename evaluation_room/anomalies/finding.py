"""A finding (线索): a value over its threshold, its severity, its evidence, and the usual value. Never a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from evaluation_room.methods.arithmetic import Number, decimal_text


class Severity(StrEnum):
    """Only BLOCK has a consequence of its own: a legal ground to correct before aggregation (87号令64条)."""

    BLOCK = "BLOCK"
    RED = "RED"
    ORANGE = "ORANGE"
    YELLOW = "YELLOW"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One clue. `subject`: the person or thing it is about; `evidence`: its underlying figures, as decimal texts."""

    indicator: str
    subject: Mapping[str, str]
    value: str
    threshold: str
    severity: Severity
    evidence: Mapping[str, str]

    @property
    def order(self) -> tuple[int, str, tuple[str, ...]]:
        """Most serious first."""
        return (list(Severity).index(self.severity), self.indicator, tuple(self.subject.values()))


def percent(ratio: Number, places: int = 1) -> str:
    return f"{decimal_text(Fraction(ratio) * 100, places)} %"


def number(amount: Number, places: int = 3) -> str:
    return decimal_text(amount, places)
