"""Two venues in two processes: a cut of seconds, and SIGKILL in the middle of scoring. Nothing acknowledged is lost."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from evaluation_room.desk import RoomDesk
from evaluation_room.replication.client import SeatClient
from evaluation_room.stages import Stage
from records.ids import Author, CentreCode, SeatId
from records.room_entry import SignedEntry
from tests.faults.replication.replication_node import GUEST, HOST, call, now, open_desk
from tests.faults.replication.replication_node import score as score_cell
from tests.unit.evaluation_room.rooms import SESSION, key, two_cities

COUNT = 60
SEATS = {HOST: Author("seat:JN-1"), GUEST: Author("seat:XA-1")}
EXPERT = Author("seat:XA-2")
ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.xdist_group("replication")


@dataclass
class Node:
    """A venue's process, and all its output."""

    centre: CentreCode
    directory: Path
    port: int
    host_port: int
    goal: int
    """The last sequence number the seat of this venue writes."""
    news: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        seat = SEATS[self.centre]
        arguments = [self.centre, str(self.directory), str(self.port), str(self.host_port), seat, str(self.goal)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.replication.replication_node", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()

    def command(self, command: str) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.command("stop")
        try:
            assert self.process.wait(15) == 0
        finally:
            self.process.kill()
            self.process.wait()

    def last(self, word: str) -> int:
        """The highest number in the output after this word."""
        numbers = [int(found[1]) for line in list(self.news) if (found := re.fullmatch(rf"{word} (\d+)", line))]
        return max(numbers, default=0)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.news.append(line.strip())


@pytest.fixture
def venues(tmp_path: Path) -> Iterator[dict[CentreCode, Node]]:
    """Both venues hold an evaluation in which scoring has begun."""
    host, guest = two_cities(Stage.DETAILED)
    ports = {HOST: free_port(), GUEST: free_port()}
    nodes = {}
    for venue, centre in ((host, HOST), (guest, GUEST)):
        desk = open_desk(tmp_path / centre, centre)
        for signed in venue.log:
            desk.take(signed, source="before")
        goal = desk.session(SESSION).chain(SEATS[centre]).seq + COUNT
        nodes[centre] = Node(centre, tmp_path / centre, ports[centre], ports[HOST], goal)
    with running(nodes):
        yield nodes


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(nodes: dict[CentreCode, Node]) -> Iterator[None]:
    for node in nodes.values():
        node.start()
    try:
        yield
    finally:
        for node in nodes.values():
            node.stop()


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the venues did not get there in time"
        time.sleep(0.05)


def finished(nodes: dict[CentreCode, Node]) -> bool:
    """Each venue has written everything and knows it confirmed by the other."""
    return all(node.last("kept") == node.last("confirmed") == node.goal for node in nodes.values())


def desks(nodes: dict[CentreCode, Node]) -> dict[CentreCode, RoomDesk]:
    return {centre: open_desk(node.directory, centre) for centre, node in nodes.items()}


def assert_equal_and_whole(nodes: dict[CentreCode, Node]) -> None:
    """Both hold the same session, every entry once, and nothing that was acknowledged is missing."""
    host, guest = (desks(nodes)[centre] for centre in (HOST, GUEST))
    assert host.session(SESSION).digest == guest.session(SESSION).digest
    for desk in (host, guest):
        everything = desk.entries_after(SESSION, {}, 10_000)
        places = Counter((signed.entry.author, signed.entry.seq) for signed in everything)
        assert set(places.values()) == {1}
        for node in nodes.values():
            assert desk.frontier(SESSION)[SEATS[node.centre]] == node.goal


def test_two_processes_reach_each_other_over_the_network_and_agree(venues: dict[CentreCode, Node]) -> None:
    until(lambda: finished(venues))
    for node in venues.values():
        node.stop()
    assert_equal_and_whole(venues)


def test_a_cut_between_two_processes_heals_by_itself(venues: dict[CentreCode, Node]) -> None:
    host, guest = venues[HOST], venues[GUEST]
    until(lambda: "up" in host.news and "up" in guest.news and guest.last("confirmed") > 0)
    guest.command("cut")
    until(lambda: host.news[-2:].count("lost") + guest.news[-2:].count("lost") > 0 and host.last("kept") == host.goal)
    time.sleep(3)
    assert not finished(venues)
    guest.command("mend")
    until(lambda: finished(venues))
    for node in venues.values():
        node.stop()
    assert_equal_and_whole(venues)


@pytest.mark.parametrize("victim", [GUEST, HOST])
def test_a_venue_killed_in_the_middle_of_scoring_loses_and_doubles_nothing(
    venues: dict[CentreCode, Node], victim: CentreCode
) -> None:
    node, other = venues[victim], venues[HOST if victim == GUEST else GUEST]
    start = node.goal - COUNT
    until(lambda: node.last("kept") > start + 20 and other.last("confirmed") > 0)
    node.kill()
    kept, confirmed = node.last("kept"), other.last("confirmed")
    desk = open_desk(node.directory, victim)
    assert desk.frontier(SESSION)[SEATS[victim]] >= kept
    assert desk.frontier(SESSION)[SEATS[other.centre]] >= confirmed
    time.sleep(1)
    node.start()
    until(lambda: finished(venues))
    for each in venues.values():
        each.stop()
    assert_equal_and_whole(venues)


def test_an_expert_goes_on_scoring_while_the_own_centre_is_killed_and_comes_back(
    venues: dict[CentreCode, Node],
) -> None:
    """Entries that the centre acknowledged to the seat are there after the kill; the others are sent again, once."""
    guest = venues[GUEST]
    desk = open_desk(guest.directory, GUEST)
    before, cells = desk.session(SESSION).chain(EXPERT).entries, desk.session(SESSION).definition.cells
    acknowledged: list[SignedEntry] = []

    async def score() -> None:
        seat = SeatClient(
            session=SESSION, seat=SeatId("XA-2"), key=key(EXPERT), clock=now, jitter=lambda: 0.5, chain=before
        )
        seat.connect(lambda offer: call(offer, guest.port, "XA-2"))
        await seat.until(lambda s: s.stage == "DETAILED")
        writing = [seat.submit("score-entered", score_cell(cells[n % len(cells)])) for n in range(COUNT)]
        for place, one in enumerate(asyncio.as_completed(writing)):
            acknowledged.append(await one)
            if place == COUNT // 4:
                guest.kill()
                assert_kept(guest, acknowledged)
                guest.start()
        await seat.until(lambda s: s.waiting_at(HOST) == 0)
        await seat.close()

    asyncio.run(asyncio.wait_for(score(), 90))
    until(lambda: finished(venues))
    for node in venues.values():
        node.stop()
    assert len(acknowledged) == COUNT
    assert_kept(venues[HOST], acknowledged)
    assert_equal_and_whole(venues)


def assert_kept(node: Node, acknowledged: list[SignedEntry]) -> None:
    held = open_desk(node.directory, node.centre).session(SESSION).chain(EXPERT).entries
    assert {signed.entry.hash for signed in acknowledged} <= {signed.entry.hash for signed in held}
