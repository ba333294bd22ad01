"""One workflow for many sessions: one that waits for an absent centre delays no other, and is not forgotten."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from journal import Follower, Journal, SetAside
from node.progress import Progress
from records.errors import ConflictError, UnavailableError
from records.facts import ROOM_ENTRY_TAKEN, Fact
from records.ids import Author, SessionId
from tests.unit.journal.made_journal import PROJECT, fact, open_journal

FIRST = SessionId(f"{PROJECT}-1")
SECOND = SessionId("E3701000076012345002-1")


@dataclass(slots=True)
class Sessions:
    """Counts how often each session was advanced; refuses those that it is told to."""

    refused: dict[SessionId, Exception] = field(default_factory=dict)
    advanced: Counter[SessionId] = field(default_factory=Counter)
    tried: list[SessionId] = field(default_factory=list)

    def advance(self, session: SessionId) -> None:
        self.tried.append(session)
        if session in self.refused:
            raise self.refused[session]
        self.advanced[session] += 1


@dataclass(slots=True)
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Journal:
    return open_journal(tmp_path)


def say(journal: Journal, *sessions: SessionId) -> None:
    with journal.work() as work:
        for session in sessions:
            work.record(
                Fact(type=ROOM_ENTRY_TAKEN, project=PROJECT, author=Author("centre:JN"), body={}, session=session)
            )


def follower(
    journal: Journal,
    sessions: Sessions,
    *,
    clock: Callable[[], float] = lambda: 0.0,
    known: Iterable[SessionId] = (),
) -> Follower:
    set_aside = SetAside(journal, "workflow", clock=clock, first_pause=10.0, longest_pause=80.0)
    progress = Progress(sessions.advance, lambda: known, set_aside, clock=clock, first_pause=1.0, longest_pause=8.0)
    return Follower("workflow", journal, progress.handle, between=progress.between, set_aside=set_aside)


def absent() -> UnavailableError:
    return UnavailableError("peer-unreachable", peer="XA")


def test_a_session_that_waits_does_not_hold_up_another(journal: Journal) -> None:
    sessions = Sessions({FIRST: absent()})
    following = follower(journal, sessions)
    say(journal, FIRST, SECOND, FIRST, SECOND)

    assert following.run_once() == 4
    assert sessions.advanced == {SECOND: 2}
    assert (following.state.lag, following.state.stopped) == (0, None)


def test_a_waiting_session_goes_on_by_itself_once_the_centre_answers(journal: Journal) -> None:
    sessions, clock = Sessions({FIRST: absent()}), Seconds()
    following = follower(journal, sessions, clock=clock)
    say(journal, FIRST)
    following.run_once()
    sessions.refused.clear()

    following.run_once()
    assert sessions.advanced == {}
    clock.now = 1.0
    following.run_once()
    clock.now = 100.0
    following.run_once()

    assert sessions.advanced == {FIRST: 1}


def test_a_centre_that_stays_away_is_asked_less_and_less_often(journal: Journal) -> None:
    sessions, clock = Sessions({FIRST: absent()}), Seconds()
    following = follower(journal, sessions, clock=clock)
    say(journal, FIRST)
    asked = []

    for second in range(50):
        clock.now = float(second)
        before = len(sessions.tried)
        following.run_once()
        asked += [second] * (len(sessions.tried) - before)

    assert asked == [0, 1, 3, 7, 15, 25, 45]


def test_after_the_longest_pause_its_standstill_is_known_with_the_reason(journal: Journal) -> None:
    sessions, clock = Sessions({FIRST: absent()}), Seconds()
    following = follower(journal, sessions, clock=clock)
    say(journal, FIRST)

    told = []
    for second in (0, 1, 3, 7, 15):
        clock.now = float(second)
        following.run_once()
        told.append([(one.subject, one.code) for one in following.set_aside.all()])
    sessions.refused.clear()
    clock.now = 25.0
    following.run_once()

    assert told == [[], [], [], [], [(FIRST, "peer-unreachable")]]
    assert (sessions.advanced, following.set_aside.all()) == ({FIRST: 1}, [])


def test_many_words_in_a_waiting_session_are_one_more_try(journal: Journal) -> None:
    sessions = Sessions({FIRST: absent()})
    following = follower(journal, sessions)
    say(journal, FIRST)
    following.run_once()

    say(journal, *[FIRST] * 20)
    following.run_once()

    assert sessions.tried == [FIRST, FIRST]


def test_of_many_that_wait_one_is_tried_between_two_batches(journal: Journal) -> None:
    sessions, clock = Sessions({FIRST: absent(), SECOND: absent()}), Seconds()
    following = follower(journal, sessions, clock=clock)
    say(journal, FIRST, SECOND)
    following.run_once()
    clock.now = 1.0
    del sessions.tried[:]

    following.run_once()
    assert len(sessions.tried) == 1
    following.run_once()

    assert sorted(sessions.tried) == [FIRST, SECOND]


def test_after_a_restart_a_waiting_session_is_taken_up_again(journal: Journal) -> None:
    sessions = Sessions({FIRST: absent()})
    say(journal, FIRST, SECOND)
    follower(journal, sessions).run_once()
    sessions.refused.clear()

    assert follower(journal, sessions, known=[FIRST, SECOND]).run_once() == 0

    assert sessions.advanced == {FIRST: 1, SECOND: 2}


@pytest.mark.parametrize("error", [ConflictError("report-differs"), RuntimeError("a fault in the program")])
def test_a_session_that_fails_is_set_aside_and_every_other_goes_on(journal: Journal, error: Exception) -> None:
    sessions = Sessions({FIRST: error})
    following = follower(journal, sessions)
    say(journal, FIRST, SECOND, FIRST, SECOND)

    assert following.run_once() == 4
    assert sessions.advanced == {SECOND: 2}
    assert (following.state.lag, following.state.stopped) == (0, None)
    code = error.code if isinstance(error, ConflictError) else "unexpected-error"
    assert [(one.subject, one.code) for one in following.set_aside.all()] == [(FIRST, code)]


def test_a_session_set_aside_is_tried_again_slowly_and_since_when_stays(journal: Journal) -> None:
    sessions, clock = Sessions({FIRST: ConflictError("report-differs")}), Seconds()
    following = follower(journal, sessions, clock=clock)
    say(journal, FIRST)
    following.run_once()
    since, asked = following.set_aside.all()[0].since, []

    for second in range(200):
        clock.now = float(second)
        before = len(sessions.tried)
        following.run_once()
        asked += [second] * (len(sessions.tried) - before)

    assert asked == [10, 30, 70, 150]
    assert following.set_aside.all()[0].since == since


def test_after_a_restart_a_session_set_aside_still_is_and_holds_up_nobody(journal: Journal) -> None:
    sessions = Sessions({FIRST: ConflictError("report-differs")})
    say(journal, FIRST)
    follower(journal, sessions).run_once()
    say(journal, SECOND)

    again = follower(journal, sessions, known=[FIRST, SECOND])
    again.run_once()
    again.run_once()

    assert sessions.advanced[SECOND] >= 1
    assert [one.subject for one in again.set_aside.all()] == [FIRST]
    assert again.state.stopped is None


def test_what_is_said_in_a_session_set_aside_or_somebody_asks_it_is_tried_at_once(journal: Journal) -> None:
    sessions = Sessions({FIRST: ConflictError("report-differs")})
    following = follower(journal, sessions)
    say(journal, FIRST)
    following.run_once()

    say(journal, FIRST)
    following.run_once()
    assert sessions.tried == [FIRST, FIRST]
    sessions.refused.clear()
    assert following.set_aside.hasten(FIRST)
    following.run_once()

    assert (sessions.advanced, following.set_aside.all()) == ({FIRST: 1}, [])


def test_a_session_set_aside_that_then_waits_for_a_centre_stays_aside(journal: Journal) -> None:
    sessions, clock = Sessions({FIRST: ConflictError("report-differs")}), Seconds()
    following = follower(journal, sessions, clock=clock)
    say(journal, FIRST)
    following.run_once()
    sessions.refused[FIRST] = absent()
    clock.now = 10.0
    following.run_once()

    assert [one.code for one in following.set_aside.all()] == ["report-differs"]
    assert sessions.tried == [FIRST, FIRST]


def test_what_is_not_of_a_room_moves_no_session(journal: Journal) -> None:
    sessions = Sessions()
    with journal.work() as work:
        work.record(fact())

    follower(journal, sessions).run_once()

    assert sessions.tried == []
