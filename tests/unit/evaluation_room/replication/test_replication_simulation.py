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
from tests.examples import share
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
from tests.unit.evaluation_room.replication.simulation import End, join, settle

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

    @rule(data=st.data(), steps=st.integers(1, 15))
    def progress(self, data: st.DataObject, steps: int) -> None:
        """Messages arrive and rooms do their work, in any order between connections."""
        for _ in range(steps):
            able = [(end, "arriving") for end in self.ends() if end.arriving]
            able += [(end, "work") for end in self.ends() if end.work]
            if not able:
                return
            end, kind = data.draw(st.sampled_from(able))
            end.deliver() if kind == "arriving" else end.labour()

    @rule()
    def rest(self) -> None:
        """For once everything arrives, as far as the lines are up."""
        settle(*self.ends())

    @rule(data=st.data(), kind=st.sampled_from(["lose", "reconnect", "kill", "repeat", "second", "lost", "unreported"]))
    def trouble(self, data: st.DataObject, kind: str) -> None:
        line = data.draw(st.sampled_from(self.lines))
        match kind:
            case "lose":
                self.lose(line)
            case "reconnect":
                line.connect({**self.rooms, "JN-1": self.outbox})
            case "kill":
                self.kill(data.draw(st.sampled_from(self.venues)))
            case "repeat" | "second":
                for end in line.ends():
                    self.repeat(end) if kind == "repeat" else end.tick()
            case _:
                self.rooms[data.draw(st.sampled_from(self.venues))].faults = [kind]

    def lose(self, line: Line) -> None:
        """The cable is cut: what is under way is lost, and neither end knows."""
        for end in line.ends():
            end.arriving.clear()
            end.other = None

    def kill(self, venue: str) -> None:
        """A node dies: its connections and everything not committed are gone, also its memory of epochs."""
        for line in self.lines:
            for near, far in line.connections:
                if line.near == venue:
                    near.close()
                if line.far == venue:
                    far.close()
                    line.latest = 0

    def repeat(self, end: End) -> None:
        """A message arrives twice."""
        if end.arriving:
            end.arriving.appendleft(end.arriving[0])

    @precondition(lambda self: any(room.faults for room in self.rooms.values()))
    @rule()
    def mend(self) -> None:
        for room in self.rooms.values():
            room.faults = []

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
TestThreeVenues.settings = settings(max_examples=share(60), stateful_step_count=STEPS, deadline=None)
TestTwoVenues = TwoVenues.TestCase
TestTwoVenues.settings = settings(max_examples=share(60), stateful_step_count=STEPS, deadline=None)
