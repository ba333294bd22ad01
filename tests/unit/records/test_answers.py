"""An answer holds what its model names: tests fail at anything else, a running centre keeps back what is not named."""

import warnings

import pytest
from pydantic import TypeAdapter, ValidationError

from records.answers import AnswerDiffersWarning, Out


class PartOut(Out):
    """A part."""

    name: str


class ThingOut(Out):
    """A thing; `count` may be absent, `end` is null while there is none."""

    parts: list[PartOut]
    end: str | None
    count: int | None = None


ADAPTER = TypeAdapter(ThingOut)
GOOD = {"parts": [{"name": "a"}], "end": None}


def test_what_fits_is_said_as_it_stands_and_what_is_absent_is_left_out() -> None:
    assert ADAPTER.dump_python(ADAPTER.validate_python(GOOD)) == GOOD


@pytest.mark.parametrize("wrong", [GOOD | {"secret": 1}, GOOD | {"parts": [{"name": "a", "secret": 1}]}])
def test_a_field_that_no_model_names_fails_a_test(wrong: dict[str, object]) -> None:
    with pytest.raises(AnswerDiffersWarning, match="does not name secret"):
        ADAPTER.validate_python(wrong)


def test_a_running_centre_keeps_back_what_no_model_names_and_says_the_rest() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        answer = ADAPTER.validate_python(GOOD | {"secret": 1})

    assert ADAPTER.dump_python(answer) == GOOD
    assert [one.category for one in caught] == [AnswerDiffersWarning]


@pytest.mark.parametrize("wrong", [{"parts": []}, GOOD | {"count": "1"}, GOOD | {"count": True}, GOOD | {"end": 1}])
def test_a_field_that_is_missing_or_of_another_type_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(wrong)


def test_a_schema_says_that_an_optional_field_is_absent_and_never_null() -> None:
    schema = ADAPTER.json_schema(mode="serialization")

    assert schema["properties"]["count"] == {"type": "integer"}
    assert schema["properties"]["end"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert schema["required"] == ["parts", "end"]
