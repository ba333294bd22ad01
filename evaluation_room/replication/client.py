"""A seat's end of the protocol in Python, as the browser has it in TypeScript: for tests and the demo's experts."""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from evaluation_room.replication.effects import Alarm, Behind
from evaluation_room.replication.link import Link, Signalling
from evaluation_room.replication.messages import Changed, Frontier, LinkStatus, Venues
from evaluation_room.replication.protocol import FORK, Terms
from evaluation_room.replication.room import Room
from evaluation_room.session import entry_times
from records.canonical import Value
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    NotPermittedError,
    TongpingError,
    WrongStageError,
)
from records.ids import ZERO_DIGEST, Author, CentreCode, Digest, SeatId, SessionId, instant
from records.room_entry import RoomEntry, SignedEntry, sign

Base = tuple[int, Digest]
"""Place and hash of the entry after which a member's own part of the seat's chain begins."""
EMPTY: Final[Base] = (0, ZERO_DIGEST)


class EntryRefusedError(InvalidRecordError):
    """The own centre refused an entry; code and values are the centre's."""


class Outbox:
    """The seat's own chain, confirmed or not: the room behind a client's connection (a RoomPort)."""

    def __init__(
        self, session: SessionId, author: Author, chain: Sequence[SignedEntry] = (), base: Base = EMPTY
    ) -> None:
        self._session = session
        self._author = author
        self._chain = list(chain)
        self._base = base
        self._lock = threading.Lock()
        self._callback: Callable[[SignedEntry], None] = lambda _signed: None

    @property
    def chain(self) -> tuple[SignedEntry, ...]:
        with self._lock:
            return tuple(self._chain)

    def position(self) -> tuple[int, Digest]:
        """The place and hash of the last entry."""
        chain = self.chain
        return (chain[-1].entry.seq, chain[-1].entry.hash) if chain else self._base

    def append(self, signed: SignedEntry) -> None:
        """Store the entry, then have it sent."""
        with self._lock:
            self._chain.append(signed)
        self._callback(signed)

    def cut(self, seq: int) -> None:
        """Withdraw everything after `seq`."""
        with self._lock:
            del self._chain[max(0, seq - self._base[0]) :]

    def frontier(self, session: SessionId) -> Mapping[Author, int]:
        seq, _head = self.position()
        return {self._author: seq} if seq and session == self._session else {}

    def heads(self, session: SessionId) -> Mapping[Author, Digest]:
        seq, head = self.position()
        return {self._author: head} if seq and session == self._session else {}

    def entries_after(self, session: SessionId, frontier: Mapping[Author, int], limit: int) -> Sequence[SignedEntry]:
        after = frontier.get(self._author, 0)
        start = max(0, after - self._base[0])
        return self.chain[start : start + limit] if session == self._session else ()

    def at(self, seq: int) -> SignedEntry:
        """The entry at that place, written by this member."""
        return self.chain[seq - 1 - self._base[0]]

    def take(self, signed: SignedEntry, *, source: str) -> object:
        raise NotPermittedError("entries-not-wanted", author=signed.entry.author, source=source)

    def on_taken(self, callback: Callable[[SignedEntry], None]) -> Callable[[], None]:
        self._callback = callback
        return lambda: None


