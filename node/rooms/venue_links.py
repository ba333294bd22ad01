"""The connections of this centre's sessions: made inside the running application, signalled by signed requests."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from evaluation_room.answers.room import SignalOut
from evaluation_room.desk import RoomDesk
from evaluation_room.replication.channel import Signal
from evaluation_room.replication.effects import Alarm
from evaluation_room.replication.messages import LinkStatus
from evaluation_room.replication.switchboard import Switchboard
from evaluation_room.session.session import Session
from evaluation_room.stages import ENDED
from node.http.versions import PEER
from records.errors import NotPermittedError, UnavailableError
from records.ids import CentreCode, SeatId, SessionId, parse_session
from records.room_entry import SignedEntry

Post = Callable[[CentreCode, str, Mapping[str, Any]], dict[str, Any]]
"""PeerClient.post. Any: JSON, checked where it is read."""
_log = structlog.get_logger(__name__)


class SignalIn(BaseModel):
    type: str = Field(max_length=16)
    sdp: str = Field(max_length=64 * 1024)


class Links:
    """Connects every session that is not over, and every new one as soon as its first entry is taken."""

    def __init__(self, room: RoomDesk, *, centre: CentreCode, post: Post, clock: Callable[[], datetime]) -> None:
        self._room = room
        self._centre = centre
        self._post = post
        self._clock = clock
        self._board: Switchboard | None = None

    async def open(self) -> None:
        """Called once, inside the event loop that carries the connections."""
        loop = asyncio.get_running_loop()
        self._board = Switchboard(
            self._room,
            centre=self._centre,
            stage=lambda session: self._room.session(session).label,
            clock=self._clock,
            jitter=random.random,
        )
        self._board.on_alarm = _alarm
        self._board.on_claimed = self._room.note_frontier

        def on_entry(signed: SignedEntry) -> None:
            if signed.entry.kind == "session-opened" and not loop.is_closed():
                session = self._room.session(signed.entry.session)
                loop.call_soon_threadsafe(self._join, session)

        self._quiet = self._room.on_taken(on_entry)
        for session in await run_in_threadpool(self._room.sessions):
            if session.stage not in ENDED:
                self._join(session)

    async def close(self) -> None:
        self._quiet()
        await self.board.close()

    @property
    def board(self) -> Switchboard:
        if self._board is None:
            raise UnavailableError("links-not-open")
        return self._board

    def statuses(self, session: SessionId) -> dict[CentreCode, LinkStatus]:
        """The connection state of every other venue; empty while the application does not run."""
        return self._board.links(session) if self._board else {}

    def all_statuses(self, session: SessionId) -> dict[str, LinkStatus]:
        """Venues by their code and the own centre's seats by their id."""
        venues: dict[str, LinkStatus] = {str(code): status for code, status in self.statuses(session).items()}
        seats = self._board.seats(session) if self._board else {}
        return venues | {str(seat): status for seat, status in seats.items()}

    async def accept_seat(self, session: SessionId, seat: SeatId, offer: Signal) -> Signal:
        return await self.board.accept_seat(session, seat, offer)

    def alarms(self, session: SessionId) -> dict[CentreCode, tuple[Alarm, ...]]:
        return self._board.alarms(session) if self._board else {}

    async def accept(self, session: SessionId, peer: CentreCode, offer: Signal) -> Signal:
        """The host's answer to a guest that takes part in the session."""
        known = await run_in_threadpool(self._room.session, session)
        guests = {guest.code for guest in known.definition.guests}
        if known.definition.host.code != self._centre or peer not in guests:
            raise NotPermittedError("not-a-venue", session=session, centre=peer)
        return await self.board.accept(session, peer, offer)

    def _join(self, session: Session) -> None:
        host = session.definition.host.code
        if host == self._centre:
            for guest in session.definition.guests:
                self.board.expect(session.id, guest.code)
        else:
            self.board.connect(session.id, host, self._signalling(session.id, host))

    def _signalling(self, session: SessionId, host: CentreCode) -> Callable[[Signal], Awaitable[Signal]]:
        path = f"{PEER}/links/{session}/signal"

        async def signal(offer: Signal) -> Signal:
            message = {"type": offer.type, "sdp": offer.sdp}
            answer = await run_in_threadpool(self._post, host, path, message)
            return Signal(type=str(answer.get("type")), sdp=str(answer.get("sdp")))

        return signal


def _alarm(session: SessionId, peer: CentreCode, alarm: Alarm) -> None:
    _log.error("link alarm", session=session, peer=peer, alarm=type(alarm).__name__, code=alarm.code)


def peer_routes(links: Links, peer: Callable[[Request], Awaitable[CentreCode]]) -> APIRouter:
    router = APIRouter(tags=["peers"])

    @router.post("/links/{session}/signal", response_model=SignalOut)
    async def signal(session: str, body: SignalIn, sender: Annotated[CentreCode, Depends(peer)]) -> dict[str, str]:
        answer = await links.accept(parse_session(session), sender, Signal(type=body.type, sdp=body.sdp))
        return {"type": answer.type, "sdp": answer.sdp}

    return router
