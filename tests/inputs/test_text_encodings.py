"""Files as editors and spreadsheets save them: with a byte order mark, in GB 18030, with commas in the figures."""

import codecs
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from chain_gateway.consortium.members import parse_members, write_members
from chain_gateway.verifier.trust import load_trust
from node.chain.consortium import read_members
from node.chain.membership import card, read_card, write_card
from node.cli import cli
from node.config import ConfigError, load
from node.evaluation.json_file import read_json
from node.keys import open_keys
from node.office.catalogue import experts
from node.office.tenders import samples
from node.office.tenders.documents import DocumentStore
from records.errors import InvalidRecordError, TongpingError
from records.ids import CentreCode
from tests.unit.chain_gateway import made_evidence as made
from tests.unit.chain_gateway.consortium.made_members import with_keys
from tests.unit.evaluation_room.methods.evaluations import comprehensive

Json = Any
"""Any: JSON as the parser gives it."""
CONFIG = """
[centre]
code = "JN"
name_zh = "济南公共资源交易中心"
name_en = "Jinan"
city_zh = "济南"
city_en = "Jinan"
[server]
port = 8101
[storage]
database = "jn.sqlite3"
files = "files"
keys = "keys"
"""
EXPERT = {"id": "JN-E1", "name": "张示例", "specialty": "A08 电力工程", "employer": "示例电力设计院"}
BIDS = "bidder,price\n示例甲（集团）,9700000\n示例乙,9800000\n示例丙,9900000\n示例丁,10000000\n"


def with_utf8_mark(text: str) -> bytes:
    return codecs.BOM_UTF8 + text.encode()


def with_utf16_mark(text: str) -> bytes:
    return codecs.BOM_UTF16_LE + text.encode("utf-16-le")


MARKED = pytest.mark.parametrize("marked", [with_utf8_mark, with_utf16_mark])
Marked = Callable[[str], bytes]


