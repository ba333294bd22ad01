"""R26: a locked mark changes before aggregation alone, on a legal ground, by its own member (87号令64条)."""

from dataclasses import replace

import pytest

from evaluation_room.report.data import report_data
from evaluation_room.scoring.check_acts import WarningAcknowledged
from evaluation_room.scoring.score_check import Level, MemberActs, ScoreCheck
from evaluation_room.stages import REQUIRED, Stage
from records import ids
from records.canonical import Value
from records.errors import ConflictError, InvalidRecordError, NotFoundError, NotPermittedError, WrongStageError
from tests.unit.evaluation_room.rooms import Venue, definition, play

SEATS = [f"JN-{number}" for number in range(1, 6)]
PROCEDURE = [stage.value for stage in Stage if stage in REQUIRED or stage is Stage.SCORE_CHECK]
MARKS = {"JN-1": 900, "JN-2": 900, "JN-3": 900, "JN-4": 900, "JN-5": 850}
OBJECTIVE = "A09 B1 S1"
REASON = "各自独立判断，予以保留"


def item(name: str, section: str, maximum: int, step: int, **more: bool) -> dict[str, Value]:
    names: dict[str, Value] = {"name_zh": "评审项", "name_en": "Item"}
    return {"id": name, "section": section, "minimum": 0, "maximum": maximum, "step": step, **names, **more}


ITEMS = [item("T1", "technical", 2500, 50), item("T2", "technical", 1500, 50)]
OBJECTIVE_ITEM = item("S1", "business", 1000, 25, objective=True)


def checking(*, lead: str = "", low: int = 600) -> Venue:
    """In the score check; JN-5 marked the objective item of B1 otherwise, and the technical items of B2 `low`."""
    more = {"lead": lead} if lead else {}
    room = Venue.opened(definition(seats=SEATS, stages=PROCEDURE, items=[*ITEMS, OBJECTIVE_ITEM], **more))  # type: ignore[arg-type]
    play([room], Stage.DETAILED)
    for seat in SEATS:
        for bidder in ("B1", "B2"):
            for name in ("T1", "T2"):
                room.score(seat, bidder, name, low if (seat, bidder) == ("JN-5", "B2") else 1200)
            room.score(seat, bidder, "S1", MARKS[seat] if bidder == "B1" else 800)
        room.lock(seat)
    room.enter(Stage.PRICE)
    room.tally()
    room.enter(Stage.SCORE_CHECK)
    return room


def correct(room: Venue, seat: str, points: int, *, flag: str = OBJECTIVE, **changed: str) -> None:
    body: dict[str, Value] = {
        "flag": flag,
        "ground": "objective-differs",
        "bidder": "B1",
        "item": "S1",
        "reason": "证书三份，应为9分",
    }
    room.write(f"seat:{seat}", "score-corrected", {**body, "points": points, **changed})


def acknowledge(room: Venue, flag: str, seat: str = "", *, value: str | None = None, conspicuous: bool = False) -> None:
    """By the first who may, unless a seat is named; as it stands, unless a value is."""
    found = next(one for one in check_of(room).flags if one.id == flag)
    seen = found.value if value is None else value
    body: dict[str, Value] = {"flag": flag, "value": seen, "conspicuous": conspicuous, "reason": REASON}
    room.write(f"seat:{seat or check_of(room).finders(found)[0]}", "warning-acknowledged", body)


def waiting(room: Venue) -> set[tuple[str, str]]:
    return {(one.who, one.what) for one in room.session.waiting_for()}


def check_of(room: Venue) -> ScoreCheck:
    check = room.session.state.score_check
    assert check is not None
    return check


def flags(room: Venue) -> list[str]:
    return [flag.id for flag in check_of(room).flags]


def open_flags(room: Venue) -> list[str]:
    check = check_of(room)
    return [flag.id for flag in check.flags if not check.settled(flag)]


