"""The engine under a journal: how it keeps what it has acknowledged, and the paths it must not leave."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from journal import open_engine, store
from records.errors import UnavailableError
from tests.unit.journal.made_journal import open_journal, record


def test_the_store_writes_ahead_and_waits_for_the_disk(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 10_000, "foreign_keys": 1}


def test_a_writer_holds_the_lock_from_its_first_statement(tmp_path: Path) -> None:
    engine = open_journal(tmp_path).engine
    other = sqlite3.connect(tmp_path / "centre.db", timeout=0)
    with store.writing(engine) as db:
        db.connection()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_reader_holds_no_lock(tmp_path: Path) -> None:
    engine = open_journal(tmp_path).engine
    other = sqlite3.connect(tmp_path / "centre.db", timeout=0)
    with Session(engine) as db:
        assert store.size(db) == 0
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_sequence_number_is_never_given_twice(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    record(journal, 1)
    with pytest.raises(IntegrityError), journal.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO journal_entry SELECT 1, type, project, session, seq,"
                " digest, record, salt, commitment, leaf FROM journal_entry"
            )
        )
    assert journal.size() == 1


def test_a_directory_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'nowhere' / 'a.db'}")
    with pytest.raises(UnavailableError) as caught, store.converted(), Session(engine) as db:
        store.size(db)
    assert caught.value.code == "store-unavailable"


def test_a_position_is_zero_before_it_is_saved(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    with journal.work() as work:
        assert store.position(work.db, "publish") == (0, "")
        store.save_position(work.db, "publish", 7, "")
        store.save_position(work.db, "publish", 8, "gone-wrong")
    with journal.reading() as db:
        assert store.position(db, "publish") == (8, "gone-wrong")
        assert store.position(db, "anchor") == (0, "")
