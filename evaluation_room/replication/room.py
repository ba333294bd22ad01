"""The room behind a connection: the port a desk implements, and the one thread per session that calls it, in order."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol, TypeVar

from evaluation_room.replication.messages import Frontier, Heads
from records.canonical import MAX_INTEGER
from records.ids import Author, Digest, SessionId
from records.room_entry import SignedEntry

_T = TypeVar("_T")


class RoomPort(Protocol):
    """The port that replication needs of a desk. All calls are synchronous, thread-safe and durable when they return.

    An unknown session has an empty frontier, and takes its first entry like any other.
    """

    def frontier(self, session: SessionId) -> Mapping[Author, int]:
        """Per author the highest sequence number held; nothing is missing below it."""
        ...

    def heads(self, session: SessionId) -> Mapping[Author, Digest]:
        """Per author the hash of the entry the frontier names."""
        ...

    def entries_after(self, session: SessionId, frontier: Mapping[Author, int], limit: int) -> Sequence[SignedEntry]:
        """The oldest entries beyond the frontier, at most `limit`, in the order this desk took them.

        That order is safe for any receiver: everything an entry relies on was taken here before it.
        """
        ...

    def take(self, signed: SignedEntry, *, source: str) -> object:
        """Check and commit one entry; taking the same entry again changes nothing and raises nothing.

        Raises EvidenceMismatchError("chain-fork") for another entry in a place already filled or on another
        predecessor, UnavailableError for what may work later, and any other TongpingError as a final refusal.
        """
        ...

    def on_taken(self, callback: Callable[[SignedEntry], None]) -> Callable[[], None]:
        """Call back after every commit, from any thread; the returned function ends that."""
        ...


class Room:
    """One session of a port, for the event loop: calls run one after the other in their own thread."""

    def __init__(self, port: RoomPort, session: SessionId, executor: Executor | None = None) -> None:
        self.session = session
        self._port = port
        self._executor = executor or ThreadPoolExecutor(1, thread_name_prefix=f"room-{session}")

    async def positions(self) -> tuple[Frontier, Heads]:
        """The frontier and the heads of one moment."""
        return await self._call(self._positions)

    async def after(self, frontier: Frontier, limit: int) -> Sequence[SignedEntry]:
        return await self._call(lambda: self._port.entries_after(self.session, frontier, limit))

    async def take(self, signed: SignedEntry, source: str) -> None:
        await self._call(lambda: self._port.take(signed, source=source))

    async def differing(self, frontier: Frontier, heads: Heads) -> frozenset[Author]:
        """The authors whose entry here, at the place the frontier names, is not the one the heads name."""
        return await self._call(lambda: differing(self._port, self.session, frontier, heads))

    async def ask(self, question: Callable[[SessionId], _T]) -> _T:
        """The result of another call about this session, in order with the calls above."""
        return await self._call(lambda: question(self.session))

    def on_taken(self, callback: Callable[[SignedEntry], None]) -> Callable[[], None]:
        """Call back in the running event loop for every entry of this session."""
        loop = asyncio.get_running_loop()

        def hand_over(signed: SignedEntry) -> None:
            if signed.entry.session == self.session:
                with suppress(RuntimeError):  # the loop has ended; nobody is connected any more
                    loop.call_soon_threadsafe(callback, signed)

        return self._port.on_taken(hand_over)

    async def close(self) -> None:
        """Let the call in progress end and release the thread."""
        await asyncio.to_thread(self._executor.shutdown)

    async def _call(self, function: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, function)

    def _positions(self) -> tuple[Frontier, Heads]:
        """Read until nothing was taken in between; chains only grow, so equal frontiers mean a consistent state."""
        while True:
            frontier, heads = self._port.frontier(self.session), self._port.heads(self.session)
            if frontier == self._port.frontier(self.session):
                return frontier, heads


def differing(port: RoomPort, session: SessionId, frontier: Frontier, heads: Heads) -> frozenset[Author]:
    """The authors whose entry in the port, at the place the frontier names, is not the one the heads name."""
    return frozenset(a for a, seq in frontier.items() if _hash(port, session, a, seq) != heads[a])


def _hash(port: RoomPort, session: SessionId, author: Author, seq: int) -> Digest | None:
    """The hash of an entry, by the port's own means: of the last one the head, of a missing one the next one's link.

    A seat stores none of the entries from before its present member, only the last one's place and hash.
    """
    frontier = port.frontier(session)
    if frontier.get(author) == seq:
        return port.heads(session).get(author)
    found = port.entries_after(session, dict.fromkeys(frontier, MAX_INTEGER) | {author: seq - 1}, 1)
    if not found:
        return None
    entry = found[0].entry
    return {seq: entry.hash, seq + 1: entry.previous}.get(entry.seq)
