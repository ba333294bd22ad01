"""Indicators of how a session went: entry A08, haste A11, absence A12, terminals A28, clarifying A29, signing A30.

All moments are seconds on one clock; unknown events are not in the lists, and give no finding.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from types import MappingProxyType

from evaluation_room.anomalies.catalogue import Thresholds
from evaluation_room.anomalies.finding import Finding, Severity, number, percent
from evaluation_room.methods.arithmetic import Number

_MORE_THAN_ONE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One mark entered on one seat."""

    seat: str
    bidder: str
    item: str
    at: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One expert's time, from the bids opened to the sheet locked. `unopened`: bidders with files never opened."""

    seat: str
    opened: Number
    locked: Number
    pages: int = 0
    unopened: tuple[str, ...] = ()
    absences: tuple[Number, ...] = ()
    leaves: int = 0


class TerminalEvent(StrEnum):
    UNKNOWN_DEVICE = "unknown-device"
    SECOND_SESSION = "second-session"
    SCREEN_SHARE_OFF = "screen-share-off"
    RECORDING_GAP = "recording-gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """An event of a seat's terminal or recording. `seconds`: of a gap."""

    seat: str
    event: TerminalEvent
    seconds: Number = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarification:
    id: str
    bidder: str
    solicited: bool = True
    substance_changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """`differs`: the signed document is not the report that was shown. `bound`: by a device bound to the signer."""

    seat: str
    shown: Number
    signed: Number
    differs: bool = False
    bound: bool = True


def a08_synchronous(entries: Sequence[Entry], limits: Thresholds) -> Iterator[Finding]:
    """A08 同步录入: two seats entering the same cells in the same order within seconds of each other."""
    seats: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: Fraction(one.at)):
        seats.setdefault(entry.seat, []).append(entry)
    for one, other in combinations(sorted(seats), 2):
        rows = list(zip(seats[one], seats[other], strict=False))
        near = [
            a
            for a, b in rows
            if (a.bidder, a.item) == (b.bidder, b.item)
            and abs(Fraction(a.at) - Fraction(b.at)) < limits.synchronous_seconds
        ]
        share = Fraction(len(near), max(len(seats[one]), len(seats[other])))
        if len(rows) >= _MORE_THAN_ONE and share >= limits.synchronous:
            yield Finding(
                indicator="A08",
                subject={"seat": one, "other": other},
                value=percent(share),
                threshold=percent(limits.synchronous),
                severity=Severity.YELLOW,
                evidence={"entries": str(len(rows)), "near": str(len(near))},
            )


def a11_haste(sittings: Sequence[Sitting], bidders: int, limits: Thresholds) -> Iterator[Finding]:
    """A11 评标时间过短: less than max(30 min, 5 min a bidder, 2 s a page); RED when a file was never opened."""
    for one in sittings:
        least = max(limits.seconds_at_least, limits.seconds_per_bidder * bidders, limits.seconds_per_page * one.pages)
        took = one.locked - one.opened
        if one.unopened:
            yield _about("A11", one.seat, f"never opened: {' '.join(one.unopened)}", "every file", Severity.RED)
        if took < least:
            yield _about("A11", one.seat, _seconds(took), _seconds(least), Severity.YELLOW)


def a12_absence(sittings: Sequence[Sitting], limits: Thresholds) -> Iterator[Finding]:
    """A12 评审时长异常、长时间离席: away longer than five minutes at once, or out of the room more than twice."""
    for one in sittings:
        longest = max((Fraction(away) for away in one.absences), default=Fraction(0))
        if longest > limits.absence_seconds:
            yield _about("A12", one.seat, _seconds(longest), _seconds(limits.absence_seconds), Severity.YELLOW)
        if one.leaves > limits.leaves:
            yield _about("A12", one.seat, f"left {one.leaves} times", number(limits.leaves, 0), Severity.YELLOW)


_TERMINALS: Mapping[TerminalEvent, Severity] = MappingProxyType(
    {
        TerminalEvent.UNKNOWN_DEVICE: Severity.BLOCK,
        TerminalEvent.SECOND_SESSION: Severity.BLOCK,
        TerminalEvent.SCREEN_SHARE_OFF: Severity.RED,
        TerminalEvent.RECORDING_GAP: Severity.RED,
    },
)


def a28_terminal(events: Sequence[Terminal], limits: Thresholds) -> Iterator[Finding]:
    """A28 通信与终端异常: an unknown device, a second session, no screen share, a gap in the recording."""
    for one in events:
        gap = one.event is TerminalEvent.RECORDING_GAP
        if gap and one.seconds <= limits.recording_gap_seconds:
            continue
        value = f"{one.event.value} {_seconds(one.seconds)}" if gap else one.event.value
        threshold = _seconds(limits.recording_gap_seconds) if gap else "none"
        yield _about("A28", one.seat, value, threshold, _TERMINALS[one.event])


def a29_clarifications(asked: Sequence[Clarification], bidders: int) -> Iterator[Finding]:
    """A29 澄清异常: only one bidder is asked, more than once; something arrives unasked; the substance changes."""
    solicited = [one for one in asked if one.solicited]
    whom = {one.bidder for one in solicited}
    if len(solicited) >= _MORE_THAN_ONE and len(whom) == 1 and bidders >= _MORE_THAN_ONE:
        subject = {"bidder": solicited[0].bidder}
        yield _finding("A29", subject, f"only one asked, {len(solicited)} times", "several", Severity.YELLOW)
    for one in asked:
        subject = {"bidder": one.bidder, "clarification": one.id}
        if not one.solicited:
            yield _finding("A29", subject, "unsolicited", "asked for", Severity.YELLOW)
        if one.substance_changed:
            yield _finding("A29", subject, "substance changed", "unchanged", Severity.YELLOW)


def a30_signatures(signed: Sequence[Signature], limits: Thresholds) -> Iterator[Finding]:
    """A30 签署异常: signed faster than the report can be read, another document, or by an unbound device."""
    for one in signed:
        took = one.signed - one.shown
        if took < limits.signing_seconds:
            yield _about("A30", one.seat, _seconds(took), _seconds(limits.signing_seconds), Severity.RED)
        if one.differs:
            yield _about("A30", one.seat, "another document", "the report shown", Severity.RED)
        if not one.bound:
            yield _about("A30", one.seat, "device not bound", "bound", Severity.RED)


def _seconds(amount: Number) -> str:
    return f"{number(amount, 0)} s"


def _about(indicator: str, seat: str, value: str, threshold: str, severity: Severity) -> Finding:
    return _finding(indicator, {"seat": seat}, value, threshold, severity)


def _finding(indicator: str, subject: Mapping[str, str], value: str, threshold: str, severity: Severity) -> Finding:
    return Finding(
        indicator=indicator, subject=subject, value=value, threshold=threshold, severity=severity, evidence={}
    )
