"""R01: five members or more, and an odd number of them (招标投标法37条)."""

import pytest

from evaluation_room.tender.committee_size import faults


@pytest.mark.parametrize(
    ("members", "found"),
    [
        (3, ("committee-too-small",)),
        (4, ("committee-too-small", "committee-even")),
        (5, ()),
        (6, ("committee-even",)),
        (7, ()),
    ],
)
def test_the_size_is_five_or_more_and_odd(members: int, found: tuple[str, ...]) -> None:
    assert faults(["expert"] * members, minimum=5) == found
