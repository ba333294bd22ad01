"""The check of the whole journal names what was altered, where a number is missing, and which root no longer fits."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from chain_gateway.checkpoints import Head
from chain_gateway.monitor import store
from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.desk import Alarms
from chain_gateway.monitor.rolling import BLOCK, Frontier
from chain_gateway.monitor.sweep import Sweep, TileLeaves, no_tiles
from journal import Entry, Journal
from journal.entry import make_entry
from records.log import merkle
from tests.unit.journal.made_journal import OTHER, fact, open_journal

SIZE = 2 * BLOCK + 40
NO_CHAIN = None


@pytest.fixture(name="written", scope="module")
def _written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a journal of two projects whose records alternate; only ever copied."""
    directory = tmp_path_factory.mktemp("written")
    journal = open_journal(directory)
    with journal.work() as work:
        for number in range(SIZE // 2):
            work.record(fact(number))
            work.record(fact(number, OTHER))
    with journal.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    journal.engine.dispose()
    return directory / "centre.db"


@pytest.fixture(name="journal")
def _journal(written: Path, tmp_path: Path) -> Journal:
    """Two projects whose records alternate."""
    shutil.copy(written, tmp_path / "centre.db")
    return open_journal(tmp_path)


@pytest.fixture(name="alarms")
def _alarms(journal: Journal) -> Alarms:
    return Alarms(journal)


def swept(journal: Journal, alarms: Alarms, head: Head | None = None, tiles: TileLeaves = no_tiles) -> list[str]:
    """One whole pass; alarms as text."""
    sweep = Sweep(journal, alarms, tiles=tiles)
    before = sweep.passes
    while sweep.passes == before:
        sweep.step(1, head)
    return opened(alarms)


def opened(alarms: Alarms) -> list[str]:
    return [f"{alarm.name} {alarm.subject} {alarm.code}" for alarm in alarms.open()]


def write(journal: Journal, statement: str, **values: object) -> None:
    with journal.engine.begin() as connection:
        connection.execute(text(statement), values)


def rewrite(journal: Journal, index: int, *, with_leaf: bool) -> Entry:
    """The act of somebody with access to the database: another record, with matching commitment and leaf or not."""
    forged = journal.read(index)
    changed = make_entry(index, forged.record.replace(b'"number":', b'"numbes":'), forged.salt)
    write(
        journal,
        "UPDATE journal_entry SET record = :record WHERE entry_index = :index",
        record=changed.record,
        index=index,
    )
    if with_leaf:
        write(
            journal,
            "UPDATE journal_entry SET commitment = :commitment, leaf = :leaf, digest = :digest"
            " WHERE entry_index = :index",
            commitment=changed.commitment,
            leaf=changed.leaf,
            digest=changed.digest,
            index=index,
        )
    return changed


def head_of(journal: Journal, size: int) -> Head:
    return Head(size=size, root=merkle.root(journal.leaves(size)), block_number=1)


def test_a_sound_journal_raises_nothing(journal: Journal, alarms: Alarms) -> None:
    assert swept(journal, alarms, head_of(journal, 300)) == []


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 256, 257, 600])
def test_the_growing_root_is_the_root_of_the_tree(size: int) -> None:
    leaves = [merkle.leaf_hash(bytes([number % 256])) for number in range(size)]
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.extended(leaf)

    assert (frontier.root(), frontier.size) == (merkle.root(leaves), size)
    assert Frontier().root() == merkle.root([])


def test_a_record_changed_alone_is_named_by_its_block(journal: Journal, alarms: Alarms) -> None:
    rewrite(journal, 300, with_leaf=False)

    found = swept(journal, alarms)

    assert found == [
        "altered-record entries:256-511 record-altered",
        "altered-record project:E3701000076012345001 previous-differs",
    ]
    assert alarms.open()[0].found == "entry 300"


def test_a_record_changed_with_its_leaf_still_breaks_the_anchored_root(journal: Journal, alarms: Alarms) -> None:
    head = head_of(journal, 400)
    last = journal.read(SIZE - 1)  # the last of its project: nothing names it
    assert last.index >= 400
    rewrite(journal, 398, with_leaf=True)
    write(journal, "UPDATE journal_entry SET digest = digest")

    found = swept(journal, alarms, head)

    assert "altered-record checkpoint:400 root-differs" in found


