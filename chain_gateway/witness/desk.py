"""Watches the other centres' logs: a checkpoint that extends all earlier ones is mirrored, saved and cosigned.

The order makes a kill harmless: first what was seen is saved, then its tiles, then the line that cosigns its note, then
the mirror's checkpoint, then the chain's answer. Wherever it stopped, the same checkpoint shown again resumes there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chain_gateway import store
from chain_gateway.checkpoints import Cosigned, Delivery, Fork, Seen
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.witness.mirror import Mirrors, ReadTile
from journal import Journal
from records import facts
from records.errors import ConflictError, EvidenceMismatchError, InvalidRecordError, NotFoundError
from records.ids import Author, ProjectId, instant
from records.log import merkle
from records.log.checkpoint import Checkpoint, open_note
from records.log.cosignature import add_lines, cosign
from records.log.note import parse_note

LARGEST: Final = 2**53 - 1
"""Entries a followed log may have: up to here every part of it, JSON and tables included, counts exactly."""

LogKeys = Callable[[str], Sequence[str]]
"""The keys (C2SP texts) that may sign this log's notes now; none when it is not followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigning:
    """The name and the key with which this centre cosigns notes."""

    name: str
    key: Ed25519PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignedCheckpoint:
    """A checkpoint of another centre's log that this centre cosigned, on the chain and by a line in its note."""

    origin: str
    size: int
    root: bytes
    line: str
    transaction: str
    block_number: int


