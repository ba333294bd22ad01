"""R05: an expert has eight years of practice and a senior title or an equal level (招标投标法37条)."""

from pathlib import Path
from typing import Any

import pytest

from evaluation_room.committee.qualification import Lack, lacks
from evaluation_room.tender.selection import How, Selection
from node.centre import Centre
from node.office.catalogue import experts
from node.office.catalogue.desk import CatalogueDesk, Chosen
from records import canonical
from records.actors import Actor, Role
from records.errors import InvalidRecordError
from records.facts import COMMITTEE_SEATS_NAMED
from records.ids import CentreCode, PersonId, ProjectId, SeatId
from tests.unit.node.one_centre import Clock, centre_at

ROW = '{"id": "JN-E1", "name": "张示例", "specialty": "A08 电力工程", "employer": "示例电力设计院"%s}'


@pytest.mark.parametrize(
    ("years", "senior", "equal", "found"),
    [
        (8, True, False, ()),
        (7, True, False, (Lack.PRACTICE,)),
        (8, False, False, (Lack.TITLE,)),
        (8, False, True, ()),
        (0, False, True, (Lack.PRACTICE,)),
        (7, False, False, (Lack.PRACTICE, Lack.TITLE)),
        (None, None, False, ()),
    ],
)
def test_eight_years_and_a_title_or_its_equal(
    years: int | None, found: tuple[Lack, ...], *, senior: bool | None, equal: bool
) -> None:
    assert lacks(practice_years=years, senior_title=senior, equal_level=equal) == found


def catalogue(folder: Path, more: str) -> experts.Expert:
    path = folder / "experts-jn.json"
    path.write_text(f"[{ROW % more}]", encoding="utf-8")
    return experts.read(path).expert(PersonId("JN-E1"))


def test_the_file_says_it_and_what_it_does_not_say_is_not_held_against_anybody(tmp_path: Path) -> None:
    assert catalogue(tmp_path, "").lacks == ()
    assert catalogue(tmp_path, ', "practice_years": 5, "senior_title": false').lacks == (Lack.PRACTICE, Lack.TITLE)
    assert catalogue(tmp_path, ', "practice_years": 9, "senior_title": false, "equal_level": true').lacks == ()


@pytest.mark.parametrize("more", [', "practice_years": -1', ', "practice_years": "9"', ', "senior_title": "yes"'])
def test_a_wrong_file_is_refused(tmp_path: Path, more: str) -> None:
    with pytest.raises(InvalidRecordError, match="catalogue-unreadable"):
        catalogue(tmp_path, more)


PROJECT, SEAT = ProjectId("E3701000076012345001"), SeatId("JN-1")
BY = Actor(person=PersonId("op-1"), role=Role.OPERATOR, centre=CentreCode("JN"))
DRAWN = Selection(how=How.DRAWN)
YOUNG, SENIOR, SENT = PersonId("JN-E1"), PersonId("JN-E2"), PersonId("JN-E3")
WHY = "本行业十五年，专业水平经评审认定"


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Any:  # Any: a fixture that yields
    centre = centre_at(tmp_path, Clock())
    yield centre
    centre.journal.engine.dispose()


@pytest.fixture(name="desk")
def _desk(centre: Centre, tmp_path: Path) -> CatalogueDesk:
    """One whose file lacks something, one whose file lacks nothing, and the tenderer's representative."""
    path = tmp_path / "experts-jn.json"
    rows = [ROW % more for more in (', "practice_years": 5', ', "practice_years": 9', ', "role": "tenderer"')]
    path.write_text(f"[{rows[0]}, {rows[1].replace('E1', 'E2')}, {rows[2].replace('E1', 'E3')}]", encoding="utf-8")
    return CatalogueDesk(journal=centre.journal, centre=CentreCode("JN"), catalogue=experts.read(path))


def name(desk: CatalogueDesk, person: PersonId, reasons: dict[SeatId, str]) -> None:
    desk.name_seats(PROJECT, {SEAT: person}, selection=DRAWN, reasons=reasons, asked=None, by=BY)


def said(centre: Centre) -> Any:
    """What the newest record says of the seats (any: JSON)."""
    record: Any = canonical.decode(centre.journal.find(type=COMMITTEE_SEATS_NAMED)[-1].record)
    return record["body"]["seats"]


@pytest.mark.parametrize("reason", ["", "  "])
def test_whoever_lacks_something_is_seated_for_a_written_reason_alone(
    centre: Centre, desk: CatalogueDesk, reason: str
) -> None:
    with pytest.raises(InvalidRecordError, match="lack-unexplained"):
        name(desk, YOUNG, {SEAT: reason})
    assert centre.journal.find(type=COMMITTEE_SEATS_NAMED) == []

    name(desk, YOUNG, {SEAT: WHY})
    assert said(centre) == [{"seat": SEAT, "expert": YOUNG, "selection": {"how": "drawn"}, "reason": WHY}]


def test_whoever_lacks_nothing_needs_no_reason(centre: Centre, desk: CatalogueDesk) -> None:
    name(desk, SENIOR, {})
    assert said(centre) == [{"seat": SEAT, "expert": SENIOR, "selection": {"how": "drawn"}}]


def test_the_tenderer_s_representative_is_sent_and_neither_drawn_nor_asked_for_a_title(
    centre: Centre, desk: CatalogueDesk
) -> None:
    name(desk, SENT, {})
    assert said(centre) == [{"seat": SEAT, "expert": SENT}]


def test_who_comes_instead_of_a_member_is_held_to_the_same(centre: Centre, desk: CatalogueDesk) -> None:
    name(desk, SENIOR, {})
    for act in (desk.may_replace, lambda *given: desk.replace(*given, by=BY)):
        with pytest.raises(InvalidRecordError, match="lack-unexplained"):
            act(PROJECT, SEAT, Chosen(person=YOUNG, selection=DRAWN))

    desk.replace(PROJECT, SEAT, Chosen(person=YOUNG, selection=DRAWN, lack_reason=WHY), by=BY)
    assert said(centre) == [{"seat": SEAT, "expert": YOUNG, "selection": {"how": "drawn"}, "reason": WHY}]
