"""When checkpoints are anchored: at fixed times, so that the time reveals nothing to an observer."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING: Final = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Checkpoints at the multiples of an interval; without an interval, at once."""

    interval: timedelta

    def pause(self, now: datetime, *, since_last: timedelta | None) -> timedelta:
        """How long to wait for the next checkpoint: until the next multiple of the interval.

        `now` is the wall clock, which may jump; `since_last` is the time since the last checkpoint by a clock that does
        not. A multiple less than half an interval after the last checkpoint is skipped. So whatever the wall clock
        does, checkpoints are between half and one and a half intervals apart: never a burst, never a stop.
        """
        if not self.interval:
            return _NOTHING
        until_next = self.interval - (now - _EPOCH) % self.interval
        if since_last is not None and since_last + until_next < self.interval / 2:
            until_next += self.interval
        return until_next
