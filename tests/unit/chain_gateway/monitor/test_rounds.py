"""A round settles everything it can check, continues where a part does not answer, and follows no jumping clock."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chain_gateway import store
from chain_gateway.checkpoints import Cosignature, Head
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.desk import Alarms
from chain_gateway.monitor.rounds import Limits, Monitor, Sources
from chain_gateway.monitor.rules import Fault, Looked, Window
from chain_gateway.monitor.sweep import Sweep
from journal import Journal
from records.errors import EvidenceMismatchError, TongpingError, UnavailableError
from records.ids import PersonId
from records.log import merkle
from records.log.checkpoint import Checkpoint
from tests.unit.journal.made_journal import open_journal, record

OWN, XA = "jn.tongping", "xa.tongping"
START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
NOTHING = Head(size=0, root=b"", block_number=0)


class Chain(Ledger):
    """The chain as the test says it is: heads by log, or an error for every question."""

    def __init__(self, error: TongpingError | None = None) -> None:
        self.heads: dict[str, Head] = {}
        self.error = error

    def head(self, origin: str) -> Head:
        if self.error is not None:
            raise self.error
        return self.heads.get(origin, NOTHING)

    def cosignatures(self, origin: str) -> tuple[Cosignature, ...]:
        return ()


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Journal:
    journal = open_journal(tmp_path)
    record(journal, 1, 2, 3)
    return journal


@pytest.fixture(name="alarms")
def _alarms(journal: Journal) -> Alarms:
    return Alarms(journal)


def monitor(
    journal: Journal,
    chain: Ledger | None,
    *,
    windows: Callable[[], Iterable[Window]] = tuple,
    **sources: Any,  # Any: whatever else the test tells it
) -> Monitor:
    alarms = Alarms(journal)
    return Monitor(
        journal,
        alarms,
        origin=OWN,
        peers=[XA],
        ledger=chain,
        limits=Limits(anchor=timedelta(seconds=100), key_soon=timedelta(days=30), blocks=1),
        sources=Sources(windows=windows, **sources),
        sweep=Sweep(journal, alarms),
    )


def look(watching: Monitor, *, after: float = 0.0, jump: timedelta = timedelta()) -> None:
    watching.round(wall=START + timedelta(seconds=after) + jump, elapsed=1000.0 + after)


def opened(alarms: Alarms) -> list[str]:
    return [f"{alarm.name} {alarm.subject} {alarm.code}" for alarm in alarms.open()]


def test_without_a_chain_everything_else_is_looked_at(journal: Journal, alarms: Alarms) -> None:
    look(monitor(journal, None))

    assert opened(alarms) == []


@pytest.mark.parametrize("jump", [timedelta(), YEAR, -YEAR])
def test_entries_that_wait_too_long_are_an_alarm_though_the_chain_is_gone(
    journal: Journal, alarms: Alarms, jump: timedelta
) -> None:
    watching = monitor(journal, Chain(UnavailableError("chain-unreachable")))
    look(watching)
    look(watching, after=100, jump=jump)
    before = [one for one in opened(alarms) if one.startswith("missed")]

    look(watching, after=101, jump=jump)

    assert (before, [one for one in opened(alarms) if one.startswith("missed")]) == (
        [],
        ["missed-anchor log:jn.tongping anchor-overdue"],
    )


def test_another_chain_than_ours_is_a_fork(journal: Journal, alarms: Alarms) -> None:
    look(monitor(journal, Chain(EvidenceMismatchError("wrong-chain"))))

    assert opened(alarms) == ["fork head:jn.tongping wrong-chain"]


def test_a_head_that_is_not_of_this_journal_is_a_fork_until_it_is(journal: Journal, alarms: Alarms) -> None:
    chain = Chain()
    chain.heads[OWN] = Head(size=2, root=b"x" * 32, block_number=1)
    watching = monitor(journal, chain)
    look(watching)
    assert "fork head:jn.tongping head-not-ours" in opened(alarms)

    chain.heads[OWN] = Head(size=2, root=merkle.root(journal.leaves(2)), block_number=1)
    look(watching, after=5)

    assert opened(alarms) == []


def test_a_journal_shorter_than_the_head_is_a_fork(journal: Journal, alarms: Alarms) -> None:
    chain = Chain()
    chain.heads[OWN] = Head(size=9, root=b"x" * 32, block_number=1)

    look(monitor(journal, chain))

    assert opened(alarms) == ["fork head:jn.tongping log-shorter-than-head"]


def test_a_centre_that_anchored_another_root_than_it_showed_is_a_fork(journal: Journal, alarms: Alarms) -> None:
    with journal.work() as work:
        store.keep_seen(work.db, Checkpoint(origin=XA, size=5, root=b"s" * 32), "the note")
    chain = Chain()
    chain.heads[XA] = Head(size=5, root=b"c" * 32, block_number=1)

    look(monitor(journal, chain))

    assert opened(alarms) == ["fork head:xa.tongping chain-forked"]


def test_a_centre_that_shows_what_it_does_not_anchor_or_anchors_what_it_does_not_show_is_late(
    journal: Journal, alarms: Alarms
) -> None:
    with journal.work() as work:
        store.keep_seen(work.db, Checkpoint(origin=XA, size=5, root=b"s" * 32), "the note")
    chain = Chain()
    watching = monitor(journal, chain)
    chain.heads[XA] = Head(size=4, root=b"c" * 32, block_number=1)
    look(watching)
    look(watching, after=101)
    behind = [one for one in opened(alarms) if XA in one]
    chain.heads[XA] = Head(size=9, root=b"c" * 32, block_number=2)
    look(watching, after=105)
    look(watching, after=206)

    silent = [one for one in opened(alarms) if XA in one]

    assert behind == ["missed-anchor log:xa.tongping anchor-overdue"]
    assert silent == ["unwitnessed head:xa.tongping log-withheld"]


def test_anchoring_that_stopped_is_told_with_its_reason(journal: Journal, alarms: Alarms) -> None:
    look(monitor(journal, Chain(), anchoring_stopped=lambda: "inconsistent-root"))

    assert opened(alarms) == ["missed-anchor log:jn.tongping inconsistent-root"]


def test_what_another_part_looked_at_is_settled_too(journal: Journal, alarms: Alarms) -> None:
    found = [Looked(name=AlarmName.FORK, subject="room:S-1/XA", faults=(Fault(code="chain-fork"),))]
    watching = monitor(journal, None, others=(lambda: found,))
    look(watching)
    assert opened(alarms) == ["fork room:S-1/XA chain-fork"]

    found[:] = [Looked(name=AlarmName.FORK, subject="room:S-1/XA")]
    look(watching, after=5)

    assert opened(alarms) == []


KEY = Window(name="certificate-seal", valid_from=START - YEAR, valid_until=START + timedelta(days=90))
ENDED = Window(name="certificate-tsa", valid_from=START - YEAR, valid_until=START - timedelta(days=1))


def test_a_clock_that_jumps_forward_is_an_alarm_and_expires_no_key(journal: Journal, alarms: Alarms) -> None:
    watching = monitor(journal, None, windows=lambda: [KEY])
    look(watching)

    look(watching, after=5, jump=YEAR)

    assert opened(alarms) == ["clock clock clock-jumped"]


def test_a_clock_that_jumps_back_hides_no_key_that_has_ended(journal: Journal, alarms: Alarms) -> None:
    watching = monitor(journal, None, windows=lambda: [ENDED])
    look(watching)

    look(watching, after=5, jump=-YEAR / 2)

    assert opened(alarms) == ["key-expiry key:certificate-tsa key-expired", "clock clock clock-jumped"]


def test_a_jump_that_other_centres_confirm_is_no_alarm_and_the_new_time_counts(
    journal: Journal, alarms: Alarms
) -> None:
    watching = monitor(journal, None, windows=lambda: [KEY], clock_confirmed=lambda: True)
    look(watching)

    look(watching, after=5, jump=YEAR)

    assert opened(alarms) == ["key-expiry key:certificate-seal key-expired"]


def test_a_clock_that_is_back_clears_its_alarm_and_nothing_else(journal: Journal, alarms: Alarms) -> None:
    watching = monitor(journal, None, windows=lambda: [ENDED])
    look(watching)
    look(watching, after=5, jump=YEAR)

    look(watching, after=10)

    assert opened(alarms) == ["key-expiry key:certificate-tsa key-expired"]


def test_a_jump_that_an_operator_acknowledges_is_the_time_from_then_on(journal: Journal, alarms: Alarms) -> None:
    watching = monitor(journal, None, windows=lambda: [KEY])
    look(watching)
    look(watching, after=5, jump=YEAR)
    (jumped,) = alarms.open()
    alarms.acknowledge(jumped.entry, by=PersonId("op-1"), reason="时钟已校准")

    look(watching, after=10, jump=YEAR)

    assert opened(alarms) == ["key-expiry key:certificate-seal key-expired"]


def test_windows_that_cannot_be_read_now_stop_nothing_else(journal: Journal, alarms: Alarms) -> None:
    def windows() -> Iterable[Window]:
        yield ENDED
        raise UnavailableError("chain-unreachable")

    watching = monitor(journal, None, windows=windows)

    look(watching)

    assert (opened(alarms), watching.sweep.passes) == (["key-expiry key:certificate-tsa key-expired"], 1)
