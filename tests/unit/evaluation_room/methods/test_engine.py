"""What a method makes of ordinary and of odd cases, and that every figure of its trace can be followed."""

from fractions import Fraction

import pytest

from evaluation_room.methods.benchmark import base_price
from evaluation_room.methods.pricing import read_price
from evaluation_room.methods.result import Outcome, Result
from evaluation_room.methods.rules import RULES
from tests.unit.evaluation_room.methods.evaluations import (
    File,
    by_price,
    code,
    comprehensive,
    figures,
    lowest,
    result,
)

LARGEST = 2**53 - 1


def points(found: Result) -> dict[str, int]:
    return {score.bidder: score.price for score in found.scores}


def procurement(**method: object) -> File:
    file = comprehensive()
    file["method"] = {
        "name": "low-price-first",
        "version": 2,
        "kind": "goods",
        "sections": file["method"]["sections"],
        "price": {"weight": 5000},
        **method,
    }
    return file


# --- the trace ------------------------------------------------------------------------------------------------------


def nine() -> File:
    """Nine members, three bidders and a fourth over the ceiling whose marks count for nothing."""
    file = by_price({"A": 100, "B": 90, "C": 95, "D": 999}, control_price_fen=120)
    file["method"] |= {"nine_members": 9, "low_price": {"share": 9700, "leave_out_of_base": True}}
    file["method"]["sections"][0] |= {"aggregate": "trimmed-by-factor", "full_mark": 10000}
    marks = {"A": 8000, "B": 7000, "C": 6000, "D": 6500}
    file["sheets"] = [
        {"expert": f"E{n}", "marks": {one: {"technical": mark + 100 * n} for one, mark in marks.items()}}
        for n in range(9)
    ]
    file["sheets"][4]["marks"]["B"]["technical"] = 9999
    file["sheets"][5]["marks"]["D"]["technical"] = 0
    return file


def test_a_bid_that_is_out_does_not_decide_which_of_nine_members_is_left_out() -> None:
    assert figures(result(nine()))["left-out.technical"] == "E4"


def test_an_explained_low_price_is_noted_as_explained() -> None:
    file = nine()
    file["bidders"][1]["explained"] = True
    assert [(one.bidder, one.threshold, one.written) for one in result(file).remarks] == [("B", "95", True)]


@pytest.mark.parametrize(
    "file",
    [
        comprehensive(),
        nine(),
        procurement(deduction=1000),
        lowest({"A": 100, "B": 90, "C": 95}),
        by_price({"A": 100, "B": 90, "C": 95}, {"weight": 6000, "variant": "B2", "e1": 2, "e2": 1, "offset_places": 4}),
    ],
    ids=["comprehensive", "nine", "low-price-first", "lowest-evaluated", "B2"],
)
def test_every_input_that_was_computed_is_an_earlier_figure_with_the_same_value(file: File) -> None:
    found: dict[str, str] = {}
    for step in result(file).steps:
        assert {name: found.get(name, value) for name, value in step.inputs.items()} == step.inputs
        assert step.rule in RULES
        assert step.source
        assert step.figure not in found
        found[step.figure] = step.value


def test_the_trace_leads_from_the_sheets_to_the_places() -> None:
    steps = {step.figure: step for step in result(comprehensive()).steps}
    assert dict(steps["place.C"].inputs) == {"total.C": "92.06"}
    assert dict(steps["total.C"].inputs) == {
        "section.technical.C": "35.40",
        "section.business.C": "7.00",
        "price.C.score": "49.66",
    }
    technical = steps["section.technical.C"]
    assert (technical.rule, technical.rounded) == ("AGG2", "0.01")
    assert technical.inputs["expert.E4.technical.C"] == "28.00"
    assert technical.note == "counted: 34.00 35.00 35.50 36.00 36.50"
    assert steps["expert.E4.technical.C"].inputs == {"sheet.E4.C.technical": "28.00"}


# --- ties -----------------------------------------------------------------------------------------------------------


def test_equal_everything_is_named_and_not_decided() -> None:
    found = result(by_price({"A": 100, "B": 100, "C": 100}))
    assert found.parallel == (("A", "B", "C"),)
    assert found.places == {"A": 1, "B": 1, "C": 1}
    assert points(found) == {"A": 6000, "B": 6000, "C": 6000}


