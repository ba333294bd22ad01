"""Two cities at work while the link comes and goes: nothing acknowledged is lost, and both reach the same state."""

import contextlib
from collections.abc import Callable

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from evaluation_room.session import guards
from evaluation_room.stages import REQUIRED, TRANSITIONS, Stage
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    UnavailableError,
    WrongStageError,
)
from records.ids import SeatId
from tests.examples import share
from tests.unit.evaluation_room.rooms import SEATS, Body, Venue, play

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

    Every rule attempts something people would do; a refusal is an answer. A venue keeps every entry it took.
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
        """People finish the work of their stage, each in their own city."""
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
        """A stage without trouble: everybody works, the host learns of it and continues; the guest may not know yet."""
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
        """The host stops, and continues at once or later: the guest may learn of neither."""
        with contextlib.suppress(InvalidRecordError):  # a suspension becomes no pause without an order
            self.attempt(lambda: self.host.enter(overlay, **GROUNDS[overlay]))
        if not lasts:
            self.go_on()

    @rule()
    def go_on(self) -> None:
        overlay = self.host.session.state.overlay
        if overlay is not None:
            said = OUT_OF.get(overlay.stage, {})
            self.attempt(lambda: self.host.enter(guards.under(self.host.session.state), **said))

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
            receiver.take(signed, direct=False)  # anything but a success would lose entries the sender acknowledged

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
        """The link is restored permanently: both hold everything ever acknowledged, and agree."""
        event(f"came to {self.host.session.stage}")
        self.carry(to_host=True, count=10_000)
        self.carry(to_host=False, count=10_000)
        self.nothing_acknowledged_is_lost()
        assert {(str(one.entry.author), one.entry.seq, one.entry.hash) for one in self.host.log} == self.acknowledged
        assert self.host.session.digest == self.guest.session.digest
        assert self.host.session.state == self.guest.session.state


TestWeather = Weather.TestCase
TestWeather.settings = settings(
    max_examples=share(60), stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
