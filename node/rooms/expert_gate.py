"""The one gate before every route of an expert: who is named to the seat, who has taken it, and whose report counts.

Which standing a route needs is declared with the route (node/http/permissions.py). A route without a session is open to
every expert who is signed in; one with a session and without a declared standing is open to none.
"""

from dataclasses import dataclass

from evaluation_room.api import Place
from evaluation_room.desk import RoomDesk
from evaluation_room.session.session import Session
from evaluation_room.stages import ENDED, TERMINALS, Stage
from evaluation_room.tender.definition import Seat
from node.http import permissions
from node.http.permissions import Standing
from node.office.access.desk import AccessDesk
from node.office.catalogue.desk import CatalogueDesk
from records.actors import Actor, Role
from records.errors import NotFoundError, NotPermittedError, WrongStageError
from records.ids import PersonId, SessionId, parse_session, unb64u
from signing.desk import SigningDesk

_OVER = ENDED | {Stage.SEALED}
"""From here on only those who sat may look: for the next version others may be named to the same seats (四不知)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertGate:
    access: AccessDesk
    catalogue: CatalogueDesk
    room: RoomDesk
    signing: SigningDesk

    def allow(self, actor: Actor, method: str, path: str) -> None:
        """Whether this person may call this route now, for every route of the centre. Raises the reason."""
        permissions.require(actor, method, path)
        if actor.role is Role.EXPERT:
            needs, session = permissions.standing_for(method, path)
            if needs is not Standing.SIGNED_IN:
                self.place(actor, parse_session(session), needs)

    def places(self, actor: Actor) -> list[tuple[SessionId, Place]]:
        """Every session this expert may look into, with the seat there."""
        named = self.catalogue.seats_of(actor.person)
        sessions = [session for session in self.room.sessions() if session.definition.project in named]
        found = [(session.id, self._place(actor.person, session)) for session in sessions]
        return [(session, place) for session, place in found if place is not None]

    def place(self, actor: Actor, session: SessionId, needs: Standing = Standing.NAMED) -> Place:
        """The expert's seat in the session, in the standing that is needed.

        Raises NotFoundError("session-unknown") also for a session that the expert has no part in (any more),
        NotPermittedError("not-checked-in"), WrongStageError("not-in-signing") for a report that does not count.
        """
        known = self.room.session(session)
        place = self._place(actor.person, known)
        if place is None:
            raise NotFoundError("session-unknown", session=session)
        if needs >= Standing.CHECKED_IN and not place.checked_in:
            raise NotPermittedError("not-checked-in", seat=place.seat)
        if needs >= Standing.READS_REPORT and not self._counts(known):
            raise WrongStageError("not-in-signing", stage=known.stage.value)
        return place

    def _place(self, person: PersonId, session: Session) -> Place | None:
        """The seat this person is named to, unless it is another's by now, or the session is over without them."""
        named = self.catalogue.seats_of(person).get(session.definition.project)
        seat = None if named is None else session.definition.seat(named)
        if seat is None:
            return None
        own = {passkey.id for passkey in self.access.passkeys_of(person)}
        checked_in = bool(own & _credentials(session, seat, present=True))
        if not checked_in and (session.stage in _OVER or own & _credentials(session, seat, present=False)):
            return None
        return Place(seat=seat.id, checked_in=checked_in)

    def _counts(self, session: Session) -> bool:
        """Whether the report drafted here is the one all centres agreed on, neither superseded nor broken off."""
        agreed = session.state.report
        if agreed is None or session.stage in TERMINALS:
            return False
        return self.signing.state(session.id).report_digest == agreed


def _credentials(session: Session, seat: Seat, *, present: bool) -> set[bytes]:
    """The passkeys that took this seat: those of its present member, or of all whom the seat ever had."""
    bindings = session.state.present(seat) if present else session.state.bindings(seat)
    return {unb64u(binding.act.credential_id) for binding in bindings}
