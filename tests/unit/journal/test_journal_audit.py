"""The audit of the journal's own table: each alteration is reported once, by record and field, and nothing private."""

import sqlite3
from pathlib import Path

import pytest
from sqlmodel import Session

from journal.audit import EntryAudit
from journal.store import AUDITED, open_for_reading, raw_rows
from records.alteration import Alteration
from records.errors import NotFoundError
from records.facts import INVITATION_ISSUED, Fact
from records.ids import Author, CentreCode, SessionId
from tests.unit.journal.made_journal import OTHER, PROJECT, open_journal, record

SECRET = "示例专家甲"
QUERY = f"SELECT {AUDITED} FROM journal_entry ORDER BY entry_index"  # noqa: S608 - our own columns
Told = list[tuple[str, Alteration]]


def written(directory: Path) -> Path:
    """Seven records of two projects; the one at 3 holds a name and a score, and belongs to a session."""
    journal = open_journal(directory)
    record(journal, 1, 2)
    record(journal, 3, project=OTHER)
    with journal.work() as work:
        work.record(
            Fact(
                type=INVITATION_ISSUED,
                project=PROJECT,
                session=SessionId(f"{PROJECT}-1"),
                author=Author("operator:op-1"),
                body={"name": SECRET, "points": 7350},
            )
        )
    record(journal, 5, 6, 7)
    journal.engine.dispose()
    return directory / "centre.db"


def audited(path: Path, batch: int = 256) -> Told:
    told: Told = []
    engine = open_for_reading(f"sqlite:///{path}")
    audit = EntryAudit(CentreCode("JN"), report=lambda check, one: told.append((check, one)), derive={})
    with Session(engine) as db:
        for rows in raw_rows(db, QUERY, batch):
            audit.feed(rows)
    audit.end()
    engine.dispose()
    return told


def alter(path: Path, column: str, index: int, change: bytes | str | int | None = None) -> None:
    """Put `change` into a column, or turn one bit in the middle of what it holds."""
    db = sqlite3.connect(path)
    row = db.execute("SELECT salt, commitment, leaf FROM journal_entry WHERE entry_index = ?", (index,)).fetchone()
    if change is None:
        found = bytearray(dict(zip(("salt", "commitment", "leaf"), row, strict=True))[column])
        found[len(found) // 2] ^= 1
        change = bytes(found)
    command = f"UPDATE journal_entry SET {column} = ? WHERE entry_index = ?"  # noqa: S608 - the test's own column
    db.execute(command, (change, index))
    db.commit()
    db.close()


def replace_in_record(path: Path, index: int, old: str, new: str) -> None:
    db = sqlite3.connect(path)
    found = db.execute("SELECT record FROM journal_entry WHERE entry_index = ?", (index,)).fetchone()[0]
    assert old.encode() in found
    alter(path, "record", index, found.replace(old.encode(), new.encode()))
    db.close()


def names(told: Told) -> list[tuple[str, int | None, str]]:
    return [(check, one.index, one.field) for check, one in told]


@pytest.mark.parametrize("batch", [1, 2, 256])
def test_a_journal_as_it_was_written_is_sound(tmp_path: Path, batch: int) -> None:
    assert audited(written(tmp_path), batch) == []


@pytest.mark.parametrize("batch", [1, 3, 256])
@pytest.mark.parametrize("column", ["salt", "commitment", "leaf"])
def test_a_bit_in_what_binds_a_record_is_told_by_its_column(tmp_path: Path, column: str, batch: int) -> None:
    path = written(tmp_path)
    alter(path, column, 3)

    assert names(audited(path, batch)) == [("records.commitment", 3, column)]


def test_a_digest_beside_a_record_is_told(tmp_path: Path) -> None:
    path = written(tmp_path)
    alter(path, "digest", 3, "sha256:" + "0" * 64)

    assert names(audited(path)) == [("records.commitment", 3, "digest")]


@pytest.mark.parametrize(
    ("column", "change"), [("type", "report.sealed.v1"), ("project", "E999"), ("session", ""), ("seq", 99)]
)
def test_a_column_that_says_something_else_than_the_record_is_told_with_both(
    tmp_path: Path, column: str, change: str | int
) -> None:
    path = written(tmp_path)
    alter(path, column, 3, change)

    ((check, one),) = audited(path)
    assert (check, one.index, one.field, one.found) == ("records.columns", 3, column, str(change))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("7350", "7351", "body.points"),
        (SECRET, SECRET.replace("甲", "申"), "body.name"),  # one byte of three
        ('"seq":3', '"seq":4', "seq"),
        ("operator:op-1", "operator:op-2", "author"),
        ("T06:00", "T07:00", "at"),
    ],
)
def test_one_byte_changed_in_a_record_is_told_by_its_field(tmp_path: Path, old: str, new: str, field: str) -> None:
    path = written(tmp_path)
    replace_in_record(path, 3, old, new)

    assert names(audited(path)) == [("records.commitment", 3, field)]


