"""Whatever the order and the weather between the cities: one session, one digest, no entry lost, no lock undone."""

import contextlib
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from evaluation_room.session import Checks, Outcome, Session
from evaluation_room.stages import REQUIRED, TRANSITIONS, Stage
from evaluation_room.tally import tally
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    TongpingError,
    UnavailableError,
    WrongStageError,
)
from records.ids import Author, SeatId
from records.room_entry import SignedEntry
from tests.unit.evaluation_room.rooms import SEATS, Body, Venue, definition, play, two_cities

ORDERS = st.randoms(use_true_random=True)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def chains_of(log: list[SignedEntry]) -> dict[Author, list[SignedEntry]]:
    chains: dict[Author, list[SignedEntry]] = {}
    for signed in log:
        chains.setdefault(signed.entry.author, []).append(signed)
    return chains


def seated_before(log: list[SignedEntry]) -> dict[str, tuple[Author, int]]:
    """By the hash of a seat's entry: what its centre had last said of who sits there. Every link keeps that order."""
    newest: dict[str, tuple[Author, int]] = {}
    found = {}
    for signed in log:
        entry = signed.entry
        if entry.kind in {"seat-bound", "member-replaced"}:
            newest[f"seat:{entry.body['seat']}"] = (entry.author, entry.seq)
        elif entry.author in newest:
            found[str(entry.hash)] = newest[entry.author]
    return found


def replay(log: list[SignedEntry], order: Random) -> Session:
    """A third venue receives the chains in an order drawn at random; what must wait is offered again later."""
    chains, seated = chains_of(log), seated_before(log)
    session = Session.open(chains[Author("centre:JN")].pop(0), checks=Checks())
    while any(chains.values()):
        author = order.choice(sorted(name for name, chain in chains.items() if chain))
        signed = chains[author][0]
        centre, seq = seated.get(str(signed.entry.hash), (author, 0))
        if session.chain(centre).seq < seq:
            continue
        with contextlib.suppress(UnavailableError):  # not yet: it stays where it is and comes again
            session, _ = session.take(signed, checks=Checks(), direct=False)
            chains[author].pop(0)
    return session


def interrupted() -> Venue:
    """A session that paused, went back twice and ended; the guest spoke in stages the host had left meanwhile."""
    host, guest = two_cities(Stage.DETAILED)
    host.enter(Stage.PAUSED, reason="午休")
    guest.fill("XA-1", 500)
    host.enter(Stage.DETAILED)
    host.fill("JN-1", 500)
    host.go_back(Stage.BRIEFING)
    guest.lock("XA-1")
    host.hear(guest)
    guest.hear(host)
    play([host, guest], Stage.SIGNING)
    host.go_back(Stage.DETAILED)
    guest.sign("XA-2")
    guest.hear(host)
    play([host, guest])
    return host


def replaced() -> Venue:
    """A member replaced in time, another one too late, and the whole way after it."""
    host, guest = two_cities(Stage.BRIEFING)
    host.undertake("JN-2")
    host.replace_member("JN-2")
    host.bind("JN-2", epoch=2, name="替补甲")
    guest.undertake("XA-2")
    for seat in ("JN-1", "JN-2", "JN-3"):
        host.undertake(seat)
    guest.undertake("XA-1")
    host.hear(guest)
    host.enter(Stage.DETAILED)
    guest.replace_member("XA-2")
    guest.hear(host)
    host.hear(guest)
    host.go_back(Stage.BRIEFING)
    guest.hear(host)
    guest.bind("XA-2", epoch=2, name="替补乙")
    for venue, seats in ((host, ("JN-1", "JN-2", "JN-3")), (guest, ("XA-1", "XA-2"))):
        for seat in seats:
            venue.acknowledge(seat)
    host.hear(guest)
    guest.hear(host)
    play([host, guest])
    return host


PLAYED = two_cities()[0]
INTERRUPTED = interrupted()
REPLACED = replaced()


@QUICK
@given(order=ORDERS)
def test_any_interleaving_that_respects_causality_gives_the_same_session(order: Random) -> None:
    session = replay(PLAYED.log, order)
    assert session.digest == PLAYED.session.digest
    assert session.state == PLAYED.session.state


