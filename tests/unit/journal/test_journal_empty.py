"""Entries without content: erased on purpose, or lost and proven by the log alone."""

from pathlib import Path

import pytest

from journal import Follower, Journal, store
from records import facts
from records.errors import NotFoundError
from records.ids import Author, digest
from tests.unit.journal.made_journal import OTHER, PROJECT, open_journal, record

LOST = (b"\x01" * 32, b"\x02" * 32, b"\x03" * 32)


def lose(journal: Journal) -> None:
    with journal.work() as work:
        assert work.take_lost(LOST, at=journal.size()) == 3


def test_an_erased_record_leaves_its_leaf_and_its_place_in_the_chain(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1, 2)
    before = journal.leaves()
    erased = journal.read(0)

    with journal.work() as work:
        said = work.erase(0, author=Author("operator:op-1"), reason="personal-data")

    left = journal.read(0)
    assert (left.record, left.salt, left.commitment, left.leaf) == (b"", b"", erased.commitment, erased.leaf)
    assert journal.leaves()[:2] == before
    assert (said.type, said.body) == (facts.RECORD_ERASED, {"index": 0, "reason": "personal-data"})
    assert journal.read(1).value["previous"] == digest(erased.record)
    record(journal, 3)
    assert [journal.read(index).value["seq"] for index in (1, 2, 3)] == [2, 3, 4]


def test_what_is_gone_cannot_be_read_nor_erased_again(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1)
    with journal.work() as work:
        work.erase(0, author=Author("operator:op-1"), reason="personal-data")

    with pytest.raises(NotFoundError, match="content-gone"):
        _ = journal.read(0).value
    with pytest.raises(NotFoundError, match="content-gone"), journal.work() as work:
        work.erase(0, author=Author("operator:op-1"), reason="personal-data")
    with pytest.raises(NotFoundError, match="entry-unknown"), journal.work() as work:
        work.erase(99, author=Author("operator:op-1"), reason="personal-data")
    assert journal.size() == 2


def test_lost_entries_stand_in_the_log_with_their_leaves_alone(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1)
    lose(journal)

    found = journal.entries(1, 10)
    assert [(entry.index, entry.commitment, entry.empty) for entry in found] == [
        (index, commitment, True) for index, commitment in enumerate(LOST, 1)
    ]
    assert [entry.index for entry in journal.find()] == [0]


def test_no_number_of_a_project_is_given_twice_after_a_loss(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1)
    last = journal.read(0).digest
    lose(journal)
    record(journal, 2, 3)
    record(journal, 4, project=OTHER)

    numbers = [(e.value["project"], e.value["seq"], e.value["previous"]) for e in journal.entries(4, 10)]
    assert numbers[0] == (PROJECT, 5, last)
    assert numbers[1] == (PROJECT, 6, journal.read(4).digest)
    assert numbers[2][:2] == (OTHER, 4)


def test_a_follower_passes_over_what_has_no_content(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1)
    lose(journal)
    record(journal, 2)
    seen: list[int] = []
    follower = Follower("publish", journal, lambda entry: seen.append(entry.index))

    assert follower.run_once() == 5
    assert seen == [0, 4]
    assert follower.state.lag == 0


def test_the_next_whole_entry_is_found_behind_a_loss(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    lose(journal)
    record(journal, 1)

    with journal.reading() as db:
        found = [store.next_whole(db, index) for index in (0, 3, 4)]

    assert [entry.index if entry else None for entry in found] == [3, 3, None]
