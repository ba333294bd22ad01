"""The effects that a step of the protocol asks for, in order (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from evaluation_room.replication.messages import Changed, Frontier, Heads, Message, Venues
from records.ids import Author
from records.room_entry import SignedEntry


@dataclass(frozen=True, slots=True)
class Send:
    """Put this message on the channel."""

    message: Message


@dataclass(frozen=True, slots=True)
class Take:
    """Offer these entries to the room one by one, report each by `took` or `declined`, at the end `acknowledged`."""

    entries: tuple[SignedEntry, ...]


@dataclass(frozen=True, slots=True)
class Fetch:
    """Read at most `limit` entries after this frontier and report them by `fetched`."""

    after: Frontier
    limit: int


@dataclass(frozen=True, slots=True)
class Compare:
    """Compare the other end's heads with the room's own entries at the same places and report by `compared`."""

    frontier: Frontier
    heads: Heads


@dataclass(frozen=True, slots=True)
class Opened:
    """The other end has greeted; this connection is now the one that counts."""

    epoch: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The other end has committed up to here."""

    frontier: Frontier


@dataclass(frozen=True, slots=True)
class Behind:
    """The other end holds more of this chain than its own author does here."""

    author: Author
    seq: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """A forbidden event: a fork, or an entry that one venue took and another refused."""

    author: Author
    seq: int
    code: str
    values: Mapping[str, str | int]
    ours: bool
    """Whether the entry was sent from here (and refused there)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message from the other end for the owner of this connection."""

    message: Venues | Changed


@dataclass(frozen=True, slots=True)
class Ended:
    """Close the channel. This connection is finished."""

    code: str
    values: Mapping[str, str | int]


Effect: TypeAlias = Send | Take | Fetch | Compare | Opened | Confirmed | Behind | Alarm | Notice | Ended
