"""The journal's tables, the engine under them, and every read of them."""

import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary, UniqueConstraint, event, func
from sqlalchemy.engine import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Field, Session, SQLModel, col, select

from journal.entry import Entry
from records.errors import ConflictError, NotFoundError, UnavailableError
from records.facts import Fact
from records.ids import ZERO_DIGEST, Digest

BUSY_SECONDS = 10
"""How long a writer waits for another one before it gives up."""
_WRITES = "tongping_writes"
LOST = ""
"""The type of an entry whose record is lost."""
_SQLITE_ERROR = 1  # a wrong statement or a missing table: our own fault, which no retry mends


class EntryRow(SQLModel, table=True):
    """One record with its salt and its leaf. The columns beside `record` only find it again.

    An erased record keeps its columns. Of a lost one only the leaf is known: type, project and session are empty, `seq`
    and `digest` NULL.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (UniqueConstraint("project", "seq"),)

    index: int = Field(primary_key=True, sa_column_kwargs={"name": "entry_index", "autoincrement": False})
    type: str = Field(index=True)
    project: str
    session: str = Field(index=True)
    seq: int | None
    digest: str | None
    record: bytes | None = Field(sa_type=LargeBinary)
    salt: bytes | None = Field(sa_type=LargeBinary)
    commitment: bytes = Field(sa_type=LargeBinary)
    leaf: bytes = Field(sa_type=LargeBinary)


class PositionRow(SQLModel, table=True):
    """How far a follower has come: the number of entries it has handled, and the error code that stopped it."""

    __tablename__ = "journal_position"

    name: str = Field(primary_key=True)
    position: int
    stopped: str = ""


def sqlite_url(path: Path) -> str:
    """The URL of a database file, whatever signs its folders have in their names: ?, #, % and spaces are the file's."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def open_engine(url: str) -> Engine:
    """The engine under a journal. SQLite (a file, never memory): WAL, every commit on disk before it returns."""
    engine = create_engine(url, hide_parameters=True)  # a parameter may be a score: it never enters an error text
    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _end_sqlite)
    return engine


def _configure_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: `_begin_sqlite` does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once: after a read it could no longer get the lock without starting over."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _end_sqlite(connection: DBAPIConnection | None, _: ConnectionPoolEntry) -> None:
    """A commit that failed may have left its transaction open, and with it the lock, on a connection used again."""
    if connection is not None:
        connection.rollback()


def writing(engine: Engine) -> Session:
    """A session whose transaction holds the write lock from its first statement. Rows stay readable after it."""
    return Session(engine.execution_options(**{_WRITES: True}), expire_on_commit=False)


@contextmanager
def converted() -> Iterator[None]:
    """Make the database's errors ours: a store that does not answer, and a write that another one forestalled."""
    try:
        yield
    except IntegrityError as error:
        raise ConflictError("conflicting-write") from error
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == _SQLITE_ERROR:
            raise
        raise UnavailableError("store-unavailable") from error


def open_for_reading(url: str) -> Engine:
    """A read-only engine, beside a running or a stopped centre; each session sees one moment.

    NotFoundError("store-missing") where there is no database. SQLite may leave its own empty side files.
    """
    location = make_url(url)
    if location.get_backend_name() != "sqlite":
        engine = create_engine(url, hide_parameters=True)
        return engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    path = Path(location.database or "").resolve()
    if not path.is_file():
        raise NotFoundError("store-missing", file=path.name)
    engine = create_engine(url, hide_parameters=True, creator=lambda: _connect_for_reading(path))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    """SQLite wants to lay its side files beside the database, which on a read-only copy it cannot.

    A copy without them is of a stopped centre, so it is read as what it is: a file that nobody changes.
    """
    beside = [path.with_name(path.name + end) for end in ("-wal", "-shm")]
    still = not os.access(path.parent, os.W_OK) and not any(file.exists() for file in beside)
    uri = f"{path.as_uri()}?{'immutable=1' if still else 'mode=ro'}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


AUDITED = "entry_index, type, project, session, seq, digest, record, salt, commitment, leaf"


