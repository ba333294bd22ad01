"""Restores a log, shorter than its anchored head after an old backup, to full length from the others' mirrors.

A mirror holds only commitments: that a record existed, not its content. The content of lost records is lost; entries of
rooms come back by replication, under new indexes. After a kill at any moment the next call continues: tiles first, each
step verified before it is written, then one transaction for all entries and the fact.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chain_gateway.checkpoints import Head
from chain_gateway.witness.mirror import Mirror, ReadTile
from journal import Journal, MerkleLog
from node.chain.witness_loop import tiles_under
from records import facts
from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError, UnavailableError
from records.facts import Fact
from records.ids import Author, CentreCode, ProjectId
from records.log import merkle
from records.log.checkpoint import Checkpoint, open_note
from records.log.cosignature import cosignatures
from records.log.tiles import Tree

Fetch = Callable[[CentreCode, str], bytes]
"""PeerClient.fetch."""
_AUTHOR: Final = Author("system:recover")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """Entries `start` … `end` - 1 are restored, without content, as proven by this centre's mirror."""

    start: int
    end: int
    mirror: CentreCode
    cosigners: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One centre's mirror of the own log."""

    centre: CentreCode
    checkpoint: Checkpoint
    note: str
    tree: Tree
    read: ReadTile


class Recovery:
    """`log_keys`: who may have signed the own notes; `witness_keys`: whose cosignatures on them are known."""

    def __init__(
        self, journal: Journal, log: MerkleLog, *, origin: str, log_keys: Sequence[str], witness_keys: Sequence[str]
    ) -> None:
        self._journal = journal
        self._log = log
        self._origin = origin
        self._log_keys = log_keys
        self._witness_keys = witness_keys

    def run(self, head: Head, centres: Sequence[CentreCode], fetch: Fetch) -> Recovered | None:
        """Recover the missing entries up to the largest checkpoint of a mirror; None when none are missing.

        Raises UnavailableError("no-mirror", "mirror-too-short") when no mirror reaches the anchored head yet, and
        EvidenceMismatchError, with nothing changed: "mirrors-differ", "mirror-not-anchored", "log-forked" (this journal
        is not a prefix of that log), "head-not-ours", and the codes of bad notes and tiles.
        """
        size = self._journal.size()
        if head.size <= size:
            self._check_own(head)
            return None
        best = self._best(head, centres, fetch)
        own = merkle.root(self._journal.leaves(size))
        _extends(best, size, own, "log-forked")
        self._rebuild(best, size)
        commitments = self._log.tiles.entries(size, best.checkpoint.size - size)
        with self._journal.work() as work:
            # One transaction: the entries and the fact that explains why they are empty, or neither.
            work.take_lost(commitments, at=size)
            work.record(_fact(size, best))
        self._log.tiles.publish(best.note)
        given = cosignatures(best.note, self._witness_keys)
        return Recovered(start=size, end=best.checkpoint.size, mirror=best.centre, cosigners=len(given))

    def _check_own(self, head: Head) -> None:
        if head.size and merkle.root(self._journal.leaves(head.size)) != head.root:
            raise EvidenceMismatchError("head-not-ours", head=head.size)

    def _best(self, head: Head, centres: Sequence[CentreCode], fetch: Fetch) -> Shown:
        """The longest mirror that all others and the chain agree with."""
        shown = [one for one in (self._shown(centre, fetch) for centre in centres) if one is not None]
        if not shown:
            raise UnavailableError("no-mirror", origin=self._origin)
        best = max(shown, key=lambda one: one.checkpoint.size)
        if best.checkpoint.size < head.size:
            raise UnavailableError("mirror-too-short", mirror=best.centre, size=best.checkpoint.size, head=head.size)
        for one in shown:
            _extends(best, one.checkpoint.size, one.checkpoint.root, "mirrors-differ")
        _extends(best, head.size, head.root, "mirror-not-anchored")
        return best

    def _shown(self, centre: CentreCode, fetch: Fetch) -> Shown | None:
        """A mirror's signed note and a reader of its tiles; None when that centre does not answer or has none."""
        prefix = f"/mirrors/{self._origin}/"
        try:
            text = fetch(centre, f"{prefix}checkpoint")
        except (UnavailableError, NotFoundError):
            return None
        try:
            note = text.decode()
        except UnicodeDecodeError as error:
            raise InvalidRecordError("malformed-note") from error
        checkpoint = open_note(note, self._log_keys)
        if checkpoint.origin != self._origin:
            raise EvidenceMismatchError("note-origin", expected=self._origin, found=checkpoint.origin)
        cosignatures(note, self._witness_keys)  # an invalid line of a known witness spoils the note
        read = tiles_under(prefix, lambda path: fetch(centre, path))
        return Shown(centre=centre, checkpoint=checkpoint, note=note, tree=Tree(checkpoint.size, read), read=read)

    def _rebuild(self, best: Shown, size: int) -> None:
        """The own tiles up to the journal, then up to the checkpoint, every entry verified before it is written."""
        tiles = self._log.tiles
        held = tiles.refresh()
        while held < size:
            held = tiles.extend(held, self._journal.commitments(held, 4096))
        Mirror(tiles.directory, self._origin).extend(best.checkpoint, best.read)
        tiles.refresh()


def _extends(best: Shown, size: int, root: bytes, code: str) -> None:
    """The best mirror's log begins with the tree of this size and root."""
    path = best.tree.consistency_path(size) if size <= best.checkpoint.size else []
    if best.tree.root() != best.checkpoint.root:
        raise EvidenceMismatchError("tiles-differ", origin=best.checkpoint.origin, size=best.checkpoint.size)
    if not merkle.verify_consistency(size, best.checkpoint.size, root, best.checkpoint.root, path):
        raise EvidenceMismatchError(code, size=size, mirror=best.centre)


def _fact(size: int, best: Shown) -> Fact:
    body: Mapping[str, str | int] = {
        "from": size,
        "to": best.checkpoint.size,
        "mirror": str(best.centre),
        "root": f"sha256:{best.checkpoint.root.hex()}",
    }
    return Fact(type=facts.JOURNAL_RECOVERED, project=ProjectId(""), author=_AUTHOR, body=body)