@QUICK
@given(order=ORDERS)
def test_any_interleaving_of_pauses_and_rollbacks_gives_the_same_session(order: Random) -> None:
    session = replay(INTERRUPTED.log, order)
    assert session.digest == INTERRUPTED.session.digest
    assert session.state == INTERRUPTED.session.state
    assert [rollback.seats for rollback in session.state.rollbacks] == [
        rollback.seats for rollback in INTERRUPTED.session.state.rollbacks
    ]


@QUICK
@given(order=ORDERS)
def test_any_interleaving_of_replacements_gives_the_same_session(order: Random) -> None:
    session = replay(REPLACED.log, order)
    assert session.digest == REPLACED.session.digest
    assert session.state == REPLACED.session.state


@pytest.mark.parametrize("venue", [INTERRUPTED, REPLACED], ids=["interrupted", "replaced"])
def test_what_is_kept_and_taken_again_is_the_same_session(venue: Venue) -> None:
    session = Session.reopen(venue.log[0])
    for signed in venue.log[1:]:
        session = session.retake(signed)
    assert session.state == venue.session.state


@QUICK
@given(order=st.permutations(range(len(PLAYED.log))))
def test_duplicates_in_any_order_change_nothing(order: list[int]) -> None:
    session = PLAYED.session
    for place in order:
        session, outcome = session.take(PLAYED.log[place], checks=Checks(), direct=False)
        assert outcome is Outcome.ALREADY_TAKEN
    assert session is PLAYED.session


def marks(order: Random) -> dict[tuple[str, str, str], int]:
    """Points of every seat for every cell."""
    cells = [(seat, bidder, item) for seat in SEATS for bidder in ("B1", "B2") for item in ("T1", "T2", "S1")]
    highest, step = {"T1": 50, "T2": 30, "S1": 40}, {"T1": 50, "T2": 50, "S1": 25}
    return {cell: order.randint(0, highest[cell[2]]) * step[cell[2]] for cell in cells}


@QUICK
@given(order=ORDERS)
def test_the_tally_depends_on_the_sheets_alone(order: Random) -> None:
    points = marks(order)
    host, guest = two_cities(Stage.DETAILED)
    for seat, bidder, item in order.sample(sorted(points), len(points)):
        venue = host if seat.startswith("JN") else guest
        venue.score(seat, bidder, item, points[seat, bidder, item])
    for venue in (host, guest):
        for seat in venue.seats():
            venue.lock(seat)
    host.hear(guest)
    guest.hear(host)
    sheets = order.sample(host.session.state.sheets, len(SEATS))
    digests = {
        host.session.state.tally().digest,
        guest.session.state.tally().digest,
        replay(host.log, order).state.tally().digest,
        tally(host.session.definition, sheets).digest,
    }
    assert len(digests) == 1


SEAT = SeatId("JN-1")


@QUICK
@given(acts=st.lists(st.sampled_from(["score", "lock", "bind", "abstain", "step"]), max_size=12))
def test_a_locked_sheet_is_never_replaced_whatever_is_tried(acts: list[str]) -> None:
    room = Venue.opened(definition(seats=[f"JN-{number}" for number in range(1, 6)]))
    play([room], Stage.DETAILED)
    room.fill(SEAT, 500)
    room.lock(SEAT)
    locked = room.session.state.seats[SEAT].sheet
    attempts = {
        "score": lambda: room.score(SEAT, "B1", "T1", 0),
        "lock": lambda: room.lock(SEAT),
        "bind": lambda: room.bind(SEAT, epoch=len(room.session.state.bindings(room.session.definition.seats[0])) + 1),
        "abstain": lambda: room.say(
            f"seat:{SEAT}", "score-entered", {"bidder": "B1", "item": "T1", "abstained": True, "reason": "改变主意"}
        ),
        "step": lambda: room.enter(Stage.PRICE),
    }
    for act in acts:
        with contextlib.suppress(ConflictError, WrongStageError):
            attempts[act]()
        assert room.session.state.seats[SEAT].sheet == locked


ORDER: Body = {"order": "监督〔2026〕1号", "reason": "接到投诉"}
GROUNDS: dict[Stage, Body] = {
    Stage.PAUSED: {"reason": "午休"},
    Stage.SUSPENDED: ORDER,
    Stage.INTERRUPTED: {"cause": "断电", "venue": "XA", "since": "2026-11-23T06:00:00.000Z"},
    Stage.CLARIFYING: {},
}
OUT_OF: dict[Stage, Body] = {Stage.SUSPENDED: ORDER, Stage.ROLLBACK_REQ: ORDER}


