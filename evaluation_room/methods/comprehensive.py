"""Comprehensive evaluation (综合评估法): experts' totals of each section, the price score, their sum, and the order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from evaluation_room.methods.price import quotient, rounded
from records.errors import InvalidRecordError

Combine: TypeAlias = Callable[[Sequence[int], int], int]


def _mean(scores: Sequence[int], _trim_above: int) -> int:
    return int(rounded(quotient(sum(scores), len(scores))))


def _trimmed(scores: Sequence[int], trim_above: int) -> int:
    """Of more than `trim_above` scores the highest one and the lowest one are left out, one of equals each."""
    ordered = sorted(scores)
    return _mean(ordered[1:-1] if len(ordered) > trim_above else ordered, trim_above)


def _median(scores: Sequence[int], trim_above: int) -> int:
    ordered = sorted(scores)
    return _mean(ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1], trim_above)


AGGREGATES: Mapping[str, Combine] = MappingProxyType({"mean": _mean, "trimmed": _trimmed, "median": _median})


def combine(aggregate: str, scores: Sequence[int], *, trim_above: int = 4) -> int:
    """One score out of the experts' scores, hundredths, rounded half up at the end."""
    if aggregate not in AGGREGATES:
        raise InvalidRecordError("unknown-aggregate", aggregate=aggregate)
    if not scores:
        raise InvalidRecordError("no-scores")
    return AGGREGATES[aggregate](scores, trim_above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What decides a bidder's place: the total first, then the lower price, then the first section's score."""

    bidder: str
    total: int
    price_fen: int
    first_section: int

    @property
    def merit(self) -> tuple[int, int, int]:
        return (-self.total, self.price_fen, -self.first_section)


def rank(standings: Sequence[Standing]) -> tuple[str, ...]:
    """Best first. Equal totals: the lower price, then the higher technical score (标准招标文件), then the id."""
    return tuple(standing.bidder for standing in sorted(standings, key=lambda one: (*one.merit, one.bidder)))


def parallel(standings: Sequence[Standing]) -> tuple[tuple[str, ...], ...]:
    """Groups of bidders that no rule tells apart; the report names them, people decide."""
    groups: dict[tuple[int, int, int], list[str]] = {}
    for standing in standings:
        groups.setdefault(standing.merit, []).append(standing.bidder)
    return tuple(tuple(sorted(group)) for group in groups.values() if len(group) > 1)
