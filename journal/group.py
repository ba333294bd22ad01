"""Group commit: many threads share one commit, made by the first of them for all that have arrived.

It needs no thread and no clock: while one group is being written the next one gathers, so groups grow with the load,
and a single caller never waits.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from records.errors import TongpingError, UnavailableError

T = TypeVar("T")


class Place(Generic[T]):
    """One item in the queue; its caller waits at `turn` until it is committed or has to lead."""

    __slots__ = ("done", "failed", "item", "turn", "waited_for")

    def __init__(self, item: T) -> None:
        self.item = item
        self.turn = threading.Lock()
        self.turn.acquire()
        self.waited_for = False
        self.done = False
        self.failed: BaseException | None = None


class Group(Generic[T]):
    """`commit` is called with one group at a time, in the order in which they came, `most` items at the most."""

    def __init__(self, commit: Callable[[Sequence[T]], None], most: int) -> None:
        self._commit = commit
        self._most = most
        self._lock = threading.Lock()
        self._queue: list[Place[T]] = []
        self._led = False

    def join(self, item: T) -> None:
        """Return when the commit of this item has returned; raise the error with which it failed."""
        self.wait(self.enter(item))

    def enter(self, item: T) -> Place[T]:
        """Put an item into the queue without waiting: it goes with the next group that anybody waits for."""
        place = Place(item)
        with self._lock:
            self._queue.append(place)
        return place

    def wait(self, place: Place[T]) -> None:
        """As `join`, for an item that is in the queue, or was; to be called once."""
        with self._lock:
            place.waited_for = not place.done and self._led
            leads = not place.done and not self._led
            self._led = self._led or leads
        if place.waited_for:
            place.turn.acquire()
            leads = not place.done  # otherwise another leader took it along
        if leads:
            self._lead(place)
        if place.failed is not None:
            raise _own(place.failed) from place.failed

    def _lead(self, own: Place[T]) -> None:
        """Commit group after group until the own item is done, then hand the lead to the next caller."""
        while not own.done:
            with self._lock:
                group, self._queue = self._queue[: self._most], self._queue[self._most :]
            try:
                self._commit([place.item for place in group])
            except BaseException as error:  # noqa: BLE001 - an error of the leader must not leave the others waiting
                for place in group:
                    place.failed = error
            with self._lock:  # nobody may begin to wait between `done` and the release that goes with it
                for place in group:
                    place.done = True
            for place in group:
                place.turn.release()
        with self._lock:
            following = next((place for place in self._queue if place.waited_for), None)
            self._led = following is not None
        if following is not None:
            following.turn.release()


def _own(error: BaseException) -> BaseException:
    """An error for this thread alone: one object raised in many threads would mix up their tracebacks."""
    if isinstance(error, TongpingError):
        return type(error)(error.code, **error.values)
    return error if isinstance(error, Exception) else UnavailableError("log-interrupted")
