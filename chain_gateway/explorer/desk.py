"""Publishes records when the disclosure policy opens them, and answers the public's questions about them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Final

from sqlmodel import Session

from chain_gateway import store as gateway_store
from chain_gateway.checkpoints import AnchoredCheckpoint
from chain_gateway.disclosure import Form, form, moment_of, release
from chain_gateway.evidence.prover import InclusionProof
from chain_gateway.explorer import store
from chain_gateway.explorer.evaluation import Evaluation, derive_evaluation, listed_evaluation, listed_tender
from chain_gateway.explorer.search import Meaning, meaning
from chain_gateway.explorer.store import ListedEvaluation, ListedTender, PublishedRecord
from journal import Entry, Journal, MerkleLog, Work
from journal import store as journal_store
from records import facts
from records.commitment import commit
from records.errors import EvidenceMismatchError, NotFoundError
from records.facts import Moment
from records.ids import instant
from records.log import merkle

BEIJING: Final = timezone(timedelta(hours=8))
_LISTED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """An opened record with its proof under one size of the log."""

    record: PublishedRecord
    proof: InclusionProof
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofState:
    """How far a record's proof has come: the checkpoint that covers it, and the centres that cosigned it."""

    index: int
    anchored: AnchoredCheckpoint | None
    witnesses: tuple[str, ...]

    def state(self, others: Sequence[str]) -> str:
        """The state it has reached: received and sequenced are one step here; cosigned when all `others` have."""
        if self.anchored is None:
            return "sequenced"
        return "cosigned" if others and set(others) <= set(self.witnesses) else "anchored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The three figures of the front page."""

    evaluations: int
    cities: int
    proven_today: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The result of a search: one page to go to, or lists to choose from."""

    evaluations: tuple[ListedEvaluation, ...] = ()
    tenders: tuple[ListedTender, ...] = ()
    record: int | None = None
    checkpoint: int | None = None


def by_code(word: str) -> Collection[str]:
    """The centre whose code the word may be: the default of `ExplorerDesk.find`."""
    return (word.upper(),)


class ExplorerDesk:
    """All content of the public pages. It never reads a record that the policy has not opened."""

    def __init__(self, journal: Journal, log: MerkleLog, *, clock: Callable[[], datetime]) -> None:
        self._journal = journal
        self._log = log
        self._clock = clock

    def handle(self, entry: Entry) -> None:
        """The follower's handler: note future public records, open those that are public now. May be repeated."""
        value = entry.value
        project, session = str(value["project"]), str(value.get("session", ""))
        if not project or release(entry.type).earliest is Moment.NEVER:
            return
        noted = PublishedRecord(
            index=entry.index,
            type=entry.type,
            project=project,
            session=session,
            at=str(value["at"]),
            record=b"",
            salt=b"",
        )
        with self._journal.work() as work:
            store.note(work.db, noted)
            _open_due(work, project)

    def figures(self) -> Figures:
        anchored = self.latest_checkpoint()
        midnight = self._clock().astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
        with self._journal.reading() as db:
            today = _first_since(instant(midnight), journal_store.size(db), lambda index: _time_from(db, index))
            return Figures(
                evaluations=store.count_evaluations(db),
                cities=len(store.cities(db)),
                proven_today=max(0, anchored.size - today) if anchored else 0,
            )

    def latest(self) -> list[ListedEvaluation]:
        with self._journal.reading() as db:
            return store.latest_evaluations(db, _LISTED)

    def latest_checkpoint(self) -> AnchoredCheckpoint | None:
        with self._journal.reading() as db:
            return gateway_store.latest(db)

    def checkpoint(self, size: int) -> AnchoredCheckpoint:
        """An anchored checkpoint by its size, else NotFoundError("checkpoint-unknown")."""
        with self._journal.reading() as db:
            found = gateway_store.anchored(db, size)
        if found is None:
            raise NotFoundError("checkpoint-unknown", size=size)
        return found

    def evaluation(self, session: str) -> tuple[Evaluation, list[PublishedRecord]]:
        """An evaluation and all records of its project that the public may know of, else NotFoundError."""
        with self._journal.reading() as db:
            listed = store.evaluation(db, session)
            sealing = store.record(db, listed.index) if listed else None
            if listed is None or sealing is None:
                raise NotFoundError("evaluation-unknown")
            records = [item for item in store.records_of(db, listed.project) if item.session in {"", session}]
        return derive_evaluation(sealing, records), records

    def record(self, index: int) -> PublishedRecord:
        """A record that the public may know of. NotFoundError also for one that it may not."""
        with self._journal.reading() as db:
            found = store.record(db, index)
        if found is None or not self._visible(found):
            raise NotFoundError("record-unknown")
        return found

    def visible(self, records: Sequence[PublishedRecord]) -> list[PublishedRecord]:
        """The opened and the sealed rows among the records of one project."""
        reached = moment_of(record.type for record in records)
        if reached is None:
            return []
        return [record for record in records if form(record.type, reached=reached) is not Form.HIDDEN]

    def _visible(self, record: PublishedRecord) -> bool:
        if record.opened:
            return True
        with self._journal.reading() as db:
            return record in self.visible(store.records_of(db, record.project))

    def standing(self, index: int) -> ProofState:
        """How far the proof of an entry has come: sequenced, then anchored, then cosigned by others."""
        with self._journal.reading() as db:
            anchored = gateway_store.covering(db, index)
            given = gateway_store.cosigners(db)
        witnesses = tuple(str(one.witness) for one in given if one.size > index)
        return ProofState(index=index, anchored=anchored, witnesses=witnesses)

    def prove(self, index: int, size: int | None = None) -> Proven:
        """Prove an opened record under the first `size` entries, or the last anchored checkpoint.

        NotFoundError: "record-unknown", "nothing-anchored", "record-not-in-checkpoint", "size-unknown".
        """
        record = self.record(index)
        if not record.opened:
            raise NotFoundError("record-unknown")
        if size is None:
            latest = self.latest_checkpoint()
            if latest is None:
                raise NotFoundError("nothing-anchored")
            size = latest.size
        if index >= size:
            raise NotFoundError("record-not-in-checkpoint", index=index, size=size)
        tree = self._log.tree(size)
        commitment = commit(record.salt, record.record)
        if tree.leaf(index) != merkle.leaf_hash(commitment):
            raise EvidenceMismatchError("log-entry-differs", index=index)
        path = tuple(tree.inclusion_path(index))
        proof = InclusionProof(commitment=commitment, index=index, size=size, path=path)
        return Proven(record=record, proof=proof, root=tree.root())

    def document(self, digest: str) -> ListedEvaluation:
        """The evaluation whose report has this digest, else NotFoundError("document-unknown")."""
        with self._journal.reading() as db:
            found = store.evaluation_of_document(db, digest)
        if found is None:
            raise NotFoundError("document-unknown")
        return found

    def find(self, text: str, *, named: Callable[[str], Collection[str]] = by_code) -> Found:
        """Look everywhere at once for what the text can mean (`search.meaning`).

        `named`: the codes of the centres that a folded word names.
        """
        wanted = meaning(text)
        with self._journal.reading() as db:
            checkpoint = _find_checkpoint(db, wanted)
            found = Found(
                evaluations=tuple(_find_evaluations(db, wanted, named)),
                tenders=tuple(store.find_tenders(db, wanted.words, _LISTED)) if wanted.words else (),
                checkpoint=checkpoint,
            )
        return replace(found, record=self._find_record(wanted))

    def _find_record(self, wanted: Meaning) -> int | None:
        if wanted.record is None:
            return None
        try:
            return self.record(wanted.record).index
        except NotFoundError:
            return None