def shown(room: Venue, flag: str) -> str:
    """The value that the flag shows."""
    return next(one.value for one in check_of(room).flags if one.id == flag)


def lonely(room: Venue) -> str:
    """The flag about what JN-5 gave B2."""
    return next(one for one in flags(room) if one.startswith("A01 JN-5 B2"))


def test_objective_marks_that_differ_block_until_their_member_corrects_them() -> None:
    room = checking()
    assert OBJECTIVE in flags(room)
    assert ("committee", "score-fault") in waiting(room)
    before = room.session.state.seats[ids.parse_seat("JN-5")].sheet

    correct(room, "JN-5", 900)

    after = room.session.state.seats[ids.parse_seat("JN-5")].sheet
    assert OBJECTIVE not in flags(room)
    assert ("committee", "score-fault") not in waiting(room)
    assert after.cells["B1", "S1"].points == 900
    assert [one.before for one in check_of(room).acts[ids.parse_seat("JN-5")].corrections] == [before.cells["B1", "S1"]]
    assert after.locked
    assert after.digest != before.digest


def test_after_a_correction_every_centre_computes_again() -> None:
    room = checking()
    correct(room, "JN-5", 900)

    assert ("centre JN", "tally-differs") in waiting(room)
    room.tally()
    assert ("centre JN", "tally-differs") not in waiting(room)


def test_a_mark_that_no_flag_names_stays() -> None:
    with pytest.raises(NotPermittedError, match="mark-not-flagged"):
        correct(checking(), "JN-5", 800, bidder="B2")
    with pytest.raises(NotFoundError, match="flag-unknown"):
        correct(checking(), "JN-5", 900, flag="A09 B2 S1")


def test_a_ground_that_the_law_does_not_name_is_none() -> None:
    with pytest.raises(InvalidRecordError, match="unknown-value"):
        correct(checking(), "JN-5", 900, ground="second thoughts")
    with pytest.raises(InvalidRecordError, match="missing-field"):
        correct(checking(), "JN-5", 900, reason=" ")


def test_a_conspicuous_mark_is_corrected_once_the_committee_found_it_so() -> None:
    room = checking()
    flag = next(one for one in flags(room) if one.startswith("A01 JN-5 B2"))
    changed = {"flag": flag, "ground": "conspicuous", "bidder": "B2", "item": "T1"}

    with pytest.raises(WrongStageError, match="correction-without-ground"):
        correct(room, "JN-5", 1200, **changed)
    acknowledge(room, flag, conspicuous=True)
    assert ("JN-5", "correction-missing") in waiting(room)
    correct(room, "JN-5", 1200, **changed)
    assert ("JN-5", "correction-missing") not in waiting(room)


def test_a_finding_is_about_what_was_seen_and_is_made_again_when_the_figure_has_changed() -> None:
    room = checking()
    flag, before = lonely(room), shown(room, lonely(room))
    acknowledge(room, flag)
    assert flag not in open_flags(room)

    acknowledge(room, flag, "JN-2", conspicuous=True)
    correct(room, "JN-5", 650, flag=flag, ground="conspicuous", bidder="B2", item="T1")

    assert shown(room, flag) != before
    assert flag in open_flags(room)
    with pytest.raises(ConflictError, match="flag-changed"):
        acknowledge(room, flag, value=before)
    acknowledge(room, flag)
    assert flag not in open_flags(room)
    assert [found.value for found in check_of(room).acts[ids.parse_seat("JN-1")].findings.values()] == [
        before, shown(room, flag),
    ]  # fmt: skip


def test_a_mark_found_conspicuous_is_corrected_whatever_others_found() -> None:
    room = checking()
    acknowledge(room, lonely(room), "JN-2", conspicuous=True)
    acknowledge(room, lonely(room), "JN-1")

    assert ("JN-5", "correction-missing") in waiting(room)


