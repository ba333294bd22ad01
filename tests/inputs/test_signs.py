"""What people's input methods, word processors and telephones put into a text, and what the report makes of it."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, PdfObject

from evaluation_room.session.session import Outcome
from evaluation_room.stages import Stage
from records.canonical import Value
from records.errors import InvalidRecordError
from records.text import glyphs, names
from records.text.glyph_table import RUNS
from signing.report.document import compile_template, draft, shown
from signing.report.fonts import FAMILIES
from tests.unit.evaluation_room.desks import played
from tests.unit.evaluation_room.rooms import SESSION
from tests.unit.signing.material import FONTS, report_data

MOMENT = "2026-11-23T07:12:30.000Z"
SAMPLES = {
    "rare Han": "𠮷野𰻝面㐀",
    "Uyghur": "ئۇيغۇر",
    "Tibetan": "བོད་ཡིག",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
    "Yi": "ꆈꌠꉙ",
    "Hangul": "한국어",
    "emoji": "👍✔⚠",
    "formulas": "𝑄≤½∑√",
    "Vietnamese": "Nguyễn",
}


def drawn(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def fonts_of(pdf: bytes) -> set[str]:
    names = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        fonts = _dictionary(_dictionary(page["/Resources"])["/Font"])
        names |= {str(_dictionary(font)["/BaseFont"]) for font in fonts.values()}
    return {name.partition("+")[2].partition("-")[0] for name in names}


def _dictionary(found: PdfObject) -> DictionaryObject:
    whole = found.get_object()
    assert isinstance(whole, DictionaryObject)
    return whole


def with_reason(reason: str) -> dict[str, Value]:
    """The report of an evaluation in which somebody gave this reason, and the project is named so."""
    data = report_data()
    sheets = data["sheets"]
    assert isinstance(sheets, list)
    first = sheets[0]
    assert isinstance(first, dict)
    return {**data, "sheets": [{**first, "reason": reason}, *sheets[1:]], "title": f"工程{reason}"}


def test_a_reason_that_cannot_be_printed_is_refused_where_it_is_written(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    cell: dict[str, Value] = {"bidder": "B1", "item": "T1", "points": 650, "reason": "施工\uf0b7方案"}

    with pytest.raises(InvalidRecordError) as caught:
        host.desk.take(host.entry("JN-1", "score-entered", cell), source="seat:JN-1")

    assert caught.value.code == "character-not-printable"
    assert caught.value.values == {"field": "reason", "character": "U+F0B7"}


def test_what_another_venue_has_acknowledged_is_taken_as_it_is(tmp_path: Path) -> None:
    host, guest = played(tmp_path, Stage.DETAILED)
    cell: dict[str, Value] = {"bidder": "B1", "item": "T1", "points": 650, "reason": "施工\uf0b7方案"}
    written = guest.entry("XA-1", "score-entered", cell)

    taken = host.desk.take(written, source="centre:XA")

    assert taken.outcome is Outcome.TAKEN


def test_a_centre_says_nothing_that_cannot_be_printed(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)

    with pytest.raises(InvalidRecordError, match="character-not-printable"):
        host.desk.enter_stage(SESSION, Stage.SUSPENDED, {"reason": "停电\uf0b7", "order": "示例令1号"})


@pytest.mark.parametrize("name", ["王\uf0b7示例", "王\U000f1234示例", "王\u0378示例"])
def test_a_name_that_cannot_be_printed_is_refused(name: str) -> None:
    with pytest.raises(InvalidRecordError, match="character-not-printable"):
        names.clean(name)


@pytest.mark.parametrize("script", SAMPLES)
def test_a_reason_in_every_script_of_the_fonts_stands_in_the_report(script: str) -> None:
    reason = SAMPLES[script]
    glyphs.check(reason, field="reason")

    made = draft(with_reason(reason), fonts=FONTS)

    assert "⟦" not in drawn(made.pdf)
    assert set(reason) - {" "} <= set(drawn(made.pdf))  # joined letters are read back in another order


@pytest.mark.parametrize(("sign", "named"), [("\uf0b7", "⟦U+F0B7⟧"), ("\U0001fffe", "⟦U+1FFFE⟧"), ("\x1b", "⟦U+001B⟧")])
def test_a_sign_that_no_font_has_is_shown_by_its_number(sign: str, named: str) -> None:
    made = draft(with_reason(f"施工{sign}方案"), fonts=FONTS)

    assert f"施工{named}方案" in drawn(made.pdf)
    assert draft(with_reason(f"施工{sign}方案"), fonts=FONTS).pdf == made.pdf


def test_every_family_that_the_report_names_is_there_and_used() -> None:
    pdf = typeset(["朄", "ḮꞫ", "옌", "ﰆئ", "ཫ", "ᡛ", "ꉢ", "𝐡", "⛦", "🀐", "🔳"])

    assert fonts_of(pdf) == {family.replace("CJK SC", "CJKsc").replace(" ", "") for family in FAMILIES}


def test_every_run_of_the_table_can_be_typeset() -> None:
    bounds, end = list[str](), 0
    for number, word in enumerate("".join(RUNS).split()):
        start, end = end, end + int(word, 36)
        if number % 2:
            bounds += [chr(start), chr(end - 1), *map(chr, range(start, end, 64))]

    assert typeset(bounds).startswith(b"%PDF-2.0")


@settings(max_examples=12, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=40))
def test_whatever_is_written_the_report_is_typeset(texts: list[str]) -> None:
    assert typeset(texts).startswith(b"%PDF-2.0")


def typeset(texts: list[str]) -> bytes:
    """The texts as rows of a report's table, in the report's own template."""
    rows = [[text] for text in texts]
    table = {"kind": "table", "caption": "字", "heads": ["字"], "rows": rows, "align": ["l"], "widths": ["1"],
             "strong_last": False}  # fmt: skip
    view = {"title": "字", "title_en": "", "cover": [["字", "字"]], "short": "", "annexes": [], "signatures": [],
            "sections": [{"title": "字", "blocks": [table]}]}  # fmt: skip
    inputs = {"view": shown(view), "scores": "{}"}
    return compile_template("report.typ", inputs, moment=MOMENT, fonts=FONTS, standard="a-4f")
