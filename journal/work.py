"""One transaction that changes a centre's tables and records it in the journal, or does neither."""

import threading
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from sqlalchemy.engine import Engine
from sqlmodel import Session

from journal import store
from journal.entry import Entry, empty_entry, make_entry, write_record
from records.commitment import new_salt
from records.errors import ConflictError, UnavailableError
from records.facts import RECORD_ERASED, Fact
from records.ids import Author, CentreCode, Digest, ProjectId


class Work:
    """The open transaction: `db` for the tables, `now` for every time in it, `record` for what happened."""

    def __init__(self, db: Session, *, centre: CentreCode, now: datetime, randomness: Callable[[int], bytes]) -> None:
        self.db = db
        self.now = now
        self.recorded: list[Entry] = []
        self._centre = centre
        self._randomness = randomness
        self._size: int | None = None
        self._heads: dict[str, tuple[int, Digest]] = {}

    def record(self, fact: Fact) -> Entry:
        """Write a fact to the journal. It counts only when the work around it has ended without an error."""
        if self._size is None:
            self._size = store.size(self.db)
        if fact.project not in self._heads:
            self._heads[fact.project] = store.chain_head(self.db, fact.project)
        last, previous = self._heads[fact.project]
        record = write_record(fact, centre=self._centre, seq=last + 1, previous=previous, at=self.now)
        entry = make_entry(self._size, record, new_salt(self._randomness))
        store.append(self.db, entry, fact=fact, seq=last + 1)
        self._size += 1
        self._heads[fact.project] = (last + 1, entry.digest)
        self.recorded.append(entry)
        return entry

    def take_lost(self, commitments: Iterable[bytes], *, at: int) -> int:
        """Add entries without content from index `at` on, as a mirror of this log proves them; how many.

        The caller has proven them. ConflictError("journal-moved") when the journal does not end at `at`.
        """
        if self._size is None:
            self._size = store.size(self.db)
        if self._size != at:
            raise ConflictError("journal-moved", size=self._size, expected=at)
        start = self._size
        for commitment in commitments:
            store.append_empty(self.db, empty_entry(self._size, commitment))
            self._size += 1
        self.db.flush()
        self._heads.clear()
        return self._size - start

    def erase(self, index: int, *, author: Author, reason: str) -> Entry:
        """Destroy the bytes and the salt of a record, for good, and record it; leaf and place in the chain stay.

        `reason`: a code, no text. Copies in other tables are for their owners to erase, in this same work.
        """
        project = ProjectId(store.erase(self.db, index))
        self.db.flush()
        return self.record(
            Fact(type=RECORD_ERASED, project=project, author=author, body={"index": index, "reason": reason})
        )


_writers: ContextVar[tuple["Journal", ...]] = ContextVar("writers", default=())


class Journal:
    """A centre's journal. All writing of the centre, to whatever table, goes through `work`, one at a time."""

    def __init__(
        self,
        engine: Engine,
        centre: CentreCode,
        *,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes],
    ) -> None:
        self.engine = engine
        self.centre = centre
        self._clock = clock
        self._randomness = randomness
        self._turn = threading.Lock()
        self._bells_lock = threading.Lock()
        self._bells: weakref.WeakSet[threading.Event] = weakref.WeakSet()

    @contextmanager
    def work(self) -> Iterator[Work]:
        """One transaction: committed (on disk) when the block ends, rolled back when anything is raised in it.

        Raises ConflictError when another writer was first, UnavailableError when the store does not answer. After
        an UnavailableError from the commit itself the work may have been kept: a repetition must be idempotent.
        """
        with self._own_turn(), store.converted(), store.writing(self.engine) as db:
            db.connection()  # takes the write lock before the clock is read: times stand in the order of the entries
            work = Work(db, centre=self.centre, now=self._clock(), randomness=self._randomness)
            yield work
            db.commit()  # the point of no return: from here on the entries are in the journal for good
        if work.recorded:
            self._ring()

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        if self in _writers.get():
            raise ConflictError("work-within-work")
        if not self._turn.acquire(timeout=store.BUSY_SECONDS):
            raise UnavailableError("store-busy")
        _writers.set((*_writers.get(), self))
        try:
            yield
        finally:
            _writers.set(tuple(journal for journal in _writers.get() if journal is not self))
            self._turn.release()

    def subscribe(self) -> threading.Event:
        """An event set after every commit that recorded something. Wait, clear, then read; drop it to unsubscribe."""
        bell = threading.Event()
        with self._bells_lock:
            self._bells.add(bell)
        return bell

    def _ring(self) -> None:
        with self._bells_lock:
            for bell in self._bells:
                bell.set()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, of one moment of the store, whatever is written beside it."""
        with store.converted(), Session(self.engine) as db:
            yield db

    def now(self) -> datetime:
        """The moment by the clock that dates the entries."""
        return self._clock()

    def size(self) -> int:
        with self.reading() as db:
            return store.size(db)

    def read(self, index: int) -> Entry:
        """The entry at an index, else NotFoundError."""
        with self.reading() as db:
            return store.read(db, index)

    def before(self, project: str, seq: int, index: int) -> tuple[int, Digest, int]:
        """Of the project's last record before number `seq` at `index`: number, digest, and entries lost since."""
        with self.reading() as db:
            return store.before(db, project, seq, index)

    def first_besides(self, types: Collection[str], start: int) -> int | None:
        """The index of the first entry from `start` on that is of none of these types."""
        with self.reading() as db:
            return store.first_besides(db, types, start)

    def leaves(self, end: int | None = None) -> list[bytes]:
        """The leaf hashes of the first `end` entries, of all without it."""
        with self.reading() as db:
            return store.leaves(db, end)

    def commitments(self, start: int, limit: int) -> list[bytes]:
        """The commitments of at most `limit` entries from index `start` on."""
        with self.reading() as db:
            return store.commitments(db, start, limit)

    def entries(self, start: int, limit: int) -> list[Entry]:
        with self.reading() as db:
            return store.entries(db, start, limit)

    def find(self, *, type: str = "", session: str = "", project: str = "") -> list[Entry]:
        """All entries of this type, session and project (each only when given), in order."""
        with self.reading() as db:
            return store.find(db, type=type, session=session, project=project)
