"""Venues and a seat over a network that cuts, loses, repeats, delays: after healing, everything is everywhere, once."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from evaluation_room.replication.client import Outbox
from evaluation_room.replication.protocol import Phase, Terms
from records.canonical import Value
from records.ids import ZERO_DIGEST, Author
from tests.unit.evaluation_room.replication.memory_room import (
    GUEST,
    GUEST_SEAT,
    HOST,
    HOST_SEAT,
    OTHER,
    SESSION,
    MemoryRoom,
    entry,
)
from tests.unit.evaluation_room.replication.simulation import End, join

STEPS = 50


class Line:
    """All connections two parties ever had: the newest, and older ones one end has not noticed to be dead."""

    def __init__(self, near: str, far: str, near_terms: Terms, far_terms: Terms) -> None:
        self.near, self.far = near, far
        self.near_terms, self.far_terms = near_terms, far_terms
        self.epoch = 0
        self.latest = 0
        self.connections: list[tuple[End, End]] = []

    def connect(self, rooms: dict[str, MemoryRoom | Outbox]) -> None:
        """The connecting end gives its old connection up and makes a new one; the other end has not noticed yet."""
        for near, _ in self.connections:
            near.close()
        self.epoch += 1
        near = End(rooms[self.near], self.near_terms, self.near, epoch=self.epoch)
        far = End(rooms[self.far], self.far_terms, self.far, latest=lambda: self.latest, opened=self._opened)
        self.connections.append((near, far))
        join(near, far)

    def ends(self) -> list[End]:
        return [end for pair in self.connections for end in pair if end.ended is None]

    def up(self) -> bool:
        near, far = self.connections[-1] if self.connections else (None, None)
        return near is not None and far is not None and near.ended is None and far.ended is None

    def _opened(self, opened: End, epoch: int) -> None:
        """The answering end: the new connection counts, the others are closed."""
        if opened is self.connections[-1][1] or epoch > self.latest:
            self.latest = max(epoch, self.latest)
            for _, far in self.connections:
                if far is not opened:
                    far.close()


def network(venues: Sequence[str]) -> list[Line]:
    """Guests connected to the host, and one seat connected to its centre."""
    guest, host = Terms.venue(SESSION, connects=True), Terms.venue(SESSION, connects=False)
    lines = [Line(venue, "JN", guest, host) for venue in venues if venue != "JN"]
    seat = Line("JN-1", "JN", Terms.seat(SESSION, HOST_SEAT), Terms.gateway(SESSION, HOST_SEAT))
    return [*lines, seat]


class Replication(RuleBasedStateMachine):
    """Three venues in a star and one seat."""

    venues: ClassVar[tuple[str, ...]] = ("JN", "XA", "DL")
    home: ClassVar[dict[str, tuple[Author, ...]]] = {"JN": (HOST,), "XA": (GUEST, GUEST_SEAT), "DL": (OTHER,)}

    def __init__(self) -> None:
        super().__init__()
        self.rooms: dict[str, MemoryRoom] = {venue: MemoryRoom() for venue in self.venues}
        self.outbox = Outbox(SESSION, HOST_SEAT)
        self.lines = network(self.venues)
        for line in self.lines:
            line.connect({**self.rooms, "JN-1": self.outbox})

    @rule(data=st.data(), depends=st.booleans())
    def write(self, data: st.DataObject, *, depends: bool) -> None:
        """A centre or a seat adds an entry, which may rely on everything its venue holds."""
        venue = data.draw(st.sampled_from(self.venues))
        author = data.draw(st.sampled_from(self.home[venue]))
        self.rooms[venue].write(author, _after(self.rooms[venue]) if depends else {})

    @rule()
    def score(self) -> None:
        """The seat's browser stores an entry in its outbox, connected or not."""
        seq, head = self.outbox.position()
        self.outbox.append(entry(HOST_SEAT, seq + 1, head if seq else ZERO_DIGEST))

    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        for end in self.some(data, [end for end in self.ends() if end.arriving]):
            end.deliver()

    @rule(data=st.data())
    def labour(self, data: st.DataObject) -> None:
        for end in self.some(data, [end for end in self.ends() if end.work]):
            end.labour()

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """A message arrives twice."""
        for end in self.some(data, [end for end in self.ends() if end.arriving]):
            end.arriving.appendleft(end.arriving[0])

    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        """The cable is cut: what is under way is lost, and neither end knows."""
        line = data.draw(st.sampled_from(self.lines))
        for end in line.ends():
            end.arriving.clear()
            end.other = None

    @rule(data=st.data())
    def reconnect(self, data: st.DataObject) -> None:
        """The connecting end builds a new connection while the other end may still work off the old one."""
        data.draw(st.sampled_from(self.lines)).connect({**self.rooms, "JN-1": self.outbox})

    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        """A node dies: its connections and everything not committed are gone, also its memory of epochs."""
        venue = data.draw(st.sampled_from(self.venues))
        for line in self.lines:
            for near, far in line.connections:
                if line.near == venue:
                    near.close()
                if line.far == venue:
                    far.close()
                    line.latest = 0

    @rule(data=st.data(), fault=st.sampled_from(["lost", "unreported"]))
    def fail(self, data: st.DataObject, fault: str) -> None:
        """The next write of a venue fails, before or after the commit, when it comes from somewhere else."""
        self.rooms[data.draw(st.sampled_from(self.venues))].faults = [fault]

    @precondition(lambda self: any(room.faults for room in self.rooms.values()))
    @rule()
    def mend(self) -> None:
        for room in self.rooms.values():
            room.faults = []

    @rule(data=st.data())
    def second(self, data: st.DataObject) -> None:
        for end in self.some(data, self.ends()):
            end.tick()

    @invariant()
    def what_is_confirmed_is_held(self) -> None:
        """Nobody ever believes another holds something it has not committed."""
        for line in self.lines:
            for near, far in line.connections:
                held = self.room(line.far).frontier(SESSION)
                assert all(held.get(author, 0) >= seq for author, seq in near.exchange.remote.items())
                held = self.room(line.near).frontier(SESSION)
                assert all(held.get(author, 0) >= seq for author, seq in far.exchange.remote.items())

    @invariant()
    def nothing_is_held_twice(self) -> None:
        for room in self.rooms.values():
            places = Counter((signed.entry.author, signed.entry.seq) for signed in room.log)
            assert not places or max(places.values()) == 1

    def teardown(self) -> None:
        """Heal: every line comes up again and everything arrives."""
        self.mend()
        self.heal()
        everything = {signed.entry.hash for room in self.rooms.values() for signed in room.log}
        everything |= {signed.entry.hash for signed in self.outbox.chain}
        for room in self.rooms.values():
            assert {signed.entry.hash for signed in room.log} == everything
            assert room.refusals == []
        assert not any(end.alarms for line in self.lines for pair in line.connections for end in pair)
        seat = self.lines[-1].connections[-1][0]
        assert seat.exchange.remote.get(HOST_SEAT, 0) == len(self.outbox.chain)

    def heal(self) -> None:
        for line in self.lines:
            line.connect({**self.rooms, "JN-1": self.outbox})
        for _ in range(5000):
            for line in self.lines:
                if not line.up():
                    line.connect({**self.rooms, "JN-1": self.outbox})
            busy = [end for end in self.ends() if end.arriving or end.work]
            if not busy:
                assert all(end.exchange.phase is Phase.OPEN for end in self.ends())
                return
            for end in busy:
                if end.arriving:
                    end.deliver()
                elif end.work:
                    end.labour()
        raise AssertionError("the venues never come to rest")

    def ends(self) -> list[End]:
        return [end for line in self.lines for end in line.ends()]

    def some(self, data: st.DataObject, ends: list[End]) -> list[End]:
        return [data.draw(st.sampled_from(ends))] if ends else []

    def room(self, name: str) -> MemoryRoom | Outbox:
        return self.outbox if name == "JN-1" else self.rooms[name]


def _after(room: MemoryRoom) -> dict[str, Value]:
    """A body that relies on everything held now, as the entry that enters a stage does."""
    return {"after": {str(author): seq for author, seq in room.frontier(SESSION).items()}}


class TwoVenues(Replication):
    """One host, one guest and one seat."""

    venues: ClassVar[tuple[str, ...]] = ("JN", "XA")
    home: ClassVar[dict[str, tuple[Author, ...]]] = {"JN": (HOST,), "XA": (GUEST, GUEST_SEAT)}


TestThreeVenues = Replication.TestCase
TestThreeVenues.settings = settings(max_examples=40, stateful_step_count=STEPS, deadline=None)
TestTwoVenues = TwoVenues.TestCase
TestTwoVenues.settings = settings(max_examples=40, stateful_step_count=STEPS, deadline=None)
