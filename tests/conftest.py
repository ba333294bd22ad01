"""What every test shares: no deadline for property tests, a marker for each tier, and no network in the quick ones."""

import gc
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from tests.examples import share

settings.register_profile(
    "tongping", max_examples=share(100), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tongping")

TESTS: Final = Path(__file__).parent
TIERS: Final = {"properties": "property"}
"""Markers that are not named as their folder."""
OFFLINE: Final = ("unit", "property", "rules")
NOBODY: Final = 1
"""The port of whoever does not answer: a unit test may have such a peer or chain, and is refused like everybody."""
_NETWORKED: Final = {socket.AF_INET, socket.AF_INET6}
_OPENED: Final = {"socket.bind", "socket.connect", "socket.sendto"}


class Network:
    """Sees every address that this process binds or connects to, and refuses it while an offline test runs."""

    def __init__(self) -> None:
        self.test: str | None = None
        self.asked: list[str] = []
        sys.addaudithook(self._see)

    def _see(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.test is None or event not in _OPENED:
            return
        opened, address = arguments[0], arguments[1]
        if isinstance(opened, socket.socket) and opened.family in _NETWORKED:
            if not (isinstance(address, tuple) and address[1] == NOBODY):
                self.asked.append(f"{event} {address}")
            raise ConnectionRefusedError(
                f"{self.test} is a unit test: what needs a socket belongs in tests/integration"
            )


NETWORK: Final = Network()


def tier(path: Path) -> str:
    """A test's tier is the first folder it lies in."""
    folder = path.relative_to(TESTS).parts[0]
    return TIERS.get(folder, folder)


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(tier(item.path))
    if item.path.stem.endswith("_in_browser"):
        item.add_marker("browser")


@pytest.fixture(autouse=True)
def _offline(request: pytest.FixtureRequest) -> Iterator[None]:
    """A unit test that opens a socket fails, even where its code turns the refusal into something else."""
    if tier(request.path) not in OFFLINE:
        yield
        return
    NETWORK.test, NETWORK.asked = request.node.nodeid, []
    yield
    NETWORK.test = None
    assert NETWORK.asked == []


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
