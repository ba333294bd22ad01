"""A bundle contains the records that the policy opens, and no more of the journal."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from chain_gateway.checkpoints import AnchoredCheckpoint
from chain_gateway.evidence.bundle import write_bundle
from chain_gateway.evidence.gathering import gather_evidence
from chain_gateway.verifier.checks import check_bundle
from chain_gateway.verifier.trust import parse_trust
from journal import Journal
from records import canonical, facts
from records.errors import NotFoundError
from records.log import merkle
from records.log.checkpoint import Checkpoint, sign_note
from records.proof import Verdict
from records.room_entry import SignedEntry
from tests.unit.chain_gateway import made_evidence as made
from tests.unit.chain_gateway.explorer import seeded
from tests.unit.evaluation_room.rooms import opening
from tests.unit.journal.made_journal import log_beside


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return seeded.open_journal(tmp_path)


def anchored(journal: Journal, size: int) -> AnchoredCheckpoint:
    """A checkpoint of the journal that a made-up chain confirms."""
    checkpoint = Checkpoint(origin="jn.tongping", size=size, root=merkle.root(journal.leaves(size)))
    anchor = made.make_anchor(checkpoint)
    return AnchoredCheckpoint(
        size=size,
        root=checkpoint.root,
        origin=checkpoint.origin,
        note=sign_note(checkpoint, name="jn.tongping", key=made.LOG_KEY),
        chain_id=1337,
        contract=made.ANCHOR,
        transaction="0x00",
        block_number=1,
        block_hash="0x00",
        transaction_json=anchor.transaction.decode(),
        receipt_json=anchor.receipt.decode(),
        block_json=anchor.block.decode(),
        receipts_json=anchor.receipts.decode(),
    )


def gathered(
    journal: Journal, size: int, entries: list[SignedEntry], *, cosigned: AnchoredCheckpoint | None = None
) -> bytes:
    return write_bundle(
        gather_evidence(
            journal,
            log_beside(journal),
            anchored(journal, size),
            session=seeded.SESSION,
            report=seeded.REPORT,
            entries=entries,
            certificates={},
            revocations={},
            cosigned=cosigned,
        )
    )


def test_what_is_gathered_verifies(journal: Journal) -> None:
    seeded.write(journal, *seeded.BEFORE_SEALING, seeded.SEALING)

    data = gathered(journal, journal.size(), [opening()])

    assert Verdict(check_bundle(data, made.trust())).failed == ()


def test_a_later_checkpoint_that_others_cosigned_is_joined_to_the_anchored_one(journal: Journal) -> None:
    seeded.write(journal, *seeded.BEFORE_SEALING, seeded.SEALING)
    first = anchored(journal, journal.size())
    seeded.write(journal, *seeded.BEFORE_SEALING[:1])
    later = anchored(journal, journal.size())
    later = replace(later, note=made.cosigned(later.note, "XA"))

    data = gathered(journal, first.size, [opening()], cosigned=later)

    strict = parse_trust(json.dumps({**made.trust_value(), "policy": {"cosignatures": 1}}).encode())
    outcomes = {check.name: check.outcome.value for check in check_bundle(data, strict)}
    assert {name: outcomes[name] for name in ("log.consistency", "log.cosignatures", "log.inclusion")} == {
        "log.consistency": "pass",
        "log.cosignatures": "pass",
        "log.inclusion": "pass",
    }
    assert "fail" not in outcomes.values()


def test_only_what_the_policy_opens_is_disclosed_as_a_record(journal: Journal) -> None:
    seeded.write(journal, *seeded.BEFORE_SEALING, seeded.SEALING)
    evidence = gather_evidence(
        journal,
        log_beside(journal),
        anchored(journal, journal.size()),
        session=seeded.SESSION,
        report=seeded.REPORT,
        entries=[],
        certificates={},
        revocations={},
    )

    values = [canonical.decode(item.record) for item in evidence.records]
    types = [value["type"] for value in values if isinstance(value, dict)]
    assert types == [facts.TENDER_REGISTERED, facts.INVITATION_CONFIRMED, facts.REPORT_SEALED]


def test_a_report_that_is_not_sealed_has_no_evidence(journal: Journal) -> None:
    seeded.write(journal, *seeded.BEFORE_SEALING)

    with pytest.raises(NotFoundError, match="report-not-sealed"):
        gathered(journal, journal.size(), [])


def test_a_seal_that_the_checkpoint_does_not_cover_has_no_evidence_yet(journal: Journal) -> None:
    seeded.write(journal, *seeded.BEFORE_SEALING, seeded.SEALING)

    with pytest.raises(NotFoundError, match="report-not-sealed"):
        gathered(journal, journal.size() - 1, [])
