"""Followers read the journal in order, each at its own pace and from its own saved position."""

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from journal import store
from journal.entry import Entry
from journal.work import Journal
from records.errors import TongpingError, UnavailableError

log = structlog.get_logger(__name__)

BATCH = 64
UNEXPECTED = "unexpected-error"
"""The code of a follower stopped by a foreign error: a fault in the program."""


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
    idempotent. UnavailableError is retried with growing pauses; any other error stops the follower, loudly, until
    it is started again. Its name is its identity: one follower of a name per journal. Entries without content
    are skipped.
    """

    def __init__(
        self,
        name: str,
        journal: Journal,
        handle: Callable[[Entry], None],
        *,
        between: Callable[[], None] = lambda: None,
        first_pause: float = 0.1,
        longest_pause: float = 30.0,
        look_every: float = 2.0,
    ) -> None:
        """Pauses in seconds. `look_every`: how soon entries written by another process are noticed.

        `between`: called after every batch, empty ones included, for work a handler deferred; its errors count as the
        handler's.
        """
        self.name = name
        self._journal = journal
        self._handle = handle
        self._between = between
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

        The handler's error is raised again, after the position before it is saved.
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
                        self._handle(entry)
                    done += 1
                self._between()
            except UnavailableError:
                raise
            except Exception as error:
                stopped = error.code if isinstance(error, TongpingError) else UNEXPECTED
                raise
            finally:
                if done or stopped:
                    self._save(position + done, stopped)
            return done

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
                self._report(error)
                return
            pause = 0.0
            if not handled and not self._ending.is_set():
                self._bell.wait(self._look_every)

    def _report(self, error: Exception) -> None:
        """Say why the follower stopped; the text of a foreign error is left out, it may hold private values."""
        code = error.code if isinstance(error, TongpingError) else UNEXPECTED
        where = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        log.error("follower stopped", follower=self.name, code=code, error=type(error).__name__, where=where)

    def _position(self) -> tuple[int, str]:
        with self._journal.reading() as db:
            return store.position(db, self.name)

    def _save(self, position: int, stopped: str) -> None:
        with self._journal.work() as work:
            store.save_position(work.db, self.name, position, stopped)
