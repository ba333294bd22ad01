"""Watches the other centres' logs: a checkpoint that extends all that was seen before is kept and cosigned on chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chain_gateway import store
from chain_gateway.anchoring import Cosigned, Seen
from chain_gateway.ledger import Ledger
from journal import Journal
from records import facts, merkle
from records.checkpoint import Checkpoint, open_note
from records.errors import ConflictError, EvidenceMismatchError, NotFoundError
from records.ids import Author, ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignedCheckpoint:
    """A checkpoint of another centre's log that this centre has cosigned."""

    origin: str
    size: int
    root: bytes
    transaction: str
    block_number: int


class WitnessDesk:
    """One centre as the witness of others. `verifier_keys`: the keys (vkey text) that may sign each log's notes."""

    def __init__(self, journal: Journal, ledger: Ledger, *, verifier_keys: Mapping[str, Sequence[str]]) -> None:
        self._journal = journal
        self._ledger = ledger
        self._verifier_keys = verifier_keys

    def last_seen(self, origin: str) -> int:
        """How much of a log this centre has seen: the proof it needs starts there."""
        with self._journal.reading() as db:
            return store.seen(db, origin).size

    def cosign_peer(self, origin: str, note: str, path: Sequence[bytes]) -> CosignedCheckpoint:
        """Check a peer's note against all that was seen of its log, keep it, and cosign it on the chain.

        `path`: consistency path from `last_seen(origin)`. Repeating it does nothing more. Raises NotFoundError
        ("log-unknown"), ConflictError("checkpoint-older" | "head-mismatch") when a newer one should be asked for, and
        EvidenceMismatchError, always an alarm: "note-unsigned", "note-signature", "note-origin",
        "log-forked" (the log does not extend what it showed before), "chain-forked" (it shows us another root than
        the chain). A fork is never kept, so it never replaces what was seen.
        """
        checkpoint = self._open(origin, note)
        with self._journal.reading() as db:
            seen, given = store.seen(db, origin), store.cosigned(db, checkpoint)
        _check_extends(seen, checkpoint, path)
        given = given or self._cosign(seen, checkpoint, note)
        return CosignedCheckpoint(
            origin=origin,
            size=checkpoint.size,
            root=checkpoint.root,
            transaction=given.transaction,
            block_number=given.block_number,
        )

    def _open(self, origin: str, note: str) -> Checkpoint:
        keys = self._verifier_keys.get(origin)
        if keys is None:
            raise NotFoundError("log-unknown", origin=origin)
        checkpoint = open_note(note, keys)
        if checkpoint.origin != origin:
            raise EvidenceMismatchError("note-origin", expected=origin, found=checkpoint.origin)
        return checkpoint

    def _cosign(self, seen: Seen, checkpoint: Checkpoint, note: str) -> Cosigned:
        head = self._ledger.head(checkpoint.origin)
        if head.size == checkpoint.size and head.root != checkpoint.root:
            raise EvidenceMismatchError("chain-forked", origin=checkpoint.origin, size=head.size)
        with self._journal.work() as work:
            if store.seen(work.db, checkpoint.origin) != seen:
                raise ConflictError("checkpoint-older", origin=checkpoint.origin)  # another one came meanwhile
            if seen.size < checkpoint.size:
                store.keep_seen(work.db, checkpoint, note)
        # What was seen is kept before it is cosigned: killed here, we cosign it when it is shown again.
        given = self._ledger.cosign(checkpoint.origin, checkpoint.size, checkpoint.root)
        with self._journal.work() as work:
            if store.keep_cosigned(work.db, checkpoint, given):
                work.record(_cosigned_fact(checkpoint, given, self._ledger))
        return given


def _check_extends(seen: Seen, checkpoint: Checkpoint, path: Sequence[bytes]) -> None:
    if checkpoint.size < seen.size:
        raise ConflictError("checkpoint-older", origin=checkpoint.origin, seen=seen.size, offered=checkpoint.size)
    if not merkle.verify_consistency(seen.size, checkpoint.size, seen.root, checkpoint.root, list(path)):
        raise EvidenceMismatchError("log-forked", origin=checkpoint.origin, seen=seen.size, offered=checkpoint.size)


def _cosigned_fact(checkpoint: Checkpoint, cosigned: Cosigned, ledger: Ledger) -> facts.Fact:
    return facts.Fact(
        type=facts.CHECKPOINT_COSIGNED,
        project=ProjectId(""),
        author=Author("system:witness"),
        body={
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": f"sha256:{checkpoint.root.hex()}",
            "chain_id": ledger.chain_id,
            "contract": ledger.anchor_address,
            "transaction": cosigned.transaction,
            "block": cosigned.block_number,
        },
    )
