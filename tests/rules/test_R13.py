"""R13: only the methods and standards of the tender file (招标投标法实施条例49条)."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from evaluation_room.stages import REQUIRED, Stage
from evaluation_room.tender.definition import Definition
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import ONE_CITY, item, mark, reviewed, walked

Draft = Any
"""Any: a definition taken apart and put together wrongly."""

OWN = {"code": "T-1", "name_zh": "未按要求提交样品", "name_en": "No samples", "clause": "第二章 3.7"}


def changed(change: Callable[[Draft], object]) -> Draft:
    draft = deepcopy(reviewed(seats=ONE_CITY))
    change(draft)
    return draft


WRONG: list[tuple[Callable[[Draft], object], str]] = [
    (lambda one: one["review"]["items"][0].pop("clause"), "missing-field"),
    (lambda one: one["review"]["items"][0].update(clause=""), "empty-field"),
    (lambda one: one["review"]["items"][0].update(ground="F52-1"), "unknown-ground"),
    (lambda one: one["review"]["items"][0].update(ground="T-1"), "unknown-ground"),
    (lambda one: one["review"]["items"][0].update(stage="DETAILED"), "review-item-stage"),
    (lambda one: one["review"]["items"].append(item("F1", "PRELIM_FORM")), "named-twice"),
    (lambda one: one["review"].update(items=one["review"]["items"][:3]), "review-without-items"),
    (lambda one: one["review"].update(grounds=[OWN, OWN]), "named-twice"),
    (lambda one: one["review"].update(grounds=[OWN | {"code": "F51-8"}]), "bad-id"),
    (lambda one: one["review"].update(standards=[]), "unknown-field"),
    (lambda one: one.pop("review"), "missing-field"),
    (lambda one: one.update(stages=[stage.value for stage in REQUIRED]), "stage-missing"),
    (lambda one: one["stages"].remove("PRELIM_QUAL"), "stage-missing"),
]


@pytest.mark.parametrize(("change", "code"), WRONG)
def test_a_review_holds_only_what_the_tender_file_says(change: Callable[[Draft], object], code: str) -> None:
    assert refusal(lambda: Definition.read(changed(change))) == code


def test_an_own_ground_is_one_where_the_tender_file_lists_it() -> None:
    defined = Definition.read(changed(lambda one: one["review"].update(grounds=[OWN])))
    assert defined.review is not None
    assert (defined.review.knows("T-1"), defined.review.knows("T-2")) == (True, False)


def test_what_the_tender_file_does_not_ask_is_not_marked() -> None:
    host = walked(Stage.PRELIM_FORM)
    assert refusal(lambda: mark(host, "JN-1", "B1", "F9", passed=True)) == "unknown-cell"
