"""R24: three candidates at most, in their order (条例53条)."""

import pytest

from evaluation_room.methods.document import Method
from evaluation_room.stages import Stage
from records.errors import InvalidRecordError
from tests.unit.evaluation_room.rooms import definition, one_city

SEATS = [f"JN-{number}" for number in range(1, 6)]


def test_of_five_bidders_the_first_three_are_candidates() -> None:
    tally = one_city(Stage.AGGREGATED, definition(seats=SEATS, bidders=5)).session.state.tally()

    assert len(tally.ranking) == 5
    assert tally.candidates == tally.ranking[:3]


def test_no_method_names_more() -> None:
    with pytest.raises(InvalidRecordError, match="out-of-range"):
        Method.read({"name": "lowest-evaluated", "version": 2, "candidates": 4})
