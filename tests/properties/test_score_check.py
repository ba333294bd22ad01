"""Score check: whatever members find and correct, in any order of arrival, both cities reach the same state."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation_room.scoring.score_check import Flag, Level
from evaluation_room.stages import REQUIRED, Stage
from records.canonical import Value
from records.errors import ConflictError, NotFoundError, NotPermittedError, WrongStageError
from records.ids import SeatId
from tests.examples import share
from tests.unit.evaluation_room.rooms import SEATS, Venue, definition, play

PROCEDURE = [stage.value for stage in Stage if stage in REQUIRED or stage is Stage.SCORE_CHECK]
PLAIN: dict[str, Value] = {"name_zh": "评审项", "name_en": "Item", "minimum": 0, "step": 50}
ITEMS: list[Value] = [
    {**PLAIN, "id": "T1", "section": "technical", "maximum": 4000},
    {**PLAIN, "id": "S1", "section": "business", "maximum": 1000, "objective": True},
]
ACT = st.tuples(
    st.sampled_from(SEATS), st.sampled_from(["find", "correct"]), st.integers(0, 30), st.booleans(), st.integers(0, 20)
)


def checking(marks: list[int]) -> tuple[Venue, Venue]:
    """In the score check at both cities, with these technical marks of the members for B1."""
    host = Venue.opened(definition(stages=PROCEDURE, items=ITEMS))
    guest = host.neighbour("XA")
    play([host, guest], Stage.DETAILED)
    for place, seat in enumerate(SEATS):
        venue = host if seat.startswith("JN") else guest
        for bidder in ("B1", "B2"):
            venue.score(seat, bidder, "T1", 50 * marks[place] if bidder == "B1" else 2000)
            venue.score(seat, bidder, "S1", 800 if place else 750)
        venue.lock(seat)
    exchange(host, guest)
    host.enter(Stage.PRICE)
    exchange(host, guest)
    for venue in (host, guest):
        venue.tally()
    exchange(host, guest)
    host.enter(Stage.SCORE_CHECK)
    exchange(host, guest)
    return host, guest


def exchange(host: Venue, guest: Venue) -> None:
    host.take_from(guest)
    guest.take_from(host)


def attempt(venue: Venue, seat: str, act: str, flag: Flag, *, conspicuous: bool, points: int) -> None:
    """What a member might try; a refusal is an answer."""
    ground = "objective-differs" if flag.level is Level.BLOCK else "conspicuous"
    own = [place for place in flag.places if place[0] == seat] or [(seat, "B1", "T1")]
    bodies: dict[str, dict[str, Value]] = {
        "find": {"flag": flag.id, "value": flag.value, "conspicuous": conspicuous, "reason": "已核对"},
        "correct": {
            "flag": flag.id, "ground": ground, "bidder": own[0][1], "item": own[0][2],
            "points": min(points * 50, 1000), "reason": "更正",
        },
    }  # fmt: skip
    kind = {"find": "warning-acknowledged", "correct": "score-corrected"}[act]
    with contextlib.suppress(ConflictError, NotFoundError, NotPermittedError, WrongStageError):
        venue.write(f"seat:{seat}", kind, bodies[act])


@settings(max_examples=share(25), deadline=None)
@given(
    marks=st.lists(st.integers(20, 80), min_size=len(SEATS), max_size=len(SEATS)),
    acts=st.lists(ACT, max_size=12),
    apart=st.booleans(),
)
def test_what_is_found_and_corrected_counts_the_same_in_every_order(
    marks: list[int],
    acts: list[tuple[str, str, int, bool, int]],
    apart: bool,  # noqa: FBT001  # hypothesis names it
) -> None:
    host, guest = checking(marks)
    locked = {sheet.seat: len(sheet.cells) for sheet in host.session.state.sheets}
    for seat, act, number, conspicuous, points in acts:
        venue = host if seat.startswith("JN") else guest
        check = venue.session.state.score_check
        assert check is not None
        if check.flags:
            flag = check.flags[number % len(check.flags)]
            attempt(venue, seat, act, flag, conspicuous=conspicuous, points=points)
        if not apart:
            exchange(host, guest)
    exchange(host, guest)

    assert host.session.digest == guest.session.digest
    assert host.session.state.score_check == guest.session.state.score_check
    for sheet in host.session.state.sheets:
        assert sheet.locked
        assert len(sheet.cells) == locked[sheet.seat]
    check = host.session.state.score_check
    assert check is not None
    changed = {SeatId(one.seat) for one in check.flags if check.to_correct(one)}
    assert changed <= {SeatId(who) for who, what in check.open_points() if what == "correction-missing"}
    for seat, part in check.acts.items():
        for finding in part.findings.values():
            flags = [one for one in check.flags if one.id == finding.flag]
            assert all(seat not in one.members for one in flags)
