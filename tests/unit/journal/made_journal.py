"""A journal in a fresh file, with a clock and salts the test knows, and a neighbour's table to write beside it."""

import hashlib
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Field, Session, SQLModel, select

from journal import Entry, Journal, MerkleLog, TileLog, open_engine
from records.canonical import encode
from records.commitment import commit
from records.facts import TENDER_REGISTERED, Fact
from records.ids import ZERO_DIGEST, Author, CentreCode, Digest, ProjectId
from records.log import merkle

PROJECT = ProjectId("E3701000076012345001")
OTHER = ProjectId("E3701000076012345002")
START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


class NoteRow(SQLModel, table=True):
    __tablename__ = "test_note"

    text: str = Field(primary_key=True)


def known_clock() -> Callable[[], datetime]:
    """One second later at every look."""
    seconds = itertools.count()
    return lambda: START + timedelta(seconds=next(seconds))


def known_salts() -> Callable[[int], bytes]:
    numbers = itertools.count()
    return lambda size: hashlib.sha256(f"salt {next(numbers)}".encode()).digest()[:size]


def open_journal(directory: Path) -> Journal:
    engine = open_engine(f"sqlite:///{directory / 'centre.db'}")
    SQLModel.metadata.create_all(engine)
    return Journal(engine, CentreCode("JN"), clock=known_clock(), randomness=known_salts())


def log_beside(journal: Journal) -> MerkleLog:
    """The log of a journal, in a folder beside its file, as a process that starts now opens it."""
    database = Path(str(journal.engine.url.database))
    return MerkleLog(journal, TileLog(database.with_name(f"{database.stem}-log")))


def fact(number: int = 0, project: ProjectId = PROJECT) -> Fact:
    return Fact(type=TENDER_REGISTERED, project=project, author=Author("operator:op-1"), body={"number": number})


def record(journal: Journal, *numbers: int, project: ProjectId = PROJECT) -> None:
    for number in numbers:
        with journal.work() as work:
            work.record(fact(number, project))


def write(journal: Journal, note: str, *said: Fact, error: BaseException | None = None) -> None:
    """One work that writes a row and some facts, and ends as it is told to."""
    with journal.work() as work:
        work.db.add(NoteRow(text=note))
        for one in said:
            work.record(one)
        work.db.flush()
        if error is not None:
            raise error


def notes(journal: Journal) -> list[str]:
    with Session(journal.engine) as db:
        return sorted(db.exec(select(NoteRow.text)))


def assert_sound(journal: Journal) -> list[Entry]:
    """Every promise of the journal at once: dense indexes and sequences, linked digests, right leaves."""
    entries = journal.entries(0, 1_000_000)
    heads: dict[str, tuple[int, Digest]] = {}
    for index, entry in enumerate(entries):
        value = entry.value
        seq, previous = heads.get(str(value["project"]), (0, ZERO_DIGEST))
        assert (entry.index, value["seq"], value["previous"]) == (index, seq + 1, previous)
        assert encode(value) == entry.record
        assert commit(entry.salt, entry.record) == entry.commitment
        assert merkle.leaf_hash(entry.commitment) == entry.leaf
        heads[str(value["project"])] = (seq + 1, entry.digest)
    assert journal.size() == len(entries)
    assert journal.leaves() == [entry.leaf for entry in entries]
    return entries
