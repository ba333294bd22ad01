"""The preliminary review: marks, locks, conclusions, and who still blocks its stages."""

import json
from pathlib import Path

import pytest

from evaluation_room.report.data import report_data
from evaluation_room.review import review_report
from evaluation_room.review.outcome import RejectionState
from evaluation_room.review.table import Mark, Table
from evaluation_room.stages import PRELIMINARY, Stage
from records import ids
from records.canonical import Value
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import (
    FAILED_REASON,
    ONE_CITY,
    fill,
    lock,
    mark,
    reject,
    reviewed,
    standing,
    vote_all,
    walked,
    work,
)
from tests.unit.evaluation_room.rooms import Body, Venue, play

MAJORITY = ONE_CITY[:3]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"bidder": "B1", "item": "F1", "passed": False}, "fail-without-reason"),
        ({"bidder": "B1", "item": "F1", "passed": False, "reason": "  "}, "fail-without-reason"),
        ({"bidder": "B1", "item": "F1"}, "missing-field"),
        ({"bidder": "B1", "item": "F1", "passed": "yes"}, "wrong-type"),
        ({"bidder": "B9", "item": "F1", "passed": True}, "unknown-cell"),
        ({"bidder": "B1", "item": "X1", "passed": True}, "unknown-cell"),
        ({"bidder": "B1", "item": "Q1", "passed": True}, "review-item-stage"),
        ({"bidder": "B1", "item": "F1", "abstained": True}, "missing-field"),
    ],
)
def test_a_mark_that_is_wrong_is_refused_with_its_code(body: Body, code: str) -> None:
    host = walked(Stage.PRELIM_FORM)
    assert refusal(lambda: host.write("seat:JN-1", "review-marked", body)) == code


def test_a_table_with_items_missing_is_not_locked() -> None:
    host = walked(Stage.PRELIM_FORM)
    mark(host, "JN-1", "B1", "F1", passed=True)
    assert refusal(lambda: lock(host, "JN-1")) == "unreviewed-cells"


def test_a_lock_names_the_very_table() -> None:
    host = walked(Stage.PRELIM_FORM)
    fill(host, "JN-1")
    wrong: dict[str, Value] = {"stage": "PRELIM_FORM", "table_digest": ids.digest(b"other")}
    assert refusal(lambda: host.write("seat:JN-1", "review-locked", wrong)) == "review-digest"


def test_a_lock_is_of_the_present_stage() -> None:
    host = walked(Stage.PRELIM_FORM)
    body: dict[str, Value] = {"stage": "PRELIM_QUAL", "table_digest": ids.digest(b"")}
    assert refusal(lambda: host.write("seat:JN-1", "review-locked", body)) == "review-item-stage"


def test_a_mark_is_written_again_until_the_lock_and_never_after() -> None:
    host = walked(Stage.PRELIM_FORM)
    fill(host, "JN-1")
    mark(host, "JN-1", "B2", "F1", passed=False)
    mark(host, "JN-1", "B2", "F1", passed=True)
    lock(host, "JN-1")
    assert refusal(lambda: mark(host, "JN-1", "B2", "F1", passed=False)) == "review-locked"
    assert refusal(lambda: lock(host, "JN-1")) == "review-locked"


def test_a_room_without_a_review_has_none() -> None:
    host = Venue.opened()
    play([host, host.neighbour("XA")], Stage.DETAILED)
    motion: dict[str, Value] = {"number": 1, "bidder": "B1", "ground": "F51-7", "evidence": "证据"}
    assert refusal(lambda: host.write("seat:JN-1", "rejection-raised", motion)) == "review-not-defined"


def test_a_stage_waits_for_every_member_and_names_who() -> None:
    host = walked(Stage.PRELIM_FORM)
    for seat in ONE_CITY[:4]:
        fill(host, seat)
        lock(host, seat)
    assert [(one.who, one.what) for one in host.session.waiting_for()] == [("JN-5", "review-not-locked")]


def test_reading_waits_for_every_member() -> None:
    host = walked(Stage.READING)
    host.write("seat:JN-2", "reading-finished", {})
    waiting = [(one.who, one.what) for one in host.session.waiting_for()]
    assert waiting == [(seat, "reading-not-finished") for seat in ONE_CITY if seat != "JN-2"]


def test_there_is_no_conclusion_before_all_have_locked() -> None:
    host = walked(Stage.PRELIM_FORM)
    for seat in ONE_CITY[:4]:
        fill(host, seat, {("B1", "F1"): ONE_CITY})
        lock(host, seat)
    assert standing(host).conclusions(Stage.PRELIM_FORM) == ()
    assert standing(host).rejections == ()


@pytest.mark.parametrize(("fails", "passed"), [(0, True), (1, True), (2, True), (3, False), (4, False), (5, False)])
def test_the_conclusion_is_unanimous_or_the_majority(fails: int, *, passed: bool) -> None:
    host = walked(Stage.PRELIM_FORM)
    work(host, {("B1", "F1"): ONE_CITY[:fails]})
    first = standing(host).conclusions(Stage.PRELIM_FORM)[0]
    assert (first.passed, first.unanimous, len(first.failing)) == (passed, fails in {0, 5}, fails)


