"""The published vectors of price scores, aggregation and ranking."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation_room.methods.aggregate import kept
from evaluation_room.methods.arithmetic import mean, whole
from evaluation_room.methods.document import Method
from evaluation_room.methods.price import price_scores
from evaluation_room.methods.ranking import BidMerit, parallel, rank
from evaluation_room.scoring.sheets import Cell, Sheet
from evaluation_room.scoring.tally import tally
from evaluation_room.tender.definition import Definition
from records.errors import InvalidRecordError, WrongStageError
from records.ids import SeatId

VECTORS = Path(__file__).parents[3] / "vectors"
Vector = dict[str, Any]  # JSON written by hand, checked by comparing


def load(name: str, part: str = "vectors") -> list[Vector]:
    found: list[Vector] = json.loads((VECTORS / name).read_text())[part]
    return found


@pytest.mark.parametrize("vector", load("price.json"), ids=lambda vector: vector["name"])
def test_price_scores_are_exact_to_the_hundredth(vector: Vector) -> None:
    rest = 10000 - vector["rule"]["weight"]
    sections = [{"id": "technical", "weight": rest, "aggregate": "mean"}]
    method = Method.read({"name": "comprehensive", "version": 1, "sections": sections, "price": vector["rule"]})
    assert method.price is not None
    found = price_scores(method.price, vector["prices"])
    assert found.base.price == vector["base_fen"]
    assert list(found.base.counted) == vector["counted"]
    assert found.offsets == vector["offsets"]
    assert found.points == vector["points"]


def combine(aggregate: str, scores: list[int]) -> int:
    """One score out of the experts' scores, hundredths, rounded half up at the end."""
    return whole(mean(kept(aggregate, scores, trim_above=4)))


@pytest.mark.parametrize("vector", load("aggregation.json"), ids=lambda vector: vector["name"])
@pytest.mark.parametrize("aggregate", ["mean", "trimmed", "median"])
def test_experts_scores_combine_exactly(vector: Vector, aggregate: str) -> None:
    assert combine(aggregate, vector["scores"]) == vector[aggregate]


@pytest.mark.parametrize("vector", load("total.json", "rankings"), ids=lambda vector: vector["name"])
def test_ties_are_broken_by_price_then_by_the_first_section(vector: Vector) -> None:
    standings = [
        BidMerit(bidder=one["bidder"], merit=(-one["total"], one["price_fen"], -one["first_section"]))
        for one in vector["standings"]
    ]
    assert list(rank(standings)) == vector["ranking"]
    assert [list(group) for group in parallel(standings)] == vector["parallel"]


def definition_of(vector: Vector) -> Definition:
    count = len(next(iter(vector["technical"].values())))
    names = {"name_zh": "济南", "name_en": "Jinan", "city_zh": "济南", "city_en": "Jinan"}
    centre = {"code": "JN", **names, "entry_key": "key"}
    item: Vector = {"name_zh": "项", "name_en": "item", "minimum": 0, "step": 50}
    return Definition.read(
        {
            "project": "E3701000076012345001",
            "title": "示例",
            "title_en": "sample",
            "tenderer": "示例",
            "host": centre,
            "guests": [],
            "stages": [
                "PREPARED",
                "CHECK_IN",
                "BRIEFING",
                "DETAILED",
                "PRICE",
                "AGGREGATED",
                "REPORT_DRAFT",
                "SIGNING",
                "SEALED",
                "CLOSED",
            ],
            "method": vector["method"],
            "control_price_fen": 2000000,
            "bidders": [
                {"id": bidder, "name": bidder, "uscc": "-", "price_fen": price, "duration_days": 1, "documents": []}
                for bidder, price in vector["prices"].items()
            ],
            "items": [
                {"id": "T1", "section": "technical", "maximum": 4000, **item},
                {"id": "S1", "section": "business", "maximum": 1000, **item},
            ],
            "seats": [{"id": f"JN-{seat + 1}", "centre": "JN"} for seat in range(count)],
            "opened_at": "2026-11-23T01:00:00.000Z",
        },
    )


def sheets_of(vector: Vector, definition: Definition) -> list[Sheet]:
    sheets = []
    for number, seat in enumerate(definition.seats):
        sheet = Sheet(seat=seat.id)
        for item, section in (("T1", "technical"), ("S1", "business")):
            for bidder, points in vector[section].items():
                sheet = sheet.write(Cell(bidder=bidder, item=item, points=points[number]))
        sheets.append(sheet.lock(sheet.digest, definition.cells, definition))
    return sheets


@pytest.mark.parametrize("vector", load("total.json", "totals"), ids=lambda vector: vector["name"])
def test_a_whole_result_is_exact(vector: Vector) -> None:
    definition = definition_of(vector)
    result = tally(definition, sheets_of(vector, definition))
    assert result.price is not None
    assert result.price.base.price == vector["base_fen"]
    assert [score.value for score in result.scores] == vector["scores"]
    assert list(result.ranking) == vector["ranking"]


@pytest.mark.parametrize("vector", load("total.json", "totals"), ids=lambda vector: vector["name"])
def test_the_order_of_the_sheets_does_not_change_the_digest(vector: Vector) -> None:
    definition = definition_of(vector)
    sheets = sheets_of(vector, definition)
    assert tally(definition, sheets).digest == tally(definition, reversed(sheets)).digest


def test_an_open_sheet_is_not_tallied() -> None:
    definition = definition_of(load("total.json", "totals")[0])
    with pytest.raises(WrongStageError) as refused:
        tally(definition, [Sheet(seat=seat.id) for seat in definition.seats])
    assert refused.value.code == "sheet-not-locked"


def test_a_missing_sheet_is_not_tallied_around() -> None:
    vector = load("total.json", "totals")[0]
    definition = definition_of(vector)
    with pytest.raises(InvalidRecordError) as refused:
        tally(definition, sheets_of(vector, definition)[1:])
    assert refused.value.code == "sheets-of-other-seats"


def test_an_unknown_aggregate_and_an_empty_list_are_refused() -> None:
    with pytest.raises(InvalidRecordError) as aggregate:
        combine("mode", [1])
    with pytest.raises(InvalidRecordError) as nothing:
        combine("mean", [])
    assert (aggregate.value.code, nothing.value.code) == ("unknown-aggregate", "no-scores")


def test_an_abstention_leaves_the_experts_section_out_of_the_mean() -> None:
    vector = load("total.json", "totals")[0]
    definition = definition_of(vector)
    sheets = sheets_of(vector, definition)
    first = Sheet(seat=SeatId("JN-1"))
    for cell in sheets[0].cells.values():
        first = first.write(cell)
    first = first.write(Cell(bidder="C", item="T1", points=None, reason="曾参与该方案咨询"))
    result = tally(definition, [first.lock(first.digest, definition.cells, definition), *sheets[1:]])
    # six are left: 3500 3700 2800 3650 3550 3400, trimmed to 3500 3650 3550 3400
    assert result.scores[2].sections == {"technical": 3525, "business": 700}


def test_a_section_from_which_all_abstained_has_no_score() -> None:
    vector = load("total.json", "totals")[0]
    definition = definition_of(vector)
    abstaining = []
    for sheet in sheets_of(vector, definition):
        again = Sheet(seat=sheet.seat, cells=sheet.cells).write(
            Cell(bidder="A", item="S1", points=None, reason="资料缺页"),
        )
        abstaining.append(again.lock(again.digest, definition.cells, definition))
    with pytest.raises(WrongStageError) as refused:
        tally(definition, abstaining)
    assert refused.value.code == "section-without-scores"
