"""Everything that pages show of a session, held to the models of the answers."""

from typing import Final

from pydantic import TypeAdapter

from evaluation_room.answers.cockpit import CockpitOut, TallyOut
from evaluation_room.answers.room import RoomOut
from evaluation_room.session.session import Session
from evaluation_room.stages import Stage
from evaluation_room.views.session import cockpit, room_view
from evaluation_room.views.tally import tally_view
from records.ids import Author, CentreCode

_COCKPIT: Final = TypeAdapter(CockpitOut)
_ROOM: Final = TypeAdapter(RoomOut)
_TALLY: Final = TypeAdapter(TallyOut)


def hold_to_models(session: Session, author: Author) -> None:
    """After what this author said: the cockpit, the author's own room, after a step of a centre everybody's.

    Raises what a route would answer with a fault: a field too many, too few, or of another type.
    """
    _COCKPIT.validate_python(cockpit(session, CentreCode("JN"), {}))
    for seat in session.definition.seats:
        if author.startswith("centre:") or seat.author == author:
            _ROOM.validate_python(room_view(session, seat.id, {}))
    if author.startswith("centre:") and session.state.reached(Stage.AGGREGATED):
        _TALLY.validate_python(tally_view(session))
