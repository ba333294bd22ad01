"""How a session went: every indicator fires just over its threshold and is silent at it."""

import pytest

from evaluation_room.anomalies import conduct
from evaluation_room.anomalies.conduct import (
    Clarification,
    Clarifications,
    Entries,
    Entry,
    Signature,
    Signatures,
    Sitting,
    Sittings,
    Terminal,
    TerminalEvent,
    Terminals,
)
from evaluation_room.anomalies.finding import Finding, Severity
from evaluation_room.anomalies.indicator import Thresholds

LIMITS = Thresholds()


def told(found: list[Finding]) -> list[tuple[str, Severity]]:
    return [(one.value, one.severity) for one in found]


def typing(seat: str, lag: int, count: int = 10) -> list[Entry]:
    return [Entry(seat=seat, bidder="B1", item=f"T{n}", at=60 * n + lag) for n in range(count)]


@pytest.mark.parametrize(("lag", "found"), [(0, 1), (2, 1), (3, 0), (30, 0)])
def test_two_seats_that_enter_the_same_cells_within_three_seconds_are_synchronous(lag: int, found: int) -> None:
    entries = [*typing("JN-1", 0), *typing("XA-1", lag)]
    assert len(list(conduct.a08_synchronous(Entries(entries), LIMITS))) == found


def test_the_same_cells_in_another_order_are_not_synchronous() -> None:
    turned = [Entry(seat="XA-1", bidder="B1", item=f"T{9 - n}", at=60 * n) for n in range(10)]
    assert list(conduct.a08_synchronous(Entries([*typing("JN-1", 0), *turned]), LIMITS)) == []


@pytest.mark.parametrize(
    ("pages", "bidders", "took", "found"),
    [(0, 3, 1799, 1), (0, 3, 1800, 0), (0, 10, 2999, 1), (0, 10, 3000, 0), (2000, 3, 3999, 1), (2000, 3, 4000, 0)],
)
def test_haste_is_measured_by_the_longest_of_three_limits(pages: int, bidders: int, took: int, found: int) -> None:
    sitting = Sitting(seat="JN-1", opened=100, locked=100 + took, pages=pages)
    assert len(list(conduct.a11_haste(Sittings([sitting], bidders), LIMITS))) == found


def test_a_file_never_opened_is_red() -> None:
    sitting = Sitting(seat="JN-1", opened=0, locked=9999, unopened=("B2", "B4"))
    assert told(list(conduct.a11_haste(Sittings([sitting], 4), LIMITS))) == [("never opened: B2 B4", Severity.RED)]


@pytest.mark.parametrize(
    ("absences", "leaves", "found"), [((300,), 2, 0), ((301,), 2, 1), ((10,), 3, 1), ((301,), 3, 2)]
)
def test_absence_is_five_minutes_at_once_or_three_times(absences: tuple[int, ...], leaves: int, found: int) -> None:
    sitting = Sitting(seat="JN-1", opened=0, locked=9999, absences=absences, leaves=leaves)
    assert len(list(conduct.a12_absence(Sittings([sitting], 4), LIMITS))) == found


def test_terminals_block_or_warn_and_short_gaps_are_nothing() -> None:
    events = [
        Terminal(seat="JN-1", event=TerminalEvent.UNKNOWN_DEVICE),
        Terminal(seat="JN-1", event=TerminalEvent.SECOND_SESSION),
        Terminal(seat="JN-1", event=TerminalEvent.SCREEN_SHARE_OFF),
        Terminal(seat="JN-1", event=TerminalEvent.RECORDING_GAP, seconds=10),
        Terminal(seat="JN-1", event=TerminalEvent.RECORDING_GAP, seconds=11),
    ]
    assert told(list(conduct.a28_terminal(Terminals(events), LIMITS))) == [
        ("unknown-device", Severity.BLOCK),
        ("second-session", Severity.BLOCK),
        ("screen-share-off", Severity.RED),
        ("recording-gap 11 s", Severity.RED),
    ]


def of_bidders(count: int, asked: list[Clarification]) -> list[Finding]:
    return list(conduct.a29_clarifications(Clarifications(asked, count), LIMITS))


def test_asking_one_bidder_twice_and_nobody_else_is_a_clue_and_asking_once_is_none() -> None:
    once, twice = Clarification(id="Q1", bidder="B1"), Clarification(id="Q2", bidder="B1")
    other = Clarification(id="Q3", bidder="B2")
    assert of_bidders(4, [once]) == []
    assert of_bidders(4, [once, twice, other]) == []
    assert of_bidders(1, [once, twice]) == []
    assert told(of_bidders(4, [once, twice])) == [("only one asked, 2 times", Severity.YELLOW)]


def test_what_comes_unasked_and_what_changes_the_substance_are_clues() -> None:
    asked = [
        Clarification(id="Q1", bidder="B1", solicited=False),
        Clarification(id="Q2", bidder="B2", substance_changed=True),
    ]
    assert [one.value for one in of_bidders(4, asked)] == [
        "unsolicited",
        "substance changed",
    ]


def test_signatures_are_read_before_given_on_the_same_document_by_a_bound_device() -> None:
    good = Signature(seat="JN-1", shown=0, signed=60)
    bad = Signature(seat="JN-2", shown=0, signed=59, differs=True, bound=False)
    assert told(list(conduct.a30_signatures(Signatures([good, bad]), LIMITS))) == [
        ("59 s", Severity.RED),
        ("another document", Severity.RED),
        ("device not bound", Severity.RED),
    ]