def raw_rows(db: Session, query: str, batch: int = 256) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query in batches, as the driver gives them: an audit reads a million. Any: columns of any type."""
    found = db.connection().execution_options(stream_results=True).exec_driver_sql(query)
    cursor = found.cursor
    assert cursor is not None
    while rows := cursor.fetchmany(batch):
        yield list(rows)
    found.close()


def size(db: Session) -> int:
    """The number of entries: indexes are dense, so the highest gives it."""
    return db.exec(select(func.coalesce(func.max(EntryRow.index), -1))).one() + 1


def chain_head(db: Session, project: str) -> tuple[int, Digest]:
    """Where a project's chain continues: the last number given out and the digest of its last record.

    (0, zeros) before the first. Every entry lost since then may have been this project's and so counts as a number
    given out: no number is given twice, and the gap is exactly as long as the loss.
    """
    columns = select(EntryRow.index, EntryRow.seq, EntryRow.digest)
    known = columns.where(EntryRow.project == project, col(EntryRow.seq).is_not(None))
    last = db.exec(known.order_by(col(EntryRow.seq).desc()).limit(1)).first()
    index, seq, digest = last or (-1, 0, ZERO_DIGEST)
    return (seq or 0) + _lost_after(db, index), Digest(digest or ZERO_DIGEST)


def _lost_after(db: Session, index: int) -> int:
    lost = select(func.count()).select_from(EntryRow).where(EntryRow.type == LOST, EntryRow.index > index)
    return db.exec(lost).one()


def before(db: Session, project: str, seq: int, index: int) -> tuple[int, Digest, int]:
    """The predecessor of a project's number `seq` at `index`: the last known number, its digest, entries lost since.

    (0, zeros, …) when nothing does.
    """
    columns = select(EntryRow.index, EntryRow.seq, EntryRow.digest)
    known = columns.where(EntryRow.project == project, col(EntryRow.seq) < seq)
    last = db.exec(known.order_by(col(EntryRow.seq).desc()).limit(1)).first()
    at, found, digest = last or (-1, 0, ZERO_DIGEST)
    lost = select(func.count()).select_from(EntryRow)
    between = lost.where(EntryRow.type == LOST, EntryRow.index > at, EntryRow.index < index)
    return found or 0, Digest(digest or ZERO_DIGEST), db.exec(between).one()


def first_besides(db: Session, types: Collection[str], start: int) -> int | None:
    """The index of the first entry from `start` on that is of none of these types."""
    query = select(func.min(EntryRow.index)).where(EntryRow.index >= start, col(EntryRow.type).not_in(types))
    return db.exec(query).one()


def append_empty(db: Session, entry: Entry) -> None:
    """Add the row of a lost record to the transaction."""
    row = EntryRow(
        index=entry.index,
        type=LOST,
        project="",
        session="",
        seq=None,
        digest=None,
        record=None,
        salt=None,
        commitment=entry.commitment,
        leaf=entry.leaf,
    )
    db.add(row)


def erase(db: Session, index: int) -> str:
    """Destroy a record's bytes and salt; the project it belonged to. NotFoundError("entry-unknown", "content-gone")."""
    row = db.get(EntryRow, index)
    if row is None:
        raise NotFoundError("entry-unknown", index=index)
    if row.record is None:
        raise NotFoundError("content-gone", index=index)
    row.record = row.salt = None
    db.add(row)
    return row.project


def append(db: Session, entry: Entry, *, fact: Fact, seq: int) -> None:
    """Add the row of a fact's entry to the transaction."""
    db.add(
        EntryRow(
            index=entry.index,
            type=fact.type,
            project=fact.project,
            session=fact.session,
            seq=seq,
            digest=entry.digest,
            record=entry.record,
            salt=entry.salt,
            commitment=entry.commitment,
            leaf=entry.leaf,
        ),
    )


def read(db: Session, index: int) -> Entry:
    row = db.get(EntryRow, index)
    if row is None:
        raise NotFoundError("entry-unknown", index=index)
    return _entry(row)


def leaves(db: Session, end: int | None = None) -> list[bytes]:
    """The leaf hashes of the first `end` entries (of all without it); NotFoundError when there are not so many."""
    query = select(EntryRow.leaf).order_by(col(EntryRow.index))
    if end is not None:
        query = query.where(EntryRow.index < end)
    found = list(db.exec(query))
    if end is not None and len(found) != end:
        raise NotFoundError("size-unknown", size=end, found=len(found))
    return found


def next_whole(db: Session, index: int) -> Entry | None:
    """The first entry from `index` on that has its content."""
    whole = select(EntryRow).where(EntryRow.index >= index, col(EntryRow.record).is_not(None))
    row = db.exec(whole.order_by(col(EntryRow.index)).limit(1)).first()
    return None if row is None else _entry(row)


def commitments(db: Session, start: int, limit: int) -> list[bytes]:
    """The commitments of at most `limit` entries from index `start` on, in order: the content of the log."""
    query = select(EntryRow.commitment).where(EntryRow.index >= start).order_by(col(EntryRow.index)).limit(limit)
    return list(db.exec(query))


def entries(db: Session, start: int, limit: int) -> list[Entry]:
    """At most `limit` entries from index `start` on, in order."""
    query = select(EntryRow).where(EntryRow.index >= start).order_by(col(EntryRow.index)).limit(limit)
    return [_entry(row) for row in db.exec(query)]


def find(db: Session, *, type: str = "", session: str = "", project: str = "") -> list[Entry]:
    """All entries of this type, session and project (each only when given) that have their content, in order."""
    query = select(EntryRow).where(col(EntryRow.record).is_not(None)).order_by(col(EntryRow.index))
    for column, wanted in ((EntryRow.type, type), (EntryRow.session, session), (EntryRow.project, project)):
        if wanted:
            query = query.where(col(column) == wanted)
    return [_entry(row) for row in db.exec(query)]


def position(db: Session, name: str) -> tuple[int, str]:
    """How many entries the named follower has handled, and the error code that stopped it (empty: none)."""
    row = db.get(PositionRow, name)
    return (0, "") if row is None else (row.position, row.stopped)


def save_position(db: Session, name: str, position: int, stopped: str) -> None:
    db.merge(PositionRow(name=name, position=position, stopped=stopped))


def _entry(row: EntryRow) -> Entry:
    return Entry(
        index=row.index, record=row.record or b"", salt=row.salt or b"", commitment=row.commitment, leaf=row.leaf
    )
