"""R06: experts are drawn; a special tender's may be named, with approval (招标投标法37条; 条例46、47条)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluation_room.tender.selection import How, Selection, Special
from node.centre import Centre
from records import canonical
from records.actors import Role
from records.errors import InvalidRecordError
from records.facts import COMMITTEE_SEATS_NAMED
from tests.unit.node.one_centre import Clock, centre_at, signed_in

SEATS = "/api/v1/projects/E3701000076012345001/seats"
NAMED = {"how": "named", "special": "specialised", "approval": "示例发改〔2026〕7号"}


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Iterator[Centre]:
    centre = centre_at(tmp_path, Clock())
    yield centre
    centre.journal.engine.dispose()


def put(centre: Centre, selection: Any) -> tuple[int, Any]:  # Any: JSON
    assignments = [{"seat": f"JN-{n}", "expert": one.id} for n, one in enumerate(centre.catalogue.experts()[:2], 1)]
    answer = signed_in(centre, Role.OPERATOR).put(SEATS, json={"assignments": assignments, "selection": selection})
    return answer.status_code, answer.json()


def test_a_draw_says_nothing_more_and_a_naming_its_ground_and_its_approval() -> None:
    assert Selection.read({"how": "drawn"}) == Selection(how=How.DRAWN)
    named = Selection.read(NAMED)
    assert named == Selection(how=How.NAMED, special=Special.SPECIALISED, approval="示例发改〔2026〕7号")
    assert named.body() == NAMED
    assert Selection(how=How.DRAWN).body() == {"how": "drawn"}


@pytest.mark.parametrize(
    ("selection", "code"),
    [
        ({}, "missing-field"),
        ({"how": "by-lot"}, "unknown-value"),
        ({"how": "named"}, "missing-field"),
        ({"how": "named", "special": "complex"}, "missing-field"),
        ({"how": "named", "approval": "示例发改〔2026〕7号"}, "missing-field"),
        (NAMED | {"approval": " \n"}, "missing-field"),
        (NAMED | {"approval": "文" * 4001}, "field-too-long"),
        (NAMED | {"special": "in-a-hurry"}, "unknown-value"),
        (NAMED | {"by": "JN"}, "unknown-field"),
        ({"how": "drawn", "approval": "示例发改〔2026〕7号"}, "unknown-field"),
    ],
)
def test_a_naming_without_its_ground_or_approval_is_refused(selection: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidRecordError) as error:
        Selection.read(selection)
    assert error.value.code == code


def test_no_seat_is_named_without_saying_how(centre: Centre) -> None:
    assert put(centre, {"how": "named", "special": "complex"})[1]["code"] == "missing-field"
    assert put(centre, None)[0] == 422
    assert centre.journal.find(type=COMMITTEE_SEATS_NAMED) == []


@pytest.mark.parametrize("selection", [{"how": "drawn"}, NAMED])
def test_the_record_and_the_page_say_how(centre: Centre, selection: dict[str, Any]) -> None:
    assert put(centre, selection)[0] == 200

    (entry,) = centre.journal.find(type=COMMITTEE_SEATS_NAMED)
    record: Any = canonical.decode(entry.record)
    assert [one["selection"] for one in record["body"]["seats"]] == [selection, selection]
    shown = signed_in(centre, Role.OPERATOR).get(SEATS).json()["assignments"]
    assert [one["selection"] for one in shown] == [selection, selection]


def test_saying_it_otherwise_is_another_record(centre: Centre) -> None:
    for selection in ({"how": "drawn"}, {"how": "drawn"}, NAMED):
        assert put(centre, selection)[0] == 200

    assert len(centre.journal.find(type=COMMITTEE_SEATS_NAMED)) == 2
