"""How far the other centres' clocks are from this one's, as the answers of those centres show."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final

from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.rules import Fault, Looked
from chain_gateway.monitor.timekeeping import TOLERANCE
from node.http.versions import PEER
from node.peering.peers import PeerClient
from records.errors import TongpingError
from records.ids import CentreCode

_ASK_AGAIN: Final = 60.0
"""Seconds after which a centre that sent nothing meanwhile is asked for its time."""


class PeerClocks:
    """Compares this centre's clock with every other centre's; a centre that does not answer says nothing."""

    def __init__(
        self, client: PeerClient, peers: Iterable[CentreCode], *, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._peers = tuple(peers)
        self._elapsed = elapsed
        self._asked: dict[CentreCode, float] = {}

    def looked(self) -> Iterator[Looked]:
        """An alarm for each centre whose clock differs by more than TOLERANCE; cleared by its next right answer."""
        for peer in self._peers:
            if self._elapsed() - self._asked.get(peer, float("-inf")) >= _ASK_AGAIN:
                self._ask(peer)
            seconds = self._client.clock_difference(peer)
            if seconds is not None:
                yield Looked(name=AlarmName.CLOCK, subject=f"clock:{peer}", faults=_faults(peer, seconds))

    def confirm(self) -> bool:
        """Whether other centres answer now and none of them shows another time: a clock that jumped is right again."""
        shown = [self._client.clock_difference(peer) for peer in self._peers if self._ask(peer)]
        return any(one is not None for one in shown) and all(one is None or _small(one) for one in shown)

    def _ask(self, peer: CentreCode) -> bool:
        """Whether it answered; a refusal is an answer, and says the time."""
        self._asked[peer] = self._elapsed()
        with suppress(TongpingError):
            self._client.get(peer, f"{PEER}/hello")
        return self._client.reach(peer).state == "connected"


def _small(seconds: int) -> bool:
    return abs(seconds) <= TOLERANCE.total_seconds()


def _faults(peer: CentreCode, seconds: int) -> tuple[Fault, ...]:
    if _small(seconds):
        return ()
    expected = f"within {int(TOLERANCE.total_seconds())} s of the clock of {peer}"
    found = f"{abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} it"
    return (Fault(code="clocks-differ", expected=expected, found=found),)