class SeatClient:
    """One expert at one seat, inside one event loop.

    `chain` holds the entries already written, confirmed or not. It begins after `base`: a seat's chain continues when
    its member is replaced, and the earlier member's entries are not shown.
    """

    def __init__(
        self,
        *,
        session: SessionId,
        seat: SeatId,
        key: ec.EllipticCurvePrivateKey,
        clock: Callable[[], datetime],
        jitter: Callable[[], float],
        chain: Sequence[SignedEntry] = (),
        base: Base = EMPTY,
    ) -> None:
        self.session = session
        self.author = Author(f"seat:{seat}")
        self.venues = Venues(links={}, confirmed={})
        self.stage = ""
        """The session's stage in the last message; empty before the first connection."""
        self._key = key
        self._clock = clock
        self._outbox = Outbox(session, self.author, chain, base)
        self._confirmed = 0
        self._waiting: dict[int, asyncio.Future[SignedEntry]] = {}
        self._fault: TongpingError | None = None
        self._news = asyncio.Event()
        self._room = Room(self._outbox, session)
        self._link = Link(self._room, Terms.seat(session, self.author), source="centre", clock=clock, jitter=jitter)
        self._link.on_notice = self._noticed
        self._link.on_alarm = self._alarmed
        self._link.on_behind = self._behind
        self._link.on_change = self._changed

    def connect(self, signal: Signalling) -> None:
        """Connect, and reconnect whenever the connection is lost. Await `until` for the next condition."""
        self._link.keep(signal)

    async def submit(self, kind: str, body: Mapping[str, Value], *, stage: str = "") -> SignedEntry:
        """Write, sign and store the next entry; return when the own centre has committed it, however long that takes.

        Raises EntryRefusedError with the centre's code; ConflictError("entry-superseded") when an entry before it was
        refused (submit again); WrongStageError("stage-unknown") before the first connection.
        """
        if self._fault is not None:
            raise self._fault
        if not (stage or self.stage):
            raise WrongStageError("stage-unknown")
        last, head = self._outbox.position()
        before = self.chain[-1].entry if self.chain else None
        at = entry_times.not_before(before, instant(self._clock()))
        entry = RoomEntry(
            session=self.session,
            author=self.author,
            seq=last + 1,
            previous=head,
            at=at,
            stage=stage or self.stage,
            kind=kind,
            body=dict(body),
        )
        signed = sign(entry, self._key)
        waiting = self._waiting[entry.seq] = asyncio.get_running_loop().create_future()
        self._outbox.append(signed)
        return await asyncio.shield(waiting)

    async def until(self, condition: Callable[["SeatClient"], bool]) -> None:
        """Return when the condition holds; it is checked after every change. Raises the client's fault."""
        while not condition(self):
            if self._fault is not None:
                raise self._fault
            self._news.clear()
            await self._news.wait()

    @property
    def status(self) -> LinkStatus:
        return self._link.status

    @property
    def waiting(self) -> int:
        """Own entries not yet known to be confirmed by the own centre."""
        return self._outbox.position()[0] - self._confirmed

    def waiting_at(self, centre: CentreCode) -> int:
        """Own entries another venue has not confirmed."""
        return self._outbox.position()[0] - self.venues.confirmed.get(centre, {}).get(self.author, 0)

    async def close(self) -> None:
        """Release the connection. Unconfirmed entries stay in `chain`."""
        await self._link.stop()
        await self._room.close()
        for waiting in self._waiting.values():
            waiting.cancel()

    @property
    def chain(self) -> tuple[SignedEntry, ...]:
        """The own entries, confirmed or not: give them to the next client of this seat."""
        return self._outbox.chain

    def _changed(self) -> None:
        self._confirm(self._link.confirmed)
        if self._link.reason == "superseded":
            self._fail(ConflictError("seat-opened-elsewhere"))
        self._news.set()

    def _confirm(self, frontier: Frontier) -> None:
        self._confirmed = max(self._confirmed, frontier.get(self.author, 0))
        for seq in [seq for seq in self._waiting if seq <= self._confirmed]:
            _settle(self._waiting.pop(seq), self._outbox.at(seq))

    def _noticed(self, message: Venues | Changed) -> None:
        if isinstance(message, Venues):
            self.venues = message
        else:
            self.stage = message.stage
        self._news.set()

    def _alarmed(self, alarm: Alarm) -> None:
        """An entry was refused: it and all after it are withdrawn, and the chain continues from the one before."""
        if alarm.code == FORK:
            self._fail(EvidenceMismatchError(FORK, author=alarm.author, seq=alarm.seq))
            return
        self._outbox.cut(alarm.seq - 1)
        seq, head = self._outbox.position()
        for later in [waiting for waiting in self._waiting if waiting >= alarm.seq]:
            first = later == alarm.seq
            error = EntryRefusedError(alarm.code, **alarm.values) if first else ConflictError("entry-superseded")
            _settle(self._waiting.pop(later), error)
        self._link.rewritten(self.author, seq, head if seq else None)
        self._news.set()

    def _behind(self, behind: Behind) -> None:
        """Someone else wrote on this chain: fetch it and start anew."""
        self._fail(ConflictError("chain-behind", author=behind.author, seq=behind.seq))

    def _fail(self, fault: TongpingError) -> None:
        self._fault = self._fault or fault
        for waiting in self._waiting.values():
            _settle(waiting, self._fault)
        self._waiting.clear()
        self._news.set()


def _settle(waiting: asyncio.Future[SignedEntry], outcome: SignedEntry | TongpingError) -> None:
    if waiting.done():
        return
    if isinstance(outcome, TongpingError):
        waiting.set_exception(outcome)
    else:
        waiting.set_result(outcome)
