"""The subjects (a session, a project) that a follower has set aside after a failed entry, so that the others continue.

They are stored in a table with the code and the time of the first failure, retried slowly or on request, and forgotten
once they succeed. After a restart every subject set aside is retried once.
"""

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlmodel import Field, Session, SQLModel, col, select

from journal.work import Journal
from records.errors import TongpingError
from records.ids import instant

_log = structlog.get_logger(__name__)
UNEXPECTED = "unexpected-error"
"""The code of a foreign error: a fault in the program."""


class SetAsideRow(SQLModel, table=True):
    """One subject that one follower has set aside. `entry`: the index of the entry it failed at."""

    __tablename__ = "journal_set_aside"

    follower: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    entry: int
    code: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standstill:
    """Work that stands still: which follower's, on what, at which entry, for which reason, since when."""

    follower: str
    subject: str
    entry: int
    code: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wait:
    """The time of a subject's next try, and the pause before that, in seconds of the clock."""

    due: float
    pause: float


class SetAside:
    """The subjects one follower has set aside. Thread-safe; only the follower's own thread calls `put` and `clear`."""

    def __init__(
        self,
        journal: Journal,
        follower: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        first_pause: float = 15.0,
        longest_pause: float = 600.0,
    ) -> None:
        """Pauses in seconds of `clock`."""
        self._journal = journal
        self.follower = follower
        self._clock = clock
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._lock = threading.Lock()
        self._waits: dict[str, _Wait] | None = None

    def holds(self, subject: str) -> bool:
        with self._lock:
            return subject in self._known()

    def put(self, subject: str, error: Exception, *, entry: int) -> None:
        """Set the subject aside, or leave it aside, with the reason; the time of the first failure is kept."""
        code = code_of(error)
        with self._journal.work() as work:
            known = work.db.get(SetAsideRow, (self.follower, subject))
            since = known.since if known else instant(work.now)
            row = SetAsideRow(follower=self.follower, subject=subject, entry=entry, code=code, since=since)
            work.db.merge(row)
        report("set aside", error, follower=self.follower, subject=subject)
        self._wait(subject)

    def postpone(self, subject: str) -> None:
        """Try a subject set aside again later, whatever the reason was this time."""
        self._wait(subject)

    def clear(self, subject: str) -> None:
        """The subject succeeds again."""
        if not self.holds(subject):
            return
        with self._journal.work() as work:
            row = work.db.get(SetAsideRow, (self.follower, subject))
            if row is not None:
                work.db.delete(row)
        with self._lock:
            self._known().pop(subject, None)
        _log.info("set aside no longer", follower=self.follower, subject=subject)

    def due(self) -> list[Standstill]:
        """The subjects due now, the earliest failure first."""
        now = self._clock()
        with self._lock:
            due = {subject for subject, wait in self._known().items() if wait.due <= now}
        return [one for one in self.all() if one.subject in due] if due else []

    def hasten(self, subject: str) -> bool:
        """Retry a subject at once; return whether it is set aside at all."""
        with self._lock:
            waits = self._known()
            if subject not in waits:
                return False
            waits[subject] = _Wait(due=self._clock(), pause=waits[subject].pause)
            return True

    def all(self) -> list[Standstill]:
        with self._journal.reading() as db:
            return [one for one in standstills(db) if one.follower == self.follower]

    def _wait(self, subject: str) -> None:
        with self._lock:
            waits = self._known()
            before = waits[subject].pause if subject in waits else 0.0
            pause = min(max(before * 2, self._first_pause), self._longest_pause)
            waits[subject] = _Wait(due=self._clock() + pause, pause=pause)

    def _known(self) -> dict[str, _Wait]:
        """Read from the table once; subjects set aside by an earlier process are due at once."""
        if self._waits is None:
            self._waits = {one.subject: _Wait(due=self._clock(), pause=0.0) for one in self.all()}
        return self._waits


def standstills(db: Session) -> list[Standstill]:
    """Everything that any follower has set aside, the oldest first."""
    rows = db.exec(select(SetAsideRow).order_by(col(SetAsideRow.since), col(SetAsideRow.subject)))
    return [
        Standstill(follower=row.follower, subject=row.subject, entry=row.entry, code=row.code, since=row.since)
        for row in rows
    ]


def code_of(error: Exception) -> str:
    return error.code if isinstance(error, TongpingError) else UNEXPECTED


def report(what: str, error: Exception, **fields: str) -> None:
    """Log why something stands still; the text of a foreign error is left out, since it may hold private values."""
    where = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    _log.error(what, **fields, code=code_of(error), error=type(error).__name__, where=where)
