"""Exchanges over a network without aiortc: each message, piece of work and loss happens when a test says so."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from evaluation_room.replication.effects import Alarm, Compare, Ended, Fetch, Opened, Send, Take
from evaluation_room.replication.protocol import Exchange, Step, Terms
from evaluation_room.replication.room import RoomPort, differing
from evaluation_room.replication.wire import read, write
from records.errors import TongpingError, UnavailableError
from records.room_entry import SignedEntry
from tests.unit.evaluation_room.replication.memory_room import SESSION


@dataclass(eq=False)
class End:
    """One end of one connection: an exchange, what it still has to do with its room, and what is on its way to it."""

    port: RoomPort
    terms: Terms
    name: str
    epoch: int = 0
    latest: Callable[[], int] = lambda: 0
    opened: Callable[["End", int], None] = lambda _end, _epoch: None
    arriving: deque[str] = field(default_factory=deque)
    work: deque[Take | Fetch | Compare | SignedEntry] = field(default_factory=deque)
    alarms: list[Alarm] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    ended: Ended | None = None
    other: "End | None" = None

    def __post_init__(self) -> None:
        frontier, heads = self.port.frontier(SESSION), self.port.heads(SESSION)
        self.exchange = Exchange(terms=self.terms, local=frontier, heads=heads, epoch=self.epoch)
        self.quiet = self.port.on_taken(self.work.append)

    def start(self) -> None:
        self.do(self.exchange.opened())

    def deliver(self) -> None:
        """The next message arrives."""
        text = self.arriving.popleft()
        try:
            message = read(text)
        except TongpingError as error:
            self.do(self.exchange.ended(error.code, goodbye=True))
        else:
            self.do(self.exchange.received(message, latest=self.latest()))

    def labour(self) -> None:
        """The next piece of work with the room is done."""
        match self.work.popleft():
            case SignedEntry() as signed:
                self.do(self.exchange.held(signed.entry.author, signed.entry.seq, signed.entry.hash))
            case Take() as take:
                self._offer(take)
            case Fetch() as fetch:
                self.do(self.exchange.fetched(self.port.entries_after(SESSION, fetch.after, fetch.limit)))
            case Compare() as compare:
                forks = differing(self.port, SESSION, compare.frontier, compare.heads)
                self.do(self.exchange.compared(compare.frontier, forks))

    def tick(self) -> None:
        self.do(self.exchange.tick())

    def close(self) -> None:
        """The end is gone, whatever it still had to do."""
        if self.ended is None:
            self.ended = Ended("closed", {})
        self.work.clear()
        self.arriving.clear()

    def do(self, step: Step) -> None:
        self.exchange, effects = step
        for effect in effects:
            match effect:
                case Send():
                    self.said.append(write(effect.message))
                    if self.other is not None and self.other.ended is None:
                        self.other.arriving.append(self.said[-1])
                case Take() | Fetch() | Compare():
                    self.work.append(effect)
                case Ended():
                    self.ended = effect
                case Opened():
                    self.opened(self, effect.epoch)
                case Alarm():
                    self.alarms.append(effect)

    def _offer(self, take: Take) -> None:
        for signed in take.entries:
            if not self.exchange.wants(signed):
                continue
            try:
                self.port.take(signed, source=self.name)
            except UnavailableError as error:
                self.do(self.exchange.ended(error.code, goodbye=True))
                return
            except TongpingError as error:
                self.do(self.exchange.declined(signed, error.code, error.values))
            else:
                self.do(self.exchange.took(signed))
        self.do(self.exchange.acknowledged())


def join(left: End, right: End) -> None:
    """Both ends of one connection, left connecting."""
    left.other, right.other = right, left
    left.start()
    right.start()


def settle(*ends: End) -> None:
    """Everything that is on its way arrives and is worked off."""
    for _ in range(10_000):
        busy = [end for end in ends if end.ended is None and (end.arriving or end.work)]
        if not busy:
            return
        for end in busy:
            if end.arriving:
                end.deliver()
            elif end.work:
                end.labour()
    raise AssertionError("the exchange never comes to rest")
