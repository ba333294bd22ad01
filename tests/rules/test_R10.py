"""R10: a committee formed or changed against the law concluded nothing; it is evaluated again (条例70条)."""

from pathlib import Path

import pytest

from evaluation_room.session import reevaluation
from evaluation_room.stages import Stage
from evaluation_room.tender.reevaluation_ground import ReevaluationGround
from records.errors import NotPermittedError
from records.ids import SessionId
from tests.unit.evaluation_room.desks import City, played
from tests.unit.evaluation_room.rooms import SESSION

NEXT = SessionId(f"{SESSION[:-1]}2")
OTHERS = [{"id": f"JN-{number}", "centre": "JN"} for number in (1, 2, 3, 4)] + [{"id": "XA-1", "centre": "XA"}]


def again(city: City, ground: ReevaluationGround) -> dict[str, object]:
    """The next version, with one seat more in the host city and one less in the guest city."""
    return {**reevaluation.again(city.session, ground, "评标委员会组成不合法"), "seats": OTHERS}


def test_another_committee_evaluates_in_the_next_version_and_the_void_one_stays_as_it_was(tmp_path: Path) -> None:
    host, _guest = played(tmp_path, Stage.SEALED)
    before = host.session.digest

    assert host.desk.prepare(again(host, ReevaluationGround.R10)) == NEXT  # type: ignore[arg-type]

    following = host.desk.session(NEXT)
    assert [seat.id for seat in following.definition.seats] == [one["id"] for one in OTHERS]
    assert following.state.seats.keys() == {seat.id for seat in following.definition.seats}
    assert not any(part.sheet.cells for part in following.state.seats.values())
    assert host.session.digest == before


def test_on_every_other_ground_the_original_committee_sits_again(tmp_path: Path) -> None:
    host, _guest = played(tmp_path, Stage.SEALED)
    with pytest.raises(NotPermittedError, match="committee-differs"):
        host.desk.prepare(again(host, ReevaluationGround.R26))  # type: ignore[arg-type]
