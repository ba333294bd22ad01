"""Every worked vector of the indicators, and the trap of small samples that they are built around."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation_room.anomalies import scores
from evaluation_room.anomalies.catalogue import find_all
from evaluation_room.anomalies.finding import Severity
from evaluation_room.anomalies.indicator import Thresholds
from evaluation_room.anomalies.panel import Panel
from evaluation_room.anomalies.prices import Offers, differences, ratios, regularity
from evaluation_room.anomalies.screens import cv, screens
from evaluation_room.anomalies.statistics import (
    correlation,
    kurtosis,
    population_deviation,
    ranks,
    root,
    sample_deviation,
    share_as_large,
    skewness,
)
from evaluation_room.methods.arithmetic import decimal_text, mean

VECTORS: Any = json.loads((Path(__file__).parents[3] / "vectors" / "anomalies.json").read_text("utf-8"))
"""Any: JSON written by hand, checked by comparing."""
GIVEN = VECTORS["panel"]
PANEL = Panel(
    totals={(expert, bidder): mark for expert, row in GIVEN["totals"].items() for bidder, mark in row.items()},
    full=GIVEN["full"],
)
LIMITS = Thresholds()


def largest_z(count: int) -> Fraction:
    """The largest possible population z among `count` values: √(count−1).

    With five experts it is 2.000: a rule "|z| > 2" can never fire. That is why no indicator here uses z.
    """
    return root(count - 1)


def largest_sample_z(count: int) -> Fraction:
    """The same with the sample deviation: (count−1)/√count."""
    return (count - 1) / root(count)


def column(bidder: str) -> list[int]:
    return [GIVEN["totals"][expert][bidder] for expert in PANEL.experts]


def z(bidder: str) -> Fraction:
    """E4's plain z of the textbooks."""
    marks = column(bidder)
    mark: int = GIVEN["totals"]["E4"][bidder]
    return (mark - mean(marks)) / population_deviation(marks)


# --- the panel of five experts and four bidders ---------------------------------------------------------------------


def test_the_mean_hides_and_the_plain_z_never_passes_two() -> None:
    assert decimal_text(mean(column("B1")), 1) == GIVEN["mean_B1"]
    assert {one: decimal_text(z(one), 3) for one in ("B1", "B3")} == GIVEN["population_z_E4"]
    assert abs(z("B1")) < 2


@pytest.mark.parametrize(("floor", "expected"), [(0, "robust_z_E4_unfloored"), (2, "robust_z_E4")])
def test_the_robust_z_sees_it_with_and_without_a_floor(floor: int, expected: str) -> None:
    found = {one: scores.robust_z(GIVEN["totals"]["E4"][one], column(one), floor=floor) for one in ("B1", "B3")}
    assert {one: decimal_text(value or 0, 2) for one, value in found.items()} == GIVEN[expected]


def test_the_deviation_from_the_others_sees_it_too() -> None:
    found = {one: scores.loo_share(PANEL, "E4", one) for one in PANEL.bidders}
    assert {one: decimal_text((value or 0) * 100, 1) for one, value in found.items()} == GIVEN["loo_percent_E4"]


def test_kendalls_w_is_exact() -> None:
    w = scores.kendall(PANEL)
    assert w is not None
    assert decimal_text(w, 3) == GIVEN["kendall_w"]


def test_ranks_are_held_against_medians_because_means_are_drawn_by_the_one_expert() -> None:
    found = {expert: scores.spearman(PANEL, expert) for expert in PANEL.experts}
    assert {one: decimal_text(rho or 0, 2) for one, rho in found.items()} == GIVEN["spearman_loo_median"]
    by_mean = {
        expert: correlation(
            ranks([PANEL.totals[expert, one] for one in PANEL.bidders]),
            ranks([mean(PANEL.others(expert, one)) for one in PANEL.bidders]),
        )
        for expert in PANEL.experts
    }
    assert {one: decimal_text(rho or 0, 2) for one, rho in by_mean.items()} == GIVEN["spearman_loo_mean"]


def test_the_findings_on_the_panel_name_the_fourth_expert_and_nobody_else() -> None:
    found = find_all([PANEL])
    assert {one.subject.get("expert") for one in found} == {"E4"}
    assert {(one.indicator, one.subject.get("bidder", ""), one.severity) for one in found} == {
        ("A01", "B1", Severity.RED),
        ("A01", "B3", Severity.YELLOW),
        ("A02", "", Severity.YELLOW),
        ("A03", "", Severity.YELLOW),
        ("A04", "B3", Severity.ORANGE),
        ("A05", "", Severity.RED),
    }
    pivot = next(one for one in found if one.indicator == "A05")
    assert pivot.evidence == {"first": "B2 B3", "first without": "B1"}


