"""What time it is when somebody may have moved the clock: the wall's, and the one it would show had nobody. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

TOLERANCE: Final = timedelta(seconds=10)
"""What a clock may be set right by between two looks; more is a jump."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """One moment twice: `wall` as the clock says, `steady` as it would say had it only run. `elapsed`: monotonic."""

    wall: datetime
    steady: datetime
    elapsed: float

    @property
    def jumped(self) -> bool:
        """Whether the clock was moved, and has not been moved back."""
        return abs(self.wall - self.steady) > TOLERANCE


def first(wall: datetime, elapsed: float) -> Moments:
    """At a start there is only the wall to believe."""
    return Moments(wall=wall, steady=wall, elapsed=elapsed)


def following(before: Moments, wall: datetime, elapsed: float) -> Moments:
    """The next look. Small corrections are followed, a jump is not, until the clock is back or `accepted`."""
    steady = before.steady + timedelta(seconds=elapsed - before.elapsed)
    now = Moments(wall=wall, steady=steady, elapsed=elapsed)
    return now if now.jumped else accepted(now)


def accepted(now: Moments) -> Moments:
    """Somebody has said that the wall is right."""
    return replace(now, steady=now.wall)
