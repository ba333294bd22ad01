"""One replication connection as a pure state machine: messages, commits and ticks in, effects out.

The channel may be cut at any moment without loss, because it is not the record: an entry is stored before it is sent,
acknowledged only after the other end committed it, and every connection begins by comparing frontiers.
"""

# ruff: noqa: SLF001  # a step of a frozen value calls the private steps of its successor

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self, TypeAlias, TypeVar

from evaluation_room.replication.effects import (
    Alarm,
    Behind,
    Compare,
    Confirmed,
    Effect,
    Ended,
    Fetch,
    Notice,
    Opened,
    Send,
    Take,
)
from evaluation_room.replication.messages import (
    Ack,
    Bye,
    Changed,
    Entries,
    Frontier,
    Heads,
    Hello,
    Message,
    Ping,
    Pong,
    Positions,
    Refused,
    Venues,
)
from evaluation_room.replication.wire import batches
from records.canonical import MAX_INTEGER
from records.ids import Author, Digest, SessionId
from records.room_entry import SignedEntry

WINDOW = 256
"""Entries sent and not yet confirmed, at most."""
BATCH = 64
"""Entries read from the room at once, at most."""
MISSES = 3
"""Unanswered pings before the connection is dropped."""
HELLO_TICKS = 5
"""Ticks an open channel may wait for the other end's hello."""
COMPARE_TICKS = 10
"""Ticks between two comparisons of heads."""
FORK = "chain-fork"

_T = TypeVar("_T")


