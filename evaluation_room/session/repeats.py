"""What was written already: a repeated command writes no entry again, a repeated fault leaves no record again."""

from collections.abc import Mapping
from typing import Final

from evaluation_room.session.session import Session
from evaluation_room.stages import Stage
from records.canonical import Value
from records.errors import NotFoundError
from records.ids import Author, SeatId
from records.room_entry import RoomEntry, SignedEntry

Body = Mapping[str, Value]
MOST_OF_ONE: Final = 100
"""Refusals of one author in a session that are recorded; further ones are answered alone: nobody fills the journal."""
_MOST_AUTHORS: Final = 10_000


def last_equal_entry(session: Session, author: Author, kind: str, body: Body) -> SignedEntry | None:
    """The current stage's entry in which the author stated exactly this as the last word on the matter."""
    entries = session.chain(author).entries
    found = [one for one in entries if one.entry.kind == kind and one.entry.body.get("seat") == body.get("seat")]
    if found and found[-1].entry.stage == session.label and found[-1].entry.body == body:
        return found[-1]
    return None


def stage_entry(session: Session, stage: Stage) -> SignedEntry | None:
    """The entry by which the current stage was entered, when that is the requested stage."""
    entries = session.chain(session.definition.host.author).entries
    found = [one for one in entries if one.entry.kind == "stage-entered"]
    return found[-1] if found and session.stage is stage else None


def replacement_or_entry(session: Session, seat_id: SeatId, ground: str, reason: str) -> Body | SignedEntry:
    """The replacement of the seat's present member, or the entry that made it, until the seat is taken again."""
    seat = session.definition.seat(seat_id)
    if seat is None:
        raise NotFoundError("unknown-seat", seat=seat_id)
    entries = session.chain(Author(f"centre:{seat.centre}")).entries
    replacements = [one for one in entries if one.entry.kind == "member-replaced"]
    newest = next((one for one in reversed(replacements) if one.entry.body["seat"] == seat_id), None)
    wanted = {"ground": ground, "reason": reason}
    if newest is not None and session.state.expert(seat) is None and wanted.items() <= newest.entry.body.items():
        return newest
    return {"seat": str(seat_id), "from_seq": session.chain(seat.author).seq + 1, **wanted}


def binding_or_entry(session: Session, seat_id: SeatId, body: Body) -> Body | SignedEntry:
    """The binding of the seat's next key, or the entry that bound this same one."""
    seat = session.definition.seat(seat_id)
    if seat is None:
        raise NotFoundError("unknown-seat", seat=seat_id)
    bound = [one for one in session.chain(Author(f"centre:{seat.centre}")).entries if one.entry.kind == "seat-bound"]
    newest = next((one for one in reversed(bound) if one.entry.body["seat"] == seat_id), None)
    if newest is not None and all(newest.entry.body.get(name) == value for name, value in body.items()):
        return newest
    epoch = len(session.state.bindings(seat)) + 1
    return {**body, "seat": str(seat_id), "epoch": epoch, "from_seq": session.chain(seat.author).seq + 1}


class Refused:
    """The refusals of entries recorded since the start: each fault once, and of one author only so many."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], set[tuple[int, str]]] = {}

    def is_news(self, entry: RoomEntry, code: str) -> bool:
        """Whether this refusal is to be recorded; from now on it is known."""
        author = (entry.session, entry.author)
        if author not in self._known and len(self._known) >= _MOST_AUTHORS:
            return False
        known = self._known.setdefault(author, set())
        mark = (entry.seq, code)
        if mark in known or len(known) >= MOST_OF_ONE:
            return False
        known.add(mark)
        return True
