"""Anchors the own log: a checkpoint is saved, sent, and saved again with the chain's answer, which is authoritative."""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chain_gateway import store
from chain_gateway.anchor.ticker import Ticker
from chain_gateway.checkpoints import Anchored, AnchoredCheckpoint, Extension, Head, Prepared, Signed
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.ledger.reorganisation import Placed, displaced
from journal import Entry, Journal, MerkleLog
from records import facts
from records.errors import ConflictError, EvidenceMismatchError, NotFoundError
from records.ids import Author, ProjectId
from records.log.checkpoint import Checkpoint, sign_note
from records.log.cosignature import add_lines
from records.log.note import parse_note
from records.log.tiles import Tree

BOOKKEEPING: Final = frozenset({facts.CHECKPOINT_ANCHORED, facts.CHECKPOINT_DISPLACED, facts.CHECKPOINT_COSIGNED})
"""Facts that anchoring itself writes: alone they cause no new anchor, or anchoring would never end."""
_ATTEMPTS = 3
_BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousLogKey:
    """The key that signed the log's checkpoints before the present one, and the end of their overlap."""

    key: Ed25519PrivateKey
    until: datetime


class AnchorDesk:
    """Anchors the journal's log, and only what its tiles hold durably.

    Whenever a process is killed, the next call finishes the interrupted work exactly once.
    """

    def __init__(
        self,
        journal: Journal,
        ledger: Ledger,
        *,
        log: MerkleLog,
        log_key: Ed25519PrivateKey,
        origin: str,
        ticker: Ticker | None = None,
        cover: bool = False,
        previous: PreviousLogKey | None = None,
    ) -> None:
        """`previous`: the key before `log_key`, which also signs until its overlap ends.

        `ticker`: the follower anchors at its ticks only, so that the time reveals nothing of an invitation.

        `cover`: anchor at every tick, with or without news, so that the number of checkpoints reveals nothing either.
        """
        self._journal = journal
        self._ledger = ledger
        self._log = log
        self._log_key = log_key
        self._previous = previous
        self._origin = origin
        self._ticker = ticker or Ticker()
        self._cover = cover and not self._ticker.at_once
        self._turn = threading.Lock()

    def anchor_now(self, *, even_without_news: bool = False) -> AnchoredCheckpoint:
        """Anchor the journal up to its present size, and return the last anchored checkpoint.

        An interrupted earlier call is finished first. Without new entries nothing is sent unless requested: the facts
        of the last checkpoint make the journal grow. Raises NotFoundError ("nothing-to-anchor") for an empty journal,
        UnavailableError while the chain does not answer, and EvidenceMismatchError when the head on the chain is not of
        this log: "log-shorter-than-head", "head-not-ours".
        """
        anchored = self._anchor(even_without_news=even_without_news)
        self.republish()
        return anchored

    def _anchor(self, *, even_without_news: bool) -> AnchoredCheckpoint:
        with self._turn:
            wanted = self._journal.size()
            conflicts = 0
            while True:
                head = self._ledger.head(self._origin)
                tree = self._log.tree(self._log.catch_up())  # never sign what the tiles may still lose
                self._check(head, tree)
                try:
                    anchored = self._adopted(head)
                    if anchored is not None and not self._due(head, wanted, even_without_news=even_without_news):
                        return anchored
                    if not tree.size:
                        raise NotFoundError("nothing-to-anchor")
                    self._extend(head, tree)
                except ConflictError:
                    conflicts += 1  # the chain moved meanwhile: read it again, a limited number of times
                    if conflicts == _ATTEMPTS:
                        raise

    def handle(self, entry: Entry) -> None:
        """The follower's handler: anchors the entry unless it is anchored already, with all later ones."""
        if entry.type == facts.CHECKPOINT_ANCHORED:
            self.republish()  # for a process that was killed between saving it and publishing it
        if entry.type in BOOKKEEPING or self._covers(entry.index):
            return
        self._ticker.await_tick()
        self.anchor_now()

    def look(self) -> None:
        """Between the follower's entries: repair what was undone, finish interrupted work, anchor for cover."""
        self._ledger.ready()  # another chain is noticed at the start, not at the first entry
        self.review()
        with self._journal.reading() as db:
            unfinished = store.unfinished(db)
        if unfinished or (self._cover and self._journal.size()):
            self._ticker.await_tick()
            self.anchor_now(even_without_news=self._cover)

    def review(self) -> tuple[Placed, ...]:
        """Compare the recorded anchorings with the chain as it is now; return the displaced checkpoints.

        A transaction that moved to another block is read again there; one in no block is pending again, with the bytes
        that were signed for it, and `anchor_now` finishes it. Either is written to the journal.
        """
        if not self._ledger.replaceable:
            return ()
        with self._turn:
            with self._journal.reading() as db:
                known = store.latest(db)
            if known is None:
                return ()
            above = self._ledger.height() - self._ledger.replaceable
            with self._journal.reading() as db:
                recorded = store.recent(db, above)
            lost = displaced(recorded, self._ledger.block_hash)
            for placed in lost:
                self._displace(placed, self._ledger.found(self._origin, placed.transaction))
            return tuple(lost)

    def end(self) -> None:
        """Release a waiting handler before its follower is stopped."""
        self._ticker.end()

    def latest(self) -> AnchoredCheckpoint | None:
        """The largest anchored checkpoint, from the own database."""
        with self._journal.reading() as db:
            return store.latest(db)

    def covering(self, index: int) -> AnchoredCheckpoint | None:
        """The first anchored checkpoint that covers the entry at `index`, from the own database."""
        with self._journal.reading() as db:
            return store.covering(db, index)

    def extension(self, seen: int) -> Extension:
        """For a witness that has seen `seen` entries: the latest note and the proof that it extends them.

        NotFoundError("nothing-anchored"); InvalidRecordError("size-out-of-range") when it has seen more than is
        anchored.
        """
        latest = self.latest()
        if latest is None:
            raise NotFoundError("nothing-anchored")
        self.republish()  # whoever learns of it must find its tiles
        path = self._log.tree(latest.size).consistency_path(seen)
        return Extension(note=latest.note, path=tuple(path))

    def republish(self) -> None:
        """Publish the last anchored checkpoint with every signature on it, unless it is published already."""
        latest = self.latest()
        if latest is not None and latest.note != self._log.tiles.note:
            self._log.tiles.publish(latest.note)

    def _check(self, head: Head, tree: Tree) -> None:
        """Never build on a head that this journal does not reproduce."""
        if head.size > tree.size:
            raise EvidenceMismatchError("log-shorter-than-head", size=tree.size, head=head.size)
        if head.size and self._log.tree(head.size).root() != head.root:
            raise EvidenceMismatchError("head-not-ours", head=head.size)

    def _adopted(self, head: Head) -> AnchoredCheckpoint | None:
        """The checkpoint of the head; its transaction is looked up when the process was killed before it was saved."""
        if head.size == 0:
            return None
        with self._journal.reading() as db:
            known = store.anchored(db, head.size)
        if known is not None:
            return known
        try:
            return self._complete(self._ledger.anchored(self._origin, head))
        except NotFoundError as error:
            raise ConflictError("head-moved", size=head.size) from error  # its block was replaced between two requests

    def _due(self, head: Head, wanted: int, *, even_without_news: bool) -> bool:
        """Whether to send a checkpoint beyond the head: one is pending, there is news, or it is for cover."""
        with self._journal.reading() as db:
            if store.prepared(db, above=head.size) is not None:
                return True
        return head.size < wanted and (even_without_news or self._news(head.size))

    def _displace(self, placed: Placed, now: Anchored | None) -> None:
        """In one transaction: the checkpoint's row and the journal's fact."""
        with self._journal.work() as work:
            if not store.displace(work.db, placed):
                return
            work.record(_displaced_fact(self._origin, placed, now))
        if now is not None:
            self._complete(now)

    def _news(self, start: int) -> bool:
        """Whether the journal holds anything but bookkeeping from `start` on."""
        while entries := self._journal.entries(start, _BATCH):
            if any(not entry.empty and entry.type not in BOOKKEEPING for entry in entries):
                return True
            start += len(entries)
        return False

    def _extend(self, head: Head, tree: Tree) -> None:
        """Send one checkpoint: the pending one, otherwise a new one."""
        with self._journal.reading() as db:
            prepared = store.prepared(db, above=head.size)
        if prepared is None:
            prepared = self._prepare(tree)
        if prepared.signed is not None:
            anchored = self._resend(prepared.size, prepared.signed)
        else:
            anchored = self._send(prepared, head)
        self._complete(anchored)

    def _prepare(self, tree: Tree) -> Prepared:
        checkpoint = Checkpoint(origin=self._origin, size=tree.size, root=tree.root())
        note = self._signed_note(checkpoint)
        with self._journal.work() as work:
            return store.keep_prepared(work.db, checkpoint, note)

    def _send(self, prepared: Prepared, head: Head) -> Anchored:
        tree = self._log.tree(prepared.size)
        if tree.root() != prepared.root:
            raise EvidenceMismatchError("log-root-differs", size=prepared.size, origin=self._origin)
        proof = tree.consistency_path(head.size)

        def keep(signed: Signed) -> None:
            # Once saved, these bytes may be sent any number of times: the chain accepts them once.
            with self._journal.work() as work:
                store.keep_signed(work.db, prepared.size, signed)

        return self._ledger.anchor(self._origin, head.size, prepared.size, prepared.root, proof, before_sending=keep)

    def _resend(self, size: int, signed: Signed) -> Anchored:
        try:
            return self._ledger.resend(self._origin, signed)
        except ConflictError:
            with self._journal.work() as work:
                store.keep_signed(work.db, size, None)
            raise

    def _complete(self, anchored: Anchored) -> AnchoredCheckpoint:
        """Save the chain's answer and write it to the journal, in one transaction, and only once."""
        checkpoint = Checkpoint(origin=self._origin, size=anchored.size, root=anchored.root)
        note = self._signed_note(checkpoint)
        with self._journal.work() as work:
            if store.keep_anchored(work.db, self._origin, note, anchored):
                work.record(_anchored_fact(self._origin, anchored))
            kept = store.anchored(work.db, anchored.size)
        assert kept is not None
        return kept

    def _signed_note(self, checkpoint: Checkpoint) -> str:
        """The note, also signed with the previous key as long as that still counts."""
        note = sign_note(checkpoint, name=self._origin, key=self._log_key)
        if self._previous is None or self._ticker.now() >= self._previous.until:
            return note
        before = parse_note(sign_note(checkpoint, name=self._origin, key=self._previous.key))
        return add_lines(note, [str(line) for line in before.lines])

    def _covers(self, index: int) -> bool:
        return self.covering(index) is not None


def _anchored_fact(origin: str, anchored: Anchored) -> facts.Fact:
    return facts.Fact(
        type=facts.CHECKPOINT_ANCHORED,
        project=ProjectId(""),
        author=Author("system:anchor"),
        body={
            "origin": origin,
            "size": anchored.size,
            "root": f"sha256:{anchored.root.hex()}",
            "chain_id": anchored.chain_id,
            "contract": anchored.contract,
            "transaction": anchored.transaction,
            "block": anchored.block_number,
        },
    )


def _displaced_fact(origin: str, placed: Placed, now: Anchored | None) -> facts.Fact:
    return facts.Fact(
        type=facts.CHECKPOINT_DISPLACED,
        project=ProjectId(""),
        author=Author("system:anchor"),
        body={
            "origin": origin,
            "size": placed.size,
            "transaction": placed.transaction,
            "block": placed.block_number,
            "block_hash": placed.block_hash,
            "moved_to": now.block_number if now is not None else 0,
        },
    )
