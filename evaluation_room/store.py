"""The room's one table: every signed entry this centre has taken, in the order in which it took them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from records import canonical
from records.ids import SessionId
from records.room_entry import SignedEntry


class RoomEntryRow(SQLModel, table=True):
    """One taken entry in wire form. `place` is the order of taking: an entry comes after those it relies on."""

    __tablename__ = "room_entry"
    __table_args__ = (UniqueConstraint("session", "author", "seq"),)

    place: int | None = Field(default=None, primary_key=True)
    session: str = Field(index=True)
    author: str
    seq: int
    kind: str
    wire: bytes = Field(sa_type=LargeBinary)


class Placed(NamedTuple):
    place: int
    signed: SignedEntry


def append(db: Session, signed: SignedEntry) -> int:
    """Add an entry to the transaction and return its place."""
    entry = signed.entry
    row = RoomEntryRow(
        session=entry.session,
        author=entry.author,
        seq=entry.seq,
        kind=entry.kind,
        wire=canonical.encode(signed.to_wire()),
    )
    db.add(row)
    db.flush()
    return row.place or 0


def after(db: Session, session: SessionId, place: int) -> Sequence[Placed]:
    """The session's entries after a place, in order."""
    query = select(RoomEntryRow.place, RoomEntryRow.wire).where(RoomEntryRow.session == session)
    rows = db.exec(query.where(col(RoomEntryRow.place) > place).order_by(col(RoomEntryRow.place)))
    return [Placed(row[0] or 0, SignedEntry.from_wire(canonical.decode(row[1]))) for row in rows]


def sessions(db: Session) -> Sequence[SessionId]:
    """All sessions, the one opened first here first."""
    opened = select(RoomEntryRow.session).where(RoomEntryRow.kind == "session-opened", RoomEntryRow.seq == 1)
    return [SessionId(session) for session in db.exec(opened.order_by(col(RoomEntryRow.place)))]
