"""Everything that can go wrong around a write: nothing acknowledged is lost, nothing is half-written."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from journal import Entry, Follower, FollowerState, Journal, store
from records.errors import ConflictError, EvidenceMismatchError, UnavailableError
from tests.unit.journal.made_journal import (
    OTHER,
    PROJECT,
    START,
    assert_sound,
    fact,
    notes,
    open_journal,
    record,
    write,
)


class PowerCutError(BaseException):
    """No handler of ours may catch this, as none could catch the process being killed."""


@contextmanager
def commits_fail(journal: Journal, *, kept: bool) -> Iterator[None]:
    """Every commit raises a disk error: before it was done (lost), or after (kept but reported lost)."""
    driver = sqlite3.OperationalError("disk I/O error")
    driver.sqlite_errorcode = sqlite3.SQLITE_IOERR

    def fail(connection: Connection) -> None:
        if kept:
            connection.exec_driver_sql("COMMIT")
        raise OperationalError("COMMIT", {}, driver)

    event.listen(journal.engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(journal.engine, "commit", fail)


@pytest.mark.parametrize("error", [ValueError("a bug"), ConflictError("already-locked"), PowerCutError()])
def test_an_error_in_the_work_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1)
    bell = journal.subscribe()
    with pytest.raises(type(error)):
        write(journal, "lost", fact(2), fact(3, OTHER), error=error)
    assert not bell.is_set()
    assert (notes(journal), len(assert_sound(journal))) == ([], 1)
    record(journal, 4)
    assert [entry.body for entry in assert_sound(journal)] == [{"number": 1}, {"number": 4}]


def test_a_commit_that_fails_is_unavailable_and_leaves_nothing(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    bell = journal.subscribe()
    with commits_fail(journal, kept=False), pytest.raises(UnavailableError) as caught:
        write(journal, "lost", fact(1))
    assert caught.value.code == "store-unavailable"
    assert not bell.is_set()
    assert (notes(journal), assert_sound(journal)) == ([], [])
    record(journal, 2)
    assert len(assert_sound(journal)) == 1


def test_a_commit_kept_but_reported_lost_stands_whole_and_is_followed(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    with commits_fail(journal, kept=True), pytest.raises(UnavailableError):
        write(journal, "kept", fact(1))
    assert (notes(journal), len(assert_sound(journal))) == (["kept"], 1)
    record(journal, 2)
    seen: list[int] = []
    Follower("publish", journal, lambda entry: seen.append(entry.index)).run_once()
    assert seen == [0, 1]
    assert len(assert_sound(journal)) == 2


def test_a_store_locked_by_another_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0)
    journal = open_journal(tmp_path)
    other = sqlite3.connect(tmp_path / "centre.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError) as caught:
        record(journal, 1)
    other.rollback()
    other.close()
    assert caught.value.code == "store-unavailable"
    record(journal, 1)
    assert len(assert_sound(journal)) == 1


def test_a_writer_who_never_ends_makes_the_next_one_give_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.01)
    journal = open_journal(tmp_path)
    caught: list[UnavailableError] = []

    def write_too() -> None:
        try:
            record(journal, 2)
        except UnavailableError as error:
            caught.append(error)

    with journal.work() as work:
        work.record(fact(1))
        thread = threading.Thread(target=write_too)
        thread.start()
        thread.join()
    assert [error.code for error in caught] == ["store-busy"]
    assert len(assert_sound(journal)) == 1


def test_a_missing_table_is_our_own_fault_and_not_a_store_to_wait_for(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    with journal.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE journal_entry")
    with pytest.raises(OperationalError):
        journal.size()


def test_a_source_of_chance_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def broken(size: int) -> bytes:
        raise OSError(size)

    sound = open_journal(tmp_path)
    journal = Journal(sound.engine, sound.centre, clock=lambda: START, randomness=broken)
    with pytest.raises(OSError, match="32"):
        record(journal, 1)
    assert assert_sound(sound) == []


def test_threads_writing_at_once_keep_everything_dense(tmp_path: Path) -> None:
    """Four writers over two journals of one file: the lock of the process and the lock of the file both count."""
    journals = [open_journal(tmp_path), open_journal(tmp_path)]
    failed: list[BaseException] = []

    def write_some(journal: Journal, project: int) -> None:
        try:
            for number in range(15):
                with journal.work() as work:
                    work.record(fact(number, (PROJECT, OTHER)[project]))
                    work.record(fact(number, (OTHER, PROJECT)[number % 2]))
        except BaseException as error:  # noqa: BLE001 - the test shows whatever happened in its threads
            failed.append(error)

    threads = [threading.Thread(target=write_some, args=(journals[place % 2], place // 2)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(assert_sound(journals[0])) == 4 * 15 * 2


def test_readers_beside_a_writer_see_whole_works_only(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    ended = threading.Event()
    sizes: list[int] = []

    def read() -> None:
        while not ended.is_set():
            sizes.append(len(journal.leaves()))

    thread = threading.Thread(target=read)
    thread.start()
    for number in range(20):
        with journal.work() as work:
            for _ in range(3):
                work.record(fact(number))
            work.db.flush()
    ended.set()
    thread.join()
    assert {size % 3 for size in sizes} <= {0}
    assert sizes == sorted(sizes)


def follow(journal: Journal, seen: list[int], *, dies_at: int, after: bool, error: BaseException) -> Follower:
    """A follower whose handler dies once at an entry, before or after it has done its work."""
    left = [error]

    def handle(entry: Entry) -> None:
        if entry.index == dies_at and left and not after:
            raise left.pop()
        seen.append(entry.index)
        if entry.index == dies_at and left:
            raise left.pop()

    return Follower("publish", journal, handle)


@pytest.mark.parametrize("error", [UnavailableError("gone"), EvidenceMismatchError("fork"), PowerCutError()])
def test_a_handler_that_dies_before_its_work_is_handed_the_entry_again(tmp_path: Path, error: BaseException) -> None:
    journal = open_journal(tmp_path)
    record(journal, *range(4))
    seen: list[int] = []
    follower = follow(journal, seen, dies_at=2, after=False, error=error)
    with pytest.raises(type(error)):
        follower.run_once()
    assert (seen, follower.state.position) == ([0, 1], 2)
    follower.resume()
    follower.run_once()
    assert seen == [0, 1, 2, 3]


@pytest.mark.parametrize("error", [UnavailableError("gone"), EvidenceMismatchError("fork"), PowerCutError()])
def test_a_handler_that_dies_after_its_work_is_handed_the_entry_twice_and_no_other(
    tmp_path: Path, error: BaseException
) -> None:
    journal = open_journal(tmp_path)
    record(journal, *range(4))
    seen: list[int] = []
    follower = follow(journal, seen, dies_at=2, after=True, error=error)
    with pytest.raises(type(error)):
        follower.run_once()
    follower.resume()
    follower.run_once()
    assert seen == [0, 1, 2, 2, 3]


def test_a_position_that_cannot_be_saved_hands_the_entries_over_again(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1, 2)
    seen: list[int] = []
    follower = Follower("publish", journal, lambda entry: seen.append(entry.index))
    with commits_fail(journal, kept=False), pytest.raises(UnavailableError):
        follower.run_once()
    assert follower.state == FollowerState(name="publish", position=0, lag=2, stopped=None)
    assert follower.run_once() == 2
    assert seen == [0, 1, 0, 1]
