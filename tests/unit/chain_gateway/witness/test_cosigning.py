"""Other centres' lines under the own checkpoints: verified, kept once, shown in every note."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chain_gateway import store
from chain_gateway.checkpoints import AnchoredCheckpoint, Cosigner
from chain_gateway.witness.cosigning import AHEAD, CosignatureDesk
from journal import Journal
from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError, NotPermittedError
from records.ids import CentreCode
from records.log.cosignature import cosign, cosignatures
from tests.integration.ledger.consortium import DL, JN, XA, cosigning, witness_vkey
from tests.unit.chain_gateway.explorer import seeded
from tests.unit.chain_gateway.explorer.seeded import BEFORE_SEALING, SEALING, write
from tests.unit.chain_gateway.explorer.test_explorer_desk import anchor

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Journal:
    journal = seeded.open_journal(tmp_path)
    write(journal, *BEFORE_SEALING, SEALING)
    for size in (5, 9):
        anchor(journal, size)
    return journal


@pytest.fixture(name="told")
def _told() -> list[str]:
    return []


@pytest.fixture(name="desk")
def _desk(journal: Journal, told: list[str]) -> CosignatureDesk:
    keys = {XA: [witness_vkey(XA)], DL: [witness_vkey(DL)]}
    return CosignatureDesk(
        journal,
        witness_keys=lambda code: keys.get(code, []),
        clock=lambda: NOW,
        republish=lambda: told.append("republished"),
    )


def checkpoint(journal: Journal, size: int) -> AnchoredCheckpoint:
    with journal.reading() as db:
        found = store.anchored(db, size)
    assert found is not None
    return found


def line_of(code: CentreCode, note: str, at: datetime = NOW) -> str:
    return cosign(note, name=cosigning(code).name, key=cosigning(code).key, at=at)


def test_a_line_is_kept_and_stands_in_the_note_from_then_on(desk: CosignatureDesk, journal: Journal) -> None:
    plain = checkpoint(journal, 9).note
    line = line_of(XA, plain)

    taken = desk.take(XA, 9, line)

    assert taken.note == f"{plain}{line}\n"
    assert checkpoint(journal, 9) == taken
    assert checkpoint(journal, 5).note.count("\n— ") == 1


def test_a_note_is_published_anew_whenever_a_line_comes_a_repeated_one_too(
    desk: CosignatureDesk, journal: Journal, told: list[str]
) -> None:
    for _ in range(2):
        desk.take(XA, 9, line_of(XA, checkpoint(journal, 9).note))

    assert told == ["republished", "republished"]


def test_lines_of_several_witnesses_stand_in_one_note_and_each_verifies(
    desk: CosignatureDesk, journal: Journal
) -> None:
    for code in (XA, DL):
        desk.take(code, 9, line_of(code, checkpoint(journal, 9).note))

    given = cosignatures(checkpoint(journal, 9).note, [witness_vkey(XA), witness_vkey(DL)])

    assert [one.key for one in given] == [witness_vkey(DL), witness_vkey(XA)]
    assert [one.time for one in given] == [int(NOW.timestamp())] * 2


def test_the_same_line_again_changes_nothing(desk: CosignatureDesk, journal: Journal) -> None:
    line = line_of(XA, checkpoint(journal, 9).note)
    first = desk.take(XA, 9, line)

    assert desk.take(XA, 9, line) == first


def test_of_two_lines_of_one_witness_the_first_counts(desk: CosignatureDesk, journal: Journal) -> None:
    note = checkpoint(journal, 9).note
    first = desk.take(XA, 9, line_of(XA, note))

    assert desk.take(XA, 9, line_of(XA, note, at=NOW - timedelta(hours=1))) == first


def test_every_witness_is_named_with_the_largest_size_it_cosigned(desk: CosignatureDesk, journal: Journal) -> None:
    for code, size in ((XA, 5), (XA, 9), (DL, 5)):
        desk.take(code, size, line_of(code, checkpoint(journal, size).note))

    assert desk.cosigners() == (Cosigner(witness=DL, size=5), Cosigner(witness=XA, size=9))


def test_the_first_checkpoint_over_a_record_is_found_by_how_many_cosigned_it(
    desk: CosignatureDesk, journal: Journal
) -> None:
    for code, size in ((XA, 9), (DL, 9)):
        desk.take(code, size, line_of(code, checkpoint(journal, size).note))

    with journal.reading() as db:
        found = [store.covering(db, 3, cosignatures=count) for count in range(4)]

    assert [one.size if one else None for one in found] == [5, 9, 9, None]


def test_a_line_of_another_checkpoint_is_refused(desk: CosignatureDesk, journal: Journal) -> None:
    line = line_of(XA, checkpoint(journal, 5).note)

    with pytest.raises(EvidenceMismatchError, match="cosignature-invalid"):
        desk.take(XA, 9, line)

    assert desk.cosigners() == ()


@pytest.mark.parametrize("line", ["", "—", "— xa.tongping/witness !!!!", "— a b\n— c d", "no line\n\n— a AAAA"])
def test_what_is_no_line_is_refused(desk: CosignatureDesk, line: str) -> None:
    with pytest.raises(InvalidRecordError, match=r"malformed-note|cosignature-foreign"):
        desk.take(XA, 9, line)

    assert desk.cosigners() == ()


def test_a_witness_does_not_bring_anothers_line_as_its_own(desk: CosignatureDesk, journal: Journal) -> None:
    with pytest.raises(InvalidRecordError, match="cosignature-foreign"):
        desk.take(DL, 9, line_of(XA, checkpoint(journal, 9).note))


def test_two_lines_in_one_do_not_smuggle_a_foreign_one_in(desk: CosignatureDesk, journal: Journal) -> None:
    note = checkpoint(journal, 9).note
    mine, foreign = line_of(XA, note), line_of(DL, note)

    assert desk.take(XA, 9, f"{mine}\n{foreign}").note == f"{note}{mine}\n"


def test_a_centre_without_a_witness_key_is_no_witness(desk: CosignatureDesk, journal: Journal) -> None:
    with pytest.raises(NotPermittedError, match="witness-unknown"):
        desk.take(JN, 9, line_of(JN, checkpoint(journal, 9).note))


@pytest.mark.parametrize("size", [1, 8, 10, 2**53 - 1])
def test_a_size_that_was_never_anchored_is_unknown(desk: CosignatureDesk, journal: Journal, size: int) -> None:
    with pytest.raises(NotFoundError, match="checkpoint-unknown"):
        desk.take(XA, size, line_of(XA, checkpoint(journal, 9).note))


def test_a_witness_whose_clock_has_jumped_ahead_is_told_so_and_may_come_again(
    desk: CosignatureDesk, journal: Journal
) -> None:
    note = checkpoint(journal, 9).note
    with pytest.raises(InvalidRecordError, match="cosignature-ahead"):
        desk.take(XA, 9, line_of(XA, note, at=NOW + AHEAD + timedelta(seconds=1)))
    assert desk.cosigners() == ()

    desk.take(XA, 9, line_of(XA, note, at=NOW + AHEAD))

    assert [one.witness for one in desk.cosigners()] == [XA]


def test_evidence_stands_on_the_checkpoint_that_as_many_cosigned_as_are_asked_for(journal: Journal) -> None:
    desk = CosignatureDesk(journal, witness_keys=lambda code: [witness_vkey(code)], clock=lambda: NOW, required=2)
    found: list[int | None] = []
    for code, size in ((XA, 5), (XA, 9), (DL, 9)):
        found.append(one.size if (one := desk.cosigned(3)) else None)
        desk.take(code, size, line_of(code, checkpoint(journal, size).note))
    found.append(one.size if (one := desk.cosigned(3)) else None)

    assert found == [None, 5, 5, 9]
    assert desk.cosigned(9) is None
