"""Waits until the next checkpoint is due, by a wall clock that may jump and a clock that does not."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from chain_gateway.anchor.schedule import Schedule
from records.errors import UnavailableError

_AT_ONCE = Schedule(interval=timedelta(0))


class Ticker:
    """At most one wait at a time. Without a schedule, checkpoints are due at once."""

    def __init__(
        self,
        schedule: Schedule = _AT_ONCE,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        """`wait` waits for some seconds and returns whether it was ended early."""
        self._schedule = schedule
        self._clock = clock
        self._monotonic = monotonic
        self._ending = threading.Event()
        self._wait = wait or self._ending.wait
        self._last: float | None = None

    @property
    def at_once(self) -> bool:
        return not self._schedule.interval

    def now(self) -> datetime:
        """The wall clock by which checkpoints are due."""
        return self._clock()

    def await_tick(self) -> None:
        """Return when a checkpoint is due. UnavailableError("gateway-ending") after `end`."""
        since = None if self._last is None else timedelta(seconds=self._monotonic() - self._last)
        pause = self._schedule.pause(self._clock(), since_last=since)
        if self._wait(pause.total_seconds()) or self._ending.is_set():
            raise UnavailableError("gateway-ending")  # the follower keeps its position, and retries after a restart
        self._last = self._monotonic()

    def end(self) -> None:
        """Release the waiting caller."""
        self._ending.set()
