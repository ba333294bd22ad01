"""The page of the rules is up to date, and no rule counts as built that lacks a function or a test."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
WRITER = runpy.run_path(str(DOCS / "rules.py"))
TESTED = sorted(path.stem.removeprefix("test_") for path in (DOCS.parent / "tests" / "rules").glob("test_R*.py"))


def test_the_page_of_the_rules_is_up_to_date() -> None:
    assert (DOCS / "rules.md").read_text(encoding="utf-8") == WRITER["page"]()


def test_every_rule_stands_in_it_once() -> None:
    assert [rule.id for rule in WRITER["RULES"]] == [f"R{number:02}" for number in range(1, 51)]


@pytest.mark.parametrize("rule", TESTED)
def test_a_tested_rule_is_named_by_the_function_that_holds_to_it(rule: str) -> None:
    assert WRITER["functions"]().get(rule)


def test_a_rule_that_is_not_built_says_where_it_belongs() -> None:
    assert [one.id for one in WRITER["RULES"] if not one.part and one.id not in TESTED] == []
