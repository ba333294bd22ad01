"""Two real centres and a chain for an end-to-end test, on ports of their own, with what happened in their journals."""

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from journal import Journal, open_engine
from node.demo.plan import City, plan
from node.demo.world import World
from records.facts import ROOM_ENTRY_TAKEN
from records.ids import SessionId
from records.room_entry import SignedEntry

FIRST_PORT, LAST_PORT = 20_000, 32_000
"""Below the range from which the system takes the ports of outgoing connections: nobody takes these by chance."""


def free_ports(count: int) -> list[int]:
    """Neighbouring ports that nobody listens on now."""
    while True:
        start = random.SystemRandom().randrange(FIRST_PORT, LAST_PORT - count)
        if all(_free(port) for port in range(start, start + count)):
            return list(range(start, start + count))


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@contextmanager
def consortium(root: Path, *, samples: Path | None = None) -> Iterator[World]:
    chain, first, _second = free_ports(3)
    planned = replace(plan(root / "world", chain_port=chain, first_port=first), samples=samples)
    with World(plan=planned) as world:
        yield world


def entries_in_journal(world: World, city: City, session: SessionId) -> list[SignedEntry]:
    """Every room entry this centre's journal holds of a session, in the journal's order, read from its own database."""
    engine = open_engine(f"sqlite:///{(world.plan.folder(city) / 'node.db').resolve()}")
    journal = Journal(engine, city.code, clock=lambda: datetime.now(UTC), randomness=bytes)
    try:
        return [
            SignedEntry.from_wire(entry.value["body"]) for entry in journal.find(type=ROOM_ENTRY_TAKEN, session=session)
        ]
    finally:
        engine.dispose()
