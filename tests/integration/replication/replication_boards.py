"""Switchboards and seats inside one process, connected directly, and a check of leftover resources."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from evaluation_room.replication.channel import Signal
from evaluation_room.replication.client import SeatClient
from evaluation_room.replication.link import Signalling
from evaluation_room.replication.switchboard import Switchboard
from records.ids import Author, CentreCode, SeatId
from tests.unit.evaluation_room.replication.memory_room import KEYS, SESSION, MemoryRoom

JN, XA, DL = CentreCode("JN"), CentreCode("XA"), CentreCode("DL")


def now() -> datetime:
    return datetime.now(UTC)


def half() -> float:
    return 0.5


def board(room: MemoryRoom, centre: CentreCode) -> Switchboard:
    return Switchboard(room, centre=centre, stage=lambda _session: "DETAILED", clock=now, jitter=half)


def to_venue(host: Switchboard, guest: CentreCode) -> Signalling:
    async def signal(offer: Signal) -> Signal:
        return await host.accept(SESSION, guest, offer)

    return signal


def to_seat(centre: Switchboard, seat: str) -> Signalling:
    async def signal(offer: Signal) -> Signal:
        return await centre.accept_seat(SESSION, SeatId(seat), offer)

    return signal


def client(author: Author) -> SeatClient:
    seat = SeatId(author.removeprefix("seat:"))
    return SeatClient(session=SESSION, seat=seat, key=KEYS[author], clock=now, jitter=half)


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # what is awaited has no event of its own
            await asyncio.sleep(0.02)


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """Tasks and sockets are the same before and after, and no room keeps its thread."""
    tasks, sockets = asyncio.all_tasks(), _sockets()
    yield
    await until(lambda: asyncio.all_tasks() <= tasks and _sockets() <= sockets and not _room_threads(), 5)


def _sockets() -> set[str]:
    found = set()
    for file in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that was open for this very look
            found.add(str(file.readlink()))
    return {name for name in found if name.startswith("socket:")}


def _room_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("room-")]


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def guarded() -> None:
        await asyncio.to_thread(lambda: None)
        async with asyncio.timeout(60), nothing_left():
            await test()

    asyncio.run(guarded())
