"""All connections of one node: which venues and seats of which session are joined, and what each venue has confirmed.

The node's composition root makes one `Switchboard` inside the running event loop and uses nothing else of this package:

    switchboard = Switchboard(desk, centre=CentreCode("XA"), stage=..., clock=..., jitter=random.random)
    switchboard.connect(session, CentreCode("JN"), signal)        # guest: keep the host connected from now on
    switchboard.expect(session, CentreCode("XA"))                 # host: a guest will connect (down until it does)
    answer = await switchboard.accept(session, peer, offer)       # host: POST /peer/v1/links/{session}/signal
    answer = await switchboard.accept_seat(session, seat, offer)  # POST /api/v1/room/{session}/signal
    await switchboard.close()                                     # end of the lifespan

Everything here belongs to the event loop, and only the desk's own calls run in a thread, one per session. What only
looks (`links`, `confirmed`, `waiting`, `seats`, `alarms`) may be called from any thread.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from evaluation_room.replication.channel import Gate, Relay, Signal
from evaluation_room.replication.effects import Alarm
from evaluation_room.replication.link import Link, Signalling
from evaluation_room.replication.messages import Changed, Frontier, LinkStatus, Venues
from evaluation_room.replication.protocol import Terms
from evaluation_room.replication.room import Room, RoomPort
from evaluation_room.replication.seat import SeatGateway
from records.ids import CentreCode, SeatId, SessionId

PUBLISH_SECONDS = 0.1
"""Changes within this time are reported together."""


@dataclass(slots=True, kw_only=True)
class _Board:
    """The connections of one session."""

    room: Room
    seats: SeatGateway
    links: dict[CentreCode, Link] = field(default_factory=dict)
    through: dict[CentreCode, Venues] = field(default_factory=dict)
    """Per directly connected venue its last message about the others."""
    last_sent: dict[CentreCode, Venues] = field(default_factory=dict)
    timer: asyncio.TimerHandle | None = None


class Switchboard:
    """One per node. `stage` returns a session's present stage (called in a thread); `jitter` returns 0 ≤ x < 1."""

    def __init__(
        self,
        port: RoomPort,
        *,
        centre: CentreCode,
        stage: Callable[[SessionId], str],
        clock: Callable[[], datetime],
        jitter: Callable[[], float],
        relays: Sequence[Relay] = (),
    ) -> None:
        self._port = port
        self._centre = centre
        self._stage = stage
        self._clock = clock
        self._jitter = jitter
        self._relays = relays
        self._boards: dict[SessionId, _Board] = {}
        self._gates: dict[CentreCode, Gate] = {}
        self.on_alarm: Callable[[SessionId, CentreCode, Alarm], None] = lambda _session, _peer, _alarm: None
        """Called for every fork and every entry that one venue took and another refused."""
        self.on_claimed: Callable[[SessionId, CentreCode, Frontier], None] = lambda _session, _peer, _frontier: None
        """Called with a venue's stated heads whenever a connection to it has opened."""
        self.on_change: Callable[[SessionId], None] = lambda _session: None
        """Called when the links or confirmations of a session have changed."""

    # --- joining ------------------------------------------------------------------------------------------------

    def connect(self, session: SessionId, peer: CentreCode, signal: Signalling) -> None:
        """Keep a connection to the host from now on. Calling again for the same venue changes nothing."""
        board = self._board(session)
        if peer not in board.links:
            self._add(board, session, peer, connects=True).keep(signal)

    def expect(self, session: SessionId, peer: CentreCode) -> None:
        """Expect a guest to connect."""
        board = self._board(session)
        if peer not in board.links:
            self._add(board, session, peer, connects=False)

    async def accept(self, session: SessionId, peer: CentreCode, offer: Signal) -> Signal:
        """Answer a guest's offer. The caller has authenticated the guest and checked that it belongs to the session.

        Raises InvalidRecordError("bad-signal"), UnavailableError: venue-unreachable, no-network-candidate.
        """
        self.expect(session, peer)
        return await self._board(session).links[peer].accept(offer)

    async def accept_seat(self, session: SessionId, seat: SeatId, offer: Signal) -> Signal:
        """Answer the offer of a seat's browser; see SeatGateway.accept."""
        return await self._board(session).seats.accept(seat, offer)

    # --- looking ------------------------------------------------------------------------------------------------

    def links(self, session: SessionId) -> dict[CentreCode, LinkStatus]:
        """The connection state of every other venue of the session, those behind the host included."""
        board = self._boards.get(session)
        if board is None:
            return {}
        return {**self._indirect(board), **{peer: link.status for peer, link in list(board.links.items())}}

    def confirmed(self, session: SessionId) -> dict[CentreCode, Frontier]:
        """Up to where each other venue has committed each chain."""
        board = self._boards.get(session)
        if board is None:
            return {}
        confirmed = {code: seen for message in list(board.through.values()) for code, seen in message.confirmed.items()}
        confirmed.pop(self._centre, None)
        return {**confirmed, **{peer: link.confirmed for peer, link in list(board.links.items())}}

    def waiting(self, session: SessionId, peer: CentreCode) -> int:
        """Entries held here that the other venue has not confirmed; reads the desk."""
        seen = self.confirmed(session).get(peer, {})
        return sum(max(0, seq - seen.get(author, 0)) for author, seq in self._port.frontier(session).items())

    def seats(self, session: SessionId) -> dict[SeatId, LinkStatus]:
        """The connection state of the own centre's seats; a seat that never connected is missing."""
        board = self._boards.get(session)
        return board.seats.statuses() if board else {}

    def alarms(self, session: SessionId) -> dict[CentreCode, tuple[Alarm, ...]]:
        """The forbidden events that occurred, per venue; empty when all is well."""
        board = self._boards.get(session)
        return {peer: link.alarms for peer, link in list(board.links.items()) if link.alarms} if board else {}

    def reasons(self, session: SessionId) -> dict[CentreCode, str]:
        """Per venue that is not connected, the code of the last failure; absent where no attempt was made yet."""
        board = self._boards.get(session)
        return {peer: link.reason for peer, link in list(board.links.items()) if link.reason} if board else {}

    # --- ending -------------------------------------------------------------------------------------------------

    def partition(self, peer: CentreCode, *, on: bool) -> None:
        """Cut or mend the cable to another venue: every packet is lost both ways and signalling is refused."""
        self._gate(peer).shut = on

    async def leave(self, session: SessionId) -> None:
        """End all connections of one session."""
        board = self._boards.pop(session, None)
        if board is None:
            return
        if board.timer is not None:
            board.timer.cancel()
        await asyncio.gather(board.seats.stop(), *(link.stop() for link in board.links.values()))
        await board.room.close()

    async def close(self) -> None:
        """End everything; returns when tasks, sockets and threads are released."""
        await asyncio.gather(*(self.leave(session) for session in list(self._boards)))

    # --- inside -------------------------------------------------------------------------------------------------

    def _board(self, session: SessionId) -> _Board:
        if session not in self._boards:
            room = Room(self._port, session)
            seats = SeatGateway(room, stage=self._stage, clock=self._clock, relays=self._relays)
            seats.on_change = lambda: self.on_change(session)
            self._boards[session] = _Board(room=room, seats=seats)
        return self._boards[session]

    def _add(self, board: _Board, session: SessionId, peer: CentreCode, *, connects: bool) -> Link:
        link = Link(
            board.room,
            Terms.venue(session, connects=connects),
            source=f"centre:{peer}",
            clock=self._clock,
            jitter=self._jitter,
            gate=self._gate(peer),
            relays=self._relays,
        )
        link.on_change = lambda: self._changed(session)
        link.on_opened = lambda: self._forget_told(board, peer)
        link.on_claimed = lambda frontier: self.on_claimed(session, peer, frontier)
        link.on_notice = lambda message: self._receive(session, peer, message)
        link.on_alarm = lambda alarm: self.on_alarm(session, peer, alarm)
        board.links[peer] = link
        return link

    def _gate(self, peer: CentreCode) -> Gate:
        return self._gates.setdefault(peer, Gate())

    def _receive(self, session: SessionId, peer: CentreCode, message: Venues | Changed) -> None:
        """Only the venue we connect to, the host, may report about others; that is shown, never relied on."""
        board = self._boards.get(session)
        if isinstance(message, Venues) and board is not None and not board.links[peer].answers:
            board.through[peer] = message
            self._changed(session)

    def _indirect(self, board: _Board) -> dict[CentreCode, LinkStatus]:
        """Venues behind a direct one: never in a better state than the link that reports them."""
        found = {}
        for peer, message in list(board.through.items()):
            direct = board.links[peer].status
            for code, status in message.links.items():
                if code != self._centre and code not in board.links:
                    found[code] = status if direct.state == "connected" else direct
        return found

    def _forget_told(self, board: _Board, peer: CentreCode) -> None:
        board.last_sent.pop(peer, None)

    def _changed(self, session: SessionId) -> None:
        board = self._boards.get(session)
        if board is not None and board.timer is None:
            loop = asyncio.get_running_loop()
            board.timer = loop.call_later(PUBLISH_SECONDS, self._publish, session)

    def _publish(self, session: SessionId) -> None:
        board = self._boards[session]
        board.timer = None
        links, confirmed = self.links(session), self.confirmed(session)
        board.seats.publish(links, confirmed)
        for peer, link in board.links.items():
            self._tell_others(board, peer, link, Venues(links=links, confirmed=confirmed))
        self.on_change(session)

    def _tell_others(self, board: _Board, peer: CentreCode, link: Link, everything: Venues) -> None:
        """Tell a guest about the other guests."""
        others = {code: status for code, status in everything.links.items() if code != peer}
        seen = {code: frontier for code, frontier in everything.confirmed.items() if code != peer}
        message = Venues(links=others, confirmed=seen)
        if others and link.answers and link.connected and board.last_sent.get(peer) != message:
            board.last_sent[peer] = message
            link.send(message)
