"""Two venues in two processes: a cut of seconds, and SIGKILL in the middle of scoring. Nothing acknowledged is lost."""

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
from evaluation_room.stages import Stage
from records.ids import Author, CentreCode
from tests.faults.replication_node import GUEST, HOST, open_desk
from tests.unit.evaluation_room.rooms import SESSION, two_cities

COUNT = 120
SEATS = {HOST: Author("seat:JN-1"), GUEST: Author("seat:XA-1")}
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.xdist_group("replication")


@dataclass
class Node:
    """A venue's process, and everything it has said."""

    centre: CentreCode
    directory: Path
    port: int
    goal: int
    """The last sequence number the seat of this venue writes."""
    said: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        seat = SEATS[self.centre]
        arguments = [self.centre, str(self.directory), str(self.port), seat, str(self.goal)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.replication_node", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()

    def tell(self, command: str) -> None:
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
        self.tell("stop")
        try:
            assert self.process.wait(15) == 0
        finally:
            self.process.kill()
            self.process.wait()

    def last(self, word: str) -> int:
        """The highest number said with this word."""
        numbers = [int(found[1]) for line in list(self.said) if (found := re.fullmatch(rf"{word} (\d+)", line))]
        return max(numbers, default=0)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.said.append(line.strip())


@pytest.fixture
def venues(tmp_path: Path) -> Iterator[dict[CentreCode, Node]]:
    """Both venues hold an evaluation in which scoring has begun."""
    host, guest = two_cities(Stage.DETAILED)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nodes = {}
    for venue, centre in ((host, HOST), (guest, GUEST)):
        desk = open_desk(tmp_path / centre, centre)
        for signed in venue.log:
            desk.take(signed, source="before")
        goal = desk.session(SESSION).chain(SEATS[centre]).seq + COUNT
        nodes[centre] = Node(centre, tmp_path / centre, port, goal)
    with running(nodes):
        yield nodes


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
    until(lambda: "up" in host.said and "up" in guest.said and guest.last("confirmed") > 0)
    guest.tell("cut")
    until(lambda: host.said[-2:].count("lost") + guest.said[-2:].count("lost") > 0 and host.last("kept") == host.goal)
    time.sleep(3)
    assert not finished(venues)
    guest.tell("mend")
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
