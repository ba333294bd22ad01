"""R12: nobody outside learns how bids were reviewed and compared (招标投标法38、56条)."""

import json

import pytest

from chain_gateway.disclosure import Form, form
from evaluation_room.stages import Stage
from evaluation_room.views.session import cockpit
from evaluation_room.views.tally import tally_view
from node.http.permissions import ROUTES, roles_for
from records import facts
from records.actors import Role
from records.errors import WrongStageError
from records.facts import Moment
from records.ids import CentreCode
from tests.unit.evaluation_room.rooms import definition, one_city

SEATS = [f"JN-{number}" for number in range(1, 6)]


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[1].startswith("/api/v1/room")])
def test_experts_alone_enter_the_room(method: str, path: str) -> None:
    assert roles_for(method, path) == {Role.EXPERT}


@pytest.mark.parametrize("kind", sorted(facts.ALL_TYPES - {facts.TENDER_REGISTERED}))
@pytest.mark.parametrize("moment", [Moment.NOTICE, Moment.OPENING, Moment.EVALUATION])
def test_while_it_is_evaluated_the_public_does_not_even_see_that_it_is(kind: str, moment: Moment) -> None:
    assert form(kind, reached=moment) is Form.HIDDEN


def test_the_centres_staff_see_who_is_ready_and_no_mark() -> None:
    room = one_city(Stage.DETAILED, definition(seats=SEATS))
    before = json.dumps(cockpit(room.session, CentreCode("JN"), {}))
    for seat in SEATS[:2]:
        room.fill(seat, 850)

    view = json.dumps(cockpit(room.session, CentreCode("JN"), {}))

    assert view != before
    assert view.count("850") == before.count("850")
    with pytest.raises(WrongStageError, match="tally-too-early"):
        tally_view(room.session)
