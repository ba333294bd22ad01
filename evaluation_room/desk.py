"""The commands of the room: take an entry, write as the own centre, bind a seat, enter a stage.

Each command is one transaction of the journal: the entry's row and its fact, or nothing at all. The fold of every
session is kept in memory and only follows committed entries.
"""

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import Session as Database

from evaluation_room import store
from evaluation_room.scoring.tally import Tally
from evaluation_room.session import entry_times, reevaluation, repeats
from evaluation_room.session.kinds.registry import KINDS
from evaluation_room.session.recovery_hold import RecoveryHold
from evaluation_room.session.session import Checks, Outcome, Session
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Definition
from journal import Journal, Work
from records import facts, ids
from records.canonical import Value
from records.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    TongpingError,
    UnavailableError,
    WrongStageError,
)
from records.facts import Fact
from records.ids import ZERO_DIGEST, Author, CentreCode, Digest, ProjectId, SeatId, SessionId, instant
from records.room_entry import RoomEntry, SignedEntry, sign
from records.text import glyphs

_log = structlog.get_logger(__name__)

Body = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    outcome: Outcome
    signed: SignedEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """A session as of the committed entry at `place`, with all entries in the order they were taken."""

    session: Session
    place: int
    entries: tuple[SignedEntry, ...]


