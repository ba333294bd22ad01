"""Which signs a text may hold, and how those that it may not are named and shown."""

import runpy
from pathlib import Path

import pytest

from records.errors import InvalidRecordError
from records.text import glyphs

ROOT = Path(__file__).parents[4]


def test_the_table_is_what_the_font_files_hold() -> None:
    written = runpy.run_path(str(ROOT / "docs" / "glyphs.py"))["page"]()

    assert (ROOT / "records" / "text" / "glyph_table.py").read_text(encoding="utf-8") == written


@pytest.mark.parametrize(
    "text",
    ["报价 9,206.50 元", "𠮷野家", "𰻝𰻝面", "ئۇيغۇرچە", "བོད་ཡིག", "ᠮᠣᠩᠭᠣᠯ", "ꆈꌠꉙ", "👍🏽", "⚠️",
     "☑ ✔ ㎡ ① Ⅷ ℃", "Nguyễn", "𝑄=𝑚𝑐Δ𝑇", "一行\n二行\t三", ""],
)  # fmt: skip
def test_what_people_write_can_be_printed(text: str) -> None:
    glyphs.check(text, field="reason")

    assert glyphs.legible(text) == text


@pytest.mark.parametrize(
    ("sign", "named"),
    [("\uf0b7", "U+F0B7"), ("\U000f0000", "U+F0000"), ("\u0378", "U+0378"), ("\x00", "U+0000"), ("\x1b", "U+001B"),
     ("\x85", "U+0085"), ("\u200b", "U+200B"), ("\u202e", "U+202E"), ("\ufeff", "U+FEFF"), ("\ufffe", "U+FFFE"),
     ("\u1201", "U+1201"), ("\U000e0041", "U+E0041")],
)  # fmt: skip
def test_a_sign_that_cannot_be_printed_is_named_with_its_field(sign: str, named: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        glyphs.check(f"施工{sign}方案", field="reason")

    assert caught.value.code == "character-not-printable"
    assert caught.value.values == {"field": "reason", "character": named}
    assert glyphs.legible(f"施工{sign}方案") == f"施工⟦{named}⟧方案"


def test_the_field_is_named_by_the_keys_that_lead_to_it() -> None:
    with pytest.raises(InvalidRecordError) as caught:
        glyphs.check_all({"rows": [{"label": "一"}, {"label": "\uf0b7"}], "count": 2, "whole": True})

    assert caught.value.values == {"field": "rows.label", "character": "U+F0B7"}


def test_the_mark_for_a_missing_sign_can_itself_be_printed() -> None:
    assert glyphs.unprintable("⟦U+0123456789ABCDEF⟧") is None
