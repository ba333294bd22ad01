"""Arithmetic corrections: words over figures, unit price over total, confirmed in writing, counted with a trace."""

from decimal import Decimal

import pytest

from evaluation_room.review.amounts import read_words, write_words
from evaluation_room.review.corrections import Step, correct, correct_line
from evaluation_room.review.outcome import RejectionState
from evaluation_room.stages import Stage
from records.canonical import Value
from records.errors import InvalidRecordError
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import ONE_CITY, reviewed, standing, vote_all, walked, work
from tests.unit.evaluation_room.rooms import Body, Venue, play

WORDS = [
    ("壹佰万元整", 100000000),
    ("玖佰柒拾肆万叁仟贰佰贰拾元整", 974322000),
    ("人民币壹仟零伍万零叁元零伍分", 1005000305),
    ("叁亿零壹拾元整", 30000001000),
    ("贰万亿零叁元", 200000000000300),
    ("伍角整", 50),
    ("壹元零叁分", 103),
    ("壹佰圆正", 10000),
    ("拾伍元整", 1500),
    ("零元整", 0),
    ("捌仟万元整", 8000000000),
]
NO_SUM = [
    "",
    "壹",
    "元",
    "壹佰佰元",
    "壹佰仟元",
    "一百元",
    "壹零零元",
    "壹元贰",
    "佰元整",
    "壹万万元",
    "壹仟零元",
    "100元",
]


@pytest.mark.parametrize(("text", "fen"), WORDS)
def test_a_sum_in_words_is_read(text: str, fen: int) -> None:
    assert read_words(text) == fen


@pytest.mark.parametrize("text", NO_SUM)
def test_what_is_no_sum_is_refused(text: str) -> None:
    assert refusal(lambda: read_words(text), InvalidRecordError) == "amount-in-words"


def test_a_sum_is_written_as_a_bank_writes_it() -> None:
    written = [write_words(fen) for fen in (100000000, 1005000305, 30000001000, 103, 150, 0)]
    assert written == [
        "壹佰万元整", "壹仟零伍万零叁元零伍分", "叁亿零壹拾元整", "壹元零叁分", "壹元伍角整", "零元整",
    ]  # fmt: skip


def test_the_words_count_over_the_figures() -> None:
    found = correct("B1", 90000000, words="玖拾壹万元整")
    assert (found.corrected, found.steps) == (
        91000000,
        (Step(rule="WORDS", line="", stated=90000000, counted=91000000),),
    )


@pytest.mark.parametrize(
    ("unit", "quantity", "total", "slipped", "rule", "counted"),
    [
        (1250, "10", 12000, False, "UNIT-PRICE", 12500),
        (333, "1.5", 500, False, "UNIT-PRICE", 500),
        (125000, "10", 12500, True, "DECIMAL-POINT", 12500),
        (12, "10", 12000, True, "DECIMAL-POINT", 12000),
    ],
)
def test_the_unit_price_counts_unless_its_decimal_point_is_wrong(
    unit: int, quantity: str, total: int, rule: str, counted: int, *, slipped: bool
) -> None:
    if (unit, quantity) == (333, "1.5"):  # half up: 499.5 fen are 500, which agrees
        assert refusal(lambda: correct_line("钢筋", unit, Decimal(quantity), total)) == "nothing-to-correct"
        return
    step = correct_line("钢筋", unit, Decimal(quantity), total, slipped=slipped)
    assert (step.rule, step.stated, step.counted) == (rule, total, counted)


def test_rows_move_the_price_by_what_they_move() -> None:
    lines = [correct_line("钢筋", 1250, Decimal(10), 12000), correct_line("砂石", 100, Decimal(3), 400)]
    assert correct("B1", 1000000, lines=lines).corrected == 1000000 + 500 - 100


def record(host: Venue, **body: Value) -> None:
    host.write("centre:JN", "correction-recorded", body)


