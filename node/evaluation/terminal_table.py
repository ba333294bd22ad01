"""Tables for a terminal: aligned columns, with Chinese characters counted as two columns wide."""

import unicodedata
from collections.abc import Iterator, Sequence

from node.terminal import escaped


def width(text: str) -> int:
    """The width of the text in terminal columns."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], sides: str) -> Iterator[str]:
    """The lines of a table; `sides`: one letter for each column, l or r. Cells may hold foreign text."""
    shown = [[escaped(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(map(width, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = [_padded(cell, wide, side) for cell, wide, side in zip(row, widths, sides, strict=True)]
        yield "  ".join(cells).rstrip()


def _padded(text: str, wide: int, side: str) -> str:
    blank = " " * (wide - width(text))
    return text + blank if side == "l" else blank + text
