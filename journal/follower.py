"""Followers read the journal in order, each at its own pace and from its own saved position."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import structlog

from journal import store
from journal.entry import Entry
from journal.set_aside import SetAside, Standstill, code_of, report
from journal.work import Journal
from records.errors import UnavailableError

log = structlog.get_logger(__name__)

BATCH = 64
PATIENCE = 8
"""Tries of one entry whose subject alone is unavailable, before it is set aside: about a quarter of a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerState:
    """Where a follower stands: `position` entries handled, `lag` still to come, the code that stopped it or None."""

    name: str
    position: int
    lag: int
    stopped: str | None


class Follower:
    """Hands every entry to `handle`, in order, at least once.

    The position is saved after the handler returns, so an entry may come twice after a crash: handlers are
    idempotent. UnavailableError is retried with growing pauses, for ever, or `PATIENCE` times where it concerns the
    entry's subject alone. After that, and at once at any other error, the subject is set aside with all its later
    entries, and the others go on; where an entry has no subject, an error stops the follower, loudly, until it is
    started again. Its name is its identity: one follower of a name per journal. Entries without content are skipped.
    """

    def __init__(
        self,
        name: str,
        journal: Journal,
        handle: Callable[[Entry], None],
        *,
        between: Callable[[], None] = lambda: None,
        subject: Callable[[Entry], str] = lambda _: "",
        alone: Callable[[UnavailableError], bool] = lambda _: False,
        set_aside: SetAside | None = None,
        first_pause: float = 0.1,
        longest_pause: float = 30.0,
        look_every: float = 2.0,
    ) -> None:
        """Pauses in seconds. `look_every`: how soon entries written by another process are noticed.

        `between`: called after every batch, empty ones included, for work a handler deferred; its errors stop the
        follower. `subject`: what an entry is about, as far as its fault concerns nothing else; empty: everything.
        `alone`: whether what is unavailable is only so for the entry at hand, not for everything of this follower.
        """
        self.name = name
        self._journal = journal
        self._handle = handle
        self._between = between
        self._subject = subject
        self._alone = alone
        self._tries: tuple[int, int] = (-1, 0)
        self.set_aside = set_aside or SetAside(journal, name)
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._look_every = look_every
        self._bell = journal.subscribe()
        self._running = threading.Lock()
        self._restarting = threading.Lock()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> FollowerState:
        with self._journal.reading() as db:
            position, stopped = store.position(db, self.name)
            return FollowerState(
                name=self.name, position=position, lag=store.size(db) - position, stopped=stopped or None
            )

    def run_once(self, limit: int = BATCH) -> int:
        """Handle at most `limit` entries in the caller's thread and say how many; 0 when stopped or up to date.

        An error that stops is raised again, after the position before it is saved.
        """
        with self._running:
            with self._journal.reading() as db:
                position, stopped = store.position(db, self.name)
                entries = store.entries(db, position, limit)
            if stopped:
                return 0
            done = 0
            try:
                for entry in entries:
                    if not entry.empty:
                        self._hand(entry)
                    done += 1
                self._between()
                self._try_again(position + done)
            except UnavailableError:
                raise
            except Exception as error:
                stopped = code_of(error)
                raise
            finally:
                if done or stopped:
                    self._save(position + done, stopped)
            return done

    def _hand(self, entry: Entry) -> None:
        """Hand one entry over, unless its subject is set aside: then its turn comes in `_try_again`, in order."""
        subject = self._subject(entry)
        if subject and self.set_aside.holds(subject):
            return
        try:
            self._handle(entry)
        except Exception as error:
            if not subject or (isinstance(error, UnavailableError) and self._waits(entry, error)):
                raise
            self.set_aside.put(subject, error, entry=entry.index)

    def _waits(self, entry: Entry, error: UnavailableError) -> bool:
        """Whether everything waits for this entry."""
        index, tries = self._tries
        self._tries = (entry.index, tries + 1 if index == entry.index else 1)
        return not (self._alone(error) and self._tries[1] >= PATIENCE)

    def _try_again(self, end: int) -> None:
        for one in self.set_aside.due():
            at = one.entry
            try:
                for entry in self._since(one, end):
                    at = entry.index
                    self._handle(entry)
            except UnavailableError as error:
                self.set_aside.postpone(one.subject)
                if not self._alone(error):
                    return
            except Exception as error:  # noqa: BLE001 - any error concerns this subject alone
                self.set_aside.put(one.subject, error, entry=at)
            else:
                self.set_aside.clear(one.subject)

    def _since(self, one: Standstill, end: int) -> Iterator[Entry]:
        """The subject's entries from the one it failed at, in order, as far as this follower has come."""
        for start in range(one.entry, end, BATCH):
            with self._journal.reading() as db:
                batch = store.entries(db, start, min(BATCH, end - start))
            yield from (entry for entry in batch if not entry.empty and self._subject(entry) == one.subject)

    def resume(self) -> None:
        """Clear the error that stopped this follower, so that it retries the entry it failed at."""
        with self._running:
            position, stopped = self._position()
            if stopped:
                self._save(position, "")

    def start(self) -> None:
        """Follow in an own thread until `stop`. A follower stopped by an error tries that entry again."""
        if self._thread is not None:
            return
        self.resume()
        self._ending.clear()
        self._thread = threading.Thread(target=self._follow, name=f"follower-{self.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the entry at hand, and wait for it."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._ending.set()
            self._bell.set()
            thread.join()

    def restart(self) -> None:
        """Restart a follower that an error stopped; a running one is left alone."""
        with self._restarting:
            if self.state.stopped:
                self.stop()
                self.start()

    def _follow(self) -> None:
        pause = 0.0
        while not self._ending.wait(pause):
            self._bell.clear()  # before reading: what is written from now on rings again
            try:
                handled = self.run_once()
            except UnavailableError as error:
                pause = min(max(pause * 2, self._first_pause), self._longest_pause)
                log.warning("follower waits", follower=self.name, code=error.code, pause=pause)
                continue
            except Exception as error:  # noqa: BLE001 - a follower never dies silently, whatever its handler raised
                report("follower stopped", error, follower=self.name)
                return
            pause = 0.0
            if not handled and not self._ending.is_set():
                self._bell.wait(self._look_every)

    def _position(self) -> tuple[int, str]:
        with self._journal.reading() as db:
            return store.position(db, self.name)

    def _save(self, position: int, stopped: str) -> None:
        with self._journal.work() as work:
            store.save_position(work.db, self.name, position, stopped)