class Phase(StrEnum):
    NEW = "new"
    GREETED = "greeted"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The party at this end. `author` limits a connection to one chain; None means every chain of the session."""

    session: SessionId
    author: Author | None
    connects: bool
    sends: bool
    takes: bool

    @classmethod
    def venue(cls, session: SessionId, *, connects: bool) -> Self:
        """A venue facing another: every entry, both ways."""
        return cls(session=session, author=None, connects=connects, sends=True, takes=True)

    @classmethod
    def gateway(cls, session: SessionId, author: Author) -> Self:
        """A centre's node facing a seat's browser: takes the seat's own entries, sends none."""
        return cls(session=session, author=author, connects=False, sends=False, takes=True)

    @classmethod
    def seat(cls, session: SessionId, author: Author) -> Self:
        """A seat's browser facing its own centre's node."""
        return cls(session=session, author=author, connects=True, sends=True, takes=False)

    def covers(self, author: Author) -> bool:
        return self.author is None or self.author == author


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The state of one connection. Every method returns the next state and the effects to carry out."""

    terms: Terms
    local: Frontier
    heads: Heads
    epoch: int = 0
    phase: Phase = Phase.NEW
    remote: Frontier = field(default_factory=dict)
    """What the other end is proven to share: compared heads, its acknowledgements and the entries it sent."""
    claimed: Frontier = field(default_factory=dict)
    """What the other end states it holds, even beyond what can be compared here: never sent to it again."""
    sent: Frontier = field(default_factory=dict)
    queued: Frontier = field(default_factory=dict)
    """Per author the last entry handed to the room and not yet reported."""
    owed: frozenset[Author] = frozenset()
    stopped: frozenset[Author] = frozenset()
    """Chains no longer sent on this connection: refused there, or forked."""
    declined_at: Frontier = field(default_factory=dict)
    forked: frozenset[Author] = frozenset()
    fetching: bool = False
    again: bool = False
    stale: bool = False
    """The entries being fetched were withdrawn meanwhile."""
    ticks: int = 0
    missed: int = 0
    ping: int = 0

    # --- the connection itself ----------------------------------------------------------------------------------

    def opened(self) -> "Step":
        """The channel is open: the connecting end greets first, the other answers the greeting."""
        return (self, (Send(self._hello(self.epoch)),) if self.terms.connects else ())

    def tick(self) -> "Step":
        """A second has passed."""
        if self.phase is Phase.ENDED:
            return self, ()
        if self.missed >= MISSES:
            return self.ended("link-lost")
        if self.phase is Phase.NEW and self.ticks >= HELLO_TICKS:
            return self.ended("hello-missing", goodbye=True)
        after = replace(self, ticks=self.ticks + 1, missed=self.missed + 1, ping=self.ping + 1)
        effects: tuple[Effect, ...] = (Send(Ping(n=after.ping)),)
        if after.phase is Phase.OPEN and after.ticks % COMPARE_TICKS == 0:
            effects += (Send(Positions(frontier=after._visible(after.local), heads=after._visible(after.heads))),)
        return after, effects

    def ended(self, code: str, *, goodbye: bool = False, **values: str | int) -> "Step":
        """End this connection; with `goodbye`, say so first."""
        if self.phase is Phase.ENDED:
            return self, ()
        last: tuple[Effect, ...] = (Send(Bye(code=code)),) if goodbye else ()
        return replace(self, phase=Phase.ENDED), (*last, Ended(code, values))

    def received(self, message: Message, *, latest: int = 0) -> "Step":
        """A message has arrived. `latest` is the highest epoch this end has seen of the other (answering end only)."""
        if self.phase is Phase.ENDED:
            return self, ()
        alive = replace(self, missed=0)
        match message:
            case Ping() | Pong():
                return alive, ((Send(Pong(n=message.n)),) if isinstance(message, Ping) else ())
            case Bye():
                return alive.ended(message.code)
            case Hello():
                return alive._greeted(message, latest)
            case _ if alive.phase is Phase.NEW:
                return alive.ended("hello-missing", goodbye=True)
            case _:
                return alive._spoken(message)

    def _spoken(self, message: Entries | Ack | Refused | Positions | Venues | Changed) -> "Step":
        match message:
            case Entries() if self.terms.takes:
                return self._offered(message)
            case Ack() if self.terms.sends:
                return self._confirmed(message.frontier)
            case Refused() if self.terms.covers(message.author):
                return self._refused(message)
            case Positions():
                return self._compare(message.frontier, message.heads)
            case Venues() | Changed():
                return self, (Notice(message),)
        return self.ended("message-unexpected", goodbye=True)

    # --- greeting and comparing ---------------------------------------------------------------------------------

    def _greeted(self, hello: Hello, latest: int) -> "Step":
        if self.phase is not Phase.NEW:
            return self.ended("message-unexpected", goodbye=True)
        if hello.session != self.terms.session:
            return self.ended("wrong-session", goodbye=True)
        no_effect: tuple[Effect, ...] = ()
        if self.terms.connects:
            if hello.epoch != self.epoch:
                return self.ended("stale-epoch", epoch=hello.epoch)
            after, answer = replace(self, phase=Phase.GREETED), no_effect
        else:
            answer = (Send(self._hello(max(hello.epoch, latest))),)
            if hello.epoch <= latest:
                after, end = self.ended("stale-epoch", goodbye=True)
                return after, (*answer, *end)
            after = replace(self, phase=Phase.GREETED, epoch=hello.epoch)
        after, effects = after._compare(hello.frontier, hello.heads)
        return after, (*answer, Opened(after.epoch), *effects)

    def _hello(self, epoch: int) -> Hello:
        frontier, heads = self._visible(self.local), self._visible(self.heads)
        return Hello(session=self.terms.session, epoch=epoch, frontier=frontier, heads=heads)

    def _compare(self, frontier: Frontier, heads: Heads) -> "Step":
        """Compare the other end's heads where both hold an entry; a longer chain is checked as it arrives."""
        if not all(self.terms.covers(author) for author in frontier):
            return self.ended("foreign-author", goodbye=True)
        behind = [Behind(a, seq) for a, seq in frontier.items() if not self.terms.takes and seq > self._local(a)]
        shared = {author: seq for author, seq in frontier.items() if seq <= self._local(author)}
        claimed = {**self.claimed, **{a: max(seq, self.claimed.get(a, 0)) for a, seq in frontier.items()}}
        return replace(self, claimed=claimed), (*behind, Compare(shared, {author: heads[author] for author in shared}))

    def compared(self, shared: Frontier, forks: Iterable[Author]) -> "Step":
        """The room has compared: chains in `forks` differ and are left alone, the others are held by both."""
        if self.phase is Phase.ENDED:
            return self, ()
        found = frozenset(forks) - self.forked
        alarms = [effect for author in sorted(found) for effect in self._fork(author, shared[author])]
        after = replace(self, phase=Phase.OPEN, forked=self.forked | found, stopped=self.stopped | found)
        after, effects = after._confirmed({a: seq for a, seq in shared.items() if a not in after.forked})
        return after, (*alarms, *effects)

    def _fork(self, author: Author, seq: int) -> tuple[Effect, ...]:
        refusal = Send(Refused(author=author, seq=seq, code=FORK, values={}))
        return (refusal, Alarm(author, seq, FORK, {}, ours=False))

    # --- sending ------------------------------------------------------------------------------------------------

    def held(self, author: Author, seq: int, head: Digest) -> "Step":
        """The room holds this entry now, from any source."""
        if not self.terms.covers(author) or seq <= self._local(author):
            return self, ()
        local, heads = {**self.local, author: seq}, {**self.heads, author: head}
        return replace(self, local=local, heads=heads)._fetch()

    def rewritten(self, author: Author, seq: int, head: Digest | None) -> "Step":
        """The author withdrew everything after `seq`, which was refused, and writes on from there (seat only)."""
        local = _without(self.local, author) | ({author: seq} if seq else {})
        heads = _without(self.heads, author) | ({author: head} if head else {})
        after = replace(self, local=local, heads=heads, sent=_cut(self.sent, author, seq), stale=self.fetching)
        return replace(after, stopped=after.stopped - {author})._fetch()

    def _fetch(self) -> "Step":
        """Ask the room for the next entries the other end lacks, when there are any and the window has room."""
        if self.phase is not Phase.OPEN or not self.terms.sends:
            return self, ()
        if self.fetching:
            return replace(self, again=True), ()
        after = {author: self._next(author) - 1 for author in self.local}
        room = min(BATCH, WINDOW - self._unconfirmed())
        if room <= 0 or all(after[author] >= seq for author, seq in self.local.items()):
            return self, ()
        return replace(self, fetching=True, again=False), (Fetch(after, room),)

    def fetched(self, entries: Iterable[SignedEntry]) -> "Step":
        """The room has answered a Fetch: send the next entries of each chain, in as few messages as possible."""
        if self.phase is Phase.ENDED or self.stale:
            return replace(self, fetching=False, stale=False)._fetch()
        sent, outgoing = dict(self.sent), list[SignedEntry]()
        for signed in entries:
            author, seq = signed.entry.author, signed.entry.seq
            if seq == replace(self, sent=sent)._next(author):
                sent[author] = seq
                outgoing.append(signed)
        after = replace(self, sent=sent, fetching=False)
        sends = tuple(Send(batch) for batch in batches(outgoing))
        after, more = after._fetch() if outgoing or after.again else (after, ())
        return after, (*sends, *more)

    def _next(self, author: Author) -> int:
        if author in self.stopped:
            return MAX_INTEGER
        return max(held.get(author, 0) for held in (self.sent, self.remote, self.claimed)) + 1

    def _unconfirmed(self) -> int:
        return sum(max(0, seq - self.remote.get(a, 0)) for a, seq in self.sent.items() if a not in self.stopped)

    def _confirmed(self, frontier: Frontier) -> "Step":
        """The other end holds each chain up to here; never more than this end holds itself."""
        if not all(self.terms.covers(author) for author in frontier):
            return self.ended("foreign-author", goodbye=True)
        known = {author: min(seq, self._local(author)) for author, seq in frontier.items() if self._local(author)}
        remote = {**self.remote, **{a: max(seq, self.remote.get(a, 0)) for a, seq in known.items()}}
        after, effects = replace(self, remote=remote)._fetch()
        return after, ((Confirmed(remote), *effects) if remote != self.remote else effects)

    def _refused(self, refused: Refused) -> "Step":
        author = refused.author
        held_there = refused.seq <= self.remote.get(author, 0) and refused.code != FORK
        if author in self.stopped or refused.seq > self._local(author) or held_there:
            return self, ()
        forked = self.forked | ({author} if refused.code == FORK else frozenset())
        after = replace(self, stopped=self.stopped | {author}, forked=forked)
        return after, (Alarm(author, refused.seq, refused.code, refused.values, ours=True),)

    # --- taking -------------------------------------------------------------------------------------------------

    def _offered(self, message: Entries) -> "Step":
        after, effects = self, list[Effect]()
        for refused in message.unreadable:
            after, more = after._decline(refused)
            effects.extend(more)
        wanted = []
        for signed in message.entries:
            after, more = after._arrived(signed)
            effects.extend(more)
            if not more and after.queued.get(signed.entry.author, 0) >= signed.entry.seq:
                wanted.append(signed)
        take = [Take(tuple(wanted))] if wanted and after.phase is not Phase.ENDED else []
        return after, (*effects, *take)

    def _arrived(self, signed: SignedEntry) -> "Step":
        """Queue an arriving entry for the room, or refuse it at once, ignore it, or end the connection."""
        entry = signed.entry
        author, seq = entry.author, entry.seq
        if entry.session != self.terms.session or not self.terms.covers(author):
            code = "wrong-session" if entry.session != self.terms.session else "foreign-author"
            return self, (Send(Refused(author=author, seq=seq, code=code, values={})),)
        expected = max(self._local(author), self.queued.get(author, 0)) + 1
        if seq <= expected and author not in self.forked:
            return replace(self, queued={**self.queued, author: max(seq, self.queued.get(author, 0))}), ()
        if author in self.forked or author in self.declined_at:
            return self, ()
        return self.ended("chain-gap", goodbye=True, author=author, seq=seq, expected=expected)

    def wants(self, signed: SignedEntry) -> bool:
        """Whether the room should still get this entry: not after an earlier one of the chain was declined."""
        author, seq = signed.entry.author, signed.entry.seq
        stop = self.declined_at.get(author)
        return self.phase is not Phase.ENDED and author not in self.forked and (stop is None or seq <= stop)

    def took(self, signed: SignedEntry) -> "Step":
        """The room has committed this entry, now or earlier: the other end holds it too, and gets an answer."""
        author, seq = signed.entry.author, signed.entry.seq
        remote = {**self.remote, author: max(seq, self.remote.get(author, 0))}
        declined_at = self.declined_at if seq < self.declined_at.get(author, 0) else _without(self.declined_at, author)
        after = replace(self, remote=remote, declined_at=declined_at, owed=self.owed | {author})
        after, effects = after.held(author, seq, signed.entry.hash)
        return after, (*effects, Confirmed(remote))

    def declined(self, signed: SignedEntry, code: str, values: Mapping[str, str | int]) -> "Step":
        """The room has refused this entry."""
        return self._decline(Refused(author=signed.entry.author, seq=signed.entry.seq, code=code, values=values))

    def _decline(self, refused: Refused) -> "Step":
        author, seq = refused.author, refused.seq
        forked = self.forked | ({author} if refused.code == FORK else frozenset())
        stopped = self.stopped | ({author} if refused.code == FORK else frozenset())
        queued = _cut(self.queued, author, seq - 1)
        after = replace(self, declined_at={**self.declined_at, author: seq}, queued=queued)
        alarm = Alarm(author, seq, refused.code, refused.values, ours=False)
        return replace(after, forked=forked, stopped=stopped), (Send(refused), alarm)

    def acknowledged(self) -> "Step":
        """The entries of one Take are done: answer once, cumulatively."""
        frontier = {author: self._local(author) for author in self.owed}
        ack: tuple[Effect, ...] = (Send(Ack(frontier=frontier)),) if frontier else ()
        return replace(self, owed=frozenset()), (ack if self.phase is not Phase.ENDED else ())

    # --- small things -------------------------------------------------------------------------------------------

    def _local(self, author: Author) -> int:
        return self.local.get(author, 0)

    def _visible(self, by_author: Mapping[Author, _T]) -> dict[Author, _T]:
        return {author: value for author, value in by_author.items() if self.terms.covers(author)}


Step: TypeAlias = tuple[Exchange, tuple[Effect, ...]]


def _without(by_author: Mapping[Author, _T], author: Author) -> dict[Author, _T]:
    return {name: value for name, value in by_author.items() if name != author}


def _cut(frontier: Frontier, author: Author, seq: int) -> Frontier:
    """The frontier with this author's place lowered to `seq`."""
    return {name: min(place, seq) if name == author else place for name, place in frontier.items()}
