"""Who sits on a seat: the keys its centre bound there, and the members it replaced (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass

from evaluation_room.committee.replacement import MemberReplaced
from evaluation_room.session.acts import SeatBound


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A seat's key as its centre bound it. `counted`: within what the host counted when it closed the stage."""

    act: SeatBound
    at: str
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A member its centre replaced. The key signs no more in any case; what was said is void when it was `counted`.

    A replacement that the host had not heard of when it closed the stage voids nothing of what it counted: else a
    centre could take a locked sheet back. The session then goes back, and the next member begins there.
    `seq`: its place in the centre's chain. `epoch`: the last key of the member who was replaced.
    """

    act: MemberReplaced
    seq: int
    epoch: int
    counted: bool


def present(bindings: Iterable[Binding], replaced: Iterable[Replaced]) -> tuple[Binding, ...]:
    """The keys of the member who sits there now."""
    last = max((one.epoch for one in replaced), default=0)
    return tuple(one for one in bindings if one.act.epoch > last)


def begins(replaced: Iterable[Replaced]) -> int:
    """The place in the seat's chain from which on the present member speaks."""
    return max((one.act.from_seq for one in replaced), default=0)


def void_below(replaced: Iterable[Replaced]) -> int:
    """The place in the seat's chain below which nothing counts."""
    return begins(one for one in replaced if one.counted)


def before(bindings: Iterable[Binding], replaced: Iterable[Replaced]) -> tuple[tuple[SeatBound, MemberReplaced], ...]:
    """Who sat there before, and why each was replaced, the first one first."""
    keys = tuple(bindings)
    found = (
        (next((one.act for one in reversed(keys) if one.act.epoch <= gone.epoch), None), gone) for gone in replaced
    )
    return tuple((member, gone.act) for member, gone in found if member is not None)