class RoomDesk:
    """The room of one centre. Thread-safe; once a method returns, its work is committed.

    The checks run inside the transaction of the entry they check: they only read.
    """

    def __init__(
        self,
        journal: Journal,
        centre: CentreCode,
        entry_key: ec.EllipticCurvePrivateKey,
        checks: Checks | None = None,
    ) -> None:
        self._journal = journal
        self._centre = centre
        self._author = Author(f"centre:{centre}")
        self._key = entry_key
        self._checks = checks or Checks()
        self._recovery_hold = RecoveryHold(journal, centre)
        self._lock = threading.Lock()
        self._rooms: dict[SessionId, _Room] = {}
        self._listeners: list[Callable[[SignedEntry], None]] = []
        self._refused = repeats.Refused()

    # --- taking -------------------------------------------------------------------------------------------------

    def take(self, signed: SignedEntry, *, source: str) -> Taken:
        """Check and commit one entry; the same entry again changes nothing and raises nothing.

        `source`: who delivered it. It is the author itself where the names are equal and the author is of this centre;
        anything else is a venue that acknowledged the entry before. Raises UnavailableError when it may work later
        (`dependency-missing`: not yet); any other TongpingError is a refusal and is written to the journal.
        """
        known = self._known(signed.entry.session)
        if known is not None and known.session.chain(signed.entry.author).holds(signed.entry):
            return Taken(outcome=Outcome.ALREADY_TAKEN, signed=signed)
        try:
            with self._journal.work() as work:
                room = self._current(work.db, signed.entry.session)
                after, taken = self._take(work, room, signed, direct=self._is_direct(signed.entry, source))
        except UnavailableError:
            raise
        except TongpingError as error:
            self._record_refusal(signed.entry, source, error)
            raise
        self._committed(known, after)
        return taken

    def _is_direct(self, entry: RoomEntry, source: str) -> bool:
        return source == entry.author and entry.author.partition(":")[2].partition("-")[0] == self._centre

    def _take(self, work: Work, room: _Room | None, signed: SignedEntry, *, direct: bool) -> tuple[_Room, Taken]:
        """Add the entry to the transaction, with its fact."""
        if room is None:
            session, outcome = Session.open(signed, checks=self._checks), Outcome.TAKEN
            self._check_previous(work.db, session, direct=direct)
        else:
            session, outcome = room.session.take(signed, checks=self._checks, direct=direct)
        if room is not None and outcome is Outcome.ALREADY_TAKEN:
            return room, Taken(outcome=outcome, signed=signed)
        if direct and room is not None:  # what another venue acknowledged stands; a tender was checked when registered
            glyphs.check_all(signed.entry.body)
            entry_times.check_receipt(signed.entry, work.now, entered=room.session.state.entered_at)
        place = store.append(work.db, signed)
        work.record(_entry_fact(facts.ROOM_ENTRY_TAKEN, signed.entry, signed.entry.author, signed.to_wire()))
        entries = (*(room.entries if room else ()), signed)
        return _Room(session=session, place=place, entries=entries), Taken(outcome=outcome, signed=signed)

    def _check_previous(self, db: Database, session: Session, *, direct: bool) -> None:
        """The evaluation that a re-evaluation repeats; a guest may learn of its end later than of the new one."""
        previous = session.definition.previous
        if previous is None:
            return
        old = self._current(db, previous.session)
        try:
            reevaluation.check(previous, session.definition, old.session if old else None)
        except (NotFoundError, WrongStageError) as error:
            if direct:
                raise
            raise UnavailableError("dependency-missing", session=session.id, needs=error.code) from error

    def _record_refusal(self, entry: RoomEntry, source: str, error: TongpingError) -> None:
        """Record a refusal that is news: who, where, why, never the content."""
        if not self._refused.is_news(entry, error.code):
            return
        body: dict[str, Value] = {
            "author": str(entry.author),
            "seq": entry.seq,
            "kind": entry.kind if entry.kind in KINDS else "unknown",
            "code": error.code,
            "source": source[:64],
        }
        # the refusal itself is the answer; a store that is busy now must not hide it
        with contextlib.suppress(UnavailableError), self._journal.work() as work:
            work.record(_entry_fact(facts.ROOM_ENTRY_REFUSED, entry, Author("system:room"), body))

    # --- speaking for the own centre ----------------------------------------------------------------------------

    def prepare(self, definition: Value) -> SessionId:
        """Open the evaluation of a project as its host; the same definition again is the same session.

        One session per version: another definition is ConflictError("session-exists"). One that names the evaluation it
        repeats (复议) opens the next version, when the ground for it holds (reevaluation.check).
        """
        defined = Definition.read(definition)
        session = reevaluation.session_of(defined)
        if defined.host.code != self._centre:
            raise NotPermittedError("not-the-host", centre=self._centre)
        with self._journal.work() as work:
            known = self._current(work.db, session)
            if known is not None:
                if known.session.definition.value != definition:
                    raise ConflictError("session-exists", session=session)
                return session
            entry = RoomEntry(
                session=session,
                author=self._author,
                seq=1,
                previous=ZERO_DIGEST,
                at=instant(work.now),
                stage=Stage.PREPARED.value,
                kind="session-opened",
                body={"definition": definition},
            )
            room, _ = self._take(work, None, sign(entry, self._key), direct=True)
            work.record(_prepared(defined, entry))
        self._committed(None, room)
        return session

    def author(self, session: SessionId, kind: str, body: Body) -> SignedEntry:
        """Write an entry as this centre. If the last one on the matter is equal, that is returned instead."""
        return self._write(session, kind, lambda room: repeats.last_equal_entry(room, self._author, kind, body) or body)

    def enter_stage(self, session: SessionId, to: Stage, grounds: Body | None = None) -> SignedEntry:
        """Step to another stage, counting everything taken so far, on these grounds (steps.fields); host only.

        A stage that is entered already is not entered again: its entry is returned.
        """
        return self._write(
            session, "stage-entered", lambda room: repeats.stage_entry(room, to) or room.step_to(to, grounds)
        )

    def bind_seat(self, session: SessionId, seat: SeatId, binding: Body) -> int:
        """Bind a seat's key after check-in and return its epoch: every check-in begins a new one.

        `binding`: public_key, expert, credential, nonce, assertion. The same binding again keeps its epoch.
        """
        bound = self._write(session, "seat-bound", lambda room: repeats.binding_or_entry(room, seat, binding))
        epoch = bound.entry.body["epoch"]
        return epoch if isinstance(epoch, int) else 0

    def replace_member(self, session: SessionId, seat: SeatId, *, ground: str, reason: str) -> SignedEntry:
        """Record that the present member of an own seat is replaced (R09); once until the seat is taken again."""
        return self._write(
            session, "member-replaced", lambda room: repeats.replacement_or_entry(room, seat, ground, reason)
        )

    def compute_tally(self, session: SessionId) -> Tally:
        """Compute the result from the counted sheets and write its digest, once; after a correction again."""
        known = self.session(session)
        tally = known.state.tally()
        fact = Fact(
            type=facts.EVALUATION_TALLY_COMPUTED,
            project=tally.definition.project,
            session=session,
            stage=known.stage.value,
            author=self._author,
            body={"digest": tally.digest, "tally": tally.value},
        )
        body = {"digest": tally.digest}
        self._write(
            session,
            "tally-computed",
            lambda room: repeats.last_equal_entry(room, self._author, "tally-computed", body) or body,
            fact,
        )
        return tally

    def confirm_report(self, session: SessionId, report: Digest) -> SignedEntry:
        """Write the digest of the report this centre drew up itself: as host drafted, as guest confirmed."""
        host = self.session(session).definition.host.code == self._centre
        return self.author(session, "report-drafted" if host else "report-confirmed", {"report_digest": report})

    def _write(
        self, session: SessionId, kind: str, compose: Callable[[Session], Body | SignedEntry], *and_facts: Fact
    ) -> SignedEntry:
        """Sign the next entry of the own chain and take it, in one transaction, unless it was written already.

        So every command may be repeated after an UnavailableError ("room-recovering" is one), whether or not it was
        committed.
        """
        known = self._known(session)
        with self._journal.work() as work:
            room = self._current(work.db, session)
            if room is None:
                raise NotFoundError("session-unknown", session=session)
            body = compose(room.session)
            if isinstance(body, SignedEntry):
                return body
            self._recovery_hold.check(room.session)
            entry = room.session.next_entry(self._author, kind, body, at=instant(work.now))
            after, taken = self._take(work, room, sign(entry, self._key), direct=True)
            for fact in and_facts:
                work.record(fact)
        self._committed(known, after)
        return taken.signed

    # --- after a recovery ---------------------------------------------------------------------------------------

    @property
    def recovered(self) -> bool:
        """Whether this centre's journal was ever recovered: only others may know some of its room entries."""
        return self._recovery_hold.recovered_at != ""

    def note_frontier(self, session: SessionId, venue: CentreCode, frontier: Mapping[Author, int]) -> None:
        """A venue connected to this centre states its frontier; see recovery_hold."""
        self._recovery_hold.note_length(session, venue, frontier.get(self._author, 0))

    # --- reading (also the port of replication) -----------------------------------------------------------------

    def session(self, session: SessionId) -> Session:
        room = self._known(session)
        if room is None:
            raise NotFoundError("session-unknown", session=session)
        return room.session

    def committed(self, session: SessionId) -> Session:
        """The same as of the last commit. A listener woken by a commit needs this, or may miss that commit's entry."""
        with self._journal.reading() as db:
            self._current(db, session)
        return self.session(session)

    def session_ids(self) -> list[SessionId]:
        """All sessions of this centre, in the order of their opening here, also those that cannot be read."""
        with self._journal.reading() as db:
            return list(store.sessions(db))

    def sessions(self) -> list[Session]:
        return [self.session(session) for session in self.session_ids()]

    def frontier(self, session: SessionId) -> dict[Author, int]:
        """Per author the highest sequence number held; empty for a session not known here."""
        return room.session.frontier if (room := self._known(session)) else {}

    def heads(self, session: SessionId) -> dict[Author, Digest]:
        return room.session.heads if (room := self._known(session)) else {}

    def entries_after(self, session: SessionId, frontier: Mapping[Author, int], limit: int) -> list[SignedEntry]:
        """The oldest entries beyond the frontier in the order they were taken here, at most `limit`.

        Everything an entry relies on was taken here before it, so any receiver can take them in this order.
        """
        room = self._known(session)
        beyond = (one for one in (room.entries if room else ()) if one.entry.seq > frontier.get(one.entry.author, 0))
        return [one for one, _ in zip(beyond, range(limit), strict=False)]

    def on_taken(self, callback: Callable[[SignedEntry], None]) -> Callable[[], None]:
        """Call back after every commit, from any thread; the returned function ends that."""
        with self._lock:
            self._listeners.append(callback)

        def stop() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._listeners.remove(callback)

        return stop

    # --- the fold in memory -------------------------------------------------------------------------------------

    def _known(self, session: SessionId) -> _Room | None:
        """The room as far as this process knows it; read from the store when it does not know it yet."""
        with self._lock:
            room = self._rooms.get(session)
        if room is not None:
            return room
        with self._journal.reading() as db:
            return self._current(db, session)

    def _current(self, db: Database, session: SessionId) -> _Room | None:
        """The room up to the last committed entry, folding the new ones. Only called before anything is added."""
        with self._lock:
            room = self._rooms.get(session)
        placed = store.after(db, session, room.place if room else 0)
        for place, signed in placed:
            room = _refold(room, place, signed)
        if room is not None and placed:
            self._keep(room)
        return room

    def _keep(self, room: _Room) -> None:
        with self._lock:
            known = self._rooms.get(room.session.id)
            if known is None or known.place < room.place:
                self._rooms[room.session.id] = room

    def _committed(self, known: _Room | None, room: _Room) -> None:
        """After the commit: the fold advances, then all listeners are called; a listener's error is its own.

        They get every entry beyond the earlier fold, so also one that an earlier commit stored but reported as lost.
        """
        self._keep(room)
        with self._lock:
            listeners = tuple(self._listeners)
        for signed in room.entries[len(known.entries) if known else 0 :]:
            for listener in listeners:
                try:
                    listener(signed)
                except Exception as error:  # noqa: BLE001  # the entry is committed; listeners also read the frontier
                    name = type(error).__name__  # only the error's name: a traceback may show a score
                    _log.error("room listener failed", session=room.session.id, error=name)


def _refold(room: _Room | None, place: int, signed: SignedEntry) -> _Room:
    if room is None:
        return _Room(session=Session.reopen(signed), place=place, entries=(signed,))
    return replace(room, session=room.session.retake(signed), place=place, entries=(*room.entries, signed))


def _entry_fact(type: str, entry: RoomEntry, author: Author, body: Body) -> Fact:
    return Fact(
        type=type,
        project=ids.session_project(entry.session),
        session=entry.session,
        stage=entry.stage,
        author=author,
        body=body,
    )


def _prepared(definition: Definition, entry: RoomEntry) -> Fact:
    guests: list[Value] = [str(guest.code) for guest in definition.guests]
    return Fact(
        type=facts.SESSION_PREPARED,
        project=ProjectId(definition.project),
        session=entry.session,
        stage=entry.stage,
        author=entry.author,
        body={"opening": entry.hash, "host": str(definition.host.code), "guests": guests},
    )
