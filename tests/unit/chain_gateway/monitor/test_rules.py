"""When waiting, heads, keys and clocks are an alarm; and that no clock that jumps raises or hides one."""

from datetime import UTC, datetime, timedelta

import pytest

from chain_gateway.checkpoints import Head, Seen
from chain_gateway.monitor import rules, timekeeping
from chain_gateway.monitor.rules import Looked, Wait, Window
from chain_gateway.monitor.timekeeping import Moments

START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
SOON = timedelta(days=30)
LIMIT = timedelta(seconds=100)
ROOT, OTHER = b"a" * 32, b"b" * 32
WINDOW = Window(name="certificate-seal", valid_from=START - YEAR, valid_until=START + YEAR)


def moments(*, after: timedelta = timedelta(), jump: timedelta = timedelta()) -> Moments:
    return Moments(wall=START + after + jump, steady=START + after, elapsed=after.total_seconds())


def codes(looked: Looked | None) -> list[str] | None:
    return None if looked is None else [fault.code for fault in looked.faults]


# --- time ----------------------------------------------------------------------------------------------------------


def test_a_clock_that_runs_and_is_set_right_a_little_has_not_jumped() -> None:
    now = timekeeping.first(START, 0.0)
    for second in range(5, 500, 5):
        now = timekeeping.following(now, START + timedelta(seconds=second * 1.1), float(second))

    assert (now.jumped, now.steady == now.wall) == (False, True)


@pytest.mark.parametrize("jump", [YEAR, -YEAR, timedelta(seconds=11)])
def test_a_jump_is_seen_until_the_clock_is_back(jump: timedelta) -> None:
    now = timekeeping.following(timekeeping.first(START, 0.0), START + timedelta(seconds=5) + jump, 5.0)
    later = timekeeping.following(now, START + timedelta(seconds=10) + jump, 10.0)
    back = timekeeping.following(later, START + timedelta(seconds=15), 15.0)

    assert (now.jumped, later.jumped, back.jumped) == (True, True, False)
    assert later.steady == START + timedelta(seconds=10)
    assert codes(rules.clock(now)) == ["clock-jumped"]
    assert codes(rules.clock(back)) == []


def test_a_jump_that_somebody_accepted_is_the_time() -> None:
    jumped = timekeeping.following(timekeeping.first(START, 0.0), START + YEAR, 5.0)

    now = timekeeping.following(timekeeping.accepted(jumped), START + YEAR + timedelta(seconds=5), 10.0)

    assert (now.jumped, now.steady) == (False, START + YEAR + timedelta(seconds=5))


# --- keys ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (-2 * YEAR, ["key-not-valid-yet"]),
        (timedelta(), []),
        (YEAR - SOON - timedelta(seconds=1), []),
        (YEAR - SOON, ["key-expires-soon"]),
        (YEAR, ["key-expires-soon"]),
        (YEAR + timedelta(seconds=1), ["key-expired"]),
    ],
)
def test_a_key_is_good_ends_soon_or_has_ended(after: timedelta, expected: list[str]) -> None:
    assert codes(rules.expiry(WINDOW, moments(after=after), SOON)) == expected


@pytest.mark.parametrize(("after", "jump"), [(timedelta(), 2 * YEAR), (2 * YEAR, -2 * YEAR), (timedelta(), -3 * YEAR)])
def test_while_the_clocks_disagree_over_a_key_nothing_is_decided(after: timedelta, jump: timedelta) -> None:
    assert rules.expiry(WINDOW, moments(after=after, jump=jump), SOON) is None


def test_a_jump_that_changes_nothing_for_a_key_leaves_it_decided() -> None:
    assert codes(rules.expiry(WINDOW, moments(jump=timedelta(days=2)), SOON)) == []


# --- waiting -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jump", [timedelta(), YEAR, -YEAR])
def test_an_entry_is_overdue_after_the_limit_whatever_the_wall_says(jump: timedelta) -> None:
    wait = rules.waiting(None, 7, moments())
    on_time, late = moments(after=LIMIT, jump=jump), moments(after=LIMIT + timedelta(seconds=1), jump=jump)

    wait = rules.waiting(wait, 7, on_time)

    found = [codes(rules.own_anchor("jn.tongping", wait, now, limit=LIMIT, stopped="")) for now in (on_time, late)]
    assert found == [[], ["anchor-overdue"]]


def test_what_was_anchored_meanwhile_waits_no_longer() -> None:
    wait = rules.waiting(None, 7, moments())
    later = moments(after=timedelta(seconds=90))

    assert rules.waiting(wait, 9, later) == Wait(place=9, since=90.0)
    assert rules.waiting(wait, None, later) is None


def test_anchoring_that_stopped_is_said_at_once_with_its_reason() -> None:
    looked = rules.own_anchor("jn.tongping", None, moments(), limit=LIMIT, stopped="inconsistent-root")

    assert (looked.subject, codes(looked)) == ("log:jn.tongping", ["inconsistent-root"])


@pytest.mark.parametrize(
    ("head", "seen", "behind", "silent"), [(5, 5, None, None), (5, 9, 9, None), (9, 5, None, 9), (0, 0, None, None)]
)
def test_another_centre_is_behind_with_anchoring_or_silent_about_what_it_anchored(
    head: int, seen: int, behind: int | None, silent: int | None
) -> None:
    on_chain, shown = Head(size=head, root=ROOT, block_number=1), Seen(size=seen, root=ROOT, note="")

    assert (rules.peer_behind(on_chain, shown), rules.peer_silent(on_chain, shown)) == (behind, silent)


def test_another_centre_that_is_late_is_an_alarm_about_it() -> None:
    late = moments(after=LIMIT + timedelta(seconds=1))
    wait = Wait(place=9, since=0.0)

    assert codes(rules.peer_anchor("xa.tongping", wait, late, LIMIT)) == ["anchor-overdue"]
    assert codes(rules.peer_shown("xa.tongping", wait, late, LIMIT)) == ["log-withheld"]
    assert codes(rules.peer_shown("xa.tongping", None, late, LIMIT)) == []


# --- heads ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "root", "expected"),
    [
        (5, ROOT, []),
        (9, ROOT, []),
        (9, OTHER, ["head-not-ours"]),
        (4, None, ["log-shorter-than-head"]),
    ],
)
def test_the_head_on_the_chain_must_be_of_this_journal(size: int, root: bytes | None, expected: list[str]) -> None:
    looked = rules.own_head("jn.tongping", Head(size=5, root=ROOT, block_number=1), size=size, root=root)

    assert (looked.subject, codes(looked)) == ("head:jn.tongping", expected)


def test_before_the_first_anchoring_there_is_no_head_to_compare() -> None:
    assert codes(rules.own_head("jn.tongping", Head(size=0, root=b"", block_number=0), size=3, root=OTHER)) == []


@pytest.mark.parametrize(("seen", "expected"), [(ROOT, []), (OTHER, ["chain-forked"]), (None, None)])
def test_a_centre_that_showed_another_root_than_it_anchored_has_forked(
    seen: bytes | None, expected: list[str] | None
) -> None:
    assert codes(rules.peer_head("xa.tongping", Head(size=5, root=ROOT, block_number=1), seen)) == expected
