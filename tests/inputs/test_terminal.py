"""Names shown in a terminal: a line feed forges no line, an escape reaches no terminal, JSON stays JSON."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from evaluation_room.stages import Stage
from node.cli import cli
from node.evaluation.terminal_table import table
from node.evidence import ranking_recomputed
from node.operations.log_lines import LogLines
from node.terminal import escaped, escaped_lines
from records.errors import InvalidRecordError
from tests.unit.evaluation_room.methods.evaluations import comprehensive
from tests.unit.evaluation_room.rooms import definition, one_city

FORGED = "示例公司\n1      B9 冒名公司  1.00  100.00"
STEERS = {
    "line-feed": ("甲\n乙", "甲\\n乙"),
    "return": ("甲\r乙", "甲\\r乙"),
    "tab": ("甲\t乙", "甲\\t乙"),
    "escape": ("甲\x1b[2J乙", "甲\\u001b[2J乙"),
    "c1-csi": ("甲\x9b31m乙", "甲\\u009b31m乙"),
    "next-line": ("甲\x85乙", "甲\\u0085乙"),
    "bell": ("甲\x07乙", "甲\\u0007乙"),
    "right-to-left": ("甲\u202e乙", "甲\\u202e乙"),
    "isolate": ("甲\u2066乙", "甲\\u2066乙"),
    "line-separator": ("甲\u2028乙", "甲\\u2028乙"),
    "zero-width": ("甲\u200b乙", "甲\\u200b乙"),
    "tag": ("甲\U000e0041乙", "甲\\udb40\\udc41乙"),
    "half-a-character": ("甲\ud800乙", "甲\\ud800乙"),
}


@pytest.mark.parametrize(("text", "shown"), STEERS.values(), ids=list(STEERS))
def test_what_steers_a_terminal_is_shown_and_not_obeyed(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize("text", ["山东甲乙建设（集团）有限公司", "Xi’an · 买买提", "𠮷", "a\\nb", "ئۇيغۇر", ""])
def test_what_can_be_shown_is_shown_as_it_is(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize(("text", "_shown"), STEERS.values(), ids=list(STEERS))
def test_json_says_the_same_when_it_is_escaped(text: str, _shown: str) -> None:
    value = {"name": text, "more": [text]}

    assert json.loads(escaped_lines(json.dumps(value, ensure_ascii=False, indent=2))) == value


def run(folder: Path, command: str, value: Any, *options: str) -> Result:  # Any: JSON
    path = folder / "file.json"
    path.write_text(json.dumps(value), "utf-8")
    return CliRunner().invoke(cli.app, [command, str(path), *options])


def with_name(name: str) -> Any:  # Any: JSON of an evaluation
    value = comprehensive()
    first, *others = value["bidders"]
    return {**value, "bidders": [{**first, "name": name}, *others]}


@pytest.mark.parametrize("name", [FORGED, "甲\x1b]0;owned\x07", "甲\u202e乙", "甲\x9b2J"])
def test_a_name_forges_no_line_of_an_evaluation(tmp_path: Path, name: str) -> None:
    plain, told = (run(tmp_path, "evaluate", with_name(one)).stdout for one in ("示例公司", name))

    assert len(told.splitlines()) == len(plain.splitlines())
    assert escaped(name) in told
    assert name not in told


def test_findings_for_programs_hold_the_name_itself_and_steer_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bids.csv"
    path.write_text("bidder,price,group\nA,100,T\x9b2J\u202e\nB,100.5,T\x9b2J\u202e\nC,101,T\x9b2J\u202e\n", "utf-8")

    told = CliRunner().invoke(cli.app, ["indicators", str(path), "--json"]).stdout

    assert "\x9b" not in told
    assert "\u202e" not in told
    assert list(json.loads(told)["screens"]) == ["T\x9b2J\u202e"]


def test_a_heading_of_a_csv_file_forges_no_finding(tmp_path: Path) -> None:
    path = tmp_path / "bids.csv"
    path.write_text('bidder,price,group\nA,100,"T\x1b[1m\nBLOCK  A99"\nB,100.5,"T\x1b[1m\nBLOCK  A99"\n', "utf-8")

    told = CliRunner().invoke(cli.app, ["indicators", str(path)]).stdout

    assert "\x1b" not in told
    assert not [line for line in told.splitlines() if line.startswith("BLOCK")]


def test_a_table_stays_straight_when_a_cell_is_escaped() -> None:
    assert list(table(["name", "n"], [["a\nb", "1"], ["甲", "2"]], "lr")) == ["name  n", "a\\nb  1", "甲    2"]


def test_an_error_says_on_one_line_what_somebody_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise InvalidRecordError("unknown-field", field="a\n✓ log.inclusion\x1b[0m")

    with pytest.raises(SystemExit):
        cli.run(fail)

    assert capsys.readouterr().err == "tongping: unknown-field: field=a\\n✓ log.inclusion\\u001b[0m\n"


def test_a_trace_of_a_fault_holds_no_escape(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ZeroDivisionError("\x1b[2J\u202e")

    with pytest.raises(SystemExit):
        cli.run(fail)

    told = capsys.readouterr().err
    assert told.endswith("ZeroDivisionError: \\u001b[2J\\u202e\n")


def test_a_librarys_warning_is_one_line_of_json() -> None:
    record = logging.LogRecord("lib", logging.WARNING, "f", 1, 'said "%s"', ("a\n{}\x9b",), None)

    line = LogLines().format(record)

    assert "\n" not in line
    assert "\x9b" not in line
    assert json.loads(line) == {"event": 'said "a\n{}\x9b"', "logger": "lib"}


def test_a_name_in_an_old_bundle_forges_no_line_of_the_recomputed_ranking() -> None:
    defined = json.loads(json.dumps(definition(seats=[f"JN-{number}" for number in range(1, 6)])))
    for one in defined["bidders"]:
        one["name"] = FORGED
    room = one_city(Stage.PRICE, defined)
    room.tally()

    told = list(ranking_recomputed.lines(room.session.state.tally()))

    assert not [line for line in told if "\n" in line]
    assert sum(escaped(FORGED) in line for line in told) == len(defined["bidders"])
