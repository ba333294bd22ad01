"""The explorer shows the records that the policy has opened, and nothing of the others."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from chain_gateway import store as gateway_store
from chain_gateway.checkpoints import Anchored
from chain_gateway.explorer.desk import ExplorerDesk
from journal import Journal
from records import facts
from records.canonical import encode
from records.errors import NotFoundError
from records.facts import NO_SESSION, Fact
from records.ids import CentreCode, digest
from records.log import merkle
from records.log.checkpoint import Checkpoint, sign_note
from records.log.cosignature import cosign
from tests.integration.ledger.consortium import DL, JN, LOG_KEYS, XA, cosigning
from tests.unit.chain_gateway.explorer import seeded
from tests.unit.chain_gateway.explorer.seeded import BEFORE_SEALING, SEALING, publish, write
from tests.unit.journal.made_journal import log_beside

SEALED_INDEX = len(BEFORE_SEALING)
TALLY_INDEX = SEALED_INDEX - 2
ENTRY_INDEX = 10


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return seeded.open_journal(tmp_path)


def desk_over(journal: Journal) -> ExplorerDesk:
    return ExplorerDesk(journal, log_beside(journal), clock=lambda: seeded.STARTED + timedelta(hours=1))


def published(journal: Journal, *written: Fact) -> ExplorerDesk:
    desk = desk_over(journal)
    write(journal, *written)
    publish(journal, desk)
    return desk


def anchor(journal: Journal, size: int) -> None:
    """Keep a checkpoint as if the chain had taken it."""
    anchored = Anchored(
        size=size,
        root=merkle.root(journal.leaves(size)),
        chain_id=1337,
        contract="0x" + "a1" * 20,
        transaction="0x" + "ee" * 32,
        block_number=20511,
        block_hash="0x" + "bb" * 32,
        transaction_json="{}",
        receipt_json="{}",
        block_json='{"timestamp":"0x6b03c482"}',
        receipts_json="[]",
    )
    checkpoint = Checkpoint(origin="jn.tongping", size=size, root=anchored.root)
    with journal.work() as work:
        note = sign_note(checkpoint, name="jn.tongping", key=LOG_KEYS[JN])
        gateway_store.keep_anchored(work.db, "jn.tongping", note, anchored)


def cosigned(journal: Journal, witness: CentreCode, size: int) -> str:
    """Keep a cosignature of a kept checkpoint; its line."""
    with journal.work() as work:
        anchored = gateway_store.anchored(work.db, size)
        assert anchored is not None
        line = cosign(anchored.note, name=cosigning(witness).name, key=cosigning(witness).key, at=seeded.STARTED)
        gateway_store.keep_cosignature(work.db, size, witness, time=int(seeded.STARTED.timestamp()), line=line)
    return line


def everything_kept(journal: Journal) -> str:
    """All that the explorer's own tables hold, as text."""
    with journal.reading() as db:
        rows = [
            row
            for table in ("explorer_record", "explorer_evaluation", "explorer_tender")
            for row in db.connection().execute(text(f"SELECT * FROM {table}"))  # noqa: S608  the names stand above
        ]
    return " ".join(
        value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for row in rows for value in row
    )


def test_before_the_report_is_sealed_only_tenders_are_known(journal: Journal) -> None:
    desk = published(journal, *BEFORE_SEALING)

    assert desk.latest() == []
    assert [tender.project for tender in desk.find("E3701").tenders] == [seeded.WAITING, seeded.PROJECT]
    for index in range(2, SEALED_INDEX):
        with pytest.raises(NotFoundError, match="record-unknown"):
            desk.record(index)


def test_before_the_report_is_sealed_no_guest_is_named_in_any_table(journal: Journal) -> None:
    published(journal, *BEFORE_SEALING)

    assert "XA" not in everything_kept(journal)


def test_no_score_and_no_name_of_an_expert_ever_reaches_the_explorers_tables(journal: Journal) -> None:
    published(journal, *BEFORE_SEALING, SEALING)

    kept = everything_kept(journal)
    assert [secret in kept for secret in (seeded.SECRET_NAME, str(seeded.SECRET_POINTS))] == [False, False]


def test_with_the_sealed_report_what_came_before_is_opened(journal: Journal) -> None:
    desk = published(journal, *BEFORE_SEALING, SEALING)

    told, records = desk.evaluation(seeded.SESSION)

    assert (told.host, told.guests, told.experts, told.seals) == ("JN", ("XA",), (("JN", 3), ("XA", 2)), 2)
    assert (told.title_en, told.control_price_fen) == (seeded.TITLE_EN, 9743220000)
    assert [(record.index, record.opened) for record in desk.visible(records)] == [
        (0, True),
        (3, True),
        (TALLY_INDEX, False),
        (SEALED_INDEX, True),
    ]


def test_a_sealed_row_has_neither_bytes_nor_salt(journal: Journal) -> None:
    record = published(journal, *BEFORE_SEALING, SEALING).record(TALLY_INDEX)

    assert (record.type, record.record, record.salt) == (facts.EVALUATION_TALLY_COMPUTED, b"", b"")


def test_a_record_of_the_room_cannot_be_asked_for(journal: Journal) -> None:
    desk = published(journal, *BEFORE_SEALING, SEALING)

    with pytest.raises(NotFoundError, match="record-unknown"):
        desk.record(ENTRY_INDEX)
    with pytest.raises(NotFoundError, match="record-unknown"):
        desk.prove(ENTRY_INDEX, SEALED_INDEX + 1)


