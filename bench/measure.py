"""The frame of every bench, without clock or network: interleaved rounds, medians, ratios, goals, a line of JSON."""

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

ROUNDS = 5
"""The fewest rounds for a median."""
_DIGITS = 4
Measurement = Callable[[], float]
"""One round of one side; returns its measurement, in the bench's unit."""


class Ratio(StrEnum):
    """How the two sides' figures are divided."""

    OURS_BY_PEER = "ours / peer"
    PEER_BY_OURS = "peer / ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The target for a ratio (or, without a peer, for our own figure): at least, or at most. `floor` must hold."""

    floor: float
    goal: float
    at_most: bool = False

    def reaches(self, found: float) -> str:
        """`goal`, `floor` or `missed`."""
        for name, bound in (("goal", self.goal), ("floor", self.floor)):
            if found <= bound if self.at_most else found >= bound:
                return name
        return "missed"

    @property
    def sign(self) -> str:
        return "≤" if self.at_most else "≥"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Both sides' measurements, round by round."""

    ours: tuple[float, ...]
    peer: tuple[float, ...]

    def ratio(self, way: Ratio) -> float:
        """The median of the rounds' own ratios: whatever slows the machine down in a round slows both sides."""
        sides = (self.ours, self.peer) if way is Ratio.OURS_BY_PEER else (self.peer, self.ours)
        return statistics.median(over / under for over, under in zip(*sides, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of a bench. Without a peer there is no ratio, and the goal is for our own figure."""

    bench: str
    case: str
    unit: str
    ours: float
    peer: float | None = None
    ratio: float | None = None
    way: Ratio = Ratio.OURS_BY_PEER
    goal: Goal | None = None
    rounds: int = ROUNDS

    @property
    def reached(self) -> str:
        """`goal`, `floor`, `missed`; `none` without a goal."""
        found = self.ours if self.ratio is None else self.ratio
        return self.goal.reaches(found) if self.goal else "none"

    def to_json(self) -> str:
        """One line. `goal` and `floor` carry their sign, because some ratios should be small."""
        goal = self.goal
        fields = {
            "bench": self.bench,
            "case": self.case,
            "ours": _rounded(self.ours),
            "peer": None if self.peer is None else _rounded(self.peer),
            "ratio": None if self.ratio is None else _rounded(self.ratio),
            "ratio_is": None if self.ratio is None else self.way.value,
            "goal": f"{goal.sign} {goal.goal:g}" if goal else None,
            "floor": f"{goal.sign} {goal.floor:g}" if goal else None,
            "reached": self.reached,
            "unit": self.unit,
            "rounds": self.rounds,
        }
        return json.dumps(fields, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A question, the peer, and the limits of the answer. `run` gets a callback for progress."""

    name: str
    question: str
    ours: str
    peer: str
    not_shown: tuple[str, ...]
    run: Callable[[Callable[[str], None]], Sequence[Figure]]


def interleaved(ours: Measurement, peer: Measurement, *, rounds: int = ROUNDS) -> Pair:
    """Both sides in turn; the order alternates from round to round, so that neither always finds the other's caches."""
    if rounds < ROUNDS:
        raise ValueError(f"a median of {rounds} is no figure: {ROUNDS} rounds at least")
    found: dict[str, list[float]] = {"ours": [], "peer": []}
    sides: Mapping[str, Measurement] = {"ours": ours, "peer": peer}
    for number in range(rounds):
        for side in ("ours", "peer") if number % 2 == 0 else ("peer", "ours"):
            found[side].append(sides[side]())
    return Pair(ours=tuple(found["ours"]), peer=tuple(found["peer"]))


def per_second(work: Callable[[], object], times: int, clock: Callable[[], float]) -> Measurement:
    """A round that repeats the work this number of times and returns the rate per second."""

    def measure() -> float:
        started = clock()
        for _ in range(times):
            work()
        return times / (clock() - started)

    return measure


def percentile(samples: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile: always a measured sample."""
    ranked = sorted(samples)
    return ranked[max(0, -(-percent * len(ranked) // 100) - 1)]


def compared(
    pair: Pair, *, bench: str, case: str, unit: str, way: Ratio = Ratio.OURS_BY_PEER, goal: Goal | None = None
) -> Figure:
    """The figure of a pair: medians of both sides and the median of the ratios."""
    return Figure(
        bench=bench,
        case=case,
        unit=unit,
        ours=statistics.median(pair.ours),
        peer=statistics.median(pair.peer),
        ratio=pair.ratio(way),
        way=way,
        goal=goal,
        rounds=len(pair.ours),
    )


def _rounded(figure: float) -> float:
    """Four significant digits: more would be noise."""
    return float(f"{figure:.{_DIGITS}g}")
