"""Figures and words of a method, a correction or a table that no reader may compute with are refused before it does."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation_room.methods.document import Method
from evaluation_room.review.corrections import _Line
from node.cli import cli
from node.office.tenders import tender
from records.canonical import Value
from records.errors import InvalidRecordError

SAMPLES = Path(__file__).parents[3] / "samples"
WRONG_WORDS: tuple[Value, ...] = ([], {}, [["B1"]], 7, True)


@pytest.mark.parametrize("variant", WRONG_WORDS)
def test_a_variant_that_is_no_word_is_of_wrong_type(variant: Value) -> None:
    price: dict[str, Value] = {"weight": 40, "variant": variant, "e1": 1, "e2": 1}

    with pytest.raises(InvalidRecordError, match="wrong-type"):
        Method.read({"name": "comprehensive", "version": 1, "sections": [], "price": price})


@pytest.mark.parametrize("stage", [*WRONG_WORDS, "NOWHERE"])
def test_a_stage_that_is_no_word_ends_no_registration(stage: Value) -> None:
    value = json.loads((SAMPLES / "works-benchmark" / "tender.json").read_text(encoding="utf-8"))
    assert "review" in value

    assert tender.parse({**value, "stages": [*value["stages"], stage]}).project == value["project"]


@pytest.mark.parametrize("quantity", ["1e999999999", "1E+999999999", "9" * 20, "NaN", "sNaN", "-Infinity", "1e-99999"])
def test_a_quantity_beyond_all_measure_is_out_of_range(quantity: str) -> None:
    with pytest.raises(InvalidRecordError, match="out-of-range"):
        _Line.read({"name": "钢筋", "unit_fen": 5, "quantity": quantity, "total_fen": 1})


@pytest.mark.parametrize("figure", ["1e999999999", "1e-999999999", "9" * 5000, "1/3", "0x10", "１e９９９９９９９"])
@pytest.mark.parametrize("heading", ["bidder,price", "expert,bidder,points"])
def test_a_figure_of_a_table_that_is_no_decimal_is_named_by_its_line(tmp_path: Path, heading: str, figure: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{heading}\n{'E1,' * heading.count('expert')}A,{figure}\n", encoding="utf-8")

    told = CliRunner().invoke(cli.app, ["indicators", str(path)])

    assert isinstance(told.exception, InvalidRecordError)
    assert (told.exception.code, told.exception.values) == ("wrong-type", {"field": "line 2", "needs": "decimal"})


@pytest.mark.parametrize("command", ["evaluate", "indicators"])
@pytest.mark.parametrize("price", ["1e999999999", "1.5", "9" * 350, "9" * 5000, "[]", '"\\ud800"', "null"])
def test_a_price_that_is_none_is_refused_by_both_commands(tmp_path: Path, command: str, price: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(f'{{"bidders": [{{"id": "A", "price_fen": {price}}}]}}', encoding="utf-8")

    told = CliRunner().invoke(cli.app, [command, str(path)])

    assert isinstance(told.exception, InvalidRecordError)
