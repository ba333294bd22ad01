"""The journal's log follows the journal: the same commitments at the same indexes, or an alarm."""

import shutil
from pathlib import Path

import pytest

from journal import Follower, Journal, MerkleLog, TileLog
from records.errors import EvidenceMismatchError, NotFoundError
from records.log import merkle
from records.log.merkle import leaf_hash
from tests.unit.journal.made_journal import log_beside, open_journal, record


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Journal:
    journal = open_journal(tmp_path)
    record(journal, *range(20))
    return journal


def commitments(journal: Journal) -> list[bytes]:
    return [entry.commitment for entry in journal.entries(0, 1000)]


def test_the_follower_brings_every_entry_to_its_own_index(journal: Journal) -> None:
    log = log_beside(journal)
    follower = Follower("log", journal, log.handle)

    while follower.run_once(limit=3):
        pass
    record(journal, 20)
    assert follower.run_once() == 1

    assert log.tiles.entries(0, 1000) == commitments(journal)
    assert log.tree(21).root() == merkle.root(journal.leaves())


def test_an_entry_handed_over_again_changes_nothing(journal: Journal) -> None:
    log = log_beside(journal)
    for entry in (*journal.entries(0, 20), *journal.entries(5, 3)):
        log.handle(entry)

    assert (log.catch_up(), log_beside(journal).catch_up()) == (20, 20)
    assert log.tiles.entries(0, 1000) == commitments(journal)


def test_tiles_that_hold_something_else_stop_the_follower(journal: Journal) -> None:
    log = log_beside(journal)
    log.tiles.extend(0, [*commitments(journal)[:7], bytes(32)])
    follower = Follower("log", journal, log.handle)

    with pytest.raises(EvidenceMismatchError, match="log-entry-differs: index=7"):
        follower.run_once()
    assert (follower.state.position, follower.state.stopped) == (7, "log-entry-differs")


def test_a_journal_that_lost_entries_is_noticed(journal: Journal) -> None:
    log = log_beside(journal)
    log.tiles.extend(0, [*commitments(journal), bytes(32)])

    with pytest.raises(EvidenceMismatchError, match="log-longer-than-journal: size=20 log=21"):
        log.catch_up()


def test_a_tree_is_of_what_the_tiles_hold_and_they_catch_up_for_it(journal: Journal) -> None:
    log = log_beside(journal)

    assert log.tree(13).root() == merkle.root(journal.leaves(13))
    assert log.tree(20).consistency_path(13) == merkle.consistency_path(journal.leaves(), 13)
    with pytest.raises(NotFoundError, match="size-unknown"):
        log.tree(21)


def test_the_tiles_are_written_again_from_the_journal_and_are_the_same(journal: Journal, tmp_path: Path) -> None:
    log = log_beside(journal)
    log.catch_up()
    before = {path.name: path.read_bytes() for path in log.tiles.directory.rglob("*.p/*")}
    shutil.rmtree(log.tiles.directory)

    again = log_beside(journal)
    again.catch_up()

    assert {path.name: path.read_bytes() for path in again.tiles.directory.rglob("*.p/*")} == before


def test_the_order_of_the_journal_is_known_from_the_tiles_alone(journal: Journal) -> None:
    log_beside(journal).catch_up()

    log = TileLog(log_beside(journal).tiles.directory)

    assert {entry.index: log.index(entry.commitment) for entry in journal.entries(0, 100)} == {
        index: index for index in range(20)
    }
    assert log.indexes() == {leaf_hash(data): index for index, data in enumerate(commitments(journal))}


def test_two_processes_that_follow_one_journal_write_one_log(journal: Journal) -> None:
    one, other = log_beside(journal), log_beside(journal)
    one.catch_up()
    record(journal, 20, 21)
    other.catch_up()
    record(journal, 22)

    assert (one.catch_up(), MerkleLog(journal, one.tiles).catch_up(), other.catch_up()) == (23, 23, 23)
    assert other.tiles.entries(0, 1000) == commitments(journal)