def test_a_failing_conclusion_moves_a_rejection_by_its_ground() -> None:
    host = walked(Stage.PRELIM_FORM)
    work(host, {("B2", "F1"): MAJORITY, ("B2", "F2"): ONE_CITY})
    (motion,) = standing(host).rejections
    assert (motion.id, motion.bidder, motion.ground, motion.by) == ("PRELIM_FORM.B2.F51-1", "B2", "F51-1", "")
    assert motion.evidence.splitlines() == [f"评审项{name}（第三章 2.1）：{FAILED_REASON}" for name in ("F1", "F2")]
    assert motion.state is RejectionState.RAISED
    vote_all(host)
    assert standing(host).valid == ("B1", "B3", "B4")


def test_the_review_is_done_when_every_motion_is_decided() -> None:
    host = walked(Stage.PRELIM_DONE)
    reject_open = reject(host, "B1", against=3)
    assert host.session.waiting_for() == ()
    motion = standing(host).rejection(reject_open)
    assert motion is not None
    assert motion.state is RejectionState.DISMISSED
    assert standing(host).valid == ("B1", "B2", "B3", "B4")


def test_a_rejected_bidder_is_neither_marked_nor_ranked_nor_a_candidate() -> None:
    host = walked(Stage.DETAILED, fails={("B2", "Q1"): ONE_CITY})
    assert {bidder for bidder, _ in host.session.state.cells} == {"B1", "B3", "B4"}
    assert refusal(lambda: host.score("JN-1", "B2", "T1", 700)) == "bidder-rejected"
    play([host], Stage.SIGNING)
    data = report_data(host.session)
    assert "B2" not in host.session.state.tally().ranking
    assert [row["bidder"] for row in _rows(data["scores"])] == ["B1", "B3", "B4"]
    assert [row["bidder"] for row in _rows(data["rejections"])] == ["B2"]
    assert data["valid"] == ["B1", "B3", "B4"]


def test_a_later_rejection_is_counted_in_the_frozen_base_price() -> None:
    host = walked(Stage.DETAILED)
    reject(host, "B4", ground="F51-7")
    play([host], Stage.AGGREGATED)
    tally = host.session.state.tally()
    assert "B4" not in tally.ranking
    assert {row["bidder"] for row in _rows(tally.benchmark["trace"])} == {"B1", "B2", "B3", "B4"}
    earlier = walked(Stage.PRELIM_DONE)
    reject(earlier, "B4")
    earlier.enter(Stage.DETAILED)
    play([earlier], Stage.AGGREGATED)
    assert {row["bidder"] for row in _rows(earlier.session.state.tally().benchmark["trace"])} == {"B1", "B2", "B3"}


def test_all_rejected_leaves_the_host_the_way_to_reject_all() -> None:
    fails = {(f"B{number}", "F1"): ONE_CITY for number in range(1, 5)}
    host = walked(Stage.PRELIM_DONE, fails=fails)
    assert [one.what for one in host.session.waiting_for()] == ["no-valid-bidder"]
    host.enter(Stage.REJECT_ALL, reason="全部投标被否决")
    assert host.session.stage is Stage.REJECT_ALL


def test_all_rejected_in_the_detailed_review_ends_the_same_way() -> None:
    host = walked(Stage.DETAILED)
    for number in range(1, 5):
        reject(host, f"B{number}")
    assert "no-valid-bidder" in {one.what for one in host.session.waiting_for()}
    host.enter(Stage.REJECT_ALL, reason="全部投标被否决")
    assert host.session.stage is Stage.REJECT_ALL


@pytest.mark.parametrize("bidders", [1, 2])
def test_fewer_than_three_bids_are_no_evaluation(bidders: int) -> None:
    assert refusal(lambda: Venue.opened(reviewed(bidders=bidders, seats=ONE_CITY))) == "too-few-bidders"


def test_a_rollback_to_the_review_begins_it_anew() -> None:
    host = walked(Stage.PRELIM_DONE, fails={("B2", "Q1"): ONE_CITY})
    host.go_back(Stage.PRELIM_QUAL)
    for seat in ONE_CITY:
        host.acknowledge(seat)
    assert standing(host).conclusions(Stage.PRELIM_QUAL) == ()
    assert standing(host).valid == ("B1", "B2", "B3", "B4")
    work(host)
    assert standing(host).rejections == ()
    assert len(standing(host).conclusions(Stage.PRELIM_FORM)) == 8


def test_what_is_told_of_conclusions_names_no_seat() -> None:
    host = walked(Stage.PRELIM_DONE, fails={("B2", "Q1"): ONE_CITY})
    told = review_report.reported(standing(host))
    assert not [seat for seat in ONE_CITY if seat in str(told)]
    assert len(_rows(told["conclusions"])) == 4 * 4
    assert [stage for stage in PRELIMINARY if not standing(host).all_locked(stage)] == []


def _rows(value: Value) -> list[Body]:
    assert isinstance(value, list)
    return [one for one in value if isinstance(one, dict)]


def test_the_digest_of_a_table_is_the_golden_one() -> None:
    golden = json.loads((Path(__file__).parents[3] / "vectors" / "review.json").read_text("utf-8"))
    stage = Stage(golden["stage"])
    table = Table(seat=ids.parse_seat("JN-1"), stage=stage)
    for one in reversed(golden["marks"]):
        table = table.write(Mark(**{"reason": "", **one}, stage=stage))
    assert table.digest == golden["table_digest"]
