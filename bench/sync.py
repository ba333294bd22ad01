"""From an expert's click in the guest city to the host's ledger, against a bare UDP datagram on the same interface."""

import asyncio
import socket
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.measure import ROUNDS, Bench, Figure, Pair, compared, percentile
from evaluation_room.desk import RoomDesk
from evaluation_room.replication.client import SeatClient
from evaluation_room.replication.switchboard import Switchboard
from evaluation_room.stages import Stage
from records.ids import Author, SeatId
from records.room_entry import SignedEntry
from tests.faults.replication.replication_node import GUEST, HOST, open_desk
from tests.integration.replication.replication_boards import half, now, to_seat, to_venue, until
from tests.unit.evaluation_room.rooms import SESSION, key, two_cities

CLICKS = 60
"""Per round; one after the other, since a person never clicks before the last click is saved."""
PAUSE_SECONDS = 0.02
LINK_MS = 30
SEAT = Author("seat:XA-1")


class Arrivals:
    """When the host committed each entry of the seat. Called from the desk's thread."""

    def __init__(self, host: RoomDesk) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[int, asyncio.Future[float]] = {}
        self.stop = host.on_taken(self._taken)

    def of(self, seq: int) -> asyncio.Future[float]:
        return self._waiting.setdefault(seq, self._loop.create_future())

    def _taken(self, signed: SignedEntry) -> None:
        at = time.perf_counter()
        if signed.entry.author == SEAT:
            self._loop.call_soon_threadsafe(lambda: self.of(signed.entry.seq).set_result(at))


class Datagram:
    """Two UDP sockets on the machine's own address; measures the one-way time of a datagram of an entry's size."""

    def __init__(self, address: str, size: int) -> None:
        self._receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._receiver.bind((address, 0))
        self._sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sender.connect(self._receiver.getsockname())
        self._content = bytes(size)

    def one_way(self) -> float:
        started = time.perf_counter()
        self._sender.send(self._content)
        self._receiver.recv(len(self._content))
        return (time.perf_counter() - started) * 1000

    def close(self) -> None:
        self._sender.close()
        self._receiver.close()


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory() as directory:
        say("two cities in the middle of scoring")
        host, guest = _desks(Path(directory))
        clicks, datagrams = asyncio.run(_measured(host, guest, say))
    return [figure for percent in (50, 99) for figure in _figures(clicks, datagrams, percent)]


def _figures(clicks: Sequence[Sequence[float]], datagrams: Sequence[Sequence[float]], percent: int) -> list[Figure]:
    ours = tuple(percentile(one, percent) for one in clicks)
    peer = tuple(percentile(one, percent) for one in datagrams)
    pair = Pair(ours=ours, peer=peer)
    distant = Pair(ours=tuple(LINK_MS + one for one in ours), peer=tuple(LINK_MS + one for one in peer))
    case = f"p{percent}, this machine's interface"
    link = f"p{percent}, with {LINK_MS} ms added to both by arithmetic"
    return [
        compared(pair, bench="sync", case=case, unit="ms"),
        compared(distant, bench="sync", case=link, unit="ms"),
    ]


def _desks(directory: Path) -> tuple[RoomDesk, RoomDesk]:
    desks = open_desk(directory / HOST, HOST), open_desk(directory / GUEST, GUEST)
    for venue, desk in zip(two_cities(Stage.DETAILED), desks, strict=True):
        for signed in venue.log:
            desk.take(signed, source="before")
    return desks


def _board(desk: RoomDesk, centre: str) -> Switchboard:
    code = HOST if centre == HOST else GUEST
    return Switchboard(desk, centre=code, stage=lambda session: desk.session(session).stage, clock=now, jitter=half)


async def _measured(
    host: RoomDesk, guest: RoomDesk, say: Callable[[str], None]
) -> tuple[list[list[float]], list[list[float]]]:
    """Per round the milliseconds of every click and of every datagram, alternating."""
    at_host, at_guest = _board(host, HOST), _board(guest, GUEST)
    chain = guest.session(SESSION).chain(SEAT).entries
    seat = SeatClient(session=SESSION, seat=SeatId("XA-1"), key=key(SEAT), clock=now, jitter=half, chain=chain)
    at_guest.connect(SESSION, HOST, to_venue(at_host, GUEST))
    seat.connect(to_seat(at_guest, "XA-1"))
    await seat.until(lambda one: one.stage == Stage.DETAILED)
    await until(lambda: at_guest.links(SESSION)[HOST].state == "connected")
    arrivals, datagram = Arrivals(host), Datagram(_own_address(), len(chain[-1].entry.encode()))
    clicks: list[list[float]] = []
    datagrams: list[list[float]] = []
    await _click(seat, arrivals, guest)  # the first one warms the connection
    for number in range(ROUNDS):
        say(f"round {number + 1} of {ROUNDS}")
        clicks.append([])
        datagrams.append([])
        for _ in range(CLICKS):
            clicks[-1].append(await _click(seat, arrivals, guest))
            datagrams[-1].append(datagram.one_way())
            await asyncio.sleep(PAUSE_SECONDS)
    arrivals.stop()
    datagram.close()
    await asyncio.gather(seat.close(), at_guest.close(), at_host.close())
    return clicks, datagrams


async def _click(seat: SeatClient, arrivals: Arrivals, guest: RoomDesk) -> float:
    """Milliseconds from the click to the host's commit."""
    cells, seq = guest.session(SESSION).definition.cells, len(seat.chain) + 1
    bidder, item = cells[seq % len(cells)]
    started = time.perf_counter()
    kept = seat.submit("score-entered", {"bidder": bidder, "item": item, "points": 500})
    arrived, _ = await asyncio.gather(arrivals.of(seq), kept)
    return (arrived - started) * 1000


def _own_address() -> str:
    """The address of the outgoing interface; nothing is sent. Loopback where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address reserved for documentation (RFC 5737)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


BENCH = Bench(
    name="sync",
    question="How long does a score take from the click in the guest city to the host city's ledger?",
    ours="seat → WebRTC → guest's desk (signature, rules, commit on disk) → WebRTC → host's desk (the same again)",
    peer="one UDP datagram of an entry's size, one way, on the same interface",
    not_shown=(
        "a long or lossy link: the goals (p50 ≤ 1.15×, p99 ≤ 3×) are for 30 ms with 0 and 1 % loss",
        "much by its bare ratio: a datagram inside one machine takes next to no time, so look at the milliseconds",
        f"rare delays: a round has {CLICKS} clicks, so its p99 is its slowest one",
        "a browser's own time before it sends; the seat here is the Python client",
        "two machines: both cities and the seat share one process and one event loop",
    ),
    run=run,
)
