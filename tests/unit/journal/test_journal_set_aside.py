"""A follower sets aside failed work by its subject: the others continue, and repaired work catches up in order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from journal import Entry, Follower, Journal, SetAside
from records.errors import ConflictError, EvidenceMismatchError, UnavailableError
from tests.unit.journal.made_journal import OTHER, PROJECT, open_journal, record


@dataclass(slots=True)
class Handler:
    """Keeps its entries; raises the error set for a project."""

    errors: dict[str, Exception] = field(default_factory=dict)
    taken: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, entry: Entry) -> None:
        project, number = str(entry.value["project"]), entry.body["number"]
        if project in self.errors:
            raise self.errors[project]
        assert isinstance(number, int)
        self.taken.append((project, number))


@dataclass(slots=True)
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Journal:
    return open_journal(tmp_path)


def follower(journal: Journal, handler: Handler, clock: Callable[[], float] = lambda: 0.0) -> Follower:
    set_aside = SetAside(journal, "publish", clock=clock, first_pause=10.0, longest_pause=40.0)
    return Follower("publish", journal, handler, subject=lambda entry: str(entry.value["project"]), set_aside=set_aside)


@pytest.mark.parametrize("error", [ConflictError("busy"), EvidenceMismatchError("differs"), KeyError("title")])
def test_what_fails_of_one_project_holds_up_no_other(journal: Journal, error: Exception) -> None:
    handler = Handler({PROJECT: error})
    following = follower(journal, handler)
    record(journal, 1)
    record(journal, 2, project=OTHER)
    record(journal, 3)

    assert following.run_once() == 3

    assert handler.taken == [(OTHER, 2)]
    assert (following.state.lag, following.state.stopped) == (0, None)
    assert [(one.subject, one.entry) for one in following.set_aside.all()] == [(PROJECT, 0)]


def test_what_is_mended_catches_up_in_order_and_nothing_is_left_out(journal: Journal) -> None:
    handler, clock = Handler({PROJECT: ConflictError("busy")}), Seconds()
    following = follower(journal, handler, clock)
    record(journal, 1)
    record(journal, 2, project=OTHER)
    record(journal, 3)
    following.run_once()
    handler.errors.clear()

    record(journal, 4)
    following.run_once()
    assert handler.taken == [(OTHER, 2)]
    clock.now = 10.0
    following.run_once()
    record(journal, 5)
    following.run_once()

    assert handler.taken == [(OTHER, 2), (PROJECT, 1), (PROJECT, 3), (PROJECT, 4), (PROJECT, 5)]
    assert following.set_aside.all() == []


def test_it_is_kept_over_a_restart_and_tried_once_more_then(journal: Journal) -> None:
    handler = Handler({PROJECT: ConflictError("busy")})
    record(journal, 1)
    follower(journal, handler).run_once()
    kept = follower(journal, handler).set_aside.all()
    handler.errors.clear()

    assert follower(journal, handler).run_once() == 0

    assert [one.code for one in kept] == ["busy"]
    assert handler.taken == [(PROJECT, 1)]


def test_it_is_tried_again_less_and_less_often(journal: Journal) -> None:
    handler, clock = Handler({PROJECT: ConflictError("busy")}), Seconds()
    following = follower(journal, handler, clock)
    record(journal, 1)
    following.run_once()
    handler.errors[PROJECT] = UnavailableError("away")
    tried = []

    for second in range(130):
        clock.now = float(second)
        if following.set_aside.due():
            tried.append(second)
        following.run_once()

    assert tried == [10, 30, 70, 110]
    assert [one.code for one in following.set_aside.all()] == ["busy"]


def test_a_centre_that_is_away_stops_nothing_and_sets_nothing_aside(journal: Journal) -> None:
    following = follower(journal, Handler({PROJECT: UnavailableError("away")}))
    record(journal, 1)

    with pytest.raises(UnavailableError):
        following.run_once()

    assert (following.set_aside.all(), following.state.stopped) == ([], None)


def test_two_followers_set_aside_each_for_itself(journal: Journal) -> None:
    handler = Handler({PROJECT: ConflictError("busy")})
    other = Follower("outbox", journal, Handler(), subject=lambda entry: str(entry.value["project"]))
    record(journal, 1)
    follower(journal, handler).run_once()

    other.run_once()

    assert other.set_aside.all() == []
    assert not other.set_aside.hasten(PROJECT)
