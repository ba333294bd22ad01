"""One transaction for tables and records: what a record holds, what is read back, what is refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from journal import Journal, open_engine, store
from records import facts
from records.canonical import decode
from records.errors import ConflictError, InvalidRecordError, NotFoundError
from records.facts import Fact
from records.ids import ZERO_DIGEST, Author, CentreCode, ProjectId, SessionId, digest, instant, parse_instant
from records.log import merkle
from tests.unit.journal.made_journal import (
    OTHER,
    PROJECT,
    START,
    NoteRow,
    assert_sound,
    fact,
    notes,
    open_journal,
    record,
    write,
)

VECTORS = Path(__file__).parents[2] / "vectors"
GOLDEN: dict[str, Any] = json.loads((VECTORS / "record.json").read_text("utf-8"))  # Any: values of several shapes


def test_facts_become_exactly_the_golden_records(tmp_path: Path) -> None:
    cases = GOLDEN["entries"]
    times = iter([parse_instant(case["at"]) for case in cases])
    salts = iter([bytes.fromhex(case["salt"]) for case in cases])
    engine = open_engine(f"sqlite:///{tmp_path / 'golden.db'}")
    SQLModel.metadata.create_all(engine)
    centre = CentreCode(GOLDEN["centre"])
    journal = Journal(engine, centre, clock=lambda: next(times), randomness=lambda _: next(salts))
    for case in cases:
        with journal.work() as work:
            work.record(Fact(**case["fact"]))
    for case in cases:
        entry = journal.read(case["index"])
        assert entry.value == case["record"]
        assert (entry.record.hex(), entry.digest) == (case["hex"], case["digest"])
        assert (entry.commitment.hex(), entry.leaf.hex()) == (case["commitment"], case["leaf"])
        assert (entry.type, entry.body) == (case["fact"]["type"], case["fact"]["body"])
    assert merkle.root(journal.leaves()).hex() == GOLDEN["root"]


def test_an_empty_journal_is_a_good_one(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    assert (journal.size(), journal.leaves(), journal.entries(0, 10), journal.find()) == (0, [], [], [])
    with pytest.raises(NotFoundError) as caught:
        journal.read(0)
    assert caught.value.code == "entry-unknown"


def test_a_record_names_its_centre_place_time_and_the_record_before(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    with journal.work() as work:
        first = work.record(fact(1))
        second = work.record(fact(2))
    assert first.value == {
        "type": facts.TENDER_REGISTERED,
        "version": 1,
        "centre": "JN",
        "project": PROJECT,
        "stage": "",
        "author": "operator:op-1",
        "seq": 1,
        "previous": ZERO_DIGEST,
        "at": instant(START),
        "body": {"number": 1},
    }
    assert (second.index, second.value["seq"], second.value["previous"]) == (1, 2, digest(first.record))
    assert [journal.read(0), journal.read(1)] == [first, second]


def test_a_session_stands_in_the_record_only_where_there_is_one(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    session = SessionId(f"{PROJECT}-1")
    with journal.work() as work:
        prepared = work.record(
            Fact(
                type=facts.SESSION_PREPARED,
                project=PROJECT,
                session=session,
                stage="PREPARED",
                author=Author("system:workflow"),
                body={},
            )
        )
        registered = work.record(fact())
    assert (prepared.value["session"], prepared.value["stage"]) == (session, "PREPARED")
    assert "session" not in registered.value


def test_sequences_are_dense_per_project_and_indexes_over_all(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1, 2)
    record(journal, 3, project=OTHER)
    record(journal, 4)
    record(journal, 5, project=ProjectId(""))
    entries = assert_sound(journal)
    assert [(entry.index, entry.value["seq"]) for entry in entries] == [(0, 1), (1, 2), (2, 1), (3, 3), (4, 1)]


def test_all_times_of_one_work_are_the_same(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    with journal.work() as work:
        assert [work.record(fact(number)).value["at"] for number in range(3)] == [instant(work.now)] * 3


def test_every_record_has_a_salt_of_its_own(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1, 1, 1)
    assert len({entry.salt for entry in journal.entries(0, 10)}) == 3


def test_tables_and_records_are_written_together(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    with journal.work() as work:
        work.db.add(NoteRow(text="kept"))
        work.record(fact())
    assert (notes(journal), journal.size()) == (["kept"], 1)


def test_a_row_stays_readable_after_its_work(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    row = NoteRow(text="kept")
    with journal.work() as work:
        work.db.add(row)
    assert row.text == "kept"


def test_what_is_not_committed_is_seen_by_nobody_else(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    with journal.work() as work:
        work.record(fact())
        work.db.flush()
        assert journal.size() == 0
        assert journal.leaves() == []
    assert journal.size() == 1


def test_a_reader_sees_one_moment(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1)
    with journal.reading() as db:
        before = store.size(db)
        record(journal, 2)
        assert (before, store.size(db)) == (1, 1)
    assert journal.size() == 2


def test_a_range_of_entries_is_read_in_order(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, *range(5))
    assert [entry.index for entry in journal.entries(1, 3)] == [1, 2, 3]
    assert [entry.index for entry in journal.entries(3, 10)] == [3, 4]
    assert journal.entries(5, 10) == []


def test_leaves_of_an_older_size_are_a_prefix(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, *range(5))
    assert journal.leaves(3) == journal.leaves()[:3]
    assert journal.leaves(0) == []
    with pytest.raises(NotFoundError) as caught:
        journal.leaves(6)
    assert caught.value.code == "size-unknown"


def test_entries_are_found_by_type_session_and_project(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    session = SessionId(f"{OTHER}-1")
    record(journal, 1)
    with journal.work() as work:
        work.record(
            Fact(type=facts.SESSION_PREPARED, project=OTHER, session=session, author=Author("centre:JN"), body={})
        )
    record(journal, 2, project=OTHER)

    def found(**wanted: str) -> list[int]:
        return [entry.index for entry in journal.find(**wanted)]

    assert found() == [0, 1, 2]
    assert found(project=OTHER) == [1, 2]
    assert found(type=facts.TENDER_REGISTERED) == [0, 2]
    assert found(session=session) == [1]
    assert found(type=facts.TENDER_REGISTERED, project=OTHER) == [2]
    assert found(type=facts.REPORT_SEALED) == []


def test_a_body_outside_the_subset_leaves_nothing(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    bad: Any = {"points": 12.5}  # Any: a float, on purpose
    with pytest.raises(InvalidRecordError) as caught:
        write(journal, "lost", fact(), replace(fact(), body=bad))
    assert caught.value.code == "float-not-allowed"
    assert (notes(journal), journal.size()) == ([], 0)


def test_work_within_work_is_refused_and_the_outer_one_may_go_on(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    with journal.work() as work:
        with pytest.raises(ConflictError) as caught, journal.work():
            pass
        assert caught.value.code == "work-within-work"
        work.record(fact())
    assert journal.size() == 1


def test_two_journals_may_work_inside_each_other(tmp_path: Path) -> None:
    (tmp_path / "guest").mkdir()
    host, guest = open_journal(tmp_path), open_journal(tmp_path / "guest")
    with host.work() as outer, guest.work() as inner:
        outer.record(fact(1))
        inner.record(fact(2))
    assert (host.size(), guest.size()) == (1, 1)


def test_a_second_row_of_one_key_is_a_conflict_and_leaves_nothing(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    write(journal, "one")
    with pytest.raises(ConflictError) as caught:
        write(journal, "one", fact())
    assert caught.value.code == "conflicting-write"
    assert journal.size() == 0


def test_an_error_of_the_store_never_repeats_the_values_written(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    write(journal, "points 97")
    with pytest.raises(ConflictError) as caught:
        write(journal, "points 97")
    assert "points 97" not in f"{caught.value} {caught.value.__cause__}"


def test_whoever_listens_is_woken_by_a_record_and_by_nothing_else(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    bell = journal.subscribe()
    with journal.work() as work:
        work.db.add(NoteRow(text="no record"))
    assert not bell.is_set()
    with journal.work() as work:
        work.record(fact())
        assert not bell.is_set()
    assert bell.is_set()


def test_times_are_written_in_utc_whatever_the_clock_says(tmp_path: Path) -> None:
    engine = open_journal(tmp_path).engine
    far = START.astimezone(tz=None) + timedelta(hours=1)
    journal = Journal(engine, CentreCode("JN"), clock=lambda: far, randomness=bytes)
    record(journal, 1)
    assert journal.read(0).value["at"] == instant(START + timedelta(hours=1))
    assert isinstance(decode(journal.read(0).record), dict)
    assert far.astimezone(UTC) == START + timedelta(hours=1)


def test_a_clock_without_zone_is_refused(tmp_path: Path) -> None:
    engine = open_journal(tmp_path).engine
    naive = datetime(2026, 11, 23)  # noqa: DTZ001 - the mistake under test
    journal = Journal(engine, CentreCode("JN"), clock=lambda: naive, randomness=bytes)
    with pytest.raises(InvalidRecordError):
        record(journal, 1)
    assert journal.size() == 0