def _open_due(work: Work, project: str) -> None:
    """Open the project's records that the policy opens now, and save the fields for lists and searches."""
    records = store.records_of(work.db, project)
    reached = moment_of(record.type for record in records)
    if reached is None:
        return
    for record in records:
        if record.opened or form(record.type, reached=reached) is not Form.PLAIN:
            continue
        entry = journal_store.read(work.db, record.index)
        if entry.empty:
            continue  # erased before its release time
        store.open_record(work.db, entry)
        _keep_listed(work, replace(record, record=entry.record, salt=entry.salt))


def _keep_listed(work: Work, record: PublishedRecord) -> None:
    if record.type in facts.SEALINGS:
        store.keep_evaluation(work.db, listed_evaluation(record, store.tender(work.db, record.project)))
    elif record.type == facts.TENDER_REGISTERED:
        store.keep_tender(work.db, listed_tender(record))


def _find_evaluations(db: Session, wanted: Meaning, named: Callable[[str], Collection[str]]) -> list[ListedEvaluation]:
    """The evaluations named by a document, a session, or by words: of their tender, of their centres."""
    exact = store.evaluation(db, wanted.session) if wanted.session else None
    found = [exact] if exact is not None else []
    if wanted.digest is not None:
        found += store.evaluations_by_digest(db, wanted.digest, _LISTED)
    if wanted.words:
        found += store.find_evaluations(db, [(word, named(word)) for word in wanted.words], _LISTED)
    return list(dict.fromkeys(found))


def _find_checkpoint(db: Session, wanted: Meaning) -> int | None:
    """The anchored checkpoint that the digits or the number mean."""
    digits = wanted.transaction or wanted.digest
    found = store.checkpoint_by_digits(db, digits) if digits is not None else None
    if found is None and wanted.block is not None:
        return store.checkpoint_of_block(db, wanted.block)
    return found


def _time_from(db: Session, index: int) -> str:
    """The time of an entry, or of the next one with content; later than all times when there is none."""
    entry = journal_store.next_whole(db, index)
    return str(entry.value["at"]) if entry else "~"


def _first_since(moment: str, size: int, at: Callable[[int], str]) -> int:
    """The index of the first entry not older than a moment: times ascend with the entries."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if at(middle) < moment:
            low = middle + 1
        else:
            high = middle
    return low
