"""An expert takes a seat or consents to a report: the passkey's challenge, and the use of its answer."""

from collections.abc import Mapping
from typing import Any

from evaluation_room.api import CheckInAnswer
from evaluation_room.desk import RoomDesk
from evaluation_room.session.acts import Decision
from evaluation_room.session.entry_times import WAITS_AT_MOST
from node.office.access.desk import AccessDesk
from node.office.catalogue.desk import CatalogueDesk
from node.office.catalogue.experts import Expert
from node.rooms import recusals
from records.actors import Actor
from records.canonical import Value
from records.errors import InvalidRecordError, NotPermittedError
from records.ids import Digest, PersonId, SeatId, SessionId, b64u, session_project
from records.room_entry import load_point
from signing.api import ConsentIn
from signing.factors import challenges
from signing.factors.challenges import Act

Json = dict[str, Any]
"""Any: JSON of the browser's WebAuthn, read by the passkey adapter."""
CONSENT_LIFETIME = WAITS_AT_MOST
"""The answer is part of a room entry, which may wait in the browser while the line is down."""


class CheckIn:
    """Ceremonies of the own centre's experts."""

    def __init__(self, *, access: AccessDesk, catalogue: CatalogueDesk, room: RoomDesk) -> None:
        self._access = access
        self._catalogue = catalogue
        self._room = room

    def begin(self, actor: Actor, session: SessionId, seat: SeatId, public_key: str) -> Json:
        load_point(public_key)
        self._may_sit(session, seat)
        challenge = challenges.seat_binding(session, seat, public_key, nonce=self._access.nonce())
        detail = {"session": session, "seat": seat, "public_key": public_key, "nonce": b64u(challenge.nonce)}
        return self._access.begin_confirmation(actor.person, challenge, detail=detail)

    def finish(self, actor: Actor, session: SessionId, seat: SeatId, answer: CheckInAnswer) -> Mapping[str, Value]:
        """The binding, confirmed by a passkey of the expert who is named to the seat."""
        passkey, detail = self._access.confirm(
            actor.person, answer.ceremony, act=Act.SEAT_BINDING, credential=answer.credential
        )
        if (detail["session"], detail["seat"]) != (session, seat):
            raise NotPermittedError("ceremony-of-another-seat", seat=seat)
        expert = self._may_sit(session, seat)
        return {
            "public_key": detail["public_key"],
            "expert": {"name": expert.name, "specialty": expert.specialty, "role": expert.role},
            "credential": {"id": b64u(passkey.id), "public_key": b64u(passkey.public_key)},
            "nonce": detail["nonce"],
            "assertion": plain(answer.credential),
        }

    def _may_sit(self, session: SessionId, seat: SeatId) -> Expert:
        """The person named to the seat; NotPermittedError("must-recuse") when the expert's file names a tie (R08)."""
        expert = self._catalogue.sitting(session_project(session), seat)
        recusals.check(expert, self._room.session(session).definition)
        return expert

    def begin_consent(
        self, person: PersonId, session: SessionId, seat: SeatId, *, report: Digest, said: ConsentIn
    ) -> Json:
        """Options for exactly this decision on a report; nonce and answer then go into the room's entry."""
        if said.decision not in set(Decision):
            raise InvalidRecordError("unknown-decision")
        challenge = challenges.report_consent(
            session, seat, report=report, decision=said.decision, reason=said.reason, nonce=self._access.nonce()
        )
        begun = self._access.begin_confirmation(person, challenge, detail={}, lifetime=CONSENT_LIFETIME)
        return begun | {"report_digest": report}


def plain(credential: Json) -> dict[str, Value]:
    """The part of an assertion that is evidence: stored in the record, read by a verifier."""
    response = credential.get("response")
    given = response if isinstance(response, dict) else {}
    kept = {key: given[key] for key in ("clientDataJSON", "authenticatorData", "signature") if key in given}
    return {"id": credential.get("id", ""), "type": "public-key", "response": kept}
