"""A venue as a process of its own, for tests that cut and kill: a real desk on SQLite, real WebRTC, one writing seat.

    python -m tests.faults.replication.replication_node CENTRE DIRECTORY PORT HOST_PORT SEAT COUNT

It listens for signalling on its port: of its seats, and at the host of the guest. Commands arrive on standard input
(`cut`, `mend`, `stop`), news leaves on standard output: `kept <seq>` after each entry of the seat committed here,
`up`, `lost`, `confirmed <seq>` for what the other venue has committed of the seat's chain.
"""

import asyncio
import json
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import SQLModel

from evaluation_room.desk import RoomDesk
from evaluation_room.replication.channel import Signal
from evaluation_room.replication.switchboard import Switchboard
from journal import Journal, open_engine
from records.canonical import Value
from records.errors import TongpingError, UnavailableError
from records.ids import Author, CentreCode, instant
from records.room_entry import sign
from tests.unit.evaluation_room.rooms import SESSION, key

HOST, GUEST = CentreCode("JN"), CentreCode("XA")


def now() -> datetime:
    return datetime.now(UTC)


def open_desk(directory: Path, centre: CentreCode) -> RoomDesk:
    """The desk of a centre on its database in this directory."""
    directory.mkdir(parents=True, exist_ok=True)
    engine = open_engine(f"sqlite:///{directory / 'centre.db'}")
    SQLModel.metadata.create_all(engine)
    return RoomDesk(Journal(engine, centre, clock=now, randomness=os.urandom), centre, key(f"centre:{centre}"))


def say(*words: object) -> None:
    print(*words, flush=True)


def score(cell: tuple[str, str]) -> dict[str, Value]:
    return {"bidder": cell[0], "item": cell[1], "points": 500}


async def write(desk: RoomDesk, seat: Author, count: int) -> None:
    """Score as long as there is something to score, wherever the chain stands."""
    cells = desk.session(SESSION).definition.cells
    while (seq := desk.session(SESSION).chain(seat).seq) < count:
        entry = desk.session(SESSION).next_entry(
            seat, "score-entered", score(cells[seq % len(cells)]), at=instant(now())
        )
        await asyncio.to_thread(desk.take, sign(entry, key(seat)), source=str(seat))
        say("kept", entry.seq)
        await asyncio.sleep(0.01)


async def listen(board: Switchboard, port: int) -> asyncio.Server:
    """Signalling: one line of JSON asks, one answers."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(TongpingError, ConnectionError):
            asked = json.loads(await reader.readline())
            offer = Signal(asked["type"], asked["sdp"])
            seat = asked["seat"]
            answer = await (board.accept_seat(SESSION, seat, offer) if seat else board.accept(SESSION, GUEST, offer))
            writer.write(json.dumps({"type": answer.type, "sdp": answer.sdp}).encode() + b"\n")
            await writer.drain()
        writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", port, limit=2**18)


async def call(offer: Signal, port: int, seat: str = "") -> Signal:
    """Ask the node on this port for an answer, as a seat or as the guest."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**18)
        writer.write(json.dumps({"type": offer.type, "sdp": offer.sdp, "seat": seat}).encode() + b"\n")
        line = await reader.readline()
        writer.close()
        return Signal(**json.loads(line))
    except (OSError, ValueError) as error:
        raise UnavailableError("peer-unreachable") from error


def report(board: Switchboard, peer: CentreCode, seat: Author) -> None:
    say("up" if board.links(SESSION)[peer].state == "connected" else "lost")
    say("confirmed", board.confirmed(SESSION)[peer].get(seat, 0))


async def obey(board: Switchboard, peer: CentreCode) -> None:
    """Commands until the end of the input."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while (line := (await reader.readline()).decode().strip()) not in {"stop", ""}:
        board.partition(peer, on=line == "cut")


async def live(centre: CentreCode, directory: Path, ports: tuple[int, int], seat: Author, count: int) -> None:
    peer = GUEST if centre == HOST else HOST
    desk = open_desk(directory, centre)
    board = Switchboard(desk, centre=centre, stage=lambda _: "DETAILED", clock=now, jitter=lambda: 0.5)
    board.on_change = lambda _session: report(board, peer, seat)
    server = await listen(board, ports[0])
    if centre == GUEST:
        board.connect(SESSION, HOST, lambda offer: call(offer, ports[1]))
    writing = asyncio.create_task(write(desk, seat, count))
    await obey(board, peer)
    writing.cancel()
    server.close()
    await board.close()


if __name__ == "__main__":
    _, code, where, own, at_host, speaker, most = sys.argv
    asyncio.run(live(CentreCode(code), Path(where), (int(own), int(at_host)), Author(speaker), int(most)))
