"""`tongping evaluate`: samples, output for people and programs, exit codes, and what is wrong with a file."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from node.cli import cli
from node.evaluation.json_file import read_json
from node.evaluation.terminal_table import table, width
from records.errors import TongpingError
from tests.unit.evaluation_room.methods.evaluations import by_price, comprehensive
from tests.unit.json_schema import faults

ROOT = Path(__file__).parents[4]
SAMPLES = sorted((ROOT / "samples" / "methods").glob("*.json"))
SCHEMA = json.loads((ROOT / "docs" / "evaluation.schema.json").read_text("utf-8"))
Json = Any
"""Any: JSON as the parser gives it."""


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(cli.app, ["evaluate", str(path), *options])


def written(folder: Path, value: Json) -> Path:
    path = folder / "file.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_is_ranked_and_fits_the_schema_before_and_after(path: Path) -> None:
    answer = run(path, "--json")

    assert list(faults(json.loads(path.read_text("utf-8")), SCHEMA)) == []
    assert list(faults(json.loads(answer.stdout), SCHEMA["$defs"]["result"], top=SCHEMA)) == []
    assert (answer.exit_code, json.loads(answer.stdout)["outcome"]) == (0, "ranked")


@pytest.mark.parametrize(
    "change",
    [{"colour": "red"}, {"method": {"name": "comprehensive", "version": 3}}, {"bidders": [{"price_fen": 1}]}],
    ids=["unknown", "method", "bidder"],
)
def test_the_schema_refuses_what_is_no_evaluation(change: Json) -> None:
    assert list(faults({**comprehensive(), **change}, SCHEMA)) != []


def test_the_schema_takes_the_sample_tenders_own_methods() -> None:
    for tender in sorted((ROOT / "samples").glob("*/tender.json")):
        method = json.loads(tender.read_text("utf-8"))["method"]
        assert list(faults(method, SCHEMA["properties"]["method"], top=SCHEMA)) == []


def test_people_read_the_scores_in_columns_and_every_figure_by_rule_and_source(tmp_path: Path) -> None:
    lines = run(written(tmp_path, comprehensive())).stdout.splitlines()

    assert lines[2:6] == [
        "place  bidder  compared by  technical  business  price  total",
        "    1  C          9,800.00      35.40      7.00  49.66  92.06",
        "    2  A         10,000.00      34.00      8.50  47.61  90.11",
        "    3  B          9,500.00      31.00      9.00  48.63  88.63",
    ]
    assert "candidates: C, A, B" in lines
    total = next(line for line in lines if line.startswith("total.C"))
    assert total.split() == [
        "total.C", "92.06", "points", "TOTAL", "section.technical.C", "35.40,", "section.business.C", "7.00,",
        "price.C.score", "49.66",
    ]  # fmt: skip
    assert any(line.startswith("AGG2") and line.endswith("招标文件约定的通行做法") for line in lines)


@pytest.mark.parametrize(
    ("file", "outcome"),
    [
        (by_price({"A": 100}), "retender"),
        (by_price({"A": 100, "B": 90, "C": 95}, control_price_fen=91), "competition-open"),
    ],
    ids=["one-bidder", "two-over-the-ceiling"],
)
def test_where_nothing_can_be_recommended_the_exit_code_is_one(tmp_path: Path, file: Json, outcome: str) -> None:
    path = written(tmp_path, file)

    assert (run(path).exit_code, run(path, "--json").exit_code) == (1, 1)
    assert json.loads(run(path, "--json").stdout)["outcome"] == outcome


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "malformed-json"),
        ('{"method": NaN}', "malformed-json"),
        ("[" * 100000, "too-deep"),
        ("[" * 70 + "]" * 70, "too-deep"),
        ('{"method": {}, "method": {}}', "named-twice"),
        ("[]", "wrong-type"),
        ("{}", "missing-field"),
        (comprehensive(bidders=None), "wrong-type"),
    ],
)
def test_a_file_that_is_no_evaluation_is_refused_with_its_code(tmp_path: Path, text: Json, code: str) -> None:
    refused = run(written(tmp_path, text))

    assert isinstance(refused.exception, TongpingError)
    assert (refused.exception.code, refused.stdout) == (code, "")


def test_a_file_that_is_not_there_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["tongping", "evaluate", str(tmp_path / "nothing.json")])
    with pytest.raises(SystemExit) as ended:
        cli.run(cli.app)

    assert (ended.value.code, capsys.readouterr().err) == (2, "tongping: file-not-found: file=nothing.json\n")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(TongpingError) as refused:
        read_json(tmp_path)
    assert refused.value.code == "file-unreadable"


def test_chinese_characters_take_two_columns() -> None:
    assert [width(text) for text in ("ab", "评标", "é")] == [2, 4, 1]
    assert list(table(["名称", "n"], [["a", "1"], ["济南市", "23"]], "lr")) == [
        "名称     n",
        "a        1",
        "济南市  23",
    ]
