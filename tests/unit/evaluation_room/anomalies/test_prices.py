"""Prices: close together, alike item by item, unbalanced, too low."""

import pytest

from evaluation_room.anomalies.catalogue import read_thresholds
from evaluation_room.anomalies.indicator import Thresholds
from evaluation_room.anomalies.prices import (
    Offers,
    UnitPrices,
    a17_regular,
    a18_clustered,
    a19_alike,
    a23_unbalanced,
    a24_low,
)

LIMITS = Thresholds()


def bids(*prices: int, ceiling: int | None = None) -> Offers:
    return Offers(bids={f"B{place}": price for place, price in enumerate(prices)}, ceiling=ceiling)


def test_three_equal_steps_are_too_few_prices_to_be_regular() -> None:
    assert list(a17_regular(bids(100, 110, 120), LIMITS)) == []


def test_equal_prices_are_clustered_and_not_regular() -> None:
    assert list(a17_regular(bids(100, 100, 100, 100), LIMITS)) == []
    assert len(list(a18_clustered(bids(100, 100, 100, 100), LIMITS))) == 2


def test_three_prices_within_half_a_per_cent_are_a_cluster() -> None:
    (found,) = a18_clustered(bids(10000, 10020, 10050, 13000), LIMITS)
    assert sorted(found.evidence) == ["B0", "B1", "B2"]
    assert list(a18_clustered(bids(10000, 10020, 10051, 13000), LIMITS)) == []


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ([10, 20, 30, 40, 50], [10, 20, 30, 40, 99], 1),  # four of five equal
        ([10, 20, 30, 40, 50], [10, 20, 30, 77, 99], 0),
        ([100, 200, 300, 400], [103, 206, 309, 412], 1),  # all three per cent dearer
        ([100, 200, 300, 400], [103, 190, 309, 450], 0),
        ([10, 20, 30], [10, 20, 30], 0),  # three items say nothing
    ],
)
def test_unit_prices_are_alike_when_equal_or_in_one_ratio(one: list[int], other: list[int], found: int) -> None:
    units = {"A": {str(n): price for n, price in enumerate(one)}, "B": {str(n): price for n, price in enumerate(other)}}
    assert len(list(a19_alike(UnitPrices(units), LIMITS))) == found


def test_a_big_item_far_from_the_mean_under_an_ordinary_total_is_unbalanced() -> None:
    units = {
        **{one: {"earth": 1000, "pipes": 1000, "lamps": 10} for one in ("A", "B", "D", "E")},
        "C": {"earth": 1800, "pipes": 200, "lamps": 30},
    }
    found = list(a23_unbalanced(UnitPrices(units), LIMITS))
    assert [(one.subject["bidder"], one.subject["item"]) for one in found] == [("C", "earth"), ("C", "pipes")]


def test_one_bill_alone_is_unbalanced_against_nothing() -> None:
    assert list(a23_unbalanced(UnitPrices({"A": {"earth": 1}}), LIMITS)) == []


def test_a_price_under_85_per_cent_of_the_others_mean_is_to_be_explained() -> None:
    assert [one.subject["bidder"] for one in a24_low(bids(84, 100, 100), LIMITS)] == ["B0"]
    assert list(a24_low(bids(85, 100, 100), LIMITS)) == []
    assert list(a24_low(bids(1), LIMITS)) == []


def test_a_price_may_be_measured_by_the_ceiling() -> None:
    limits = read_thresholds({"low_price_of_ceiling": "0.7"})
    found = list(a24_low(bids(69, 70, 71, ceiling=100), limits))
    assert [(one.subject["bidder"], one.value) for one in found] == [("B0", "0.690 of ceiling")]
