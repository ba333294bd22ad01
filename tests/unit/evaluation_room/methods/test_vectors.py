"""Every worked vector of the methods, exact to the hundredth of a point and to the fen."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from evaluation_room.methods.aggregate import deviation
from evaluation_room.methods.arithmetic import decimal_text, rounded
from evaluation_room.methods.case import Drawn
from evaluation_room.methods.price import price_scores
from evaluation_room.methods.pricing import read_price
from tests.unit.evaluation_room.methods.evaluations import comprehensive, figures, result

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[3] / "vectors" / "methods.json").read_text("utf-8"))
"""Any: JSON written by hand, checked by comparing."""
Vector = dict[str, Any]


def named(vector: Vector) -> str:
    return str(vector["name"])


@pytest.mark.parametrize("vector", VECTORS["prices"], ids=named)
def test_every_base_variant_is_exact(vector: Vector) -> None:
    rule = read_price(vector["rule"], full_mark=10000)
    found = price_scores(rule, vector["prices"], ceiling=vector.get("ceiling"), drawn=Drawn(**vector.get("drawn", {})))
    assert found.base.price == vector["base"]
    assert found.points == vector.get("points", found.points)


@pytest.mark.parametrize("vector", VECTORS["low_price_first"], ids=named)
def test_lowest_price_first_and_the_deduction_for_small_firms(vector: Vector) -> None:
    rest = 10000 - vector["weight"]
    file = {
        "method": {
            "name": "low-price-first",
            "version": 2,
            "kind": "goods",
            "sections": [{"id": "technical", "weight": rest, "aggregate": "mean"}],
            "price": {"weight": vector["weight"]},
            **({"deduction": vector["deduction"]} if vector["deduction"] else {}),
        },
        "bidders": [
            {"id": bidder, "price_fen": fen, "small": bidder in vector["small"]}
            for bidder, fen in vector["prices"].items()
        ],
        "sheets": [
            {"expert": f"E{n}", "marks": {bidder: {"technical": rest} for bidder in vector["prices"]}} for n in range(5)
        ],
    }
    found = result(file)
    assert found.price is not None
    assert found.price.base.price == vector["base"]
    assert found.price.points == vector["points"]


def test_of_nine_members_the_widest_is_left_out_then_every_factor_is_trimmed() -> None:
    vector = VECTORS["nine"]
    file = {
        "method": {
            "name": "comprehensive",
            "version": 2,
            "nine_members": 9,
            "sections": [{"id": "technical", "weight": 9900, "aggregate": "trimmed-by-factor", "factor_places": 3}],
            "price": {"weight": 100, "variant": "B1", "e1": 0, "e2": 0},
        },
        "bidders": [{"id": bidder, "price_fen": 100} for bidder in ("A", "B", "C")],
        "sheets": [
            {"expert": expert, "marks": {one: {"technical": mark} for one, mark in zip("ABC", row, strict=True)}}
            for expert, row in vector["totals"].items()
        ],
    }
    found = figures(result(file))
    assert found["left-out.technical"] == vector["left_out"]
    assert [found[f"factor.technical.{bidder}"] for bidder in "ABC"] == vector["factors"]
    assert [found[f"section.technical.{bidder}"] for bidder in "ABC"] == ["81.67", "71.67", "63.33"]


def test_the_deviation_rule_has_two_readings() -> None:
    vector = VECTORS["deviation"]
    for others, expected, flagged in (
        (False, vector["mean_of_all"], vector["flagged_from_all"]),
        (True, vector["mean_of_others"], vector["flagged_from_others"]),
    ):
        away = [deviation(vector["scores"], place, from_others=others) for place in range(5)]
        assert [decimal_text(one * 100, 2) for one in away] == expected
        assert [place for place, one in enumerate(away) if abs(one) > Fraction(30, 100)] == flagged


@pytest.mark.parametrize("vector", VECTORS["rounding"], ids=lambda vector: str(vector["points"]))
def test_halves_go_away_from_zero(vector: Vector) -> None:
    assert f"{rounded(Fraction(vector['hundred_thousandths'], 100000), 2):f}" == vector["points"]


def test_a_float_would_have_said_otherwise() -> None:
    assert f"{round(2.675, 2)}" == "2.67"
    assert f"{rounded(Fraction('2.675'), 2):f}" == "2.68"


def test_the_whole_result_is_exact_in_version_2_too() -> None:
    found = result(comprehensive())
    assert found.price is not None
    assert found.price.base.price == 976667
    assert [score.value for score in found.scores] == [
        {"bidder": "A", "technical": 3400, "business": 850, "price": 4761, "total": 9011},
        {"bidder": "B", "technical": 3100, "business": 900, "price": 4863, "total": 8863},
        {"bidder": "C", "technical": 3540, "business": 700, "price": 4966, "total": 9206},
    ]
    assert found.ranking == ("C", "A", "B")