def test_a_sealed_row_cannot_be_proven_before_its_time(journal: Journal) -> None:
    desk = published(journal, *BEFORE_SEALING, SEALING)

    with pytest.raises(NotFoundError, match="record-unknown"):
        desk.prove(TALLY_INDEX, SEALED_INDEX + 1)


def test_an_invitation_of_another_project_stays_hidden(journal: Journal) -> None:
    other = Fact(
        type=facts.INVITATION_CONFIRMED,
        project=seeded.WAITING,
        author=SEALING.author,
        body={**seeded.confirmed_body(), "guest": "DL"},
        session=NO_SESSION,
    )
    desk = published(journal, *BEFORE_SEALING, other, SEALING)

    with pytest.raises(NotFoundError, match="record-unknown"):
        desk.record(SEALED_INDEX)
    assert "DL" not in everything_kept(journal)


def test_handling_an_entry_twice_changes_nothing(journal: Journal) -> None:
    desk = published(journal, *BEFORE_SEALING, SEALING)
    before = everything_kept(journal)

    for entry in journal.entries(0, 100):
        desk.handle(entry)

    assert everything_kept(journal) == before


@pytest.mark.parametrize("document", [seeded.REPORT, seeded.DRAFT])
def test_the_sealed_report_and_its_draft_are_found_by_their_digests(journal: Journal, document: bytes) -> None:
    desk = published(journal, *BEFORE_SEALING, SEALING)

    assert desk.document(digest(document)).session == seeded.SESSION


def test_another_document_is_not_found(journal: Journal) -> None:
    with pytest.raises(NotFoundError, match="document-unknown"):
        published(journal, *BEFORE_SEALING, SEALING).document(digest(b"another"))


def test_an_opened_record_is_proven_under_any_size_that_holds_it(journal: Journal) -> None:
    desk = published(journal, *BEFORE_SEALING, SEALING, BEFORE_SEALING[4])

    for size in (SEALED_INDEX + 1, SEALED_INDEX + 2):
        proven = desk.prove(SEALED_INDEX, size)
        assert proven.root == merkle.root(journal.leaves(size))
        assert proven.proof.holds(proven.root)


def test_a_record_is_not_proven_under_a_size_before_it_or_beyond_the_log(journal: Journal) -> None:
    desk = published(journal, *BEFORE_SEALING, SEALING)

    with pytest.raises(NotFoundError, match="record-not-in-checkpoint"):
        desk.prove(SEALED_INDEX, SEALED_INDEX)
    with pytest.raises(NotFoundError, match="size-unknown"):
        desk.prove(SEALED_INDEX, SEALED_INDEX + 2)
    with pytest.raises(NotFoundError, match="nothing-anchored"):
        desk.prove(SEALED_INDEX)


def test_the_ladder_knows_the_checkpoint_and_the_witnesses_that_cover_a_record(journal: Journal) -> None:
    desk = published(journal, *BEFORE_SEALING, SEALING)
    anchor(journal, SEALED_INDEX)
    anchor(journal, SEALED_INDEX + 1)
    cosigned(journal, DL, SEALED_INDEX)
    line = cosigned(journal, XA, SEALED_INDEX + 1)

    standing = desk.standing(SEALED_INDEX)

    assert standing.anchored is not None
    assert (standing.anchored.block_number, standing.witnesses) == (20511, ("XA",))
    assert standing.anchored.note.splitlines()[-1] == line


def test_the_figures_count_todays_proven_records_in_beijing_time(journal: Journal) -> None:
    desk = published(journal, *BEFORE_SEALING, SEALING)
    anchor(journal, SEALED_INDEX)

    figures = desk.figures()

    assert (figures.evaluations, figures.cities, figures.proven_today) == (1, 2, SEALED_INDEX)
    assert (
        ExplorerDesk(journal, log_beside(journal), clock=lambda: seeded.STARTED + timedelta(days=1))
        .figures()
        .proven_today
        == 0
    )


@pytest.mark.parametrize("words", ["港沟", "ganggou", "E3701000076012345001", "建设单位", "JN", "XA", seeded.SESSION])
def test_the_evaluation_is_found_by_title_code_tenderer_and_centre(journal: Journal, words: str) -> None:
    found = published(journal, *BEFORE_SEALING, SEALING).find(words)

    assert [one.session for one in found.evaluations] == [seeded.SESSION]


@pytest.mark.parametrize("words", ["%", "_", "DL", "' OR 1=1 --", "#10", str(seeded.SECRET_POINTS), seeded.SECRET_NAME])
def test_words_that_name_nothing_public_find_nothing(journal: Journal, words: str) -> None:
    found = published(journal, *BEFORE_SEALING, SEALING).find(words)

    assert (found.evaluations, found.tenders, found.record, found.checkpoint) == ((), (), None, None)


def test_records_and_checkpoints_are_found_by_number_transaction_and_block(journal: Journal) -> None:
    desk = published(journal, *BEFORE_SEALING, SEALING)
    anchor(journal, SEALED_INDEX + 1)

    assert desk.find(f"#{SEALED_INDEX}").record == SEALED_INDEX
    assert desk.find("区块 20511").checkpoint == SEALED_INDEX + 1
    assert desk.find("0x" + "EE" * 32).checkpoint == SEALED_INDEX + 1


def test_the_bytes_given_out_are_those_of_the_journal(journal: Journal) -> None:
    record = published(journal, *BEFORE_SEALING, SEALING).record(SEALED_INDEX)

    entry = journal.read(SEALED_INDEX)
    assert (record.record, record.salt) == (entry.record, entry.salt)
    assert encode(entry.value) == record.record
