"""A chain that does not answer for ten minutes: the follower continues by itself, nothing is lost or duplicated."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chain_gateway.anchor.desk import AnchorDesk
from chain_gateway.anchor.schedule import Schedule
from chain_gateway.anchor.ticker import Ticker
from chain_gateway.ledger.ganache import Ganache
from journal import Follower
from records.errors import TongpingError
from tests.faults.anchor.anchored_world import ORIGIN, AnchoredWorld
from tests.integration.ledger.consortium import JN, LOG_KEYS, founded, ganache
from tests.unit.journal.made_journal import log_beside

OUTAGE_SECONDS = 600


class Clocks:
    """Minutes that pass in no time: every pause is only counted."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.pauses: list[float] = []

    def wall(self) -> datetime:
        return datetime(2026, 11, 23, 6, 0, tzinfo=UTC) + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    def wait(self, seconds: float) -> bool:
        self.elapsed += seconds
        return False


class CountedPauses(threading.Event):
    """In place of the follower's own event: its pauses are counted, and it can still be ended."""

    def __init__(self, clocks: Clocks) -> None:
        super().__init__()
        self._clocks = clocks

    def wait(self, timeout: float | None = None) -> bool:
        if timeout:
            self._clocks.pauses.append(timeout)
            self._clocks.wait(timeout)
        return super().wait(0.001)


def ticking(world: AnchoredWorld, clocks: Clocks, *, cover: bool = False) -> AnchorDesk:
    schedule = Schedule(interval=timedelta(seconds=5))
    ticker = Ticker(schedule, clock=clocks.wall, monotonic=clocks.monotonic, wait=clocks.wait)
    journal = world.journal()
    return AnchorDesk(
        journal,
        world.consortium.ledger(JN),
        log=log_beside(journal),
        log_key=LOG_KEYS[JN],
        origin=ORIGIN,
        ticker=ticker,
        cover=cover,
    )


def test_a_chain_down_for_ten_minutes_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    chain = ganache(tmp_path / "chain")
    chain.start()
    try:
        world = AnchoredWorld(consortium=founded(chain), directory=tmp_path)
        world.write(3)
        clocks = Clocks()
        desk = ticking(world, clocks)
        follower = Follower("anchor", world.journal(), desk.handle, between=desk.look)
        follower._ending = CountedPauses(clocks)
        chain.stop()
        follower.start()
        while clocks.elapsed < OUTAGE_SECONDS:
            world.write(1)
            time.sleep(0.02)
        assert desk.latest() is None
        last = world.journal().size() - 1
        chain.start()
        while desk.covering(last) is None:
            time.sleep(0.02)
        follower.stop()
        assert follower.state.stopped is None
        assert max(clocks.pauses) == 30.0
        world.assert_nothing_lost_nothing_doubled([size for size, _ in world.events("CheckpointAnchored")])
    finally:
        chain.stop()


def test_a_chain_that_comes_back_as_another_is_refused(tmp_path: Path) -> None:
    first = ganache(tmp_path / "chain")
    first.start()
    world = AnchoredWorld(consortium=founded(first), directory=tmp_path)
    world.write(3)
    desk = world.desk()
    desk.anchor_now()
    first.stop()
    port = int(first.rpc.rpartition(":")[2])
    world.write(1)
    follower = Follower("anchor", world.journal(), desk.handle)
    assert _tries(follower) == "chain-unreachable"
    with Ganache(directory=tmp_path / "other", port=port, chain_id=4242):
        assert _tries(follower) == "wrong-chain"
        assert follower.state.stopped == "wrong-chain"


def _tries(follower: Follower) -> str:
    """The code of its present failure; empty when there is none."""
    try:
        while follower.run_once():
            pass
    except TongpingError as error:
        return error.code
    return ""


def test_for_cover_a_checkpoint_goes_out_at_every_tick_with_or_without_news(tmp_path: Path) -> None:
    with ganache(tmp_path / "chain") as chain:
        world = AnchoredWorld(consortium=founded(chain), directory=tmp_path)
        clocks = Clocks()
        desk = ticking(world, clocks, cover=True)
        desk.look()
        assert world.events("CheckpointAnchored") == []  # an empty journal has nothing to anchor
        world.write(2)
        for _ in range(4):
            desk.look()
        assert [size for size, _ in world.events("CheckpointAnchored")] == [2, 3, 4, 5]
        assert clocks.elapsed == 4 * 5


def test_without_cover_bookkeeping_alone_is_no_reason(tmp_path: Path) -> None:
    with ganache(tmp_path / "chain") as chain:
        world = AnchoredWorld(consortium=founded(chain), directory=tmp_path)
        desk = ticking(world, Clocks())
        world.write(2)
        follower = Follower("anchor", world.journal(), desk.handle, between=desk.look)
        while follower.run_once():
            pass
        assert [size for size, _ in world.events("CheckpointAnchored")] == [2]


def test_another_chain_is_noticed_at_the_start_before_anything_is_to_be_anchored(tmp_path: Path) -> None:
    with ganache(tmp_path / "chain") as chain:
        world = AnchoredWorld(consortium=founded(chain), directory=tmp_path)
        wrong = replace(world.consortium, chain_id=4242).ledger(JN)
        journal = world.journal()
        desk = AnchorDesk(journal, wrong, log=log_beside(journal), log_key=LOG_KEYS[JN], origin=ORIGIN)
        follower = Follower("anchor", journal, desk.handle, between=desk.look)
        assert _tries(follower) == "wrong-chain"
        assert follower.state.stopped == "wrong-chain"
