"""Neither the time nor the length of a checkpoint reveals anything, whatever the clock and the log do."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web3 import Web3

from chain_gateway.anchor.schedule import Schedule
from chain_gateway.anchor.ticker import Ticker
from chain_gateway.ledger.calldata import PAYLOAD_BYTES, PROOF_NODES, padded
from chain_gateway.ledger.compiler import compile_contracts
from records.errors import InvalidRecordError, UnavailableError
from records.log import merkle

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
INTERVALS = st.integers(1, 7200).map(lambda seconds: timedelta(seconds=seconds))
JUMPS = st.lists(st.integers(-10_000_000, 10_000_000), min_size=1, max_size=40)
ANCHOR = Web3().eth.contract(abi=compile_contracts().anchor.abi)


class Clocks:
    """A wall clock that may be moved, and one that may not."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.jumped = timedelta(0)

    def wall(self) -> datetime:
        return START + timedelta(seconds=self.elapsed) + self.jumped

    def monotonic(self) -> float:
        return self.elapsed

    def wait(self, seconds: float) -> bool:
        self.elapsed += seconds
        return False


def ticker(interval: timedelta, clocks: Clocks) -> Ticker:
    return Ticker(Schedule(interval=interval), clock=clocks.wall, monotonic=clocks.monotonic, wait=clocks.wait)


@given(interval=INTERVALS, jumps=JUMPS)
def test_a_clock_that_jumps_causes_neither_a_burst_nor_a_stop(interval: timedelta, jumps: list[int]) -> None:
    clocks = Clocks()
    ticks, seconds = ticker(interval, clocks), interval.total_seconds()
    ticks.await_tick()
    for jump in jumps:
        last = clocks.elapsed
        clocks.jumped += timedelta(seconds=jump)
        ticks.await_tick()
        assert seconds * 0.499 <= clocks.elapsed - last <= seconds * 1.501


@given(interval=INTERVALS, jumps=JUMPS)
def test_checkpoints_are_at_the_multiples_of_the_interval(interval: timedelta, jumps: list[int]) -> None:
    clocks = Clocks()
    ticks = ticker(interval, clocks)
    for jump in jumps:
        clocks.jumped += timedelta(seconds=jump)
        ticks.await_tick()
        distance = (clocks.wall() - EPOCH) % interval
        assert min(distance, interval - distance) <= timedelta(milliseconds=1)


@given(interval=INTERVALS, delays=st.lists(st.floats(0, 0.9), min_size=1, max_size=20))
def test_with_a_steady_clock_no_multiple_is_left_out(interval: timedelta, delays: list[float]) -> None:
    """However long the chain took for the last one, as long as it was done before the next."""
    clocks = Clocks()
    ticks = ticker(interval, clocks)
    ticks.await_tick()
    for delay in delays:
        last = clocks.elapsed
        clocks.elapsed += interval.total_seconds() * delay
        ticks.await_tick()
        assert abs(clocks.elapsed - last - interval.total_seconds()) < 0.01


def test_without_an_interval_nothing_is_waited_for() -> None:
    clocks = Clocks()
    ticks = ticker(timedelta(0), clocks)
    ticks.await_tick()
    ticks.await_tick()
    assert (ticks.at_once, clocks.elapsed) == (True, 0.0)


def test_one_that_waits_is_let_go_at_the_end() -> None:
    ticks = Ticker(Schedule(interval=timedelta(days=1)))
    ticks.end()
    with pytest.raises(UnavailableError, match="gateway-ending"):
        ticks.await_tick()


@given(old=st.integers(0, 2**39), grown=st.integers(1, 2**38), nodes=st.integers(0, PROOF_NODES))
def test_every_payload_has_one_length_and_begins_with_the_call(old: int, grown: int, nodes: int) -> None:
    call = bytes.fromhex(
        ANCHOR.encode_abi("anchor", [b"\1" * 32, old, old + grown, b"\2" * 32, [b"\3" * 32] * nodes])[2:]
    )
    payload = padded(call)
    assert len(payload) == PAYLOAD_BYTES
    assert payload == call + bytes(PAYLOAD_BYTES - len(call))


@given(old=st.integers(1, 300), grown=st.integers(1, 300))
def test_no_log_of_ours_needs_a_longer_one(old: int, grown: int) -> None:
    leaves = [merkle.leaf_hash(index.to_bytes(8, "big")) for index in range(old + grown)]
    assert len(merkle.consistency_path(leaves, old)) <= (old + grown - 1).bit_length() + 1


def test_a_proof_longer_than_that_is_refused() -> None:
    with pytest.raises(InvalidRecordError, match="payload-too-long: size=1509 maximum="):
        padded(bytes(1509))
