"""The seats of one session at their own centre: each browser sends its own chain and receives no other entries."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime

import structlog

from evaluation_room.replication.channel import Relay, Signal
from evaluation_room.replication.link import Link
from evaluation_room.replication.messages import Changed, Frontier, LinkStatus, Venues
from evaluation_room.replication.protocol import Terms
from evaluation_room.replication.room import Room
from records.ids import Author, CentreCode, SeatId, SessionId
from records.room_entry import SignedEntry

SHOWN_BY_SEATS = frozenset({"undertaking-signed", "report-consented"})
"""Kinds of seat entries that appear in everybody's view.

Scores and locks do not: the time of another's score or lock must stay unknown until one's own sheet is locked.
"""

_log = structlog.get_logger(__name__)


class SeatGateway:
    """Accepts the browsers of the seats of one session and keeps them informed."""

    def __init__(
        self,
        room: Room,
        *,
        stage: Callable[[SessionId], str],
        clock: Callable[[], datetime],
        relays: Sequence[Relay] = (),
    ) -> None:
        self._room = room
        self._stage = stage
        self._clock = clock
        self._relays = relays
        self._links: dict[SeatId, Link] = {}
        self._last_sent: dict[SeatId, Venues] = {}
        self._statuses: Mapping[CentreCode, LinkStatus] = {}
        self._confirmed: Mapping[CentreCode, Frontier] = {}
        self._quiet = room.on_taken(self._taken)
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_change: Callable[[], None] = lambda: None
        """Called when a seat has connected or been lost."""

    async def accept(self, seat: SeatId, offer: Signal) -> Signal:
        """Answer a browser's offer. The caller has checked that this person sits on this seat.

        A second browser of the same seat replaces the first, which gets `superseded`. Raises
        InvalidRecordError("bad-signal"), UnavailableError("no-network-candidate").
        """
        return await self._link(seat).accept(offer)

    def statuses(self) -> dict[SeatId, LinkStatus]:
        """The connection state of every seat that ever connected here."""
        return {seat: link.status for seat, link in list(self._links.items())}

    def publish(self, statuses: Mapping[CentreCode, LinkStatus], confirmed: Mapping[CentreCode, Frontier]) -> None:
        """Send each seat the other venues' states and what each has confirmed of the seat's own chain."""
        self._statuses, self._confirmed = statuses, confirmed
        for seat in self._links:
            self._tell_venues(seat)

    async def stop(self) -> None:
        self._quiet()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *(link.stop() for link in self._links.values()), return_exceptions=True)

    def _link(self, seat: SeatId) -> Link:
        if seat not in self._links:
            terms = Terms.gateway(self._room.session, Author(f"seat:{seat}"))
            source = f"seat:{seat}"
            link = Link(self._room, terms, source=source, clock=self._clock, jitter=_none, relays=self._relays)
            link.on_opened = lambda: self._opened(seat)
            link.on_change = self._changed
            self._links[seat] = link
        return self._links[seat]

    def _changed(self) -> None:
        self.on_change()

    def _opened(self, seat: SeatId) -> None:
        self._last_sent.pop(seat, None)
        self._tell_venues(seat)
        self._spawn(self._tell_stage([seat]))

    def _tell_venues(self, seat: SeatId) -> None:
        """The news for this seat: of the frontiers only its own place."""
        author = Author(f"seat:{seat}")
        own = {code: {author: seen[author]} for code, seen in self._confirmed.items() if seen.get(author)}
        message = Venues(links=self._statuses, confirmed=own)
        if self._links[seat].connected and self._last_sent.get(seat) != message:
            self._last_sent[seat] = message
            self._links[seat].send(message)

    def _taken(self, signed: SignedEntry) -> None:
        entry = signed.entry
        if entry.author.startswith("centre:") or entry.kind in SHOWN_BY_SEATS:
            self._spawn(self._tell_stage(list(self._links)))

    async def _tell_stage(self, seats: Sequence[SeatId]) -> None:
        """In the session's own thread, so that the stage sent last is the latest."""
        stage = await self._room.ask(self._stage)
        for seat in seats:
            self._links[seat].send(Changed(stage=stage))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.warning("a seat was not told of a change", exc_info=error, session=self._room.session)


def _none() -> float:
    """The answering end never waits, so it needs no jitter."""
    return 0.0
