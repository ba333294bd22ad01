"""Write records/text/glyph_table.py from the font files: the characters that a report may show."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools.ttLib import TTFont

from signing.report.fonts import FACES, FAMILIES, locate

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "records" / "text" / "glyph_table.py"
FOLDER = ROOT / "node_modules" / "@expo-google-fonts"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
WIDTH = 110

NEVER = (
    (0x00, 0x1F), (0x7F, 0x9F),  # control characters
    (0xAD, 0xAD), (0x61C, 0x61C), (0x200B, 0x200B), (0x200E, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F),
    (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFD), (0x1BCA0, 0x1BCA3), (0xE0000, 0xE0FFF),  # unseen, or turns a line round
    (0xD800, 0xDFFF),  # half a sign
    (0xE000, 0xF8FF), (0xF0000, 0xFFFFF), (0x100000, 0x10FFFF),  # private use: means one thing here, another there
)  # fmt: skip
"""Never in a text, even if a font draws it: fixed by Unicode, so no later version changes the table."""
JOINERS = (0x200C, 0x200D, 0xFE0E, 0xFE0F)
"""Visible in the shape of neighbouring characters; Uyghur, Mongolian and emoji need them."""

HEAD = '''"""Which signs the report's fonts hold: written by `.venv/bin/python docs/glyphs.py`, never by hand."""

from typing import Final

RUNS: Final = (
'''
TAIL = """)
\"\"\"Numbers to the base of 36, in pairs: how many signs are left out, how many then follow that there are.\"\"\"
"""


def signs() -> set[int]:
    """Every code point that a family of the report holds in all its faces, and that a text may have."""
    found = set(JOINERS)
    for family in FAMILIES:
        held = [_held(locate(face, FOLDER)) for face in FACES if face.family == family]
        found |= set.intersection(*held)
    return found - {code for first, last in NEVER for code in range(first, last + 1)}


def _held(path: Path) -> set[int]:
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return set(font.getBestCmap())


def runs(codes: Iterable[int]) -> Iterator[int]:
    """The lengths of missing and existing runs, alternating, from 0 on."""
    end, start = 0, -1
    for code in sorted(codes):
        if start < 0 or code != end:
            if start >= 0:
                yield end - start
            yield code - end
            start = code
        end = code + 1
    yield end - start


def base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits


def page() -> str:
    lines, line = [], ""
    for word in map(base36, runs(signs())):
        if len(line) + len(word) >= WIDTH:
            lines.append(line)
            line = ""
        line += word + " "
    return HEAD + "".join(f'    "{one}"\n' for one in [*lines, line]) + TAIL


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
