"""R08: who must recuse does not sit: declared by the member (条例46条), or found in the file (采购法条例9条)."""

import pytest

from evaluation_room.committee.recusal import TENDERER, Conflict, Party, Relation, Tie, conflicts, parties
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Definition
from evaluation_room.views.session import may_read_bids
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import SeatId, parse_instant
from tests.unit.evaluation_room.rooms import Venue, definition, one_city

SEATS = [f"JN-{number}" for number in range(1, 6)]


def recused() -> Venue:
    """In the briefing: all undertook except JN-5, who recused."""
    room = one_city(Stage.BRIEFING, definition(seats=SEATS))
    for seat in SEATS[:4]:
        room.undertake(seat)
    room.write("seat:JN-5", "undertaking-signed", {"recusal": True, "reason": "与投标人有劳动关系"})
    return room


def test_a_recused_member_blocks_the_session_and_is_shown_no_bid() -> None:
    room = recused()

    assert [(one.who, one.what) for one in room.session.waiting_for()] == [("JN-5", "recused")]
    assert not may_read_bids(room.session, SeatId("JN-5"))
    assert may_read_bids(room.session, SeatId("JN-1"))


BIDDER = Party(id="B1", name="示例建设有限公司", uscc="91370102MA3C0F006A")
OPENED = parse_instant("2026-07-01T01:30:00.000Z")


def found(tie: Tie, party: Party = BIDDER, *, represents: bool = False) -> tuple[Conflict, ...]:
    return conflicts([tie], [party], represents_tenderer=represents, at=OPENED)


@pytest.mark.parametrize("relation", list(Relation))
def test_every_tie_to_a_bidder_counts_while_it_lasts(relation: Relation) -> None:
    assert found(Tie(relation=relation, party=BIDDER.name)) == (Conflict(relation=relation, party="B1"),)


@pytest.mark.parametrize(
    ("until", "ties"),
    [("2023-07-01T01:30:00.001Z", 1), ("2023-07-01T01:30:00.000Z", 0), ("2020-02-29T00:00:00.000Z", 0)],
)
def test_employment_counts_for_three_years_after_its_end(until: str, ties: int) -> None:
    assert len(found(Tie(relation=Relation.EMPLOYED, party=BIDDER.name, until=until))) == ties


def test_kinship_does_not_end() -> None:
    assert found(Tie(relation=Relation.KIN, party=BIDDER.name, until="2001-01-01T00:00:00.000Z")) != ()


def test_a_party_is_known_by_its_code_and_without_one_by_its_name() -> None:
    renamed = Tie(relation=Relation.INTEREST, party="旧名称", uscc=BIDDER.uscc)
    namesake = Tie(relation=Relation.INTEREST, party=BIDDER.name, uscc="91370103MA3C0G0073")

    assert found(renamed) != ()
    assert found(namesake) == ()


def test_nobody_sits_in_a_project_of_its_own_unit_unless_as_its_representative() -> None:
    unit = Party(id=TENDERER, name="示例招标人")
    tie = Tie(relation=Relation.EMPLOYED, party=unit.name)

    assert found(tie, unit) == (Conflict(relation=Relation.EMPLOYED, party=TENDERER),)
    assert found(tie, unit, represents=True) == ()
    assert found(Tie(relation=Relation.KIN, party=unit.name), unit) == ()


def test_the_parties_are_all_bidders_and_the_tenderer() -> None:
    known = Definition.read(definition())

    assert [one.id for one in parties(known)] == [one.id for one in known.bidders] + [TENDERER]


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"relation": "neighbour"}, "unknown-value"), ({"party": ""}, "empty-field"), ({"until": "2026"}, "bad-instant")],
)
def test_a_wrong_tie_in_a_file_is_refused(changed: dict[str, Value], code: str) -> None:
    with pytest.raises(InvalidRecordError, match=code):
        Tie.read({"relation": "kin", "party": "示例建设有限公司", **changed})