def test_equals_go_by_the_lot_that_was_drawn_where_the_method_says_lot() -> None:
    file = by_price({"A": 100, "B": 100, "C": 100}, drawn={"order": ["C", "A", "B"]})
    file["method"]["lot"] = True
    found = result(file)
    assert (found.ranking, found.parallel) == (("C", "A", "B"), ())


def test_a_lot_means_nothing_where_the_method_does_not_ask_for_one() -> None:
    found = result(by_price({"A": 100, "B": 100, "C": 100}, drawn={"order": ["C", "A", "B"]}))
    assert (found.ranking, found.parallel) == (("A", "B", "C"), (("A", "B", "C"),))


def tied(**method: object) -> File:
    """B is cheaper, A has the higher technical score, the totals are equal."""
    file = by_price({"A": 110, "B": 90, "C": 100}, {"weight": 6000, "variant": "B1", "e1": 100, "e2": 100})
    for sheet in file["sheets"]:
        sheet["marks"] = {"A": {"technical": 4000}, "B": {"technical": 4000}, "C": {"technical": 1000}}
    file["method"].update(method)
    return file


def test_of_equal_totals_the_lower_price_goes_first() -> None:
    found = result(tied())
    assert found.scores[0].total == found.scores[1].total
    assert found.ranking == ("B", "A", "C")


def test_in_procurement_equal_totals_and_prices_stand_side_by_side_whatever_the_technical_score() -> None:
    file = procurement(ties=["price"])
    for bidder in file["bidders"]:
        bidder["price_fen"] = 1000000
    for sheet in file["sheets"]:
        sheet["marks"] = {
            "A": {"technical": 3000, "business": 500},
            "B": {"technical": 2900, "business": 600},
            "C": {"technical": 2000, "business": 500},
        }
    assert result(file).parallel == (("A", "B"),)


def test_a_small_firm_is_compared_by_its_real_price_when_totals_tie() -> None:
    file = procurement(deduction=1000)
    file["bidders"] = [
        {"id": "A", "price_fen": 900000},
        {"id": "B", "price_fen": 1000000, "small": True},
        {"id": "C", "price_fen": 2000000},
    ]
    for sheet in file["sheets"]:
        sheet["marks"] = {one: {"technical": 3000, "business": 500} for one in "ABC"}
    found = result(file)
    assert points(found) == {"A": 5000, "B": 5000, "C": 2250}
    assert found.ranking == ("A", "B", "C")


# --- who is out, and too few ----------------------------------------------------------------------------------------


def test_all_rejected_leaves_nothing_to_rank() -> None:
    file = by_price({"A": 100, "B": 90, "C": 95})
    for bidder in file["bidders"]:
        bidder["rejected"] = {"ground": "F51-6"}
    found = result(file)
    assert (found.outcome, found.ranking, found.candidates) == (Outcome.ALL_REJECTED, (), ())
    assert [one.ground for one in found.excluded] == ["F51-6"] * 3


def test_one_bidder_means_a_new_tender() -> None:
    found = result(by_price({"A": 100}))
    assert (found.outcome, found.ranking) == (Outcome.RETENDER, ())


def test_one_bidder_alone_is_ranked_where_the_method_allows_it() -> None:
    file = by_price({"A": 100})
    file["method"]["fewest"] = 1
    assert (result(file).ranking, points(result(file))) == (("A",), {"A": 6000})


def test_fewer_than_three_valid_bids_wait_for_the_committee() -> None:
    file = by_price({"A": 100, "B": 90, "C": 95})
    file["bidders"][0]["rejected"] = {"ground": "F51-3"}
    found = result(file)
    assert (found.outcome, found.candidates) == (Outcome.COMPETITION_OPEN, ())
    resolved = result({**file, "competitive": True})
    assert (resolved.outcome, resolved.candidates) == (Outcome.RANKED, resolved.ranking)


def test_in_procurement_fewer_than_three_valid_bids_fail_whatever_the_committee_thinks() -> None:
    file = procurement()
    file["bidders"][0]["rejected"] = {"ground": "F51-3"}
    found = result({**file, "competitive": True})
    assert (found.outcome, found.scores) == (Outcome.FAILED, ())