def test_a_mark_found_conspicuous_is_corrected_although_its_figure_has_changed_by_others_marks() -> None:
    room = checking()
    check, name = check_of(room), lonely(room)
    found = WarningAcknowledged(flag=name, value="99", conspicuous=True, reason="明显偏低")
    acts = {**check.acts, ids.parse_seat("JN-2"): MemberActs(findings={(name, "99"): found})}

    assert ("JN-5", "correction-missing") in set(replace(check, acts=acts).open_points())


def test_a_venue_that_lets_a_clue_without_marks_be_found_conspicuous_is_not_heard() -> None:
    """Its own centre refuses it; another one might send it."""
    check = check_of(checking())
    flag = next(one for one in check.flags if one.level is Level.WARN and not one.names_marks)
    seat = check.finders(flag)[0]
    found = WarningAcknowledged(flag=flag.id, value=flag.value, conspicuous=True, reason=REASON)
    lied = replace(check, acts={**check.acts, seat: MemberActs(findings={(flag.id, flag.value): found})})

    assert list(lied.open_points()) == list(check.open_points())
    assert not lied.to_correct(flag)
    assert not lied.settled(flag)


def test_nobody_finds_about_the_own_marks() -> None:
    room = checking()
    with pytest.raises(NotPermittedError, match="own-marks"):
        acknowledge(room, lonely(room), "JN-5")


def test_what_names_the_lead_another_member_looks_at() -> None:
    room = checking(lead="JN-5")
    flag = lonely(room)

    with pytest.raises(NotPermittedError, match="own-marks"):
        acknowledge(room, flag, "JN-5")
    assert ("committee", "warning-not-acknowledged") in waiting(room)
    acknowledge(room, flag, "JN-2")
    assert flag not in open_flags(room)


def test_the_lead_alone_acknowledges_where_there_is_one() -> None:
    room = checking(lead="JN-1")
    flag = next(one for one in flags(room) if one.startswith("A01 JN-5 B2"))

    with pytest.raises(NotPermittedError, match="not-the-lead"):
        acknowledge(room, flag, "JN-2")
    assert ("JN-1", "warning-not-acknowledged") in waiting(room)
    acknowledge(room, flag)
    with pytest.raises(ConflictError, match="already-acknowledged"):
        acknowledge(room, flag)


def test_a_fault_is_not_acknowledged_away() -> None:
    with pytest.raises(WrongStageError, match="flag-needs-correction"):
        acknowledge(checking(), OBJECTIVE)


def test_the_report_keeps_finding_correction_and_the_mark_that_stood_there() -> None:
    room = checking()
    flag = next(one for one in flags(room) if one.startswith("A01 JN-5 B2"))
    seen = shown(room, flag)
    acknowledge(room, flag, conspicuous=True)
    for name in ("T1", "T2"):
        correct(room, "JN-5", 1200, flag=flag, ground="conspicuous", bidder="B2", item=name)
    correct(room, "JN-5", 900)
    for one in flags(room):
        if one != flag:
            acknowledge(room, one)
    room.tally()
    play([room], Stage.SIGNING)
    told = report_data(room.session)["score_check"]

    assert isinstance(told, dict)
    assert {"flag": flag, "value": seen, "by": "JN-1", "conspicuous": True, "reason": "各自独立判断，予以保留"} in told[
        "findings"
    ]
    assert [(row["item"], row["before"], row["points"]) for row in told["corrections"]] == [
        ("T1", 600, 1200), ("T2", 600, 1200), ("S1", 850, 900),
    ]  # fmt: skip


def test_after_the_aggregation_nothing_changes() -> None:
    room = checking()
    correct(room, "JN-5", 900)
    for flag in flags(room):
        acknowledge(room, flag)
    room.tally()
    assert waiting(room) == set()
    room.enter(Stage.AGGREGATED)

    with pytest.raises(WrongStageError, match="kind-not-in-stage"):
        correct(room, "JN-5", 800)