def answer(host: Venue, bidder: str = "B1", *, confirmed: bool) -> None:
    body: Body = {"bidder": bidder, "confirmed": confirmed, "text": "我方已知悉"}
    host.write("centre:JN", "correction-answered", body)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"bidder": "B1"}, "nothing-to-correct"),
        ({"bidder": "B1", "words": "捌佰柒拾万元整"}, "nothing-to-correct"),
        ({"bidder": "B1", "words": "八百万"}, "amount-in-words"),
        ({"bidder": "B1", "words": "零元整"}, "price-not-positive"),
        ({"bidder": "B9", "words": "壹元整"}, "unknown-bidder"),
        ({"bidder": "B1", "lines": [{"name": "钢筋", "unit_fen": 5, "quantity": "x", "total_fen": 1}]}, "wrong-type"),
        ({"bidder": "B1", "lines": [{"name": "钢筋", "unit_fen": 5, "quantity": "0", "total_fen": 1}]}, "out-of-range"),
        (
            {
                "bidder": "B1",
                "lines": [{"name": "钢筋", "unit_fen": 7, "quantity": "3", "total_fen": 1, "decimal_point": True}],
            },
            "decimal-point-not-wrong",
        ),
    ],
)
def test_what_is_no_correction_is_refused(body: Body, code: str) -> None:
    host = walked(Stage.READING)
    assert refusal(lambda: host.write("centre:JN", "correction-recorded", body)) == code


def test_an_answer_needs_its_correction_and_comes_once() -> None:
    host = walked(Stage.READING)
    assert refusal(lambda: answer(host, confirmed=True)) == "correction-missing"
    record(host, bidder="B1", words="捌佰捌拾万元整")
    answer(host, confirmed=True)
    assert refusal(lambda: answer(host, confirmed=False)) == "correction-answered"
    assert refusal(lambda: record(host, bidder="B1", words="玖佰万元整")) == "correction-answered"


def test_the_review_waits_for_the_bidders_word() -> None:
    host = walked(Stage.PRELIM_DONE)
    record(host, bidder="B1", words="捌佰捌拾万元整")
    assert [(one.who, one.what) for one in host.session.waiting_for()] == [("centre JN", "correction-not-confirmed")]
    answer(host, confirmed=True)
    assert host.session.waiting_for() == ()


def test_a_confirmed_price_is_what_is_compared_with_its_trace() -> None:
    host = walked(Stage.PRELIM_DONE)
    record(host, bidder="B1", words="捌佰捌拾万元整")
    answer(host, confirmed=True)
    host.enter(Stage.DETAILED)
    play([host], Stage.AGGREGATED)
    tally = host.session.state.tally()
    trace = tally.benchmark["trace"]
    assert isinstance(trace, list)
    assert {(row["bidder"], row["price_fen"], row.get("corrected_fen")) for row in trace if isinstance(row, dict)} == {
        ("B1", 870000000, 880000000), ("B2", 880000000, None), ("B3", 890000000, None), ("B4", 900000000, None),
    }  # fmt: skip
    assert tally.price is not None
    assert tally.price.points["B1"] == tally.price.points["B2"]
    assert [step.rule for step in tally.result.steps if step.figure == "price.B1.evaluated"] == ["CORRECTION"]


def test_who_does_not_confirm_is_moved_to_be_rejected() -> None:
    host = walked(Stage.PRELIM_DONE)
    record(host, bidder="B1", words="捌佰捌拾万元整")
    answer(host, confirmed=False)
    (motion,) = standing(host).rejections
    assert (motion.id, motion.ground, motion.state) == ("correction.B1", "F51-6", RejectionState.RAISED)
    vote_all(host)
    assert standing(host).valid == ("B2", "B3", "B4")


def test_a_corrected_price_over_the_control_price_must_be_rejected() -> None:
    host = walked(Stage.READING, reviewed(seats=ONE_CITY))
    record(host, bidder="B1", words="玖佰捌拾万元整")
    answer(host, confirmed=True)
    assert [one.id for one in standing(host).rejections] == ["ceiling.B1"]
    work(host)
    host.enter(Stage.PRELIM_FORM)
    vote_all(host)
    assert standing(host).valid == ("B2", "B3", "B4")
