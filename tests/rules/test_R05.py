"""R05: an expert has eight years of practice and a senior title or an equal level (招标投标法37条)."""

from pathlib import Path

import pytest

from evaluation_room.qualification import Lack, lacks
from node.catalogue import experts
from records.errors import InvalidRecordError
from records.ids import PersonId

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
