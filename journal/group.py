"""Group commit: many threads share one commit, made by whoever came first for all who have come by then.

No thread of its own and no clock: while one group is on its way to disk the next one gathers by itself, so the busier
it is the larger the groups, and a lone caller waits for nobody.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from records.errors import TongpingError, UnavailableError

T = TypeVar("T")


class _Place(Generic[T]):
    """One caller in the queue, held at `turn` until its item is committed or it has to lead."""

    __slots__ = ("done", "failed", "item", "turn")

    def __init__(self, item: T) -> None:
        self.item = item
        self.turn = threading.Lock()
        self.turn.acquire()
        self.done = False
        self.failed: BaseException | None = None


class Group(Generic[T]):
    """`commit` is called with one group at a time, in the order in which they came, `most` items at the most."""

    def __init__(self, commit: Callable[[Sequence[T]], None], most: int) -> None:
        self._commit = commit
        self._most = most
        self._lock = threading.Lock()
        self._queue: list[_Place[T]] = []
        self._led = False

    def join(self, item: T) -> None:
        """Return when the commit of this item has returned; raise the error with which it failed."""
        place = _Place(item)
        with self._lock:
            self._queue.append(place)
            leads, self._led = not self._led, True
        if not leads:
            place.turn.acquire()
        if not place.done:
            self._lead()
        if place.failed is not None:
            raise _own(place.failed) from place.failed

    def _lead(self) -> None:
        """Commit the group that stands first, the leader in it, and hand the lead to the one after it."""
        with self._lock:
            group, self._queue = self._queue[: self._most], self._queue[self._most :]
        try:
            self._commit([place.item for place in group])
        except BaseException as error:  # noqa: BLE001 - whatever ends the leader must not leave the others waiting
            for place in group:
                place.failed = error
        with self._lock:
            following = self._queue[0] if self._queue else None
            self._led = following is not None
        for place in group:
            place.done = True
            place.turn.release()
        if following is not None:
            following.turn.release()


def _own(error: BaseException) -> BaseException:
    """An error for this thread alone: one object raised in many threads would mix up their tracebacks."""
    if isinstance(error, TongpingError):
        return type(error)(error.code, **error.values)
    return error if isinstance(error, Exception) else UnavailableError("log-interrupted")
