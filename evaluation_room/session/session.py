"""A session (评标会话): the pure fold over the signed entries of its authors.

Every author has one hash chain. A chain is taken in order; chains of different authors may interleave in any way that
puts an entry after those it relies on, and the session comes to the same state at every venue.

Stages and distance: only the host closes a stage, by an entry that names how much of every chain it counts. An author
writes in the stage that is current at its own centre. An entry that comes from another venue was acknowledged there, so
it is recorded even when the stage has been closed here meanwhile (Outcome.LATE); it then counts for nothing.

While an overlay lies over a stage, nobody works here; entries of that stage that others acknowledged meanwhile still
count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from evaluation_room.session import entry_times, fold, guards
from evaluation_room.session.acts import SessionOpened
from evaluation_room.session.chain import Chain
from evaluation_room.session.kinds.kind import Arrival, Checks, Speaker, check_author
from evaluation_room.session.kinds.registry import KINDS, kind
from evaluation_room.session.parts import CentrePart, SeatPart
from evaluation_room.session.passages import Passage
from evaluation_room.session.state import State
from evaluation_room.session.steps import StageEntered
from evaluation_room.stages import Stage, read_label
from evaluation_room.tender.definition import Definition
from records import canonical, ids
from records.canonical import Value
from records.errors import InvalidRecordError, NotPermittedError, UnavailableError, WrongStageError
from records.ids import Author, Digest, SeatId, SessionId
from records.room_entry import RoomEntry, SignedEntry

__all__ = ["Checks", "Outcome", "Session", "Stage"]


class Outcome(StrEnum):
    TAKEN = "taken"
    LATE = "late"
    ALREADY_TAKEN = "already-taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Everything one venue knows of one session."""

    id: SessionId
    state: State
    chains: Mapping[Author, Chain]

    # --- opening ------------------------------------------------------------------------------------------------

    @classmethod
    def open(cls, signed: SignedEntry, *, checks: Checks) -> "Session":
        """The session that its first entry defines. `dependency-missing` when this is not a first entry."""
        entry = signed.entry
        if entry.kind != "session-opened" or entry.seq != 1:
            raise UnavailableError("dependency-missing", author=entry.author, seq=entry.seq, needs="session-opened")
        definition = SessionOpened.read(entry.body).definition
        if entry.author != definition.host.author:
            raise NotPermittedError("not-the-speaker", author=entry.author, kind=entry.kind)
        if ids.session_project(entry.session) != definition.project:
            raise InvalidRecordError("project-of-another-session", session=entry.session)
        if definition.previous is not None and entry.session != definition.previous.next:
            raise InvalidRecordError("session-version", session=entry.session)
        if entry.stage != Stage.PREPARED:
            raise WrongStageError("wrong-stage", stage=entry.stage, needs=Stage.PREPARED.value)
        signed.verify(definition.host.entry_key)
        checks.definition(definition)
        return cls.opened(signed, definition)

    @classmethod
    def opened(cls, signed: SignedEntry, definition: Definition) -> "Session":
        state = State(
            definition=definition,
            history=(Passage(stage=Stage.PREPARED, entered_at=signed.entry.at),),
            seats=MappingProxyType({seat.id: SeatPart.empty(seat.id) for seat in definition.seats}),
            centres=MappingProxyType({one.code: CentrePart(centre=one.code) for one in definition.centres}),
        )
        chains = {definition.host.author: Chain().with_next(signed)}
        return cls(id=signed.entry.session, state=state, chains=MappingProxyType(chains))

    @classmethod
    def reopen(cls, signed: SignedEntry) -> "Session":
        """Open again what this venue has committed before."""
        return cls.opened(signed, SessionOpened.read(signed.entry.body).definition)

    # --- what others ask ----------------------------------------------------------------------------------------

    @property
    def definition(self) -> Definition:
        return self.state.definition

    @property
    def stage(self) -> Stage:
        return self.state.stage

    @property
    def label(self) -> str:
        """The label of the passage that is open now, also under an overlay."""
        return self.state.passage.label

    def chain(self, author: Author) -> Chain:
        return self.chains.get(author, Chain())

    @property
    def frontier(self) -> dict[Author, int]:
        return {author: chain.seq for author, chain in self.chains.items()}

    @property
    def heads(self) -> dict[Author, Digest]:
        return {author: chain.head for author, chain in self.chains.items()}

    @property
    def digest(self) -> Digest:
        """One digest of everything this venue holds of the session: equal at two venues that hold the same."""
        chains: dict[str, Value] = {author: [chain.seq, chain.head] for author, chain in self.chains.items()}
        stages: list[Value] = [[one.label, one.entered_at, one.superseded] for one in self.state.history]
        overlays: list[Value] = [[one.stage.value, one.entered_at, one.until] for one in self.state.overlays]
        seats: dict[str, Value] = {seat: part.value for seat, part in self.state.seats.items()}
        centres: dict[str, Value] = {code: part.value for code, part in self.state.centres.items()}
        return ids.digest(
            canonical.encode(
                {"chains": chains, "stages": stages, "overlays": overlays, "seats": seats, "centres": centres},
            ),
        )

    def waiting_for(self) -> tuple[guards.Waiting, ...]:
        """Who blocks the procedure's next stage."""
        return guards.waiting_for_next(self.state)

    def next_entry(self, author: Author, kind: str, body: Mapping[str, Value], *, at: str) -> RoomEntry:
        """The entry this author would sign now."""
        chain = self.chain(author)
        return RoomEntry(
            session=self.id,
            author=author,
            seq=chain.seq + 1,
            previous=chain.head,
            at=entry_times.not_before(self._before(author), at),
            stage=self._label_of(kind),
            kind=kind,
            body=dict(body),
        )

    def step_to(self, target: Stage, grounds: Mapping[str, Value] | None = None) -> dict[str, Value]:
        """The body of the host's entry into the target now, on these grounds; WrongStageError when it may not."""
        guards.may_enter(self.state, target)
        frontier: dict[str, Value] = {str(author): seq for author, seq in self.frontier.items()}
        return {**(grounds or {}), "from": self.stage.value, "to": target.value, "frontier": frontier}

    def _label_of(self, kind: str) -> str:
        """The label of an entry of this kind now: the host steps out of an overlay, others belong to the stage."""
        overlay = self.state.overlay
        return overlay.stage.value if overlay is not None and kind == "stage-entered" else self.label

    # --- taking -------------------------------------------------------------------------------------------------

    def take(self, signed: SignedEntry, *, checks: Checks, direct: bool) -> tuple["Session", Outcome]:
        """Take one entry or raise the reason; neither a refusal nor a duplicate changes anything.

        `direct`: the author itself sends it here and gets the answer, so it must fit this venue's stage. Otherwise it
        comes from a venue that has acknowledged it. UnavailableError("dependency-missing") is not a refusal: an entry
        it relies on is not here yet; the sender keeps it and tries again.
        """
        entry = signed.entry
        if entry.session != self.id:
            raise InvalidRecordError("wrong-session")
        chain = self.chain(entry.author)
        if chain.holds(entry):
            return self, Outcome.ALREADY_TAKEN
        rule = kind(entry.kind)
        check_author(self.definition, entry.author)
        signed.verify(self._key(entry))  # before any alarm: nobody is accused by an entry they did not sign
        chain.check_next(entry)
        entry_times.check_order(self._before(entry.author), entry, back=checks.clock_back)
        late = self._check_stage(entry, direct=direct)
        act = rule.read(entry.body, self.definition)
        self._check_speaker(rule.speaker, entry)
        if rule.even_late or not late:
            arrival = self._arrival(entry, checks, late=late)
            rule.check(arrival, act)
            if direct:
                rule.check_here(arrival, act)
        return self._apply(signed, act, late=late), Outcome.LATE if late else Outcome.TAKEN

    def retake(self, signed: SignedEntry) -> "Session":
        """Take again an entry this venue committed before: no signature and no outside check, the rules as ever."""
        entry = signed.entry
        act = kind(entry.kind).read(entry.body, self.definition)
        return self._apply(signed, act, late=self._check_stage(entry, direct=False))

    def _arrival(self, entry: RoomEntry, checks: Checks, *, late: bool) -> Arrival:
        def counted_to(frontier: Mapping[Author, int]) -> State:
            return fold.counted(self.state, self.chains, frontier)

        return Arrival(
            entry=entry, state=self.state, chains=self.chains, checks=checks, late=late, counted_to=counted_to
        )

    def _key(self, entry: RoomEntry) -> str:
        """The public key that signs this place of the author's chain."""
        for centre in self.definition.centres:
            if centre.author == entry.author:
                return centre.entry_key
        seat = self.definition.seat_of(entry.author)
        binding = None if seat is None else self.state.binding(seat, entry.seq)
        if binding is None:
            raise UnavailableError("dependency-missing", author=entry.author, seq=entry.seq, needs="seat-bound")
        return binding.act.public_key

    def _before(self, author: Author) -> RoomEntry | None:
        """The last entry of whoever writes this author's next one; a member who was replaced had another clock."""
        chain, seat = self.chain(author), self.definition.seat_of(author)
        return None if seat is not None and chain.seq < self.state.begins(seat) else chain.last

    def own_chain(self, name: SeatId) -> tuple[Chain, int]:
        """A seat's chain, and how much of it is a replaced member's."""
        seat = self.definition.seat(name)
        void = 0 if seat is None else self.state.begins(seat) - 1
        return self.chain(Author(f"seat:{name}")), max(void, 0)

    def _check_stage(self, entry: RoomEntry, *, direct: bool) -> bool:
        """Whether the entry comes too late to count; WrongStageError when it does not belong here at all."""
        stage = read_label(entry.stage)
        if stage not in KINDS[entry.kind].stages:
            raise WrongStageError("kind-not-in-stage", kind=entry.kind, stage=stage.value)
        if entry.stage == self._label_of(entry.kind):
            self._check_standstill(entry, direct=direct)
            return False
        if direct or entry.author == self.definition.host.author:
            raise WrongStageError("wrong-stage", stage=entry.stage, now=self.stage.value)
        place = self.state.place(entry.stage)
        if place is None:
            raise UnavailableError("dependency-missing", author=entry.author, seq=entry.seq, needs="stage-entered")
        before = self.chain(entry.author).last
        if before is not None and place < (self.state.place(before.stage) or 0):
            raise InvalidRecordError("stage-went-back", author=entry.author, seq=entry.seq)
        return True

    def _check_standstill(self, entry: RoomEntry, *, direct: bool) -> None:
        """Nobody works here during an overlay.

        Entries written before it that arrive only now are taken: the cut line may be the fault itself. But nothing is
        while a supervisor's order suspends the session, whatever time it states.
        """
        overlay = self.state.overlay
        if not direct or overlay is None or entry.kind == "stage-entered":
            return
        if entry.at < overlay.entered_at and overlay.stage is not Stage.SUSPENDED:
            return
        if overlay.stage not in KINDS[entry.kind].during:
            raise WrongStageError("session-stands-still", stage=overlay.stage.value)

    def _check_speaker(self, speaker: Speaker, entry: RoomEntry) -> None:
        host, guests = self.definition.host.author, [guest.author for guest in self.definition.guests]
        allowed = {
            Speaker.HOST: entry.author == host,
            Speaker.GUEST: entry.author in guests,
            Speaker.CENTRE: entry.author in [host, *guests],
            Speaker.SEAT: self.definition.seat_of(entry.author) is not None,
            Speaker.SEAT_CENTRE: speaker is Speaker.SEAT_CENTRE and entry.author == self._centre_of(entry),
        }[speaker]
        if not allowed:
            raise NotPermittedError("not-the-speaker", author=entry.author, kind=entry.kind)

    def _centre_of(self, entry: RoomEntry) -> Author:
        """The centre of the seat that the body names."""
        name = ids.parse_seat(entry.body["seat"])
        seat = self.definition.seat(name)
        if seat is None:
            raise InvalidRecordError("unknown-seat", seat=name)
        return Author(f"centre:{seat.centre}")

    # --- applying -----------------------------------------------------------------------------------------------

    def _apply(self, signed: SignedEntry, act: object, *, late: bool) -> "Session":
        entry = signed.entry
        state = fold.with_entry(self.state, entry, act, counted=not late)
        if isinstance(act, StageEntered):  # the only act that changes the history
            state = fold.entered(state, self.chains, act, entry.at)
        elif self.definition.seat_of(entry.author) is None:
            state = fold.without_void(state, self.chains, self.state)
        chains = {**self.chains, entry.author: self.chain(entry.author).with_next(signed)}
        return replace(self, state=state, chains=MappingProxyType(chains))