class Weather(RuleBasedStateMachine):
    """Two cities at work while the link between them comes and goes and carries a few entries at a time.

    Every rule attempts something people would; a refusal is an answer. What a venue once took, it keeps.
    """

    def __init__(self) -> None:
        super().__init__()
        self.host = Venue.opened()
        self.guest = self.host.neighbour("XA")
        self.acknowledged: set[tuple[str, int, str]] = set()
        self.kept: dict[str, object] = {}
        self.locked: dict[tuple[str, SeatId], object] = {}
        self.people: dict[str, int] = dict.fromkeys(SEATS, 0)

    @initialize(stage=st.sampled_from([stage for stage in REQUIRED if stage is not Stage.CLOSED]))
    def begin(self, stage: Stage) -> None:
        play([self.host, self.guest], stage)

    def venue(self, seat: str) -> Venue:
        return self.host if seat.startswith("JN") else self.guest

    @rule(seat=st.sampled_from(SEATS))
    def check_in(self, seat: str) -> None:
        venue = self.venue(seat)
        found = venue.session.definition.seat(SeatId(seat))
        assert found is not None
        number = self.people[seat]
        with contextlib.suppress(WrongStageError):
            epoch = len(venue.session.state.bindings(found)) + 1
            venue.bind(seat, epoch=epoch, name=f"替补{seat} {number}" if number else "")

    @rule(seat=st.sampled_from(SEATS))
    def replace_member(self, seat: str) -> None:
        """Another member takes the seat from the next check-in on."""
        with contextlib.suppress(WrongStageError):
            self.venue(seat).replace_member(seat)
            self.people[seat] += 1

    @rule(seat=st.sampled_from(SEATS))
    def undertake(self, seat: str) -> None:
        self.attempt(lambda: self.venue(seat).undertake(seat))

    @rule(seat=st.sampled_from(SEATS), points=st.integers(0, 10))
    def score(self, seat: str, points: int) -> None:
        self.attempt(lambda: self.venue(seat).fill(seat, points * 50))

    @rule(seat=st.sampled_from(SEATS))
    def lock(self, seat: str) -> None:
        self.attempt(lambda: self.venue(seat).lock(seat))

    @rule(at_host=st.booleans())
    def compute(self, at_host: bool) -> None:  # noqa: FBT001  # hypothesis names its arguments
        self.attempt((self.host if at_host else self.guest).tally)

    @rule()
    def everybody_is_ready(self) -> None:
        """People finish what their stage asks of them, each in their own city."""
        for seat in SEATS:
            venue = self.venue(seat)
            stage = venue.session.stage
            self.acknowledge(seat)
            if stage is Stage.CHECK_IN:
                self.check_in(seat)
            if stage is Stage.BRIEFING:
                self.attempt(lambda: venue.undertake(seat))  # noqa: B023  # called at once
            if stage is Stage.DETAILED:
                self.attempt(lambda: venue.fill(seat))  # noqa: B023  # as above
                self.attempt(lambda: venue.lock(seat))  # noqa: B023  # as above
            if stage is Stage.SIGNING:
                self.attempt(lambda: venue.sign(seat))  # noqa: B023  # as above
        for venue in (self.host, self.guest):
            self.attempt(venue.tally)
            self.attempt(venue.report)

    @rule()
    def finish_the_stage(self) -> None:
        """A stage without trouble: everybody works, the host hears of it and goes on; the guest may not know yet."""
        self.everybody_is_ready()
        self.carry(to_host=True, count=10_000)
        self.attempt(self.host.seal)
        self.step()

    @rule()
    def step(self) -> None:
        target = self.host.session.definition.after(self.host.session.stage)
        if target is not None:
            self.attempt(lambda: self.host.enter(target))

    @rule(overlay=st.sampled_from(sorted(GROUNDS)), lasts=st.booleans())
    def stand_still(self, overlay: Stage, lasts: bool) -> None:  # noqa: FBT001  # as above
        """The host stops, and goes on at once or later: the guest may hear of neither."""
        with contextlib.suppress(InvalidRecordError):  # a suspension becomes no pause without an order
            self.attempt(lambda: self.host.enter(overlay, **GROUNDS[overlay]))
        if not lasts:
            self.go_on()

    @rule()
    def go_on(self) -> None:
        overlay = self.host.session.state.overlay
        if overlay is not None:
            said = OUT_OF.get(overlay.stage, {})
            self.attempt(lambda: self.host.enter(self.host.session.state.passage.stage, **said))

    @rule(to=st.sampled_from([Stage.CHECK_IN, Stage.BRIEFING, Stage.DETAILED, Stage.REPORT_DRAFT]))
    def go_back(self, to: Stage) -> None:
        self.attempt(lambda: self.host.go_back(to))

    @rule(seat=st.sampled_from(SEATS))
    def acknowledge(self, seat: str) -> None:
        if self.venue(seat).session.state.rollbacks:
            self.attempt(lambda: self.venue(seat).acknowledge(seat))

    @rule(to_host=st.booleans(), count=st.integers(1, 40))
    def carry(self, to_host: bool, count: int) -> None:  # noqa: FBT001  # as above
        """The link is up for so many entries, in the order in which the other venue took them."""
        sender, receiver = (self.guest, self.host) if to_host else (self.host, self.guest)
        held = receiver.session.frontier
        missing = [one for one in sender.log if one.entry.seq > held.get(one.entry.author, 0)]
        for signed in missing[:count]:
            receiver.take(signed, direct=False)  # anything but a success would lose what the sender acknowledged

    def attempt(self, act: Callable[[], object]) -> None:
        with contextlib.suppress(WrongStageError, ConflictError, UnavailableError, EvidenceMismatchError):
            act()

    @invariant()
    def a_superseded_passage_stays_superseded_and_its_sheets_stay_kept(self) -> None:
        for venue in (self.host, self.guest):
            for rollback in venue.session.state.rollbacks:
                kept = self.kept.setdefault(rollback.at, rollback)
                assert kept == rollback

    @invariant()
    def every_step_is_one_of_the_table(self) -> None:
        for venue in (self.host, self.guest):
            steps = [one.entry.body for one in venue.log if one.entry.kind == "stage-entered"]
            assert [(step["from"], step["to"]) for step in steps if (step["from"], step["to"]) not in TRANSITIONS] == []

    @invariant()
    def a_locked_sheet_stands_or_lies_among_what_a_rollback_superseded(self) -> None:
        """At the host, whose frontier counts all it holds."""
        state = self.host.session.state
        for sheet in (one for one in state.sheets if one.locked):
            self.locked.setdefault((state.entered(Stage.DETAILED), sheet.seat), sheet)
        kept = [part.sheet for rollback in state.rollbacks for part in rollback.seats.values()]
        for locked in self.locked.values():
            assert locked in state.sheets or locked in kept

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        for venue in (self.host, self.guest):
            held = {(str(author), one.entry.seq, one.entry.hash)
                    for author, chain in venue.session.chains.items() for one in chain.entries}  # fmt: skip
            assert held == {(str(one.entry.author), one.entry.seq, one.entry.hash) for one in venue.log}
            self.acknowledged |= held

    def teardown(self) -> None:
        """The link heals for good: both hold everything ever acknowledged, and agree."""
        event(f"came to {self.host.session.stage}")
        self.carry(to_host=True, count=10_000)
        self.carry(to_host=False, count=10_000)
        self.nothing_acknowledged_is_lost()
        assert {(str(one.entry.author), one.entry.seq, one.entry.hash) for one in self.host.log} == self.acknowledged
        assert self.host.session.digest == self.guest.session.digest
        assert self.host.session.state == self.guest.session.state


TestWeather = Weather.TestCase
TestWeather.settings = settings(
    max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@QUICK
@given(data=st.data())
def test_a_changed_entry_is_never_taken(data: st.DataObject) -> None:
    """Any bit of a signed entry's signature or any field changed on the way is refused."""
    place = data.draw(st.integers(1, len(PLAYED.log) - 1))
    signed = PLAYED.log[place]
    session = Session.reopen(PLAYED.log[0])
    for before in PLAYED.log[1:place]:
        session = session.retake(before)
    bit = data.draw(st.integers(0, 511))
    signature = bytearray(signed.signature)
    signature[bit // 8] ^= 1 << bit % 8
    try:
        session.take(SignedEntry(entry=signed.entry, signature=bytes(signature)), checks=Checks(), direct=False)
    except TongpingError as error:
        assert error.code == "bad-signature"  # noqa: PT017  # the other way round the failure would be silent
    else:
        raise AssertionError
