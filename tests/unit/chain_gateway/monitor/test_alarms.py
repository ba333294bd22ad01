"""An alarm is raised once, stays until its condition holds again, and is recorded in the journal."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from chain_gateway.monitor.alarms import AlarmName, severity
from chain_gateway.monitor.desk import LONGEST_REASON, Alarms
from journal import Journal
from records import facts
from records.errors import InvalidRecordError, NotFoundError, TongpingError
from records.ids import PersonId
from tests.unit.journal.made_journal import START, open_journal

LOG = "log:xa.tongping"
OPERATOR = PersonId("op-1")


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Journal:
    return open_journal(tmp_path)


@pytest.fixture(name="alarms")
def _alarms(journal: Journal) -> Alarms:
    return Alarms(journal)


def written(journal: Journal) -> list[tuple[str, Mapping[str, object]]]:
    return [(entry.type, entry.body) for entry in journal.entries(0, 100)]


RAISED = {
    "alarm": "fork",
    "subject": LOG,
    "code": "log-forked",
    "severity": "critical",
    "expected": "7 entries as seen",
    "found": "9",
}


def test_an_alarm_is_raised_once_and_written_once(journal: Journal, alarms: Alarms) -> None:
    for _ in range(3):
        alarms.raise_(AlarmName.FORK, LOG, "log-forked", expected="7 entries as seen", found=9)

    assert written(journal) == [(facts.MONITOR_ALARM_RAISED, RAISED)]
    assert [(one.subject, one.code, one.found, one.entry) for one in alarms.open()] == [(LOG, "log-forked", "9", 0)]


def test_seen_again_later_it_says_when_and_writes_nothing(journal: Journal, alarms: Alarms) -> None:
    alarms.raise_(AlarmName.FORK, LOG, "log-forked")
    (before,) = alarms.open()
    for _ in range(100):  # a look is a second
        alarms.raise_(AlarmName.FORK, LOG, "log-forked")

    (after,) = alarms.open()

    assert (after.first_seen, after.last_seen > before.last_seen, journal.size()) == (before.first_seen, True, 1)


def test_what_holds_again_is_cleared_and_said_so(journal: Journal, alarms: Alarms) -> None:
    alarms.raise_(AlarmName.FORK, LOG, "log-forked")

    alarms.clear(AlarmName.FORK, LOG)
    alarms.clear(AlarmName.FORK, LOG)

    assert alarms.open() == ()
    assert written(journal)[1:] == [
        (
            facts.MONITOR_ALARM_CLEARED,
            {"alarm": "fork", "subject": LOG, "code": "log-forked", "severity": "critical", "raised": 0},
        )
    ]


def test_clearing_one_leaves_the_others(alarms: Alarms) -> None:
    alarms.raise_(AlarmName.FORK, LOG, "log-forked")
    alarms.raise_(AlarmName.FORK, LOG, "note-signature")
    alarms.raise_(AlarmName.FORK, "log:dl.tongping", "log-forked")
    alarms.raise_(AlarmName.UNWITNESSED, LOG, "peer-unknown")

    alarms.clear(AlarmName.FORK, LOG, code="log-forked")

    assert [(one.name, one.subject, one.code) for one in alarms.open()] == [
        (AlarmName.FORK, LOG, "note-signature"),
        (AlarmName.FORK, "log:dl.tongping", "log-forked"),
        (AlarmName.UNWITNESSED, LOG, "peer-unknown"),
    ]
    assert [one.subject for one in alarms.open(AlarmName.UNWITNESSED)] == [LOG]


def test_raised_again_after_it_was_cleared_it_is_a_new_alarm(journal: Journal, alarms: Alarms) -> None:
    alarms.raise_(AlarmName.FORK, LOG, "log-forked")
    alarms.clear(AlarmName.FORK, LOG)

    alarms.raise_(AlarmName.FORK, LOG, "log-forked")

    assert ([one.entry for one in alarms.open()], journal.size()) == ([2], 3)


def test_an_acknowledged_alarm_stays_open_with_who_and_why(journal: Journal, alarms: Alarms) -> None:
    alarms.raise_(AlarmName.FORK, LOG, "log-forked")

    shown = alarms.acknowledge(0, by=OPERATOR, reason=" 已联系西安 ")

    assert alarms.open() == (shown,)
    assert (shown.acknowledged_by, shown.reason) == (OPERATOR, "已联系西安")
    entry = journal.read(1)
    assert (entry.type, entry.value["author"]) == (facts.MONITOR_ALARM_ACKNOWLEDGED, "operator:op-1")
    assert entry.body == {"alarm": "fork", "subject": LOG, "code": "log-forked", "raised": 0, "reason": "已联系西安"}


@pytest.mark.parametrize(
    ("entry", "reason", "error"),
    [
        (0, "  ", InvalidRecordError("reason-missing")),
        (0, "x" * (LONGEST_REASON + 1), InvalidRecordError("reason-too-long")),
        (5, "seen", NotFoundError("alarm-unknown")),
    ],
)
def test_an_acknowledgement_needs_an_alarm_and_a_reason(
    journal: Journal, alarms: Alarms, entry: int, reason: str, error: TongpingError
) -> None:
    alarms.raise_(AlarmName.FORK, LOG, "log-forked")

    with pytest.raises(type(error)) as caught:
        alarms.acknowledge(entry, by=OPERATOR, reason=reason)

    assert (caught.value.code, journal.size()) == (error.code, 1)


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        (AlarmName.FORK, "log-forked", "critical"),
        (AlarmName.MISSED_ANCHOR, "anchor-overdue", "warning"),
        (AlarmName.KEY_EXPIRY, "key-expires-soon", "warning"),
        (AlarmName.KEY_EXPIRY, "key-expired", "critical"),
        (AlarmName.ALTERED_RECORD, "record-altered", "critical"),
    ],
)
def test_what_can_be_mended_without_loss_is_a_warning(name: AlarmName, code: str, expected: str) -> None:
    assert severity(name, code).value == expected


def test_a_clock_that_goes_back_neither_raises_again_nor_loses_the_first_sight(
    journal: Journal, alarms: Alarms, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms.raise_(AlarmName.FORK, LOG, "log-forked")
    (before,) = alarms.open()
    monkeypatch.setattr(journal, "_clock", lambda: START - timedelta(days=400))

    alarms.raise_(AlarmName.FORK, LOG, "log-forked")

    (after,) = alarms.open()
    assert (after.first_seen, after.entry, journal.size()) == (before.first_seen, 0, 1)
