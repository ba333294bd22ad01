"""The clocks of the centres are compared by the time of their answers, from the first one on."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from node.config import PeerConfig
from node.keys import point
from node.peering.clocks import PeerClocks
from node.peering.peers import Cut, PeerClient
from records.ids import CentreCode
from tests.unit.node.one_centre import Clock

JN, XA = CentreCode("JN"), CentreCode("XA")
KEY = ec.generate_private_key(ec.SECP256R1())


@dataclass(slots=True)
class Peer:
    """Another centre, whose clock is ahead of ours by `ahead`; None: it does not answer."""

    clock: Clock
    ahead: timedelta | None = timedelta()
    status: int = 200
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        if self.ahead is None:
            raise httpx2.ConnectError("away")
        now = (self.clock() + self.ahead).replace(microsecond=0)
        return httpx2.Response(self.status, json={}, headers={"date": format_datetime(now, usegmt=True)})


@dataclass(slots=True)
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(name="peer")
def _peer() -> Peer:
    return Peer(Clock())


@pytest.fixture(name="elapsed")
def _elapsed() -> Seconds:
    return Seconds()


@pytest.fixture(name="clocks")
def _clocks(peer: Peer, elapsed: Seconds) -> Iterator[PeerClocks]:
    with PeerClient(
        centre=JN,
        key=KEY,
        peers={XA: PeerConfig(code=XA, url="http://xa.test", entry_key=point(KEY.public_key()))},
        cut=Cut(),
        clock=peer.clock,
        randomness=secrets.token_bytes,
        transport=httpx2.MockTransport(peer),
    ) as client:
        yield PeerClocks(client, [XA], elapsed=elapsed)


def told(clocks: PeerClocks) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(one.subject, [(fault.code, fault.found) for fault in one.faults]) for one in clocks.looked()]


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        (-47, [("clocks-differ", "46 s ahead of it")]),
        (47, [("clocks-differ", "46 s behind it")]),
        (10, []),
        (-10, []),
        (0, []),
    ],
)
def test_the_first_look_after_a_start_asks_and_compares(
    clocks: PeerClocks, peer: Peer, seconds: int, found: list[tuple[str, str]]
) -> None:
    peer.ahead = timedelta(seconds=seconds)

    (subject, faults), *none = told(clocks)

    assert (subject, none, peer.asked) == ("clock:XA", [], ["/peer/v1/hello"])
    assert [code for code, _ in faults] == [code for code, _ in found]
    assert [text.split(" ", 2)[2] for _, text in faults] == [text.split(" ", 2)[2] for _, text in found]


def test_a_difference_is_an_alarm_until_the_next_right_answer(clocks: PeerClocks, peer: Peer, elapsed: Seconds) -> None:
    peer.ahead = timedelta(minutes=5)
    first = [bool(faults) for _, faults in told(clocks)]
    peer.ahead = timedelta()
    before = [bool(faults) for _, faults in told(clocks)]
    elapsed.now = 61.0

    assert (first, before, told(clocks)) == ([True], [True], [("clock:XA", [])])


def test_a_refusal_says_the_time_as_well(clocks: PeerClocks, peer: Peer) -> None:
    peer.status, peer.ahead = 503, timedelta(minutes=5)

    assert [bool(faults) for _, faults in told(clocks)] == [True]


def test_a_centre_that_does_not_answer_says_nothing(clocks: PeerClocks, peer: Peer) -> None:
    peer.ahead = None

    assert (told(clocks), clocks.confirm()) == ([], False)


def test_a_clock_is_confirmed_by_those_who_answer_now(clocks: PeerClocks, peer: Peer) -> None:
    right = clocks.confirm()
    peer.ahead = timedelta(minutes=5)
    wrong = clocks.confirm()
    peer.ahead = None

    assert (right, wrong, clocks.confirm()) == (True, False, False)
