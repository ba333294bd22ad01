"""Drives the workflow from the journal: a session that waits or fails delays no other."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from journal import Entry, SetAside
from records.errors import UnavailableError
from records.facts import ROOM_ENTRY_TAKEN
from records.ids import SessionId

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wait:
    """When a session is tried again, and the pause before that, in seconds of the clock."""

    due: float
    pause: float


class Progress:
    """`handle` and `between` of one journal follower, both called in its thread.

    The waiting sessions are in memory only: after a start every session is looked at once, so nothing is lost. Any
    error but UnavailableError sets its session aside, with its code and its time, and the others continue; so does
    UnavailableError after the longest pause.
    """

    def __init__(
        self,
        advance: Callable[[SessionId], None],
        sessions: Callable[[], Iterable[SessionId]],
        set_aside: SetAside,
        *,
        clock: Callable[[], float] = time.monotonic,
        first_pause: float = 0.5,
        longest_pause: float = 30.0,
    ) -> None:
        """`advance` takes a session as far as possible now and is idempotent; `sessions` are all of them."""
        self._advance = advance
        self._sessions = sessions
        self._set_aside = set_aside
        self._clock = clock
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._waiting: dict[SessionId, _Wait] = {}
        self._started = False

    def handle(self, entry: Entry) -> None:
        """Old entries, met again after a restart, find the work done and add nothing."""
        if entry.type != ROOM_ENTRY_TAKEN:
            return
        session = SessionId(str(entry.value["session"]))
        if (waiting := self._waiting.get(session)) is not None:
            self._waiting[session] = _Wait(due=self._clock(), pause=waiting.pause)  # once a batch, in `between`
        elif not self._set_aside.hasten(session):  # the new entry may have repaired it: tried in `between`
            self._try(session)

    def between(self) -> None:
        """Try the sessions that are due; the first that has to wait ends the round, so that new entries come through.

        The longest wait comes first.
        """
        self._start()
        now = self._clock()
        due = sorted((wait.due, session) for session, wait in self._waiting.items() if wait.due <= now)
        aside = [SessionId(one.subject) for one in self._set_aside.due()]
        for session in dict.fromkeys([*(session for _, session in due), *aside]):
            if not self._try(session):
                return

    def _start(self) -> None:
        if not self._started:
            first = _Wait(due=self._clock(), pause=0.0)
            self._waiting = dict.fromkeys(self._sessions(), first) | self._waiting
            self._started = True

    def _try(self, session: SessionId) -> bool:
        """Whether the session is as far as possible; otherwise it waits, or is set aside, each time longer."""
        known = self._waiting.pop(session, None)
        try:
            self._advance(session)
        except UnavailableError as error:
            if self._set_aside.holds(session):
                self._set_aside.postpone(session)
                return False
            before = known.pause if known else 0.0
            if before >= self._longest_pause:  # a minute: from here on it is an alarm, and its page says so
                self._set_aside.put(session, error, entry=0)
                return False
            pause = min(max(before * 2, self._first_pause), self._longest_pause)
            self._waiting[session] = _Wait(due=self._clock() + pause, pause=pause)
            _log.warning("session waits", session=session, code=error.code, pause=pause)
            return False
        except Exception as error:  # noqa: BLE001 - any error concerns this session alone
            self._set_aside.put(session, error, entry=0)
            return False
        self._set_aside.clear(session)
        return True