def test_a_price_over_the_ceiling_is_not_ranked_and_not_in_the_base() -> None:
    found = result(by_price({"A": 100, "B": 90, "C": 95, "D": 1000}, control_price_fen=110))
    assert [(one.bidder, one.ground, one.rule) for one in found.excluded] == [("D", "F51-5", "CEILING")]
    assert found.price is not None
    assert (found.price.base.price, found.ranking) == (95, ("C", "B", "A"))


@pytest.mark.parametrize(("freeze", "base"), [(True, 105), (False, 100)])
def test_a_later_rejection_changes_the_base_only_where_it_is_not_frozen(freeze: bool, base: int) -> None:  # noqa: FBT001 - a parameter
    rule = {"weight": 6000, "variant": "B1", "e1": 200, "e2": 100, "freeze_base": freeze}
    file = by_price({"A": 100, "B": 90, "C": 110, "D": 120}, rule)
    file["bidders"][3]["rejected"] = {"ground": "F51-7", "later": True}
    found = result(file)
    assert found.price is not None
    assert found.price.base.price == base
    assert "D" not in found.ranking


def test_an_early_rejection_never_counts_in_the_base() -> None:
    file = by_price({"A": 100, "B": 90, "C": 110, "D": 120})
    file["bidders"][3]["rejected"] = {"ground": "F51-7"}
    assert figures(result(file))["price.base"] == "100"


def test_a_low_price_is_to_be_explained_and_never_rejected() -> None:
    file = by_price({"A": 100, "B": 101, "C": 99, "D": 50})
    file["method"]["low_price"] = {"share": 8500}
    found = result(file)
    assert [(one.rule, one.bidder, one.value, one.threshold) for one in found.remarks] == [("LOW", "D", "50", "85")]
    assert "D" in found.ranking
    assert figures(found)["price.base"] == "88"


def test_a_low_price_is_left_out_of_the_base_where_the_method_says_so() -> None:
    file = by_price({"A": 100, "B": 101, "C": 99, "D": 50})
    file["method"]["low_price"] = {"share": 8500, "leave_out_of_base": True}
    assert figures(result(file))["price.base"] == "100"


def test_a_low_price_may_be_measured_by_the_ceiling() -> None:
    file = by_price({"A": 100, "B": 101, "C": 99, "D": 80}, control_price_fen=120)
    file["method"]["low_price"] = {"share": 7000, "against": "ceiling"}
    assert [(one.bidder, one.threshold) for one in result(file).remarks] == [("D", "84")]


# --- other quotes and other methods ---------------------------------------------------------------------------------


def test_reductions_are_compared_as_rates() -> None:
    file = by_price({"A": 1, "B": 1, "C": 1})
    file["method"]["quote"] = "reduction-rate"
    file["bidders"] = [{"id": "A", "rate": 500}, {"id": "B", "rate": 1000}, {"id": "C", "rate": 1500}]
    found = result(file)
    assert found.evaluated == {"A": 9500, "B": 9000, "C": 8500}
    assert figures(found)["price.base"] == "9000"
    # A lies 5.5556 % above, two points for each; C as much below, one for each
    assert points(found) == {"A": 4889, "B": 6000, "C": 5444}


def test_too_small_a_reduction_is_over_the_ceiling() -> None:
    file = by_price({"A": 1, "B": 1, "C": 1, "D": 1}, control_rate=600)
    file["method"]["quote"] = "reduction-rate"
    file["bidders"] = [{"id": one, "rate": rate} for one, rate in zip("ABCD", (500, 1000, 1500, 600), strict=True)]
    assert [one.bidder for one in result(file).excluded] == ["A"]


def test_the_lowest_evaluated_price_goes_first() -> None:
    file = lowest({"A": 1000, "B": 950, "C": 990}, adjustments=["payment", "delivery"])
    file["bidders"][1]["adjustments"] = {"payment": 100}
    file["bidders"][0]["adjustments"] = {"delivery": -20}
    file["bidders"][0]["corrected_fen"] = 1005
    found = result(file)
    assert found.evaluated == {"A": 985, "B": 1050, "C": 990}
    assert found.ranking == ("A", "C", "B")
    assert found.scores == ()


def test_an_adjustment_that_the_method_does_not_know_is_refused() -> None:
    file = lowest({"A": 1000, "B": 950, "C": 990})
    file["bidders"][1]["adjustments"] = {"payment": 100}
    assert code(file) == "unknown-field"


