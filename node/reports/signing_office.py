"""What signing needs of room and access: who may look, who has consented, whose passkey, whose PIN."""

from typing import Any

from evaluation_room.desk import RoomDesk
from evaluation_room.session.session import Session
from node.http.permissions import Standing
from node.reports.signing_line import SigningLine
from node.rooms.check_in import CheckIn
from node.rooms.expert_gate import ExpertGate
from records.actors import Actor, Role
from records.ids import Digest, SeatId, SessionId
from signing.api import ConsentIn, RoomStanding
from signing.report.signature_page import expert_field


class SigningOffice:
    """signing.api.Office."""

    def __init__(self, *, room: RoomDesk, gate: ExpertGate, check_in: CheckIn, line: SigningLine) -> None:
        self._room = room
        self._gate = gate
        self._check_in = check_in
        self._line = line

    def standing(self, session: SessionId, actor: Actor) -> RoomStanding:
        """Staff see every session of the centre, experts their own while its report counts."""
        known = self._room.session(session)
        if actor.role is not Role.EXPERT:
            return RoomStanding(stage=known.stage.value, signed=_signed(known))
        seat = self._gate.place(actor, session, Standing.READS_REPORT).seat
        consented = known.state.seats[seat].consent is not None
        return RoomStanding(stage=known.stage.value, signed=_signed(known), seat=seat, consented=consented)

    def begin_consent(
        self, actor: Actor, session: SessionId, seat: SeatId, *, report: Digest, said: ConsentIn
    ) -> dict[str, Any]:
        """Any: JSON of the browser's WebAuthn."""
        return self._check_in.begin_consent(actor.person, session, seat, report=report, said=said)

    def sign(self, actor: Actor, session: SessionId, seat: SeatId, pin: str) -> str:
        return self._line.sign(session, seat, actor.person, pin)


def _signed(session: Session) -> frozenset[str]:
    seats = session.definition.seats
    return frozenset(expert_field(seat.id) for seat in seats if session.state.signing(seat) is not None)