def test_what_the_tiles_hold_convicts_the_database(journal: Journal, alarms: Alarms) -> None:
    leaves = [*journal.leaves(), *[None] * BLOCK]
    rewrite(journal, 5, with_leaf=True)

    found = swept(journal, alarms, tiles=lambda start, end: leaves[start:end])

    assert "altered-record entries:0-255 tile-leaf-differs" in found


def test_a_leaf_that_is_not_of_its_commitment_is_named(journal: Journal, alarms: Alarms) -> None:
    write(journal, "UPDATE journal_entry SET leaf = :leaf WHERE entry_index = 3", leaf=b"x" * 32)

    assert swept(journal, alarms) == ["altered-record entries:0-255 leaf-altered"]


def test_an_entry_taken_out_is_a_hole_in_the_journal_and_in_its_project(journal: Journal, alarms: Alarms) -> None:
    write(journal, "DELETE FROM journal_entry WHERE entry_index = 300")

    assert swept(journal, alarms) == [
        "missing-seq entries:256-511 index-gap",
        "missing-seq project:E3701000076012345001 seq-gap",
    ]


def test_an_entry_taken_out_over_the_border_of_blocks_is_found(journal: Journal, alarms: Alarms) -> None:
    write(journal, "DELETE FROM journal_entry WHERE entry_index = 255")

    assert swept(journal, alarms) == [
        "missing-seq entries:0-255 index-gap",
        "missing-seq project:E3701000076012345002 seq-gap",
    ]


def test_an_erased_record_is_no_fault_and_its_leaf_still_counts(journal: Journal, alarms: Alarms) -> None:
    head = head_of(journal, SIZE)
    write(journal, "UPDATE journal_entry SET record = NULL, salt = NULL WHERE entry_index = 300")

    assert swept(journal, alarms, head) == []


def test_a_whole_pass_clears_what_was_put_right(journal: Journal, alarms: Alarms) -> None:
    sound = journal.read(3).leaf
    write(journal, "UPDATE journal_entry SET leaf = :leaf WHERE entry_index = 3", leaf=b"x" * 32)
    assert len(swept(journal, alarms)) == 1
    write(journal, "UPDATE journal_entry SET leaf = :leaf WHERE entry_index = 3", leaf=sound)

    assert swept(journal, alarms) == []


def test_a_pass_that_a_restart_cut_clears_nothing_and_goes_on_where_it_was(journal: Journal, alarms: Alarms) -> None:
    write(journal, "UPDATE journal_entry SET leaf = :leaf WHERE entry_index = 3", leaf=b"x" * 32)
    Sweep(journal, alarms).step(1, NO_CHAIN)

    again = Sweep(journal, alarms)
    place = again.position
    again.step(1, NO_CHAIN)
    again.step(1, NO_CHAIN)

    assert (place, again.position, again.passes) == (BLOCK, 0, 1)
    assert opened(alarms) == ["altered-record entries:0-255 leaf-altered"]


def test_alarms_of_others_are_not_cleared(journal: Journal, alarms: Alarms) -> None:
    alarms.raise_(AlarmName.ALTERED_RECORD, "entries:0-255", "field-altered")

    assert swept(journal, alarms) == ["altered-record entries:0-255 field-altered"]


def test_a_pass_ends_at_the_chain_s_head(journal: Journal, alarms: Alarms) -> None:
    sweep = Sweep(journal, alarms)

    sweep.step(1, head_of(journal, 100))

    assert (sweep.position, sweep.passes) == (0, 1)


def test_where_it_stands_is_kept_with_the_tree_so_far(journal: Journal, alarms: Alarms) -> None:
    Sweep(journal, alarms).step(2, NO_CHAIN)

    with journal.reading() as db:
        frontier, _ = store.sweep(db)
    assert (frontier.size, frontier.root()) == (2 * BLOCK, merkle.root(journal.leaves(2 * BLOCK)))


@pytest.mark.parametrize(
    "spoil",
    [lambda _: b"{}", lambda _: b"\xff\x00", lambda record: record.replace(b'"seq":', b'"sex":')],
)
def test_what_is_no_record_any_more_is_named_and_stops_nothing(
    journal: Journal, alarms: Alarms, spoil: Callable[[bytes], bytes]
) -> None:
    record_ = spoil(journal.read(7).record)
    write(journal, "UPDATE journal_entry SET record = :record WHERE entry_index = 7", record=record_)

    assert "altered-record entries:0-255 record-altered" in swept(journal, alarms)
