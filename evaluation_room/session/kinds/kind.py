"""A kind of entry: who may write it, in which stages, how its body is read, checked and applied."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

from evaluation_room.session.acts import ReportConsented, SeatBound
from evaluation_room.session.chain import Chain
from evaluation_room.session.parts import CentrePart, SeatPart
from evaluation_room.session.state import State
from evaluation_room.stages import Stage, read_label
from evaluation_room.tender.definition import Definition, Seat
from records.errors import NotPermittedError
from records.ids import Author, SeatId, SessionId
from records.room_entry import RoomEntry
from records.strict_fields import Body

A = TypeVar("A")
"""The act: the value read from the body of an entry."""
P = TypeVar("P", SeatPart, CentrePart)
"""The part of the author: a seat's or a centre's."""


class Speaker(StrEnum):
    HOST = "host"
    GUEST = "guest"
    CENTRE = "centre"
    SEAT = "seat"
    SEAT_CENTRE = "seat-centre"  # the centre of the seat that the body names as `seat`


def _accept(*_: object) -> None:
    """No check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Checks outside the rules: each function returns, or raises why it fails. Called once per entry taken.

    `definition`: the named centres are the ones known here under these keys, and this centre takes part. `binding`: the
    expert's authenticator confirmed this key for this seat. `consent`: the same for the consent, by the credential the
    seat is bound to. `clock_back`: how far an author's clock may have been set back between two entries.
    """

    definition: Callable[[Definition], None] = _accept
    binding: Callable[[SessionId, SeatBound], None] = _accept
    consent: Callable[[SessionId, Seat, ReportConsented, SeatBound], None] = _accept
    clock_back: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An arriving entry, and everything known at this venue to check it against.

    `late`: it comes after its stage was closed and counts for nothing. `counted_to` (frontier): the state with the
    chains counted up to there.
    """

    entry: RoomEntry
    state: State
    chains: Mapping[Author, Chain]
    checks: Checks
    late: bool
    counted_to: Callable[[Mapping[Author, int]], State]

    @property
    def definition(self) -> Definition:
        return self.state.definition

    @property
    def seat(self) -> Seat:
        """The seat that wrote the entry; only for kinds that a seat writes."""
        seat = self.definition.seat_of(self.entry.author)
        assert seat is not None  # the author's kind was checked before
        return seat

    def length(self, author: Author) -> int:
        """How many entries of this author are here."""
        chain = self.chains.get(author)
        return 0 if chain is None else chain.seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The place of an entry when it is applied. No part depends on another author's, so neither does this.

    `counted`: included in the host's count. `superseded`: in a passage that the session went back behind.
    """

    entry: RoomEntry
    definition: Definition
    counted: bool
    superseded: bool

    @property
    def at(self) -> str:
        return self.entry.at

    @property
    def stage(self) -> Stage:
        return read_label(self.entry.stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[A, P]):
    """One kind of entry.

    `read`: the act from the body, or InvalidRecordError; it may use the definition and nothing else. `apply`: the
    author's part after the act, or the error of the violated rule; it may use this part alone. `check`: return, or
    raise the violated rule, at whichever venue the entry arrives. `check_here`: the same where the author itself sends
    the entry. An entry acknowledged by another venue is never refused for something only this venue knows. `during`:
    the overlays in which it may still be written; the entry then names the stage below the overlay. `even_late`: an
    entry that comes too late to count is checked and applied too.
    """

    speaker: Speaker
    stages: frozenset[Stage]
    read: Callable[[Body, Definition], A]
    apply: Callable[[P, A, Place], P]
    check: Callable[[Arrival, A], None] = _accept
    check_here: Callable[[Arrival, A], None] = _accept
    during: frozenset[Stage] = frozenset({Stage.CLARIFYING})
    even_late: bool = False


AnyKind: TypeAlias = Kind[Any, Any]
"""Any: a list of kinds holds different acts; within each kind the functions agree on one, which is type-checked"""


def plain(read: Callable[[Body], A]) -> Callable[[Body, Definition], A]:
    """The reader of a body that does not need the definition."""
    return lambda body, _definition: read(body)


def unchanged_centre(part: CentrePart, _act: object, _place: Place) -> CentrePart:
    """For an act that changes the history of the session and no part."""
    return part


def seat_author(seat: SeatId) -> Author:
    return Author(f"seat:{seat}")


def check_author(definition: Definition, author: Author) -> None:
    """Return when this author has a chain in this session."""
    known = {seat.author for seat in definition.seats} | {centre.author for centre in definition.centres}
    if author not in known:
        raise NotPermittedError("unknown-author", author=author)