# --- small samples --------------------------------------------------------------------------------------------------


def test_the_largest_possible_z_is_smaller_than_the_usual_thresholds() -> None:
    told = VECTORS["largest_z"]
    assert {count: decimal_text(largest_z(int(count)), 3) for count in told["population"]} == told["population"]
    assert {count: decimal_text(largest_sample_z(int(count)), 3) for count in told["sample"]} == told["sample"]


@given(marks=st.lists(st.integers(0, 100), min_size=5, max_size=5).filter(lambda marks: len(set(marks)) > 1))
def test_no_five_marks_give_a_z_above_two(marks: list[int]) -> None:
    spread = population_deviation(marks)
    highest = max(abs(mark - mean(marks)) / spread for mark in marks)
    assert highest <= largest_z(5) + Fraction(1, 10**20)


@given(marks=st.lists(st.integers(50, 60), min_size=4, max_size=4), far=st.integers(0, 25))
def test_one_mark_out_of_five_at_less_than_half_is_always_found(marks: list[int], far: int) -> None:
    """What a rule on z can never do."""
    totals = {(f"E{place}", "B1"): mark for place, mark in enumerate([*marks, far])}
    found = list(scores.a01_deviation(Panel(totals=totals, full=100), LIMITS))
    assert ("E4", Severity.RED) in {(one.subject["expert"], one.severity) for one in found}


# --- local bias -----------------------------------------------------------------------------------------------------


def test_local_bias_and_its_exact_p() -> None:
    told = VECTORS["local"]
    home, others = [Fraction(one) for one in told["home"]], [Fraction(one) for one in told["others"]]
    assert mean(home) - mean(others) == Fraction(told["bias"])
    assert share_as_large(home, others) == Fraction(told["p"])


def test_with_three_bidders_no_bias_can_be_significant() -> None:
    """The best p that one home bidder among three can reach is a third."""
    assert share_as_large([100], [0, 0]) == Fraction(1, 3)


def test_too_many_arrangements_are_not_counted() -> None:
    assert share_as_large(list(range(20)), list(range(20))) is None


# --- prices ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS["prices"], ids=lambda vector: str(vector["name"]))
def test_price_patterns_are_found_and_clean_prices_are_not(vector: Any) -> None:
    prices = vector["prices"]
    overall = cv(prices)
    assert overall is not None
    assert decimal_text(overall, 5) == vector["cv"]
    if "cv_of_differences" in vector:
        assert decimal_text(regularity(differences(prices)), 3) == vector["cv_of_differences"]
    if "cv_of_ratios" in vector:
        assert decimal_text(regularity(ratios(prices)), 3) == vector["cv_of_ratios"]
        assert set(ratios(prices)) == {Fraction(102, 100)}
    found = find_all([Offers(bids={f"B{place}": price for place, price in enumerate(prices)})])
    assert sorted({one.indicator for one in found}) == vector["found"]
    assert {one.severity for one in found} <= {Severity.RED}


def test_screens_are_those_of_the_literature() -> None:
    assert screens(VECTORS["screens"]["prices"]).value == VECTORS["screens"]["value"]


@pytest.mark.parametrize("prices", [[], [5], [5, 5], [5, 5, 5], [5, 5, 5, 5]])
def test_screens_that_cannot_be_computed_are_left_out(prices: list[int]) -> None:
    told = screens(prices).value
    assert told["bids"] == len(prices)
    assert set(told) <= {"bids", "cv", "spread", "diffp"}


@given(prices=st.lists(st.integers(1, 10**6), min_size=4, max_size=12).filter(lambda one: len(set(one)) > 1))
def test_screens_do_not_depend_on_order_or_currency(prices: list[int]) -> None:
    other = screens([price * 7 for price in reversed(prices)]).value
    assert other == screens(prices).value


@given(amounts=st.lists(st.integers(-50, 50), min_size=4, max_size=9).filter(lambda one: len(set(one)) > 1))
def test_mirrored_values_have_the_opposite_skew_and_the_same_kurtosis(amounts: list[int]) -> None:
    mirrored = [-amount for amount in amounts]
    skew, other = skewness(amounts), skewness(mirrored)
    assert skew is not None
    assert other == -skew
    assert kurtosis(mirrored) == kurtosis(amounts)
    assert sample_deviation(mirrored) == sample_deviation(amounts)
