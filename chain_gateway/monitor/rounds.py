"""One round of the monitor: checks every condition and settles the results as alarms."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from chain_gateway import store
from chain_gateway.anchor.desk import BOOKKEEPING
from chain_gateway.checkpoints import Cosignature, Head
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.monitor import rules, timekeeping
from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.desk import Alarms
from chain_gateway.monitor.rules import Fault, Looked, Wait, Window
from chain_gateway.monitor.sweep import Sweep
from chain_gateway.monitor.timekeeping import Moments
from journal import Journal
from journal.store import LOST
from records.errors import EvidenceMismatchError, TongpingError, UnavailableError
from records.log import merkle

_log = structlog.get_logger(__name__)
_NO_NEWS = BOOKKEEPING | {LOST}
_SMALL = 4096
"""Up to this size the whole root is recomputed every round; above it when the head moves, and by the sweep."""
_COUNT_EVERY = 60.0
"""Seconds between two counts of the cosignatures on the chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a wait is too long, when a key ends soon, how much of the journal is read again in a round."""

    anchor: timedelta
    key_soon: timedelta
    blocks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Input from other parts: key windows, their own looks, the error code that stopped anchoring.

    `clock_confirmed`: asked only after a jump, whether others show the clock to be right.
    """

    windows: Callable[[], Iterable[Window]] = tuple
    others: Sequence[Callable[[], Iterable[Looked]]] = ()
    anchoring_stopped: Callable[[], str] = str
    clock_confirmed: Callable[[], bool] = bool


@dataclass(slots=True, kw_only=True)
class Memory:
    """The state of the last round. Only for this process: waits are measured by the monotonic clock."""

    own: Wait | None = None
    behind: dict[str, Wait | None] = field(default_factory=dict)
    silent: dict[str, Wait | None] = field(default_factory=dict)
    head: Head | None = None
    cosignatures: tuple[Cosignature, ...] = ()
    counted: float = float("-inf")
    moments: Moments | None = None


class Monitor:
    """Checks the own log, the other centres' heads, the journal's entries, keys and the clock.

    `origin`: of the own log; `peers`: origins of the logs this centre watches. A part that does not answer is checked
    again in the next round; everything else continues.
    """

    def __init__(
        self,
        journal: Journal,
        alarms: Alarms,
        *,
        origin: str,
        peers: Sequence[str],
        ledger: Ledger | None,
        limits: Limits,
        sources: Sources,
        sweep: Sweep,
    ) -> None:
        self._journal = journal
        self._alarms = alarms
        self._origin = origin
        self._peers = peers
        self._ledger = ledger
        self._limits = limits
        self._sources = sources
        self.sweep = sweep
        self.memory = Memory()

    def round(self, *, wall: datetime, elapsed: float) -> None:
        """Check everything once. `elapsed`: the monotonic clock, in seconds."""
        now = self._moments_now(wall, elapsed)
        parts: list[Callable[[Moments], object]] = [self._clock, self._keys]
        parts += [partial(self._look, look) for look in self._sources.others]
        if self._ledger is not None:
            ledger = self._ledger
            parts += [lambda at: self._own(ledger, at), lambda at: self._others_logs(ledger, at)]
        parts.append(self._sweep)
        for part in parts:
            try:
                part(now)
            except UnavailableError as error:
                _log.warning("monitor waits", code=error.code)
            except TongpingError as error:
                _log.error("monitor failed", code=error.code)
            except Exception as error:  # noqa: BLE001 - an error in one look must not prevent the others
                _log.error("monitor failed", error=type(error).__name__)

    def _moments_now(self, wall: datetime, elapsed: float) -> Moments:
        """A jump is accepted once an operator, or the clocks of other centres, confirm that the clock is right now."""
        before = self.memory.moments
        now = timekeeping.first(wall, elapsed) if before is None else timekeeping.following(before, wall, elapsed)
        if now.jumped and (self._jump_acknowledged() or self._sources.clock_confirmed()):
            now = timekeeping.accepted(now)
        self.memory.moments = now
        return now

    def _jump_acknowledged(self) -> bool:
        return any(one.acknowledged_at for one in self._alarms.open(AlarmName.CLOCK) if one.subject == rules.CLOCK)

    def _clock(self, now: Moments) -> None:
        self._alarms.settle(rules.clock(now))

    def _keys(self, now: Moments) -> None:
        for window in self._sources.windows():
            looked = rules.expiry(window, now, self._limits.key_soon)
            if looked is not None:
                self._alarms.settle(looked)

    def _look(self, look: Callable[[], Iterable[Looked]], _now: Moments) -> None:
        for looked in look():
            self._alarms.settle(looked)

    def _own(self, ledger: Ledger, now: Moments) -> None:
        """The own log: whether the chain's head is of this journal, and whether entries wait too long for the chain."""
        self._wait(now)
        try:
            head = ledger.head(self._origin)
        except EvidenceMismatchError as error:  # another chain, or contracts that are not ours
            fault = Fault(code=error.code, expected="the consortium's chain and contracts", found="others")
            self._alarms.settle(Looked(name=AlarmName.FORK, subject=f"head:{self._origin}", faults=(fault,)))
            return
        size = self._journal.size()
        if head != self.memory.head or head.size <= _SMALL:
            root = self._root(head) if head.size <= size else None
            self._alarms.settle(rules.own_head(self._origin, head, size=size, root=root))
        self.memory.head = head
        if now.elapsed >= self.memory.counted + _COUNT_EVERY:
            self.memory.cosignatures, self.memory.counted = ledger.cosignatures(self._origin), now.elapsed

    def _wait(self, now: Moments) -> None:
        with self._journal.reading() as db:
            latest = store.latest(db)
        first = self._journal.first_besides(_NO_NEWS, latest.size if latest else 0)
        self.memory.own = wait = rules.waiting(self.memory.own, first, now)
        stopped = self._sources.anchoring_stopped()
        limit = self._limits.anchor
        self._alarms.settle(rules.own_anchor(self._origin, wait, now, limit=limit, stopped=stopped))

    def _root(self, head: Head) -> bytes:
        """The root the journal gives for the chain's head."""
        try:
            return merkle.root(self._journal.leaves(head.size))
        except TongpingError as error:
            if isinstance(error, UnavailableError):
                raise
            return b""  # a gap below the head: the remaining leaves give no root

    def _others_logs(self, ledger: Ledger, now: Moments) -> None:
        for origin in self._peers:
            head = ledger.head(origin)
            with self._journal.reading() as db:
                seen, root = store.seen(db, origin), store.seen_root(db, origin, head.size)
            looked = rules.peer_head(origin, head, root)
            if looked is not None:
                self._alarms.settle(looked)
            limit = self._limits.anchor
            behind = rules.waiting(self.memory.behind.get(origin), rules.peer_behind(head, seen), now)
            silent = rules.waiting(self.memory.silent.get(origin), rules.peer_silent(head, seen), now)
            self.memory.behind[origin], self.memory.silent[origin] = behind, silent
            self._alarms.settle(rules.peer_anchor(origin, behind, now, limit))
            self._alarms.settle(rules.peer_shown(origin, silent, now, limit))

    def _sweep(self, _now: Moments) -> None:
        self.sweep.step(self._limits.blocks, self.memory.head)
