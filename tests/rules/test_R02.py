"""R02: two thirds of the members or more are experts (招标投标法37条)."""

import pytest

from evaluation_room.tender.committee_size import faults


@pytest.mark.parametrize(
    ("experts", "others", "found"),
    [(5, 0, ()), (4, 1, ()), (3, 2, ("too-few-experts",)), (5, 2, ()), (4, 3, ("too-few-experts",)), (6, 3, ())],
)
def test_a_third_of_the_members_at_most_are_the_tenderers(experts: int, others: int, found: tuple[str, ...]) -> None:
    assert faults(["expert"] * experts + ["tenderer"] * others, minimum=5) == found