def test_adjustments_below_zero_are_refused() -> None:
    file = lowest({"A": 1000, "B": 950, "C": 990}, adjustments=["payment"])
    file["bidders"][1]["adjustments"] = {"payment": -950}
    assert code(file) == "price-not-positive"


def test_a_credit_score_counts_by_its_weight() -> None:
    file = comprehensive()
    file["method"]["price"]["weight"] = 4500
    file["method"]["credit"] = {"weight": 500}
    for bidder, credit in zip(file["bidders"], (9200, 8000, 7777), strict=True):
        bidder["credit"] = credit
    found = result(file)
    assert [score.credit for score in found.scores] == [460, 400, 389]
    assert found.scores[0].total == 3400 + 850 + 460 + found.scores[0].price
    del file["bidders"][0]["credit"]
    assert code(file) == "credit-missing"


def test_marks_out_of_a_hundred_count_by_their_weight() -> None:
    file = by_price({"A": 100, "B": 90, "C": 95})
    file["method"]["sections"][0]["full_mark"] = 10000
    for sheet in file["sheets"]:
        sheet["marks"] = {one: {"technical": mark} for one, mark in (("A", 8765), ("B", 9000), ("C", 10000))}
    assert [score.sections["technical"] for score in result(file).scores] == [3506, 3600, 4000]


def test_candidates_without_an_order_are_named_by_id() -> None:
    file = comprehensive()
    file["method"] |= {"ranked": False, "candidates": 2}
    assert result(file).candidates == ("A", "C")


def test_floor_and_deviation_are_noted_with_whether_they_were_explained() -> None:
    file = by_price({"A": 100, "B": 90, "C": 95})
    file["method"] |= {"floor": {"share": 6000}, "deviation": {"share": 3000, "from": "mean-of-others"}}
    file["sheets"][3]["marks"]["A"] = {"technical": 2000}
    file["sheets"][3]["reasons"] = {"A": {"technical": "施工方案缺少关键工序"}}
    assert [one.as_value for one in result(file).remarks] == [
        {"rule": "FLOOR", "bidder": "A", "expert": "E4", "item": "technical", "value": "20.00", "threshold": "24.00",
         "written": True},
        {"rule": "DEVIATION", "bidder": "A", "expert": "E4", "item": "technical", "value": "-50.00 %",
         "threshold": "30.00 %", "written": True},
    ]  # fmt: skip


# --- large prices ---------------------------------------------------------------------------------------------------


def test_prices_near_the_largest_integer_are_exact() -> None:
    found = result(by_price({"A": LARGEST, "B": LARGEST - 2, "C": LARGEST - 4}))
    assert found.price is not None
    assert found.price.base.price == LARGEST - 2
    assert points(found) == {"A": 6000, "B": 6000, "C": 6000}


def test_the_geometric_mean_of_the_largest_prices_is_exact() -> None:
    rule = read_price({"weight": 1, "variant": "B6", "e1": 0, "e2": 0}, full_mark=10000)
    assert base_price(rule, {str(n): LARGEST for n in range(40)}).price == LARGEST
    assert base_price(rule, {"A": LARGEST, "B": LARGEST - 2}).price == LARGEST - 1


def test_a_price_beyond_the_largest_integer_is_refused() -> None:
    assert code(by_price({"A": LARGEST + 1, "B": 1, "C": 1})) == "price-too-large"


def test_by_lot_means_by_the_digest_of_locked_sheets_and_can_be_stated() -> None:
    marks = {"A": {"technical": 3000}, "B": {"technical": 2000}, "C": {"technical": 2500}}
    file = by_price({"A": 100, "B": 90, "C": 95}, {"weight": 6000, "variant": "B1", "e1": 0, "e2": 0})
    file["method"]["sections"][0]["aggregate"] = "trimmed-by-factor"
    file["method"]["nine_members"] = 9
    file["sheets"] = [{"expert": f"E{n}", "marks": marks} for n in range(9)]
    drawn = figures(result(file))["left-out.technical"]
    file["sheets"].reverse()
    assert figures(result(file))["left-out.technical"] == drawn
    assert figures(result({**file, "drawn": {"left_out": "E7"}}))["left-out.technical"] == "E7"
    assert Fraction(figures(result(file))["section.technical.A"]) == 30
