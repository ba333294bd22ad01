"""Indicators of how a session went: entry A08, haste A11, absence A12, terminals A28, clarifying A29, signing A30.

All moments are seconds on one clock; unknown events are not in the lists, and give no finding.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from types import MappingProxyType
from typing import Final

from evaluation_room.anomalies.finding import Finding, Severity, number, percent
from evaluation_room.anomalies.indicator import Indicator, Limit, Thresholds
from evaluation_room.methods.arithmetic import Number

SYNCHRONOUS_SECONDS: Final = Limit("synchronous_seconds", Fraction(3))
SYNCHRONOUS: Final = Limit("synchronous", Fraction(80, 100))
SECONDS_AT_LEAST: Final = Limit("seconds_at_least", Fraction(1800))
SECONDS_PER_BIDDER: Final = Limit("seconds_per_bidder", Fraction(300))
SECONDS_PER_PAGE: Final = Limit("seconds_per_page", Fraction(2))
ABSENCE_SECONDS: Final = Limit("absence_seconds", Fraction(300))
LEAVES: Final = Limit("leaves", Fraction(2))
RECORDING_GAP_SECONDS: Final = Limit("recording_gap_seconds", Fraction(10))
SIGNING_SECONDS: Final = Limit("signing_seconds", Fraction(60))
_MORE_THAN_ONE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One mark entered on one seat."""

    seat: str
    bidder: str
    item: str
    at: Number


@dataclass(frozen=True, slots=True)
class Entries:
    """All marks entered."""

    rows: Sequence[Entry]


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


@dataclass(frozen=True, slots=True)
class Sittings:
    """Every expert's time over this many bids."""

    rows: Sequence[Sitting]
    bidders: int


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


