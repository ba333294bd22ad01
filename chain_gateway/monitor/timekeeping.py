"""The time on a clock that may have been moved: the wall clock's, and what it would show had it only run. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

TOLERANCE: Final = timedelta(seconds=10)
"""The largest correction of a clock between two looks; a larger one is a jump."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """One moment twice: `wall` is the clock's time, `steady` its time had it only run on. `elapsed`: monotonic."""

    wall: datetime
    steady: datetime
    elapsed: float

    @property
    def jumped(self) -> bool:
        """Whether the clock was moved, and has not been moved back."""
        return abs(self.wall - self.steady) > TOLERANCE


def first(wall: datetime, elapsed: float) -> Moments:
    """At a start only the wall clock is known."""
    return Moments(wall=wall, steady=wall, elapsed=elapsed)


def following(before: Moments, wall: datetime, elapsed: float) -> Moments:
    """The next look. Small corrections are followed; a jump is not, until the clock is back or `accepted`."""
    steady = before.steady + timedelta(seconds=elapsed - before.elapsed)
    now = Moments(wall=wall, steady=steady, elapsed=elapsed)
    return now if now.jumped else accepted(now)


def accepted(now: Moments) -> Moments:
    """An operator has confirmed the wall clock."""
    return replace(now, steady=now.wall)
