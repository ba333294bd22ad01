"""R17: the reference price (标底) is a reference alone; no bid is rejected by it (招标投标法实施条例50条)."""

import pytest

from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Definition
from evaluation_room.tender.review_items import LAWFUL_GROUNDS
from records.canonical import Value
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import ONE_CITY, review, reviewed, walked

BY_REFERENCE: dict[str, Value] = {
    "code": "T-1",
    "name_zh": "投标报价超出标底上下浮动范围",
    "name_en": "Price outside the range of the reference price",
    "clause": "第二章 3.2",
}


def test_no_ground_of_law_is_the_reference_price() -> None:
    assert [name for name in LAWFUL_GROUNDS.values() if "标底" in name] == []


def test_a_tender_file_may_not_make_it_one() -> None:
    defined = reviewed(seats=ONE_CITY, review=review(grounds=[BY_REFERENCE]))
    assert refusal(lambda: Definition.read(defined)) == "ground-by-reference-price"


@pytest.mark.parametrize("ground", ["BASE", "T-1", "标底"])
def test_a_member_cannot_move_it(ground: str) -> None:
    host = walked(Stage.PRELIM_FORM)
    motion: dict[str, Value] = {"number": 1, "bidder": "B1", "ground": ground, "evidence": "低于标底下限"}
    assert refusal(lambda: host.write("seat:JN-1", "rejection-raised", motion)) == "unknown-ground"


def test_a_price_far_below_all_others_stays_in_by_itself() -> None:
    defined = reviewed(seats=ONE_CITY)
    bidders = defined["bidders"]
    assert isinstance(bidders, list)
    bidders[0]["price_fen"] = 1
    assert walked(Stage.DETAILED, defined).session.state.review.valid == ("B1", "B2", "B3", "B4")
