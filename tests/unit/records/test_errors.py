"""The error tree: codes, values and texts."""

import pickle
import re

import pytest

from records import errors
from records.errors import ConflictError, InvalidRecordError, TongpingError

FAMILIES = {
    errors.NotFoundError: "not-found",
    errors.NotPermittedError: "not-permitted",
    errors.WrongStageError: "wrong-stage",
    errors.ConflictError: "conflict",
    errors.InvalidRecordError: "invalid-record",
    errors.EvidenceMismatchError: "evidence-mismatch",
    errors.UnavailableError: "unavailable",
}


class AlreadyLockedError(ConflictError):
    code = "already-locked"


def test_there_are_seven_families_and_their_codes_are_kebab() -> None:
    assert {family: family().code for family in TongpingError.__subclasses__()} == FAMILIES
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in FAMILIES.values())


def test_an_error_says_its_code_and_its_values() -> None:
    error = InvalidRecordError("score-out-of-range", item="T1", points=1200, minimum=0, maximum=1000)
    assert error.code == "score-out-of-range"
    assert error.family == "invalid-record"
    assert error.values == {"item": "T1", "points": 1200, "minimum": 0, "maximum": 1000}
    assert str(error) == "score-out-of-range: item=T1 points=1200 minimum=0 maximum=1000"


def test_an_error_without_values_is_its_code_alone() -> None:
    assert str(ConflictError("already-locked")) == "already-locked"
    assert str(ConflictError()) == "conflict"


def test_a_subclass_may_fix_its_code() -> None:
    error = AlreadyLockedError(seat="JN-1")
    assert (error.code, error.family, str(error)) == ("already-locked", "conflict", "already-locked: seat=JN-1")
    assert ConflictError().code == "conflict"


def test_a_value_may_be_called_code_or_self() -> None:
    assert InvalidRecordError("a-b", code="x", self=1).values == {"code": "x", "self": 1}


def test_an_error_survives_the_way_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(InvalidRecordError("too-deep", most=64)))  # noqa: S301 - our own bytes
    assert (error.code, error.values, str(error)) == ("too-deep", {"most": 64}, "too-deep: most=64")


def test_families_can_be_caught_apart() -> None:
    with pytest.raises(ConflictError):
        raise AlreadyLockedError
    assert not isinstance(AlreadyLockedError(), InvalidRecordError)
