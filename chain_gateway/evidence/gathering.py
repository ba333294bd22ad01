"""Gathers the content of an evaluation's evidence bundle from the journal and the anchored checkpoint."""

from collections.abc import Mapping, Sequence
from typing import Final

from chain_gateway.checkpoints import AnchoredCheckpoint
from chain_gateway.disclosure import Form, form
from chain_gateway.evidence.bundle import AnchorEvidence, CosignedNote, DisclosedRecord, Evidence
from chain_gateway.evidence.consistency import ConsistencyProof
from chain_gateway.evidence.prover import prove_leaf
from journal import Entry, Journal, MerkleLog
from records import canonical, facts
from records.errors import NotFoundError
from records.facts import Moment
from records.ids import SessionId, session_project
from records.log.checkpoint import Checkpoint
from records.room_entry import SignedEntry

CONSENT: Final = "report-consented"
"""The kind of the room entry by which a member consents to the report."""


def gather_evidence(
    journal: Journal,
    log: MerkleLog,
    anchored: AnchoredCheckpoint,
    *,
    session: SessionId,
    report: bytes,
    entries: Sequence[SignedEntry],
    certificates: Mapping[str, str],
    revocations: Mapping[str, str],
    cosigned: AnchoredCheckpoint | None = None,
) -> Evidence:
    """Return the evidence for a sealed report.

    `entries` are the signed room entries of the session in an order in which they can be accepted, `certificates` the
    PEM texts by name, `revocations` the lists by name. `cosigned` is a later checkpoint, when that is the one that
    other centres cosigned. Raises NotFoundError("report-not-sealed") when no record of the sealing lies under the
    checkpoint.
    """
    checkpoint = Checkpoint(origin=anchored.origin, size=anchored.size, root=anchored.root)
    tree = log.tree(anchored.size)
    return Evidence(
        session=session,
        report=report,
        records=tuple(
            DisclosedRecord(
                record=entry.record,
                salt=entry.salt,
                proof=prove_leaf(tree, entry.commitment, entry.index, checkpoint),
            )
            for entry in _disclosed(journal, session, anchored.size)
        ),
        note=anchored.note,
        anchor=AnchorEvidence(
            chain_id=anchored.chain_id,
            contract=anchored.contract,
            transaction=anchored.transaction_json.encode(),
            receipt=anchored.receipt_json.encode(),
            block=anchored.block_json.encode(),
            receipts=anchored.receipts_json.encode(),
        ),
        entries=canonical.encode([entry.to_wire() for entry in entries]),
        consents=_consents(entries),
        certificates={name: pem.encode() for name, pem in certificates.items()},
        revocations={name: pem.encode() for name, pem in revocations.items()},
        cosigned=_joined(log, anchored, cosigned) if cosigned is not None else None,
    )


def _joined(log: MerkleLog, anchored: AnchoredCheckpoint, cosigned: AnchoredCheckpoint) -> CosignedNote:
    """The cosigned checkpoint with the proof that it extends the anchored one."""
    path = log.tree(cosigned.size).consistency_path(anchored.size)
    proof = ConsistencyProof(first=anchored.size, second=cosigned.size, path=tuple(path))
    return CosignedNote(note=cosigned.note, proof=proof)


def _disclosed(journal: Journal, session: SessionId, size: int) -> list[Entry]:
    """The records that the policy discloses about this session once its report is sealed; no others."""
    opened = [
        entry
        for entry in journal.find(project=session_project(session))
        if entry.index < size
        and form(entry.type, reached=Moment.EVALUATED) is Form.PLAIN
        and entry.value.get("session", session) == session
    ]
    if not any(entry.type in facts.SEALINGS for entry in opened):
        raise NotFoundError("report-not-sealed", session=session)
    return opened


def _consents(entries: Sequence[SignedEntry]) -> dict[str, bytes]:
    """The members' consents by seat, each as it is in the room."""
    return {
        item.entry.author.removeprefix("seat:"): canonical.encode(item.to_wire())
        for item in entries
        if item.entry.kind == CONSENT
    }
