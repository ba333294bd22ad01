"""`tongping indicators`: sessions as JSON, bids and sheets as CSV, samples, exit codes, wrong files."""

import json
import runpy
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from evaluation_room.anomalies import conduct, prices, scores, sheets
from evaluation_room.anomalies.indicator import Limit
from node.cli import cli
from node.evaluation.indicator_file import NOTICE
from records.errors import TongpingError
from tests.unit.evaluation_room.methods.evaluations import comprehensive
from tests.unit.json_schema import faults

ROOT = Path(__file__).parents[4]
SESSION = ROOT / "samples" / "indicators" / "session.json"
SKATING = ROOT / "samples" / "panel" / "worlds-2017.csv"
OBSERVATIONS = json.loads((ROOT / "docs" / "observations.schema.json").read_text("utf-8"))
MAPPED = "expert=judge,bidder=performance,points=total,group=competition+program"
Json = Any
"""Any: JSON as the parser gives it."""


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(cli.app, ["indicators", str(path), *options])


def json_output(path: Path, *options: str) -> Json:
    return json.loads(run(path, "--json", *options).stdout)


def written(folder: Path, text: Json, name: str = "file.json") -> Path:
    path = folder / name
    path.write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
    return path


def test_the_sample_session_shows_what_was_put_into_it() -> None:
    findings = json_output(SESSION)["findings"]

    assert {one["indicator"] for one in findings} == {
        "A01", "A02", "A03", "A04", "A05", "A06", "A09", "A11", "A12", "A17", "A28", "A29", "A30",
    }  # fmt: skip
    assert all(one["clue_only"] and one["reference"] and one["name_zh"] for one in findings)
    assert {one["subject"].get("expert") for one in findings if one["indicator"] in {"A01", "A02", "A04", "A05"}} == {
        "E4"
    }
    order = ["BLOCK", "RED", "ORANGE", "YELLOW"]
    assert [one["severity"] for one in findings] == sorted((one["severity"] for one in findings), key=order.index)


def test_samples_and_answers_fit_the_schema() -> None:
    assert list(faults(json.loads(SESSION.read_text("utf-8")), OBSERVATIONS)) == []
    for answer in (json_output(SESSION), json_output(SKATING, "--columns", MAPPED)):
        assert list(faults(answer, OBSERVATIONS["$defs"]["result"], top=OBSERVATIONS)) == []


def test_people_read_that_clues_are_no_verdicts() -> None:
    assert run(SESSION).stdout.rstrip().endswith(NOTICE)


def test_only_what_blocks_ends_with_one(tmp_path: Path) -> None:
    session = json.loads(SESSION.read_text("utf-8"))
    for sheet in session["sheets"]:
        for row in sheet["marks"].values():
            row["S1"] = 500

    assert run(SESSION).exit_code == 1
    assert run(written(tmp_path, session)).exit_code == 0


@pytest.mark.parametrize("path", sorted((ROOT / "samples" / "methods").glob("*.json")), ids=lambda path: path.stem)
def test_every_evaluation_file_can_be_looked_through(path: Path) -> None:
    assert run(path).exit_code == 0
    assert list(faults(json.loads(path.read_text("utf-8")), OBSERVATIONS)) == []


def test_who_is_pivotal_is_said_by_the_method_of_the_file(tmp_path: Path) -> None:
    """By the mean of marks B would be first with E4 and without; by the method the price decides with E4's marks."""
    file = comprehensive()
    for sheet in file["sheets"]:
        sheet["marks"] = {one: {"technical": 2000, "business": 500} for one in "ABC"}
    file["sheets"][3]["marks"]["A"]["technical"] = 4000
    file["method"]["sections"][0]["aggregate"] = "mean"
    first = json_output(written(tmp_path, file))["findings"]

    assert [one["evidence"] for one in first if one["indicator"] == "A05"] == [{"first": "A", "first without": "C"}]


def test_a_wrong_mark_is_a_finding_here_and_no_refusal(tmp_path: Path) -> None:
    session = json.loads(SESSION.read_text("utf-8"))
    session["sheets"][0]["marks"]["B1"]["T1"] = 10050

    assert ("A10", "out of range 100.50") in {
        (one["indicator"], one["value"]) for one in json_output(written(tmp_path, session))["findings"]
    }


def test_thresholds_can_be_set(tmp_path: Path) -> None:
    session = json.loads(SESSION.read_text("utf-8")) | {"thresholds": {"signing_seconds": "10"}}

    assert "A30" not in {one["indicator"] for one in json_output(written(tmp_path, session))["findings"]}


# --- real marks -----------------------------------------------------------------------------------------------------