class WitnessDesk:
    """One centre as the witness of others."""

    def __init__(
        self,
        journal: Journal,
        ledger: Ledger,
        *,
        log_keys: LogKeys,
        cosigning: Cosigning,
        mirrors: Mirrors,
        clock: Callable[[], datetime],
    ) -> None:
        self._journal = journal
        self._ledger = ledger
        self._log_keys = log_keys
        self._cosigning = cosigning
        self._mirrors = mirrors
        self._clock = clock

    def last_seen(self, origin: str) -> int:
        """How much of a log this centre has seen: its next consistency proof starts there."""
        with self._journal.reading() as db:
            return store.seen(db, origin).size

    def cosign_peer(self, origin: str, note: str, path: Sequence[bytes], read: ReadTile) -> CosignedCheckpoint:
        """Check a peer's note against everything seen of its log, save it, mirror it, and cosign it.

        `path`: consistency path from `last_seen(origin)`; `read`: the peer's tiles. A repetition changes nothing.
        Raises NotFoundError("log-unknown"), ConflictError("checkpoint-older" | "head-mismatch": not the head on the
        chain) when a newer one should be fetched, InvalidRecordError("checkpoint-too-large" | "note-extended"), and
        EvidenceMismatchError, always an alarm: "note-unsigned", "note-signature", "note-origin", "log-forked" (the log
        does not extend what it showed before), "chain-forked" (it shows another root than the chain); and the errors of
        `Mirror.extend`. A fork never replaces what was seen; it is saved beside it as evidence.
        """
        checkpoint = self._open(origin, note)
        with self._journal.reading() as db:
            seen = store.seen(db, origin)
            line, given = store.line_of(db, checkpoint), store.cosigned(db, checkpoint)
        self._check_extends(seen, checkpoint, note, path)
        self._check_chain(checkpoint, note)
        self._keep_seen(seen, checkpoint, note)
        mirror = self._mirrors.of(origin)
        mirror.extend(checkpoint, read)
        # From here on this centre holds every entry under the checkpoint: that is the meaning of its line.
        line = line or self._cosign_note(checkpoint, note)
        mirror.publish(add_lines(note, [line]))
        given = self._still_on_chain(checkpoint, given) or self._cosign_on_chain(checkpoint)
        return CosignedCheckpoint(
            origin=origin,
            size=checkpoint.size,
            root=checkpoint.root,
            line=line,
            transaction=given.transaction,
            block_number=given.block_number,
        )

    def republish(self, origin: str) -> None:
        """Serve the newest cosigned checkpoint with the mirror, in case a killed process did not."""
        with self._journal.reading() as db:
            note = store.cosigned_note(db, origin)
        if note:
            self._mirrors.of(origin).publish(note)

    def undelivered(self, origin: str) -> tuple[Delivery, ...]:
        """The lines about this log that its centre has not confirmed yet."""
        with self._journal.reading() as db:
            return store.undelivered(db, origin)

    def delivered(self, delivery: Delivery) -> None:
        """The log's centre has confirmed this line."""
        with self._journal.work() as work:
            store.mark_delivered(work.db, delivery)

    def withdraw(self, delivery: Delivery) -> None:
        """Forget a line refused for its time; when its checkpoint is shown again, another one is made."""
        with self._journal.work() as work:
            store.drop_line(work.db, delivery)

    def forks(self, origin: str) -> tuple[Fork, ...]:
        """The evidence against this log."""
        with self._journal.reading() as db:
            return store.forks(db, origin)

    def _open(self, origin: str, note: str) -> Checkpoint:
        keys = self._log_keys(origin)
        if not keys:
            raise NotFoundError("log-unknown", origin=origin)
        checkpoint = open_note(note, keys)
        if checkpoint.origin != origin:
            raise EvidenceMismatchError("note-origin", expected=origin, found=checkpoint.origin)
        if checkpoint.size > LARGEST:
            raise InvalidRecordError("checkpoint-too-large", origin=origin, most=LARGEST)
        if parse_note(note).text != checkpoint.text():
            raise InvalidRecordError("note-extended", origin=origin)  # never vouch for notes that we cannot verify
        return checkpoint

    def _check_extends(self, seen: Seen, checkpoint: Checkpoint, note: str, path: Sequence[bytes]) -> None:
        origin = checkpoint.origin
        if checkpoint.size < seen.size:
            self._check_older(seen, checkpoint, note)
            raise ConflictError("checkpoint-older", origin=origin, seen=seen.size, offered=checkpoint.size)
        if not merkle.verify_consistency(seen.size, checkpoint.size, seen.root, checkpoint.root, list(path)):
            self._keep_fork("log-forked", checkpoint, shown=note, known=seen.note)
            raise EvidenceMismatchError("log-forked", origin=origin, seen=seen.size, offered=checkpoint.size)

    def _check_older(self, seen: Seen, checkpoint: Checkpoint, note: str) -> None:
        """An older state is not news, but the log must have gone through it."""
        known = self._mirrors.of(checkpoint.origin).root(checkpoint.size)
        if known is not None and known != checkpoint.root:
            self._keep_fork("log-forked", checkpoint, shown=note, known=seen.note)
            raise EvidenceMismatchError("log-forked", origin=checkpoint.origin, seen=seen.size, offered=checkpoint.size)

    def _check_chain(self, checkpoint: Checkpoint, note: str) -> None:
        """A shown note must match the chain's head, which everybody sees; otherwise it is checked again later."""
        head = self._ledger.head(checkpoint.origin)
        if head.size != checkpoint.size:
            raise ConflictError("head-mismatch", origin=checkpoint.origin, size=head.size, given_size=checkpoint.size)
        if head.root != checkpoint.root:
            on_chain = Checkpoint(origin=checkpoint.origin, size=head.size, root=head.root).text()
            place = f"chain {self._ledger.chain_id} contract {self._ledger.anchor_address} block {head.block_number}"
            self._keep_fork("chain-forked", checkpoint, shown=note, known=f"{on_chain}\n{place}\n")
            raise EvidenceMismatchError("chain-forked", origin=checkpoint.origin, size=head.size)

    def _keep_seen(self, seen: Seen, checkpoint: Checkpoint, note: str) -> None:
        if seen.size == checkpoint.size:
            return
        with self._journal.work() as work:
            if store.seen(work.db, checkpoint.origin) != seen:
                raise ConflictError("checkpoint-older", origin=checkpoint.origin)  # a newer one came meanwhile
            store.keep_seen(work.db, checkpoint, note)

    def _cosign_note(self, checkpoint: Checkpoint, note: str) -> str:
        line = cosign(note, name=self._cosigning.name, key=self._cosigning.key, at=self._clock())
        with self._journal.work() as work:
            return store.keep_line(work.db, checkpoint.origin, checkpoint.size, line)

    def _still_on_chain(self, checkpoint: Checkpoint, given: Cosigned | None) -> Cosigned | None:
        """The saved cosignature, if the chain still has it there: a reorganisation may have undone it."""
        if given is None or not self._ledger.replaceable:
            return given
        now = self._ledger.cosigned_at(checkpoint.origin, checkpoint.size)
        if now == given.block_number:
            return given
        with self._journal.work() as work:
            store.forget_cosigned(work.db, checkpoint)
            work.record(_displaced_fact(checkpoint, given, now))
        return None

    def _cosign_on_chain(self, checkpoint: Checkpoint) -> Cosigned:
        given = self._ledger.cosign(checkpoint.origin, checkpoint.size, checkpoint.root)
        with self._journal.work() as work:
            if store.keep_cosigned(work.db, checkpoint, given):
                work.record(_cosigned_fact(checkpoint, given, self._ledger))
        return given

    def _keep_fork(self, code: str, checkpoint: Checkpoint, *, shown: str, known: str) -> None:
        fork = Fork(
            origin=checkpoint.origin,
            size=checkpoint.size,
            root=checkpoint.root,
            code=code,
            at=instant(self._clock()),
            shown=shown,
            known=known,
        )
        with self._journal.work() as work:
            store.keep_fork(work.db, fork)


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


def _displaced_fact(checkpoint: Checkpoint, given: Cosigned, now: int | None) -> facts.Fact:
    return facts.Fact(
        type=facts.CHECKPOINT_DISPLACED,
        project=ProjectId(""),
        author=Author("system:witness"),
        body={
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "transaction": given.transaction,
            "block": given.block_number,
            "moved_to": now or 0,
        },
    )
