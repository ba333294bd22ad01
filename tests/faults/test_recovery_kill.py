"""SIGKILL at every step of a recovery: afterwards the same command finishes it, and nothing is duplicated."""

from pathlib import Path

import pytest
from sqlmodel import Session

from chain_gateway.witness.mirror import Mirror
from journal import Work, disk
from journal.tiles import TileLog
from node.operations.recovery import Recovery
from records import facts
from tests.faults.killing import Step, die_at
from tests.integration.one_centre.test_recovery_of_a_tail import ALL, Centres, audited
from tests.unit.journal.made_journal import open_journal

RECOVERING: dict[str, Step] = {
    "before a mirror is asked": (Recovery, "_best", False),
    "after the mirrors agreed": (Recovery, "_best", True),
    "before the tiles of the backup are laid": (TileLog, "extend", False),
    "after one tile was written": (disk, "write", True),
    "after all tiles of a step were written": (disk, "write_all", True),
    "after the tiles of the backup were laid": (TileLog, "extend", True),
    "before the mirror's entries are brought": (Mirror, "extend", False),
    "after the mirror's entries were brought": (Mirror, "extend", True),
    "before the entries are added": (Work, "take_lost", False),
    "after the entries were added": (Work, "take_lost", True),
    "after the fact was added": (Work, "record", True),
    "before the commit": (Session, "commit", False),
    "after the commit": (Session, "commit", True),
    "before the checkpoint is shown": (TileLog, "publish", False),
    "after the checkpoint was shown": (TileLog, "publish", True),
}
_COMMITTED = ("after the commit", "before the checkpoint is shown", "after the checkpoint was shown")


@pytest.mark.parametrize("name", RECOVERING)
def test_a_kill_while_recovering_loses_nothing_and_doubles_nothing(tmp_path: Path, name: str) -> None:
    centres = Centres(tmp_path)

    die_at(RECOVERING[name], lambda: centres.recover(centres.head(290)))
    if name not in _COMMITTED:
        centres.assert_nothing_taken_over()
    again = centres.recover(centres.head(290))

    assert (again is None) == (name in _COMMITTED)
    centres.assert_recovered_once()
    assert centres.recover(centres.head(ALL)) is None


def test_a_kill_after_a_kill_is_made_good_too(tmp_path: Path) -> None:
    centres = Centres(tmp_path)

    for step in RECOVERING.values():
        if step[1] == "publish":
            continue  # the commit before it ends the recovery
        die_at(step, lambda: centres.recover(centres.head(290)))
    centres.recover(centres.head(290))

    centres.assert_recovered_once()
    journal = open_journal(tmp_path)
    assert len(journal.find(type=facts.JOURNAL_RECOVERED)) == 1
    journal.engine.dispose()
    assert audited(tmp_path / "centre.db") == []
