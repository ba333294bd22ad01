"""The members of a seat: the keys its centre bound there, and the members it replaced (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass

from evaluation_room.committee.replacement import MemberReplaced
from evaluation_room.session.acts import SeatBound


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A seat's key as its centre bound it. `counted`: included in the host's count when it closed the stage."""

    act: SeatBound
    at: str
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A member its centre replaced. The key no longer signs in any case; the entries are void when it was `counted`.

    A replacement unknown to the host when it closed the stage voids nothing that the host counted: otherwise a centre
    could take a locked sheet back. The session then goes back, and the next member begins there. `seq`: its place in
    the centre's chain. `epoch`: the last key of the replaced member.
    """

    act: MemberReplaced
    seq: int
    epoch: int
    counted: bool


def present(bindings: Iterable[Binding], replaced: Iterable[Replaced]) -> tuple[Binding, ...]:
    """The keys of the present member."""
    last = max((one.epoch for one in replaced), default=0)
    return tuple(one for one in bindings if one.act.epoch > last)


def begins(replaced: Iterable[Replaced]) -> int:
    """The place in the seat's chain from which the present member's entries begin."""
    return max((one.act.from_seq for one in replaced), default=0)


def void_below(replaced: Iterable[Replaced]) -> int:
    """The place in the seat's chain below which nothing counts."""
    return begins(one for one in replaced if one.counted)


def before(bindings: Iterable[Binding], replaced: Iterable[Replaced]) -> tuple[tuple[SeatBound, MemberReplaced], ...]:
    """The earlier members and why each was replaced, the first one first."""
    keys = tuple(bindings)
    found = (
        (next((one.act for one in reversed(keys) if one.act.epoch <= gone.epoch), None), gone) for gone in replaced
    )
    return tuple((member, gone.act) for member, gone in found if member is not None)
