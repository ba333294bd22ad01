"""Checks the room entries that claim a passkey's confirmation against the passkey's signature."""

from urllib.parse import urlsplit

from evaluation_room.session.acts import ReportConsented, SeatBound
from evaluation_room.tender.definition import Seat
from node.foundation import Foundation, web_origin
from node.office.access.desk import AccessDesk
from node.office.catalogue.desk import CatalogueDesk
from records.errors import InvalidRecordError, NotPermittedError
from records.ids import CentreCode, SeatId, SessionId, seat_centre, session_project, unb64u
from signing.factors import challenges, webauthn


class Confirmations:
    """Runs inside the transaction that takes the entry, and only reads.

    For the own centre's seats the passkey must also be the named expert's, and a consent's challenge one issued here;
    for the others their centre's signature on the binding vouches for that.
    """

    def __init__(self, ground: Foundation, *, access: AccessDesk, catalogue: CatalogueDesk) -> None:
        self._ground = ground
        self._access = access
        self._catalogue = catalogue

    def binding(self, session: SessionId, act: SeatBound) -> None:
        challenge = challenges.seat_binding(session, act.seat, act.public_key, nonce=unb64u(act.nonce))
        self._verify(act.seat, act, challenge.value, dict(act.assertion))
        if seat_centre(act.seat) == self._ground.code:
            self._check_person(session, act)

    def consent(self, session: SessionId, seat: Seat, act: ReportConsented, bound: SeatBound) -> None:
        """The passkey signed this decision of this seat; an answer to the first challenge proves no decision."""
        if act.challenge_version != challenges.CONSENT_VERSION:
            raise InvalidRecordError("challenge-version", version=act.challenge_version)
        challenge = challenges.report_consent(
            session,
            seat.id,
            report=act.digest,
            decision=act.decision.value,
            reason=act.reason,
            nonce=unb64u(act.nonce),
        )
        self._verify(seat.id, bound, challenge.value, dict(act.assertion))
        if seat.centre != self._ground.code:
            return
        person = self._catalogue.sitting(session_project(session), seat.id).id
        if not self._access.asked(person, challenge):
            raise NotPermittedError("consent-not-asked", seat=seat.id)

    def _verify(self, seat: SeatId, bound: SeatBound, challenge: bytes, assertion: dict[str, object]) -> None:
        if assertion.get("id") != bound.credential_id:
            raise NotPermittedError("passkey-of-another-seat", seat=seat)
        rp_id, origin = self._site(seat_centre(seat))
        webauthn.verify_assertion(
            assertion,
            challenge=challenge,
            rp_id=rp_id,
            origin=origin,
            credential_public_key=unb64u(bound.credential_key),
        )

    def _site(self, centre: CentreCode) -> tuple[str, str]:
        """The relying party of a centre's experts, and the origin of their answers."""
        server = self._ground.config.server
        if centre == self._ground.code:
            return server.rp_id, web_origin(self._ground.config)
        peer = self._ground.peers.get(centre)
        if peer is None:
            raise NotPermittedError("centre-unknown", centre=centre)
        return peer.rp_id or urlsplit(peer.url).hostname or "", ""

    def _check_person(self, session: SessionId, act: SeatBound) -> None:
        expert = self._catalogue.sitting(session_project(session), act.seat)
        known = {passkey.id: passkey.public_key for passkey in self._access.passkeys_of(expert.id)}
        if known.get(unb64u(act.credential_id)) != unb64u(act.credential_key):
            raise NotPermittedError("passkey-of-another-person", seat=act.seat)
