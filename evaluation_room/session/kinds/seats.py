"""The members of a seat, as its own centre writes them: a key bound at check-in, a member replaced."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from evaluation_room.committee.replacement import MemberReplaced
from evaluation_room.session.acts import SeatBound
from evaluation_room.session.kinds.kind import AnyKind, Arrival, Kind, Place, Speaker, plain, seat_author
from evaluation_room.session.occupancy import Binding, Replaced, present
from evaluation_room.session.parts import CentrePart, with_item
from evaluation_room.stages import OVERLAYS, SITTING, Stage
from records.errors import ConflictError, EvidenceMismatchError, WrongStageError


def _check_binding(arrival: Arrival, act: SeatBound) -> None:
    """A new key takes over after the last entry of the old one, never before an entry already signed."""
    _check_behind(arrival, act)
    arrival.checks.binding(arrival.entry.session, act)


def _check_behind(arrival: Arrival, act: SeatBound | MemberReplaced) -> None:
    seq = arrival.length(seat_author(act.seat))
    if act.from_seq <= seq:
        raise EvidenceMismatchError("binding-behind-chain", seat=act.seat, from_seq=act.from_seq, seq=seq)


def _bind(part: CentrePart, act: SeatBound, place: Place) -> CentrePart:
    """Bind the seat's next key. The expert stays the same, unless the member was replaced (R09, 条例48条)."""
    before = part.bindings.get(act.seat, ())
    if act.epoch != len(before) + 1:
        raise ConflictError("epoch-out-of-order", seat=act.seat, epoch=act.epoch, expected=len(before) + 1)
    if before:
        last = before[-1].act
        replaced = not present(before, part.replacements.get(act.seat, ()))
        same = (act.name, act.specialty, act.role) == (last.name, last.specialty, last.role)
        if not replaced and not same:
            raise ConflictError("expert-changed", seat=act.seat)
        if replaced and act.credential_id == last.credential_id:  # not by name: two people may bear one
            raise ConflictError("expert-replaced", seat=act.seat)
        if act.from_seq < max(last.from_seq, part.begins(act.seat)):
            raise ConflictError("epoch-out-of-order", seat=act.seat, epoch=act.epoch)
    binding = Binding(act=act, at=place.at, counted=place.counted)
    return replace(part, bindings=with_item(part.bindings, act.seat, (*before, binding)))


def _check_replacement(arrival: Arrival, act: MemberReplaced) -> None:
    """R09: the replaced member has taken the seat; all its entries so far are void, and the entry names them."""
    if arrival.late:
        return
    seat = arrival.definition.seat(act.seat)
    if seat is None or arrival.state.expert(seat) is None:
        raise WrongStageError("nobody-to-replace", seat=act.seat)
    _check_behind(arrival, act)


def _replace_member(part: CentrePart, act: MemberReplaced, place: Place) -> CentrePart:
    """The seat's present member writes no more, and its entries are void where the replacement counts.

    In a passage that the session went back behind, the member's entries count for nothing in any case.
    """
    counted = place.counted or place.superseded
    epoch = len(part.bindings.get(act.seat, ()))
    one = Replaced(act=act, seq=place.entry.seq, epoch=epoch, counted=counted)
    all_ = (*part.replacements.get(act.seat, ()), one)
    return replace(part, replacements=with_item(part.replacements, act.seat, all_))


KINDS: Mapping[str, AnyKind] = MappingProxyType(
    {
        "seat-bound": Kind(
            speaker=Speaker.SEAT_CENTRE,
            stages=frozenset(SITTING),
            during=OVERLAYS,
            even_late=True,  # the key's signatures are checked by it
            read=plain(SeatBound.read),
            check=_check_binding,
            apply=_bind,
        ),
        "member-replaced": Kind(
            speaker=Speaker.SEAT_CENTRE,
            stages=frozenset({Stage.CHECK_IN, Stage.BRIEFING}),
            even_late=True,  # the old key no longer signs in any case
            read=plain(MemberReplaced.read),
            check=_check_replacement,
            apply=_replace_member,
        ),
    },
)
