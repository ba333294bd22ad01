"""When something is an alarm: heads of logs, waiting entries, keys and clocks, as values in and faults out. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chain_gateway.checkpoints import Head, Seen
from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.timekeeping import Moments
from records.ids import instant

CLOCK = "clock"
"""The subject of an alarm about the own clock alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, under its code; the expected and the found value are never private."""

    code: str
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The result for one checked subject: its faults, or none. An undecided question gives no Looked."""

    name: AlarmName
    subject: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The window in which a key or certificate counts. `name`: `certificate-seal`, `registry-log-JN`."""

    name: str
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Something has waited at this place since this reading of the monotonic clock."""

    place: int
    since: float


def own_head(origin: str, head: Head, *, size: int, root: bytes | None) -> Looked:
    """The chain's head of the own log against the journal: `root` over its first `head.size` leaves."""
    faults: tuple[Fault, ...] = ()
    if head.size > size:
        found = Fault(code="log-shorter-than-head", expected=f"{head.size} entries", found=f"{size} entries")
        faults = (found,)
    elif head.size and root is not None and root != head.root:
        faults = (Fault(code="head-not-ours", expected=_root(head.size, head.root), found=_root(head.size, root)),)
    return Looked(name=AlarmName.FORK, subject=f"head:{origin}", faults=faults)


def peer_head(origin: str, head: Head, seen_root: bytes | None) -> Looked | None:
    """The chain's head of another log against its centre's note for that size; None when it showed none."""
    if seen_root is None:
        return None
    faults: tuple[Fault, ...] = ()
    if seen_root != head.root:
        faults = (Fault(code="chain-forked", expected=_root(head.size, seen_root), found=_root(head.size, head.root)),)
    return Looked(name=AlarmName.FORK, subject=f"head:{origin}", faults=faults)


def waiting(before: Wait | None, place: int | None, now: Moments) -> Wait | None:
    """Since when the same place waits; only the monotonic clock counts, so no jump makes a wait longer or shorter."""
    if place is None:
        return None
    return before if before is not None and before.place == place else Wait(place=place, since=now.elapsed)


def overdue(wait: Wait | None, now: Moments, limit: timedelta) -> bool:
    return wait is not None and now.elapsed - wait.since > limit.total_seconds()


def own_anchor(origin: str, wait: Wait | None, now: Moments, *, limit: timedelta, stopped: str) -> Looked:
    """Entries that wait too long for the chain; and anchoring stopped by an error (its code)."""
    faults: list[Fault] = []
    if stopped:
        faults.append(Fault(code=stopped, expected="anchoring goes on", found="anchoring has stopped"))
    if wait is not None and overdue(wait, now, limit):
        faults.append(Fault(code="anchor-overdue", expected=_within(limit), found=f"entry {wait.place} waits"))
    return Looked(name=AlarmName.MISSED_ANCHOR, subject=f"log:{origin}", faults=tuple(faults))


def peer_behind(head: Head, seen: Seen) -> int | None:
    """The size that a centre has shown but not anchored yet."""
    return seen.size if seen.size > head.size else None


def peer_silent(head: Head, seen: Seen) -> int | None:
    """The size that a centre has anchored but not shown yet."""
    return head.size if head.size > seen.size else None


def peer_anchor(origin: str, wait: Wait | None, now: Moments, limit: timedelta) -> Looked:
    faults: tuple[Fault, ...] = ()
    if wait is not None and overdue(wait, now, limit):
        faults = (Fault(code="anchor-overdue", expected=_within(limit), found=f"size {wait.place} was shown"),)
    return Looked(name=AlarmName.MISSED_ANCHOR, subject=f"log:{origin}", faults=faults)


def peer_shown(origin: str, wait: Wait | None, now: Moments, limit: timedelta) -> Looked:
    faults: tuple[Fault, ...] = ()
    if wait is not None and overdue(wait, now, limit):
        faults = (Fault(code="log-withheld", expected="the log behind the head", found=f"head of size {wait.place}"),)
    return Looked(name=AlarmName.UNWITNESSED, subject=f"head:{origin}", faults=faults)


def expiry(window: Window, now: Moments, soon: timedelta) -> Looked | None:
    """A key against both clocks; None while they disagree, so that no jump raises or clears anything."""
    wall, steady = (_window_state(window, moment, soon) for moment in (now.wall, now.steady))
    if wall != steady:
        return None
    faults: tuple[Fault, ...] = ()
    if wall:
        window_text = f"{instant(window.valid_from)} to {instant(window.valid_until)}"
        faults = (Fault(code=wall, expected=window_text, found=instant(now.steady)),)
    return Looked(name=AlarmName.KEY_EXPIRY, subject=f"key:{window.name}", faults=faults)


def clock(now: Moments) -> Looked:
    faults: tuple[Fault, ...] = ()
    if now.jumped:
        faults = (Fault(code="clock-jumped", expected=instant(now.steady), found=instant(now.wall)),)
    return Looked(name=AlarmName.CLOCK, subject=CLOCK, faults=faults)


def _window_state(window: Window, at: datetime, soon: timedelta) -> str:
    if at < window.valid_from:
        return "key-not-valid-yet"
    if at > window.valid_until:
        return "key-expired"
    return "key-expires-soon" if window.valid_until - at <= soon else ""


def _root(size: int, root: bytes) -> str:
    return f"{size} entries, sha256:{root.hex()}"


def _within(limit: timedelta) -> str:
    return f"anchored within {int(limit.total_seconds())} s"