def test_many_bytes_are_told_by_what_stands_beside_the_record(tmp_path: Path) -> None:
    path = written(tmp_path)
    replace_in_record(path, 3, f'"session":"{PROJECT}-1"', f'"session":"{OTHER}-99"')

    ((check, one),) = audited(path)
    assert (check, one.field, one.expected, one.found) == (
        "records.commitment",
        "session",
        f"{PROJECT}-1",
        f"{OTHER}-99",
    )


def test_when_nothing_tells_the_field_the_record_is_told_with_its_digests(tmp_path: Path) -> None:
    path = written(tmp_path)
    replace_in_record(path, 3, "7350", "9999")

    ((_, one),) = audited(path)
    assert (one.field, one.rank) == ("record", 2)
    assert one.expected.startswith("sha256:")


def test_bytes_that_are_no_record_at_all_are_told_and_nothing_breaks(tmp_path: Path) -> None:
    path = written(tmp_path)
    alter(path, "record", 3, b"\xff\x00")
    alter(path, "salt", 5, b"short")

    assert names(audited(path)) == [("records.commitment", 3, "record"), ("records.commitment", 5, "salt")]


def test_neither_a_score_nor_a_name_is_shown(tmp_path: Path) -> None:
    path = written(tmp_path)
    replace_in_record(path, 3, "7350", "7351")
    ((_, score),) = audited(path)
    replace_in_record(path, 3, "7351", "7350")
    replace_in_record(path, 3, SECRET, SECRET.replace("甲", "申"))
    ((_, name),) = audited(path)

    for one in (score, name):
        assert one.expected.startswith("salted:")
        assert one.found.startswith("salted:")
        assert not {"7350", "7351", SECRET} & set(str(one).replace(",", " ").split())


def test_a_record_taken_out_is_told_by_its_index_and_its_number(tmp_path: Path) -> None:
    path = written(tmp_path)
    db = sqlite3.connect(path)
    db.execute("DELETE FROM journal_entry WHERE entry_index = 3")
    db.commit()
    db.close()

    found = names(audited(path))
    assert found[0] == ("records.chain", 3, "index")
    assert ("records.chain", 4, "seq") in found


def test_erased_and_lost_records_are_sound_and_a_missing_one_is_not(tmp_path: Path) -> None:
    path = written(tmp_path)
    journal = open_journal(tmp_path)
    with journal.work() as work:
        work.erase(3, author=Author("operator:op-1"), reason="personal-data")
        work.take_lost([b"\x01" * 32, b"\x02" * 32], at=8)
    record(journal, 8)
    record(journal, 9, project=OTHER)
    journal.engine.dispose()
    assert audited(path, 2) == []

    db = sqlite3.connect(path)
    db.execute("UPDATE journal_entry SET record = NULL, salt = NULL WHERE entry_index = 1")
    db.commit()
    db.close()
    assert names(audited(path)) == [("records.commitment", 1, "record")]


def test_a_number_given_twice_after_a_loss_is_told(tmp_path: Path) -> None:
    path = written(tmp_path)
    journal = open_journal(tmp_path)
    with journal.work() as work:
        work.take_lost([b"\x01" * 32], at=7)
    record(journal, 8)
    db = sqlite3.connect(path)
    db.execute("DELETE FROM journal_entry WHERE entry_index = 7")
    db.execute("UPDATE journal_entry SET entry_index = 7 WHERE entry_index = 8")
    db.commit()
    db.close()
    journal.engine.dispose()

    ((check, one),) = audited(path)
    assert (check, one.index, one.field) == ("records.chain", 7, "seq")


def test_reading_changes_nothing_beside_a_running_centre_or_a_dead_one(tmp_path: Path) -> None:
    path = written(tmp_path)
    journal = open_journal(tmp_path)
    record(journal, 8)
    wal = path.with_name(path.name + "-wal")
    before = path.read_bytes(), wal.read_bytes()

    assert audited(path) == []

    assert (path.read_bytes(), wal.read_bytes()) == before
    journal.engine.dispose()


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="store-missing"):
        open_for_reading(f"sqlite:///{tmp_path / 'none.db'}")

    assert list(tmp_path.iterdir()) == []
