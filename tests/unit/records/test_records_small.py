"""Verdicts, facts and actors: the small values everybody shares."""

import re
from dataclasses import FrozenInstanceError

import pytest

from records import facts
from records.actors import Actor, Role
from records.errors import InvalidRecordError
from records.facts import ALL_TYPES, Fact
from records.ids import Author, CentreCode, PersonId, ProjectId
from records.proof import Check, Outcome, Verdict

PASS = Check(name="log.inclusion", outcome=Outcome.PASS)
FAIL = Check(name="chain.receipt", outcome=Outcome.FAIL, reason="the receipt is of another transaction")
ABSENT = Check(name="consents", outcome=Outcome.ABSENT)


@pytest.mark.parametrize(
    ("checks", "ok"),
    [
        ((), False),
        ((ABSENT,), False),
        ((PASS,), True),
        ((PASS, ABSENT), True),
        ((PASS, FAIL), False),
        ((FAIL,), False),
    ],
)
def test_a_verdict_is_good_when_something_passed_and_nothing_failed(checks: tuple[Check, ...], *, ok: bool) -> None:
    assert Verdict(checks).ok is ok


def test_a_verdict_names_what_failed() -> None:
    assert Verdict((PASS, FAIL, ABSENT)).failed == (FAIL,)


def test_every_wire_type_is_in_the_vocabulary_once() -> None:
    named = {name: value for name, value in vars(facts).items() if name.isupper() and isinstance(value, str) and value}
    assert sorted(named.values()) == sorted(ALL_TYPES)
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+(-[a-z]+)*\.v[1-9]", type_) for type_ in ALL_TYPES)


def test_a_later_version_of_a_type_stands_beside_the_earlier_one() -> None:
    later = [type_ for type_ in ALL_TYPES if not type_.endswith(".v1")]

    assert later == ["report.sealed.v2"]
    assert "report.sealed.v1" in ALL_TYPES


def test_a_fact_of_a_type_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidRecordError) as caught:
        Fact(type="tender.burnt.v1", project=ProjectId(""), author=Author("system:x"), body={})
    assert caught.value.code == "unknown-fact-type"


def test_an_actor_cannot_change_their_role() -> None:
    actor = Actor(person=PersonId("p-1"), role=Role.EXPERT, centre=CentreCode("JN"))
    with pytest.raises(FrozenInstanceError):
        actor.role = Role.OPERATOR  # type: ignore[misc]  # the mistake under test