def test_real_judges_lift_their_own_countrys_skaters() -> None:
    """Two programs of one championship; the whole data: docs/indicators.md."""
    found = json_output(SKATING, "--columns", MAPPED)

    assert found["summary"] == {
        "panels": "2",
        "marks": "549",
        "experts": "18",
        "home marks": "20",
        "mean deviation at home": "4.096",
        "mean deviation elsewhere": "-0.155",
        "home preference": "4.250",
    }
    assert {one["indicator"] for one in found["findings"]} == {"A06"}
    assert len(found["findings"]) == 4


def test_the_real_marks_name_their_source_and_licence() -> None:
    notice = (SKATING.parent / "README.md").read_text("utf-8")
    assert "BuzzFeedNews/2018-02-figure-skating-analysis" in notice
    assert "CC BY 4.0" in notice


# --- CSV ------------------------------------------------------------------------------------------------------------


def test_bids_of_several_tenders_are_looked_at_one_by_one() -> None:
    found = json_output(ROOT / "samples" / "indicators" / "bids.csv", "--columns", "group=tender")

    assert {one["subject"]["tender"] for one in found["findings"]} == {"示例一标段"}
    assert found["screens"]["示例二标段"] == {
        "bids": 5, "cv": "0.020873", "spread": "0.055363", "diffp": "0.009045", "rd": "0.459986", "skew": "0.816692",
        "kurtosis": "0.497941",
    }  # fmt: skip


def test_the_full_mark_of_sheets_can_be_stated() -> None:
    assert json_output(SKATING, "--columns", MAPPED, "--full-mark", "1000")["findings"] == []


@pytest.mark.parametrize(
    ("name", "text", "options", "code"),
    [
        ("a.csv", "", (), "empty-field"),
        ("a.csv", "bidder,price\n", (), "empty-field"),
        ("a.csv", "bidder,cost\nA,1\n", (), "columns-missing"),
        ("a.csv", "bidder,price\nA,one\n", (), "wrong-type"),
        ("a.csv", "bidder,price\nA,0\n", (), "price-not-positive"),
        ("a.csv", "bidder,price\nA,-1\n", (), "price-not-positive"),
        ("a.csv", "bidder,price\nA,1\nA,2\n", (), "named-twice"),
        ("a.csv", 'bidder,price\n"A,1\n', (), "malformed-csv"),
        ("a.csv", "bidder,price\nA\n", (), "wrong-type"),
        ("a.csv", "bidder,price\nA,1\n", ("--columns", "colour=red"), "unknown-field"),
        ("a.csv", "expert,bidder,points\nE,A,1\n", ("--full-mark", "much"), "wrong-type"),
        ("a.json", "{", (), "malformed-json"),
        ("a.json", {"colour": 1}, (), "unknown-field"),
        ("a.json", {"bidders": [{"id": "A", "price_fen": 0}]}, (), "out-of-range"),
        ("a.json", {"thresholds": {"deviation_red": "x"}}, (), "wrong-type"),
        ("a.json", {"thresholds": {"colour": "1"}}, (), "unknown-field"),
        ("a.json", {"thresholds": {"favour": "-1"}}, (), "out-of-range"),
        ("a.json", {"terminals": [{"seat": "JN-1", "event": "fire"}]}, (), "unknown-value"),
    ],
)
def test_a_wrong_file_is_refused_with_its_code(
    tmp_path: Path, name: str, text: Json, options: tuple[str, ...], code: str
) -> None:
    refused = run(written(tmp_path, text, name), *options)

    assert isinstance(refused.exception, TongpingError)
    assert (refused.exception.code, refused.stdout) == (code, "")


def test_a_file_with_nothing_in_it_shows_nothing(tmp_path: Path) -> None:
    assert run(written(tmp_path, {})).stdout == f"nothing found\n\n{NOTICE}\n"


# --- the document ---------------------------------------------------------------------------------------------------


def test_the_page_of_the_indicators_is_up_to_date() -> None:
    text = (ROOT / "docs" / "indicators.md").read_text("utf-8")

    assert runpy.run_path(str(ROOT / "docs" / "indicators.py"))["page"](text) == text


def test_every_threshold_that_a_rule_uses_is_declared_with_its_indicator() -> None:
    """A limit that no indicator names could not be set in a file."""
    for module in (scores, sheets, conduct, prices):
        made = {one for one in vars(module).values() if isinstance(one, Limit)}
        assert made == {limit for one in module.INDICATORS for limit in one.limits}


def test_the_schema_refuses_what_is_no_observation() -> None:
    session = json.loads(SESSION.read_text("utf-8"))
    for change in ({"colour": 1}, {"signatures": [{"seat": "JN-1"}]}, {"terminals": [{"seat": "J", "event": "fire"}]}):
        assert list(faults(deepcopy(session) | change, OBSERVATIONS)) != []
