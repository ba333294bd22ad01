"""A log shortened by an old backup comes back from the mirrors, whole or not at all, and only when all agree."""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from chain_gateway.checkpoints import Head
from chain_gateway.witness.mirror import Mirror
from journal import Journal
from journal.audit import EntryAudit
from journal.store import AUDITED, open_for_reading, raw_rows
from node.operations.recovery import Recovered, Recovery
from records import facts
from records.errors import EvidenceMismatchError, NotFoundError, TongpingError, UnavailableError
from records.ids import CentreCode
from records.log import merkle
from records.log.checkpoint import Checkpoint, sign_note, verifier_key
from records.log.tiles import parse_path
from tests.unit.journal.made_journal import OTHER, PROJECT, log_beside, open_journal, record

ORIGIN = "jn.tongping"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
KEYS = (verifier_key(ORIGIN, KEY.public_key()),)
XA, DL = CentreCode("XA"), CentreCode("DL")
BACKUP, ALL = 5, 300
QUERY = f"SELECT {AUDITED} FROM journal_entry ORDER BY entry_index"  # noqa: S608 - our own columns


class Centres:
    """The own journal, restored from its backup, and two other centres with mirrors of what it had been."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        journal = open_journal(directory)
        record(journal, *range(BACKUP - 1))
        record(journal, 1, project=OTHER)
        self._save(journal, directory / "backup.db")
        with journal.work() as work:
            for number in range(ALL - BACKUP):
                work.record(_fact(number))
        log_beside(journal).catch_up()
        self.leaves = journal.leaves()
        tiles = log_beside(journal).tiles
        self.mirrors = {code: Mirror(directory / code / "mirrors" / ORIGIN, ORIGIN) for code in (XA, DL)}
        for code, size in ((XA, ALL), (DL, 280)):
            self.mirrors[code].extend(self.checkpoint(size), tiles.read)
            self.mirrors[code].publish(self.note(size))
        journal.engine.dispose()
        self.destroy_and_restore()

    def _save(self, journal: Journal, path: Path) -> None:
        source, target = sqlite3.connect(self.directory / "centre.db"), sqlite3.connect(path)
        source.backup(target)
        source.close()
        target.close()

    def destroy_and_restore(self) -> None:
        for name in ("centre.db", "centre.db-wal", "centre.db-shm"):
            (self.directory / name).unlink(missing_ok=True)
        (self.directory / "centre.db").write_bytes((self.directory / "backup.db").read_bytes())
        for path in sorted((self.directory / "centre-log").rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()

    def checkpoint(self, size: int) -> Checkpoint:
        return Checkpoint(origin=ORIGIN, size=size, root=merkle.root(self.leaves[:size]))

    def note(self, size: int) -> str:
        return sign_note(self.checkpoint(size), name=ORIGIN, key=KEY)

    def head(self, size: int) -> Head:
        return Head(size=size, root=merkle.root(self.leaves[:size]), block_number=7)

    def fetch(self, centre: CentreCode, path: str) -> bytes:
        """As the other centre serves its mirrors."""
        if centre not in self.mirrors:
            raise UnavailableError("peer-unreachable", peer=centre)
        rest = path.removeprefix(f"/mirrors/{ORIGIN}/")
        log = self.mirrors[centre].log
        return log.checkpoint().encode() if rest == "checkpoint" else log.read(parse_path(rest))

    def recover(
        self, head: Head, fetch: Callable[[CentreCode, str], bytes] | None = None, journal: Journal | None = None
    ) -> Recovered | None:
        journal = journal or open_journal(self.directory)
        try:
            recovery = Recovery(journal, log_beside(journal), origin=ORIGIN, log_keys=KEYS, witness_keys=())
            return recovery.run(head, (XA, DL), fetch or self.fetch)
        finally:
            journal.engine.dispose()

    def assert_recovered_once(self) -> None:
        journal = open_journal(self.directory)
        assert journal.size() == ALL + 1
        assert journal.leaves(ALL) == self.leaves
        (said,) = journal.find(type=facts.JOURNAL_RECOVERED)
        root = merkle.root(self.leaves).hex()
        assert (said.index, said.body) == (
            ALL,
            {"from": BACKUP, "to": ALL, "mirror": "XA", "root": f"sha256:{root}"},
        )
        assert log_beside(journal).catch_up() == ALL + 1
        assert log_beside(journal).tree(ALL).root() == merkle.root(self.leaves)
        journal.engine.dispose()
        assert audited(self.directory / "centre.db") == []

    def assert_nothing_taken_over(self) -> None:
        journal = open_journal(self.directory)
        assert journal.size() == BACKUP
        assert journal.find(type=facts.JOURNAL_RECOVERED) == []
        journal.engine.dispose()


def _fact(number: int) -> facts.Fact:
    from tests.unit.journal.made_journal import fact

    return fact(number)


def audited(path: Path) -> list[str]:
    told: list[str] = []
    engine = open_for_reading(f"sqlite:///{path}")
    audit = EntryAudit(CentreCode("JN"), report=lambda _check, one: told.append(str(one)), derive={})
    with Session(engine) as db:
        for rows in raw_rows(db, QUERY):
            audit.feed(rows)
    audit.end()
    engine.dispose()
    return told


@pytest.fixture
def centres(tmp_path: Path) -> Centres:
    return Centres(tmp_path)


def test_the_missing_tail_comes_back_without_content_and_the_journal_goes_on(centres: Centres) -> None:
    found = centres.recover(centres.head(290))

    assert found == Recovered(start=BACKUP, end=ALL, mirror=XA, cosigners=0)
    centres.assert_recovered_once()
    journal = open_journal(centres.directory)
    record(journal, 9)
    record(journal, 9, project=OTHER)
    seqs = {str(e.value["project"]): e.value["seq"] for e in journal.entries(ALL + 1, 10)}
    lost = ALL - BACKUP
    assert seqs == {PROJECT: BACKUP - 1 + lost + 1, OTHER: 1 + lost + 1}
    journal.engine.dispose()
    assert audited(centres.directory / "centre.db") == []


def test_recovering_again_changes_nothing(centres: Centres) -> None:
    centres.recover(centres.head(290))

    assert centres.recover(centres.head(290)) is None
    centres.assert_recovered_once()


def test_a_log_that_reaches_its_head_needs_nothing_and_a_head_of_another_log_is_told(centres: Centres) -> None:
    assert centres.recover(centres.head(BACKUP)) is None
    with pytest.raises(EvidenceMismatchError, match="head-not-ours"):
        centres.recover(Head(size=BACKUP, root=b"\x01" * 32, block_number=7))
    centres.assert_nothing_taken_over()


@pytest.mark.parametrize("step", range(14))
def test_an_end_at_any_step_leaves_the_journal_whole_and_the_next_call_goes_on(centres: Centres, step: int) -> None:
    asked = 0

    def dying(centre: CentreCode, path: str) -> bytes:
        nonlocal asked
        asked += 1
        if asked > step:
            raise KeyboardInterrupt
        return centres.fetch(centre, path)

    try:
        centres.recover(centres.head(290), dying)
    except KeyboardInterrupt:
        centres.assert_nothing_taken_over()
    centres.recover(centres.head(290))

    centres.assert_recovered_once()


@pytest.mark.parametrize("committed", [False, True])
def test_an_end_at_the_commit_kept_or_lost_is_made_good(
    centres: Centres, *, committed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Session.commit

    def dying(db: Session) -> None:
        if committed:
            real(db)
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "commit", dying)
    with pytest.raises(KeyboardInterrupt):
        centres.recover(centres.head(290))
    monkeypatch.undo()
    centres.recover(centres.head(290))

    centres.assert_recovered_once()


def test_tiles_that_were_not_lost_are_taken_as_far_as_they_are_right(centres: Centres) -> None:
    tiles = log_beside(open_journal(centres.directory)).tiles
    tiles.extend(0, [b"\x00" * 32])

    with pytest.raises(EvidenceMismatchError):
        centres.recover(centres.head(290))
    centres.assert_nothing_taken_over()


def test_without_a_mirror_that_reaches_the_head_nothing_is_taken_over(centres: Centres) -> None:
    def silent(_centre: CentreCode, _path: str) -> bytes:
        raise UnavailableError("peer-unreachable")

    def empty(_centre: CentreCode, _path: str) -> bytes:
        raise NotFoundError("nothing-published")

    for fetch in (silent, empty):
        with pytest.raises(UnavailableError, match="no-mirror"):
            centres.recover(centres.head(290), fetch)
    del centres.mirrors[XA]
    with pytest.raises(UnavailableError, match="mirror-too-short"):
        centres.recover(centres.head(290))
    centres.assert_nothing_taken_over()


def test_one_mirror_is_enough_when_it_reaches_the_head(centres: Centres) -> None:
    del centres.mirrors[XA]

    assert centres.recover(centres.head(270)) == Recovered(start=BACKUP, end=280, mirror=DL, cosigners=0)


def other_log(centres: Centres, directory: Path, size: int, first: int) -> Mirror:
    """A mirror of a log that this centre signed, too, and that differs from `first` on."""
    entries = [hashlib.sha256(str(number).encode()).digest() for number in range(size)]
    journal = open_journal(centres.directory)
    entries[:BACKUP] = journal.commitments(0, BACKUP)
    journal.engine.dispose()
    entries[first] = b"\x00" * 32
    mirror = Mirror(directory, ORIGIN)
    mirror.log.extend(0, entries)
    root = mirror.log.tree(size).root()
    mirror.log.publish(sign_note(Checkpoint(origin=ORIGIN, size=size, root=root), name=ORIGIN, key=KEY))
    return mirror


def test_two_mirrors_that_tell_differently_are_both_refused(centres: Centres, tmp_path: Path) -> None:
    centres.mirrors[DL] = other_log(centres, tmp_path / "other", 280, first=200)

    with pytest.raises(EvidenceMismatchError, match="mirrors-differ"):
        centres.recover(centres.head(290))
    centres.assert_nothing_taken_over()


def test_a_mirror_that_the_chain_contradicts_is_refused(centres: Centres) -> None:
    with pytest.raises(EvidenceMismatchError, match="mirror-not-anchored"):
        centres.recover(Head(size=290, root=b"\x01" * 32, block_number=7))
    centres.assert_nothing_taken_over()


def test_a_mirror_that_does_not_extend_this_journal_is_refused(centres: Centres, tmp_path: Path) -> None:
    mirror = other_log(centres, tmp_path / "other", 300, first=2)
    centres.mirrors = {XA: mirror}
    head = Head(size=290, root=mirror.log.tree(290).root(), block_number=7)

    with pytest.raises(EvidenceMismatchError, match="log-forked"):
        centres.recover(head)
    centres.assert_nothing_taken_over()


@pytest.mark.parametrize(
    ("path", "place"), [("checkpoint", 15), ("tile/0/000", 50), ("tile/entries/000", 500), ("tile/entries/001.p/44", 8)]
)
def test_a_byte_altered_in_a_mirror_is_never_taken_over(centres: Centres, path: str, place: int) -> None:
    def altering(centre: CentreCode, asked: str) -> bytes:
        data = bytearray(centres.fetch(centre, asked))
        if asked.endswith(path) and centre == XA:
            data[place] ^= 1
        return bytes(data)

    with pytest.raises(TongpingError):
        centres.recover(centres.head(290), altering)
    centres.assert_nothing_taken_over()
