"""Followers: every entry, in order, from a saved position, in the caller's thread or their own."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from journal import Entry, Follower, FollowerState, Journal
from records.errors import EvidenceMismatchError, UnavailableError
from tests.unit.journal.made_journal import open_journal, record


def wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.005)


def collector(journal: Journal, seen: list[int], name: str = "publish") -> Follower:
    return Follower(name, journal, lambda entry: seen.append(entry.index))


def test_a_follower_is_handed_every_entry_in_order(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    seen: list[int] = []
    follower = collector(journal, seen)
    record(journal, *range(5))
    assert [follower.run_once(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert seen == [0, 1, 2, 3, 4]


def test_a_follower_of_the_same_name_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    first: list[int] = []
    second: list[int] = []
    record(journal, 1, 2)
    collector(journal, first).run_once()
    record(journal, 3)
    collector(open_journal(tmp_path), second).run_once()
    assert (first, second) == ([0, 1], [2])


def test_followers_of_other_names_do_not_touch_each_other(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1, 2)
    seen: list[int] = []
    collector(journal, seen).run_once()
    collector(journal, seen, name="anchor").run_once()
    assert seen == [0, 1, 0, 1]


def test_its_state_says_how_far_it_is(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, *range(5))
    follower = collector(journal, [])
    follower.run_once(limit=3)
    assert follower.state == FollowerState(name="publish", position=3, lag=2, stopped=None)


def test_a_handler_may_write_to_the_journal_it_follows(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1)

    def answer(entry: Entry) -> None:
        if entry.index < 2:
            record(journal, 10 + entry.index)

    follower = Follower("answer", journal, answer)
    assert [follower.run_once() for _ in range(4)] == [1, 1, 1, 0]
    assert journal.size() == 3


def test_an_own_thread_hands_over_what_is_written_while_it_runs(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    seen: list[int] = []
    follower = Follower("publish", journal, lambda entry: seen.append(entry.index), look_every=60)
    record(journal, 1)
    follower.start()
    follower.start()
    wait_until(lambda: seen == [0])
    record(journal, 2, 3)
    wait_until(lambda: seen == [0, 1, 2])
    follower.stop()
    record(journal, 4)
    assert (seen, follower.state.lag) == ([0, 1, 2], 1)


def test_what_another_process_wrote_is_noticed_without_a_bell(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    seen: list[int] = []
    follower = Follower("publish", journal, lambda entry: seen.append(entry.index), look_every=0.01)
    follower.start()
    record(open_journal(tmp_path), 1)
    wait_until(lambda: seen == [0])
    follower.stop()


def test_stopping_an_idle_follower_does_not_wait(tmp_path: Path) -> None:
    follower = Follower("publish", open_journal(tmp_path), lambda _: None, look_every=60)
    follower.start()
    before = time.monotonic()
    follower.stop()
    follower.stop()
    assert time.monotonic() - before < 10


def test_a_stopped_follower_may_start_again(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    seen: list[int] = []
    follower = collector(journal, seen)
    for number in range(3):
        follower.start()
        record(journal, number)
        wait_until(lambda: len(seen) == journal.size())
        follower.stop()
    assert seen == [0, 1, 2]


def test_what_is_unavailable_is_tried_again_until_it_answers(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    tries: list[int] = []

    def handle(entry: Entry) -> None:
        tries.append(entry.index)
        if len(tries) < 4:
            raise UnavailableError("peer-unreachable")

    follower = Follower("replicate", journal, handle, first_pause=0.001, longest_pause=0.002)
    record(journal, 1, 2)
    follower.start()
    wait_until(lambda: follower.state.lag == 0)
    follower.stop()
    assert tries == [0, 0, 0, 0, 1]
    assert follower.state.stopped is None


def test_a_waiting_follower_can_be_stopped_at_once(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    tried = threading.Event()

    def handle(_: Entry) -> None:
        tried.set()
        raise UnavailableError("peer-unreachable")

    follower = Follower("replicate", journal, handle, first_pause=60)
    record(journal, 1)
    follower.start()
    assert tried.wait(20)
    before = time.monotonic()
    follower.stop()
    assert time.monotonic() - before < 10
    assert follower.state == FollowerState(name="replicate", position=0, lag=1, stopped=None)


@pytest.mark.parametrize(
    ("error", "code"),
    [(EvidenceMismatchError("chain-fork"), "chain-fork"), (KeyError("private"), "unexpected-error")],
)
def test_any_other_error_stops_it_and_says_so(
    tmp_path: Path, error: Exception, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = open_journal(tmp_path)
    tries: list[int] = []

    def handle(entry: Entry) -> None:
        tries.append(entry.index)
        if entry.index == 1:
            raise error

    follower = Follower("replicate", journal, handle, look_every=0.001)
    record(journal, 1, 2, 3)
    follower.start()
    wait_until(lambda: follower.state.stopped is not None)
    follower.stop()
    assert follower.state == FollowerState(name="replicate", position=1, lag=2, stopped=code)
    assert tries == [0, 1]
    assert "private" not in capsys.readouterr().out


def test_a_follower_stopped_by_an_error_stays_so_until_it_is_started_again(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    good: list[int] = []

    def fail(_: Entry) -> None:
        raise EvidenceMismatchError("chain-fork")

    record(journal, 1)
    with pytest.raises(EvidenceMismatchError):
        Follower("replicate", journal, fail).run_once()
    repaired = collector(journal, good, name="replicate")
    assert repaired.run_once() == 0
    assert repaired.state.stopped == "chain-fork"
    repaired.start()
    wait_until(lambda: good == [0])
    repaired.stop()
    assert repaired.state == FollowerState(name="replicate", position=1, lag=0, stopped=None)


def test_a_follower_stopped_by_an_error_goes_on_where_it_failed_when_it_is_restarted(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1, 2, 3)
    seen: list[int] = []
    mended = threading.Event()

    def handle(entry: Entry) -> None:
        if entry.index == 1 and not mended.is_set():
            raise EvidenceMismatchError("chain-fork")
        seen.append(entry.index)

    follower = Follower("replicate", journal, handle)
    follower.start()
    try:
        wait_until(lambda: follower.state.stopped == "chain-fork")
        mended.set()
        follower.restart()
        wait_until(lambda: follower.state.lag == 0)
    finally:
        follower.stop()
    assert (seen, follower.state.stopped) == ([0, 1, 2], None)


def test_restarting_a_follower_that_runs_changes_nothing(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    threads: set[int] = set()
    follower = Follower("replicate", journal, lambda _: threads.add(threading.get_ident()))
    follower.start()
    try:
        record(journal, 1)
        wait_until(lambda: follower.state.lag == 0)
        follower.restart()
        record(journal, 2)
        wait_until(lambda: follower.state.lag == 0)
    finally:
        follower.stop()
    assert len(threads) == 1


def test_what_was_put_off_between_two_batches_stops_the_follower_like_an_entry(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1)

    def fail() -> None:
        raise EvidenceMismatchError("chain-fork")

    follower = Follower("replicate", journal, lambda _: None, between=fail)
    with pytest.raises(EvidenceMismatchError):
        follower.run_once()

    assert follower.state == FollowerState(name="replicate", position=1, lag=0, stopped="chain-fork")
