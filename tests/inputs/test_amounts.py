"""Sums in words as bids write them, and deductions with a cap as tenders state them."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation_room.anomalies import observations
from evaluation_room.methods import factor
from evaluation_room.methods.factor import Factor, FactorKind
from evaluation_room.review.amounts import read_words
from evaluation_room.tender.definition import Definition
from records.canonical import Value
from records.errors import InvalidRecordError
from records.strict_fields import Reader
from signing.report import report_view
from tests.unit.evaluation_room.methods import evaluations
from tests.unit.evaluation_room.methods.evaluations import by_price
from tests.unit.evaluation_room.rooms import definition
from tests.unit.json_schema import faults

ROOT = Path(__file__).parents[2]

DEDUCTION: dict[str, Value] = {"id": "T1", "section": "technical", "maximum": 1000, "step": 50, "kind": "deduct"}
CAPPED = {**DEDUCTION, "cap": 300}


@pytest.mark.parametrize(
    "written",
    [
        "人民币（大写）壹仟元整",
        "人民币(大写)：壹仟元整",
        "（大写）人民币：壹仟元整",
        "大写：壹仟元整",
        "大写金额：人民币壹仟圆正",
        "人民币壹仟圓整",
        "人民币 壹仟 圆 整",
        "rmb壹仟元整",
        "￥壹仟元",
        "壹仟元整\u3000",
    ],
)
def test_a_thousand_yuan_is_read_however_it_is_introduced(written: str) -> None:
    assert read_words(written) == 100000


@pytest.mark.parametrize(("written", "fen"), [("叄佰○伍圓貳角正", 30520), ("陸萬兩仟圓整", 6200000)])
def test_the_older_forms_of_the_numerals_are_read(written: str, fen: int) -> None:
    assert read_words(written) == fen


@pytest.mark.parametrize("written", ["人民币（大写）", "大写：", "人民币", "壹仟人民币元整", "（大写壹仟元整"])
def test_an_introduction_alone_is_no_sum(written: str) -> None:
    with pytest.raises(InvalidRecordError, match="amount-in-words"):
        read_words(written)


# --- a deduction with a cap ------------------------------------------------------------------------------------------


def test_a_deduction_with_a_cap_leaves_what_the_cap_leaves() -> None:
    item = factor.read(CAPPED)

    assert (item.minimum, item.maximum, item.cap) == (700, 1000, 300)
    assert [item.fault(mark) for mark in (1000, 950, 700, 650)] == ["", "", "", "score-out-of-range"]


@pytest.mark.parametrize(
    "changed",
    [{"minimum": 0}, {"minimum": 650}, {"kind": "accumulate"}, {"kind": "pass"}, {"maximum": 200}],
    ids=["no-minimum", "another-minimum", "marked-up", "pass-or-fail", "more-than-there-is"],
)
def test_a_cap_that_says_something_else_than_the_item_is_refused(changed: dict[str, Value]) -> None:
    with pytest.raises(InvalidRecordError, match="item-cap"):
        factor.read({**CAPPED, **changed})


@pytest.mark.parametrize("cap", [0, -1, 10001, "300"])
def test_a_cap_is_a_number_of_hundredths(cap: Value) -> None:
    with pytest.raises(InvalidRecordError, match=r"out-of-range|wrong-type"):
        factor.read({**CAPPED, "cap": cap})


def test_a_definition_keeps_the_cap_of_an_item() -> None:
    defined = json.loads(json.dumps(definition()))
    defined["items"][0] |= {"kind": "deduct", "cap": 1000, "minimum": 1500}

    item = Definition.read(defined).item("T1")

    assert isinstance(item, Factor)
    assert (item.kind, item.cap, item.minimum) == (FactorKind.DEDUCT, 1000, 1500)


def with_cap(mark: int) -> Any:  # Any: JSON
    """An evaluation file with one item, a deduction of two points at most; one mark is as given."""
    value = by_price({"A": 100, "B": 110, "C": 120})
    value["items"] = [{**DEDUCTION, "maximum": 4000, "cap": 200}]
    value["sheets"] = [
        {"expert": f"E{number}", "marks": {bidder: {"T1": 4000} for bidder in "ABC"}} for number in range(1, 6)
    ]
    value["sheets"][0]["marks"]["A"]["T1"] = mark
    return value


@pytest.mark.parametrize(("mark", "code"), [(4000, ""), (3800, ""), (3750, "score-out-of-range")])
def test_a_file_is_evaluated_with_its_cap(mark: int, code: str) -> None:
    assert evaluations.code(with_cap(mark)) == code


def test_the_schema_knows_the_cap() -> None:
    schema = json.loads((ROOT / "docs" / "evaluation.schema.json").read_text("utf-8"))

    assert list(faults(with_cap(3800), schema)) == []
    assert list(faults({**with_cap(3800), "items": [{**CAPPED, "cap": "300"}]}, schema)) != []


def test_an_indicator_file_takes_the_minimum_from_the_cap() -> None:
    below, at = (observations.of_session(with_cap(mark)).found for mark in (3750, 3800))

    assert [one.indicator for one in below if one.subject.get("item") == "T1"] == ["A10"]  # 分值越界
    assert [one.indicator for one in at if one.subject.get("item") == "T1"] == []


def test_the_report_says_the_cap() -> None:
    assert report_view._marking(Reader("item", {**CAPPED, "minimum": 700})) == "扣分制，最多扣 3.00，步长 0.50"
