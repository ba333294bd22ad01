"""What the documents say of the code is true: every function named exists, every link leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PLACE = re.compile(r"`([\w./-]+\.(?:py|ts|sol|vue|js))(?::(\w+))?`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "samples" / "README.md"])


TEST = re.compile(r"`(tests/[\w./]+\.py)::(test_\w+)`")


def _places() -> list[tuple[str, str]]:
    return sorted(set(PLACE.findall((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))))


def _defined(text: str, name: str) -> bool:
    words = rf"(?:def|function|class|const|async|private|export|\n)\s+(?:async\s+)?(?:\w+\s+)?{name}\b\s*[(=]"
    return re.search(words, text) is not None


@pytest.mark.parametrize(("file", "name"), _places())
def test_every_function_on_the_way_of_a_score_exists(file: str, name: str) -> None:
    path = ROOT / file

    assert path.is_file()
    assert not name or _defined(path.read_text(encoding="utf-8"), name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize(("file", "name"), sorted(set(TEST.findall((ROOT / "docs/errors.md").read_text("utf-8")))))
def test_every_test_that_the_errors_name_exists(file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")
