"""R07: nobody from an authority that supervises the project sits in it (条例46条)."""

import pytest

from evaluation_room.committee.recusal import AUTHORITY, Conflict, Relation, Tie, conflicts, parties
from evaluation_room.tender.definition import Definition
from records.errors import InvalidRecordError
from records.ids import parse_instant
from tests.unit.evaluation_room.rooms import definition

SUPERVISED = Definition.read(definition() | {"authorities": ["示例市住房和城乡建设局", "示例市公共资源交易管理局"]})


def found(tie: Tie) -> tuple[Conflict, ...]:
    at = parse_instant(SUPERVISED.opened_at)
    return conflicts([tie], parties(SUPERVISED), represents_tenderer=False, at=at)


def test_staff_of_a_supervising_authority_may_not_sit() -> None:
    tie = Tie(relation=Relation.EMPLOYED, party="示例市公共资源交易管理局")

    assert found(tie) == (Conflict(relation=Relation.EMPLOYED, party=AUTHORITY),)


def test_who_left_the_authority_or_works_in_another_one_may() -> None:
    left = Tie(relation=Relation.EMPLOYED, party="示例市公共资源交易管理局", until="2026-01-01T00:00:00.000Z")

    assert found(left) == ()
    assert found(Tie(relation=Relation.EMPLOYED, party="邻市公共资源交易管理局")) == ()


@pytest.mark.parametrize(
    ("given", "code"), [(["甲局", "甲局"], "named-twice"), ([""], "empty-field"), ("甲局", "wrong-type")]
)
def test_a_wrong_list_of_authorities_is_refused(given: list[str] | str, code: str) -> None:
    with pytest.raises(InvalidRecordError, match=code):
        Definition.read(definition() | {"authorities": given})
