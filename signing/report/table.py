"""The kinds of block the report is made of: a paragraph, a digest, a table with repeated heads."""

from collections.abc import Sequence
from typing import TypeAlias

Block: TypeAlias = dict[str, object]
"""The template's input: {"kind": "text", …} or {"kind": "table", …}; plain JSON."""


def paragraph(text: str) -> Block:
    return {"kind": "text", "text": text}


def digest_line(label: str, digest: str) -> Block:
    """A digest on its own line, in a face with clearly distinct characters."""
    return {"kind": "digest", "label": label, "digest": digest}


def table(
    caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], align: str, widths: Sequence[float],
    *, empty: str = "", strong_last: bool = False,
) -> Block:  # fmt: skip
    """A table; without rows the sentence `empty` replaces it. `align` has one of l, c, r per column."""
    if not rows and empty:
        return paragraph(empty)
    return {
        "kind": "table",
        "caption": caption,
        "heads": list(heads),
        "rows": [list(row) for row in rows],
        "align": list(align),
        "widths": [str(width) for width in widths],
        "strong_last": strong_last,
    }
