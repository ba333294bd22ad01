"""What the documents say of the code is true: every function named exists, every link leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PLACE = re.compile(r"`([\w./-]+\.(?:py|ts|sol|vue|js))(?::(\w+))?`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "samples" / "README.md"])


NAMED = re.compile(r"`([\w.][\w./-]*/[\w.-]*|[\w-]+\.(?:py|ts|vue|sol|js|cjs))(?::\w+)?`")
ABOUT_SOURCES = sorted(
    {ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "web" / "README.md", ROOT / "docs" / "architecture.md"}
    | set((ROOT / "docs" / "adr").glob("*.md"))
)
MADE = {"var", "cache", "dist", "node_modules", ".venv"}
"""Folders that a command makes."""

THREATS = ROOT / "docs" / "security.md"
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


@pytest.mark.parametrize(("file", "name"), sorted(set(TEST.findall(THREATS.read_text("utf-8")))))
def test_every_test_that_the_threat_model_names_exists(file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_every_threat_has_its_control_and_a_test_that_holds_it() -> None:
    text = THREATS.read_text("utf-8")
    tables = text.split("| may try to | what stands against it | held by |\n|---|---|---|\n")[1:]
    rows = [row for table in tables for row in table.partition("\n\n")[0].splitlines()]

    assert len(tables) == 11
    assert [row for row in rows if not re.fullmatch(r"\| [^|]+ \| [^|]+ \| [^|]+ \|", row)] == []
    assert [row for row in rows if not TEST.search(row)] == []


def _sources() -> set[str]:
    """The names of all folders and files of the sources."""
    tops = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in MADE and path.name[0] != "."]
    return {path.name for top in tops for path in (top, *top.rglob("*")) if not MADE & set(path.parts)}


def _missing(page: Path, known: set[str], *, bare: bool) -> list[str]:
    """What a page names and nobody finds: a path from the top, or from the page; where `bare`, a name by itself too."""
    tops = {path.name for path in ROOT.iterdir() if path.is_dir()} - MADE
    missing = []
    for name in sorted(set(NAMED.findall(page.read_text(encoding="utf-8")))):
        first, _, rest = name.partition("/")
        if not rest and (bare or first in tops):
            found = first in known
        elif first in tops or bare:
            found = first in MADE or any((base / name).exists() for base in (ROOT, page.parent))
        else:
            continue  # a path in an archive or an address
        if not found:
            missing.append(name)
    return missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_path_of_a_page_that_starts_at_the_top_exists(page: Path) -> None:
    assert _missing(page, _sources(), bare=False) == []


@pytest.mark.parametrize("page", ABOUT_SOURCES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_folder_and_file_that_a_page_about_the_sources_names_exists(page: Path) -> None:
    assert _missing(page, _sources(), bare=True) == []


def test_a_name_that_is_gone_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("In `records/gone.py`, `records/log/merkle.py`, `gone/`, `log/`, `gone.py` and `merkle.py:root`.")

    assert _missing(page, _sources(), bare=True) == ["gone.py", "gone/", "records/gone.py"]
