"""What an evaluation may be: every wrong definition is refused with its own code."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from evaluation_room.stages import LINE, PRELIMINARY, REQUIRED, Stage
from evaluation_room.tender.definition import Definition
from records.errors import InvalidRecordError
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import reviewed
from tests.unit.evaluation_room.rooms import definition

Draft = Any
"""Any: a definition taken apart and put together wrongly."""


def changed(change: Callable[[Draft], object]) -> Draft:
    draft = deepcopy(definition())
    change(draft)
    return draft


LOWEST = {"name": "lowest-evaluated", "version": 2}
THREE = definition(bidders=3)["bidders"]
DRAWN = {"weight": 5000, "variant": "B3", "e1": 100, "e2": 50, "reductions": [100, 300]}
WRONG: list[tuple[str, Callable[[Draft], object], str]] = [
    ("a field missing", lambda d: d.pop("title"), "missing-field"),
    ("a field nobody knows", lambda d: d.update(colour="red"), "unknown-field"),
    ("an empty title", lambda d: d.update(title=""), "empty-field"),
    ("a title that is a number", lambda d: d.update(title=7), "wrong-type"),
    ("a title without end", lambda d: d.update(title="长" * 401), "field-too-long"),
    ("a project of no form", lambda d: d.update(project="7"), "bad-project"),
    ("a time of no form", lambda d: d.update(opened_at="yesterday"), "bad-instant"),
    ("no bidders", lambda d: d.update(bidders=[]), "empty-field"),
    ("no items", lambda d: d.update(items=[]), "empty-field"),
    ("no seats", lambda d: d.update(seats=[]), "empty-field"),
    ("bidders that are no list", lambda d: d.update(bidders="B1"), "wrong-type"),
    ("a bidder that is no object", lambda d: d.update(bidders=["B1"]), "wrong-type"),
    ("a bidder twice", lambda d: d["bidders"].append(d["bidders"][0]), "named-twice"),
    ("an item twice", lambda d: d["items"].append(d["items"][0]), "named-twice"),
    ("a seat twice", lambda d: d["seats"].append(d["seats"][0]), "named-twice"),
    ("the host among the guests", lambda d: d["guests"].append(d["host"]), "named-twice"),
    ("a price of nothing", lambda d: d["bidders"][0].update(price_fen=0), "out-of-range"),
    ("a price that is a truth", lambda d: d["bidders"][0].update(price_fen=True), "wrong-type"),
    ("a price over the control price", lambda d: d.update(control_price_fen=1), "price-over-control"),
    ("a document without digest", lambda d: d["bidders"][0]["documents"][0].update(sha256="7"), "bad-digest"),
    ("an item above its section", lambda d: d["items"][0].update(maximum=3000), "section-weight"),
    ("an item whose steps do not fit", lambda d: d["items"][0].update(step=70), "item-range"),
    ("an item without range", lambda d: d["items"][0].update(minimum=2500), "item-range"),
    ("an item of no section", lambda d: d["items"][0].update(section="beauty"), "unknown-section"),
    ("an item id that is a path", lambda d: d["items"][0].update(id="../T1"), "bad-id"),
    ("a seat in a city that is not there", lambda d: d["seats"][0].update(id="DL-1", centre="DL"), "unknown-centre"),
    ("a seat in another city than its name", lambda d: d["seats"][0].update(centre="XA"), "seat-of-another-centre"),
    ("weights that are not 100", lambda d: d["method"]["price"].update(weight=4999), "weights-not-100"),
    ("a method nobody knows", lambda d: d["method"].update(name="lowest"), "unknown-method"),
    ("a method of another version", lambda d: d["method"].update(version=3), "unknown-method"),
    ("a variant of version 2", lambda d: d["method"]["price"].update(variant="B6"), "unknown-variant"),
    (
        "an aggregate of version 2",
        lambda d: d["method"]["sections"][0].update(aggregate="trimmed-by-factor"),
        "unknown-aggregate",
    ),
    ("a method that is no object", lambda d: d.update(method="comprehensive"), "wrong-type"),
    ("a method without a name", lambda d: d["method"].pop("name"), "missing-field"),
    ("a method of rates", lambda d: d["method"].update(version=2, quote="reduction-rate"), "method-not-in-room"),
    ("items for a method that marks nothing", lambda d: d.update(method=LOWEST, bidders=THREE), "unknown-section"),
    ("a draw left out", lambda d: d["method"].update(version=2, price=DRAWN), "draw-missing"),
    ("a variant nobody knows", lambda d: d["method"]["price"].update(variant="B9"), "unknown-variant"),
    ("an aggregate nobody knows", lambda d: d["method"]["sections"][0].update(aggregate="best"), "unknown-aggregate"),
    ("trimming two of two", lambda d: d["method"]["sections"][0].update(trim_above=1), "out-of-range"),
    ("a section twice", lambda d: d["method"]["sections"].append(d["method"]["sections"][0]), "named-twice"),
    ("a section called price", lambda d: d["method"]["sections"][0].update(id="price"), "bad-id"),
    ("a stage nobody knows", lambda d: d["stages"].append("LUNCH"), "unknown-stage"),
    ("a stage that no procedure has", lambda d: d["stages"].insert(3, "PAUSED"), "stage-not-available"),
    ("a stage twice", lambda d: d["stages"].insert(3, "BRIEFING"), "stages-out-of-order"),
    ("a stage left out", lambda d: d["stages"].remove("BRIEFING"), "stage-missing"),
    ("stages out of order", lambda d: d["stages"].reverse(), "stages-out-of-order"),
    ("a committee of two", lambda d: d.update(minimum_seats=2), "out-of-range"),
]


@pytest.mark.parametrize(("change", "code"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_wrong_definition_is_refused(change: Callable[[Draft], object], code: str) -> None:
    assert refusal(lambda: Definition.read(changed(change)), InvalidRecordError) == code


@pytest.mark.parametrize("name", PRELIMINARY)
def test_a_preliminary_review_needs_the_stage_that_ends_it(name: Stage) -> None:
    draft = changed(lambda d: d["stages"].insert(3, name.value))
    assert refusal(lambda: Definition.read(draft), InvalidRecordError) == "stage-missing"


def test_a_procedure_is_the_required_stages_and_any_of_the_others_in_order() -> None:
    optional = [stage for stage in LINE if stage not in REQUIRED]
    assert Definition.read(reviewed(stages=LINE)).stages == LINE
    for left_out in optional:
        if left_out is not Stage.PRELIM_DONE:
            stages = tuple(stage for stage in LINE if stage is not left_out)
            assert Definition.read(reviewed(stages=stages)).stages == stages


def test_what_is_no_object_is_no_definition() -> None:
    assert refusal(lambda: Definition.read("definition"), InvalidRecordError) == "wrong-type"


def test_a_definition_is_kept_as_it_was_read() -> None:
    defined = Definition.read(definition())
    assert defined.value == definition()
    assert [centre.code for centre in defined.centres] == ["JN", "XA"]
    assert defined.after(Stage.BRIEFING) is Stage.DETAILED
    assert defined.after(Stage.CLOSED) is None
    assert len(defined.cells) == 6