@dataclass(frozen=True, slots=True)
class Terminals:
    """All events of the seats' terminals."""

    rows: Sequence[Terminal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarification:
    id: str
    bidder: str
    solicited: bool = True
    substance_changed: bool = False


@dataclass(frozen=True, slots=True)
class Clarifications:
    """The questions to, and messages from, this many bidders."""

    rows: Sequence[Clarification]
    bidders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """`differs`: the signed document is not the report that was shown. `bound`: by a device bound to the signer."""

    seat: str
    shown: Number
    signed: Number
    differs: bool = False
    bound: bool = True


@dataclass(frozen=True, slots=True)
class Signatures:
    """Every signature on the report."""

    rows: Sequence[Signature]


def a08_synchronous(entries: Entries, limits: Thresholds) -> Iterator[Finding]:
    """A08 同步录入: two seats entering the same cells in the same order within seconds of each other."""
    seats: dict[str, list[Entry]] = {}
    for entry in sorted(entries.rows, key=lambda one: Fraction(one.at)):
        seats.setdefault(entry.seat, []).append(entry)
    for one, other in combinations(sorted(seats), 2):
        rows = list(zip(seats[one], seats[other], strict=False))
        near = [
            a
            for a, b in rows
            if (a.bidder, a.item) == (b.bidder, b.item)
            and abs(Fraction(a.at) - Fraction(b.at)) < limits[SYNCHRONOUS_SECONDS]
        ]
        share = Fraction(len(near), max(len(seats[one]), len(seats[other])))
        if len(rows) >= _MORE_THAN_ONE and share >= limits[SYNCHRONOUS]:
            yield Finding(
                indicator="A08",
                subject={"seat": one, "other": other},
                value=percent(share),
                threshold=percent(limits[SYNCHRONOUS]),
                severity=Severity.YELLOW,
                evidence={"entries": str(len(rows)), "near": str(len(near))},
            )


def a11_haste(sittings: Sittings, limits: Thresholds) -> Iterator[Finding]:
    """A11 评标时间过短: less than max(30 min, 5 min a bidder, 2 s a page); RED when a file was never opened."""
    for one in sittings.rows:
        least = max(
            limits[SECONDS_AT_LEAST],
            limits[SECONDS_PER_BIDDER] * sittings.bidders,
            limits[SECONDS_PER_PAGE] * one.pages,
        )
        took = one.locked - one.opened
        if one.unopened:
            yield _about("A11", one.seat, f"never opened: {' '.join(one.unopened)}", "every file", Severity.RED)
        if took < least:
            yield _about("A11", one.seat, _seconds(took), _seconds(least), Severity.YELLOW)


def a12_absence(sittings: Sittings, limits: Thresholds) -> Iterator[Finding]:
    """A12 评审时长异常、长时间离席: away longer than five minutes at once, or out of the room more than twice."""
    for one in sittings.rows:
        longest = max((Fraction(away) for away in one.absences), default=Fraction(0))
        if longest > limits[ABSENCE_SECONDS]:
            yield _about("A12", one.seat, _seconds(longest), _seconds(limits[ABSENCE_SECONDS]), Severity.YELLOW)
        if one.leaves > limits[LEAVES]:
            yield _about("A12", one.seat, f"left {one.leaves} times", number(limits[LEAVES], 0), Severity.YELLOW)


_TERMINALS: Mapping[TerminalEvent, Severity] = MappingProxyType(
    {
        TerminalEvent.UNKNOWN_DEVICE: Severity.BLOCK,
        TerminalEvent.SECOND_SESSION: Severity.BLOCK,
        TerminalEvent.SCREEN_SHARE_OFF: Severity.RED,
        TerminalEvent.RECORDING_GAP: Severity.RED,
    },
)


def a28_terminal(events: Terminals, limits: Thresholds) -> Iterator[Finding]:
    """A28 通信与终端异常: an unknown device, a second session, no screen share, a gap in the recording."""
    for one in events.rows:
        gap = one.event is TerminalEvent.RECORDING_GAP
        if gap and one.seconds <= limits[RECORDING_GAP_SECONDS]:
            continue
        value = f"{one.event.value} {_seconds(one.seconds)}" if gap else one.event.value
        threshold = _seconds(limits[RECORDING_GAP_SECONDS]) if gap else "none"
        yield _about("A28", one.seat, value, threshold, _TERMINALS[one.event])


def a29_clarifications(asked: Clarifications, _limits: Thresholds) -> Iterator[Finding]:
    """A29 澄清异常: only one bidder is asked, more than once; something arrives unasked; the substance changes."""
    solicited = [one for one in asked.rows if one.solicited]
    asked_bidders = {one.bidder for one in solicited}
    if len(solicited) >= _MORE_THAN_ONE and len(asked_bidders) == 1 and asked.bidders >= _MORE_THAN_ONE:
        subject = {"bidder": solicited[0].bidder}
        yield _finding("A29", subject, f"only one asked, {len(solicited)} times", "several", Severity.YELLOW)
    for one in asked.rows:
        subject = {"bidder": one.bidder, "clarification": one.id}
        if not one.solicited:
            yield _finding("A29", subject, "unsolicited", "asked for", Severity.YELLOW)
        if one.substance_changed:
            yield _finding("A29", subject, "substance changed", "unchanged", Severity.YELLOW)


def a30_signatures(signed: Signatures, limits: Thresholds) -> Iterator[Finding]:
    """A30 签署异常: signed faster than the report can be read, another document, or by an unbound device."""
    for one in signed.rows:
        took = one.signed - one.shown
        if took < limits[SIGNING_SECONDS]:
            yield _about("A30", one.seat, _seconds(took), _seconds(limits[SIGNING_SECONDS]), Severity.RED)
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


INDICATORS: Final = (
    Indicator(
        id="A08",
        name_zh="同步录入",
        name_en="synchronous entry",
        formula="share of entries at the same place of both orders, less than 3 s apart",
        reference="under 0.80",
        reference_zh="同步录入的比例低于 80%",
        severity="YELLOW",
        takes=Entries,
        find=a08_synchronous,
        limits=(SYNCHRONOUS, SYNCHRONOUS_SECONDS),
    ),
    Indicator(
        id="A11",
        name_zh="评标时间过短",
        name_en="too fast",
        formula="time from opening to lock against max(30 min, 5 min × bidders, pages × 2 s)",
        reference="longer, and every file opened",
        reference_zh="用时更长，且打开过每份文件",
        severity="YELLOW; RED unopened",
        takes=Sittings,
        find=a11_haste,
        limits=(SECONDS_AT_LEAST, SECONDS_PER_BIDDER, SECONDS_PER_PAGE),
    ),
    Indicator(
        id="A12",
        name_zh="评审时长异常、长时间离席",
        name_en="absence",
        formula="longest absence; times the room was left",
        reference="at most 5 min; at most twice",
        reference_zh="每次离席不超过 5 分钟，离席不超过两次",
        severity="YELLOW",
        takes=Sittings,
        find=a12_absence,
        limits=(ABSENCE_SECONDS, LEAVES),
    ),
    Indicator(
        id="A28",
        name_zh="通信与终端异常",
        name_en="line and terminal",
        formula="events of the seat's terminal and recording",
        reference="none; gaps up to 10 s",
        reference_zh="无；录像中断不超过 10 秒",
        severity="BLOCK, RED",
        takes=Terminals,
        find=a28_terminal,
        limits=(RECORDING_GAP_SECONDS,),
    ),
    Indicator(
        id="A29",
        name_zh="澄清异常",
        name_en="clarification",
        formula="who is asked, who writes unasked, what changes",
        reference="several bidders, asked, no substance",
        reference_zh="向多家提出，应要求作出，不改变实质性内容",
        severity="YELLOW",
        takes=Clarifications,
        find=a29_clarifications,
    ),
    Indicator(
        id="A30",
        name_zh="签署异常",
        name_en="signing",
        formula="time from report shown to signature; digest; device",
        reference="60 s and more, equal, bound",
        reference_zh="阅读 60 秒以上，签署的是所示报告，设备已绑定",
        severity="RED",
        takes=Signatures,
        find=a30_signatures,
        limits=(SIGNING_SECONDS,),
    ),
)
