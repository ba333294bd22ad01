"""The page of the stages says what the one table says."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_the_stages_is_up_to_date() -> None:
    written = runpy.run_path(str(DOCS / "stages.py"))["page"]()
    assert (DOCS / "stages.md").read_text(encoding="utf-8") == written