def saved(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def json_output(path: Path, *options: str) -> Json:
    answer = CliRunner().invoke(cli.app, ["indicators", str(path), "--json", *options])
    assert answer.exit_code in {0, 1}, answer.exception
    return json.loads(answer.stdout)


def refusal(path: Path) -> TongpingError:
    found = CliRunner().invoke(cli.app, ["indicators", str(path)]).exception
    assert isinstance(found, TongpingError)
    return found


# --- JSON and TOML with a byte order mark -----------------------------------------------------------------------------


@MARKED
def test_a_configuration_with_a_byte_order_mark_is_read(tmp_path: Path, marked: Marked) -> None:
    assert load(saved(tmp_path, "tongping.toml", marked(CONFIG)), {}).centre.city_zh == "济南"


@MARKED
def test_a_members_file_with_a_byte_order_mark_is_read(tmp_path: Path, marked: Marked) -> None:
    assert read_members(saved(tmp_path, "members.toml", marked(write_members(with_keys())))) == with_keys()


@MARKED
def test_an_experts_file_with_a_byte_order_mark_is_read(tmp_path: Path, marked: Marked) -> None:
    path = saved(tmp_path, "experts-jn.json", marked(json.dumps([EXPERT])))

    assert [one.employer for one in experts.read(path).all()] == ["示例电力设计院"]


@MARKED
def test_a_tender_with_a_byte_order_mark_is_read(tmp_path: Path, marked: Marked) -> None:
    shutil.copytree("samples/jinan-lighting", tmp_path / "one")
    path = tmp_path / "one" / "tender.json"
    path.write_bytes(marked(path.read_text("utf-8")))
    store = DocumentStore(tmp_path / "kept")

    found = samples.read(tmp_path, "one", lambda data, name: store.put(data, name=name))

    assert isinstance(found, dict)
    assert found["project"] == "E3701000076012346001"


@MARKED
def test_a_trust_file_with_a_byte_order_mark_is_read(tmp_path: Path, marked: Marked) -> None:
    path = saved(tmp_path, "trust.json", marked(json.dumps(made.trust_value(), ensure_ascii=False)))

    assert load_trust(path) == made.trust()


@MARKED
def test_a_centres_card_with_a_byte_order_mark_is_read(tmp_path: Path, marked: Marked) -> None:
    config = load(saved(tmp_path, "tongping.toml", CONFIG.encode()), {})
    keys = open_keys(tmp_path / "keys", CentreCode("JN"))
    entry = card(config, keys, now=datetime(2026, 11, 30, tzinfo=UTC), validity=timedelta(days=365))

    assert read_card(saved(tmp_path, "card.json", marked(write_card(entry)))) == entry


@MARKED
def test_an_evaluation_file_with_a_byte_order_mark_is_read(tmp_path: Path, marked: Marked) -> None:
    assert read_json(saved(tmp_path, "evaluation.json", marked(json.dumps(comprehensive())))) == comprehensive()


@MARKED
def test_an_indicator_file_with_a_byte_order_mark_is_read(tmp_path: Path, marked: Marked) -> None:
    session = Path("samples/indicators/session.json")

    assert json_output(saved(tmp_path, "session.json", marked(session.read_text("utf-8")))) == json_output(session)


def test_a_file_in_another_coding_is_unreadable_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load(saved(tmp_path, "tongping.toml", CONFIG.encode("gb18030")), {})

    assert (raised.value.code, raised.value.values["reason"]) == ("config-unreadable", "not UTF-8")


# --- what a lax reader takes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[{"id": "JN-E1", "id": "JN-E2", "name": "张", "specialty": "A", "employer": "甲"}]', "named-twice"),
        (json.dumps([EXPERT, EXPERT]), "named-twice"),
        (json.dumps([{**EXPERT, "tyes": []}]), "unknown-field"),
        (json.dumps([{"id": "JN-E1"}]), "missing-field"),
        (json.dumps({"experts": []}), "wrong-type"),
        ("[" * 100_000, "too-deep"),
        ("[" * 70 + "]" * 70, "too-deep"),
        ('[{"practice_years": NaN}]', "malformed-json"),
    ],
)
def test_an_experts_file_is_read_strictly_and_its_fault_is_named(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(InvalidRecordError) as raised:
        experts.read(saved(tmp_path, "experts-jn.json", text.encode()))

    assert raised.value.code == "catalogue-unreadable"
    assert (raised.value.values["file"], raised.value.values.get("fault")) == ("experts-jn.json", fault)


@pytest.mark.parametrize("entrance", ["config", "members"])
def test_a_toml_file_nested_without_end_is_refused_by_name(tmp_path: Path, entrance: str) -> None:
    path = saved(tmp_path, "file.toml", b"a = " + b"[" * 100_000)

    with pytest.raises(InvalidRecordError) as raised:
        load(path, {}) if entrance == "config" else parse_members(path.read_text("utf-8"))

    assert raised.value.code == {"config": "config-unreadable", "members": "members-invalid"}[entrance]


def test_a_tender_with_a_key_twice_is_refused(tmp_path: Path) -> None:
    shutil.copytree("samples/jinan-lighting", tmp_path / "one")
    path = tmp_path / "one" / "tender.json"
    path.write_text(path.read_text("utf-8").replace("{", '{"title": "另一个",', 1), "utf-8")
    store = DocumentStore(tmp_path / "kept")

    with pytest.raises(InvalidRecordError) as raised:
        samples.read(tmp_path, "one", lambda data, name: store.put(data, name=name))

    assert (raised.value.code, raised.value.values["field"]) == ("named-twice", "title")


# --- tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["gb18030", "gbk", "utf-8-sig", "utf-16"])
def test_a_table_is_read_in_whatever_coding_a_spreadsheet_saves_it(tmp_path: Path, coding: str) -> None:
    plain = saved(tmp_path, "plain.csv", BIDS.encode())

    assert json_output(saved(tmp_path, "saved.csv", BIDS.encode(coding))) == json_output(plain)


def test_commas_between_thousands_are_no_fault_where_the_figure_is_in_quotes(tmp_path: Path) -> None:
    quoted = BIDS.replace("9700000", '"9,700,000.00"').replace("10000000", '"１０，０００，０００"')

    found = json_output(saved(tmp_path, "quoted.csv", quoted.encode()))

    assert found == json_output(saved(tmp_path, "plain.csv", BIDS.encode()))


def test_a_figure_with_commas_outside_quotes_is_refused_with_its_line(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.csv", BIDS.replace("9800000", "9,800,000").encode())

    assert (refusal(path).code, refusal(path).values) == ("malformed-csv", {"file": "a.csv", "line": 3})


@pytest.mark.parametrize("figure", ["1,2", "12,34,567", "1,234,56", "1,234.5,6"])
def test_commas_that_separate_no_thousands_are_refused(tmp_path: Path, figure: str) -> None:
    path = saved(tmp_path, "a.csv", BIDS.replace("9700000", f'"{figure}"').encode())

    assert (refusal(path).code, refusal(path).values["field"]) == ("wrong-type", "line 2")


def test_blank_lines_and_rows_of_empty_cells_are_passed_over(tmp_path: Path) -> None:
    gaps = BIDS.replace("\n", "\r\n").replace("示例乙", "\r\n  ,\r\n,\r\n示例乙") + "\r\n,\r\n"

    assert json_output(saved(tmp_path, "gaps.csv", gaps.encode())) == json_output(
        saved(tmp_path, "plain.csv", BIDS.encode())
    )


def test_a_fault_behind_blank_lines_is_named_by_the_line_a_person_sees(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.csv", b"bidder,price\n\n,\nA,one\n")

    assert (refusal(path).code, refusal(path).values["field"]) == ("wrong-type", "line 4")


def test_headings_with_spaces_around_them_are_known(tmp_path: Path) -> None:
    spaced = saved(tmp_path, "spaced.csv", BIDS.replace("bidder,price", "bidder , price").encode())

    assert json_output(spaced) == json_output(saved(tmp_path, "plain.csv", BIDS.encode()))
