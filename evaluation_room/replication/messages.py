"""The messages between the two ends of replication: small values, each one canonical JSON text (pure).

docs/interface.md describes them with examples; tests/vectors/messages.json holds both languages to the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from records.canonical import Value
from records.ids import Author, CentreCode, Digest, SessionId
from records.room_entry import SignedEntry

Frontier: TypeAlias = Mapping[Author, int]
"""Per author the highest sequence number up to which nothing is missing."""
Heads: TypeAlias = Mapping[Author, Digest]
"""Per author the hash of the entry that the frontier names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The first message of both ends: which connection this is, and the frontier of the sender's chains."""

    session: SessionId
    epoch: int
    frontier: Frontier
    heads: Heads

    def value(self) -> dict[str, Value]:
        positions = {"frontier": _plain(self.frontier), "heads": _plain(self.heads)}
        return {"m": "hello", "session": str(self.session), "epoch": self.epoch, **positions}


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """The hello's comparison repeated while the connection lasts (wire name `heads`)."""

    frontier: Frontier
    heads: Heads

    def value(self) -> dict[str, Value]:
        return {"m": "heads", "frontier": _plain(self.frontier), "heads": _plain(self.heads)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An entry was refused, and why. Nothing after it in its chain is taken until another entry is in its place."""

    author: Author
    seq: int
    code: str
    values: Mapping[str, str | int]

    def value(self) -> dict[str, Value]:
        place: dict[str, Value] = {"m": "refused", "author": str(self.author), "seq": self.seq}
        return place | {"code": self.code, "values": dict(self.values)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """Entries, ascending per author. `unreadable` names malformed ones: found on reading, never sent."""

    entries: tuple[SignedEntry, ...]
    unreadable: tuple[Refused, ...] = ()

    def value(self) -> dict[str, Value]:
        return {"m": "entries", "entries": [entry.to_wire() for entry in self.entries]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """The sender has committed everything up to here: sent after the commit, never before."""

    frontier: Frontier

    def value(self) -> dict[str, Value]:
        return {"m": "ack", "frontier": _plain(self.frontier)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """A keep-alive, once a second."""

    n: int

    def value(self) -> dict[str, Value]:
        return {"m": "ping", "n": self.n}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pong:
    """The answer to the ping of the same number."""

    n: int

    def value(self) -> dict[str, Value]:
        return {"m": "pong", "n": self.n}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatus:
    """How a venue is connected, and since when (RFC 3339): `connected`, `reconnecting` or `down`."""

    state: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Venues:
    """How the other venues are connected and what each of them has confirmed."""

    links: Mapping[CentreCode, LinkStatus]
    confirmed: Mapping[CentreCode, Frontier]

    def value(self) -> dict[str, Value]:
        links = {str(code): {"state": link.state, "since": link.since} for code, link in self.links.items()}
        confirmed = {str(code): _plain(frontier) for code, frontier in self.confirmed.items()}
        return {"m": "venues", "links": links, "confirmed": confirmed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The room's view has changed: fetch it again. `stage` is the present stage."""

    stage: str

    def value(self) -> dict[str, Value]:
        return {"m": "changed", "stage": str(self.stage)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bye:
    """The sender ends this connection, with the reason. `superseded` asks a browser not to reconnect by itself."""

    code: str

    def value(self) -> dict[str, Value]:
        return {"m": "bye", "code": self.code}


Message: TypeAlias = Hello | Positions | Entries | Ack | Refused | Ping | Pong | Venues | Changed | Bye


def _plain(by_author: Mapping[Author, int] | Mapping[Author, Digest]) -> dict[str, Value]:
    """A mapping whose keys and values are exactly those the canonical form writes."""
    return {str(author): value for author, value in by_author.items()}
