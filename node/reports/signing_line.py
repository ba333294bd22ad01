"""The report's way through the centres: drawn up in each, signed at the members' centres, sealed by guests and host.

The report is at the host; a guest's experts and seal sign it over signed requests, and each centre checks what it
signs.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from evaluation_room.desk import RoomDesk
from evaluation_room.report.data import report_data
from evaluation_room.session.session import Session
from evaluation_room.stages import WORDS, Stage
from node.http.versions import PEER
from node.reports.authorities import Authorities
from records.errors import ConflictError, NotPermittedError, TongpingError, UnavailableError, WrongStageError
from records.ids import CentreCode, Digest, PersonId, SeatId, SessionId, b64u, unb64u
from signing.desk import ReportHost, SigningDesk
from signing.keys.identity import Identity
from signing.line import Offer
from signing.pdf.intents import Opinion
from signing.report.signature_page import expert_field

Post = Callable[[CentreCode, str, Mapping[str, Any]], dict[str, Any]]
"""PeerClient.post. Any: JSON, read strictly where it is used."""
Get = Callable[[CentreCode, str], dict[str, Any]]
"""PeerClient.get. Any: as above."""
TURNS: Final = 40
TURN_PAUSE: Final = 0.5
"""Seconds between two tries to get the report's turn, while another member signs."""
_NOT_YET: Final = frozenset({"report-busy", "signature-not-begun", "signature-not-yet", "room-behind"})
"""Another signer holds the turn, took it over, or is due before us, or the host's room lacks the consent so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteHost:
    """The host's signing desk for a guest: signing.desk.ReportHost over signed requests."""

    host: CentreCode
    post: Post

    def begin(self, session: SessionId, field: str, identity: Identity, opinion: Opinion) -> Offer:
        answer = self.post(
            self.host,
            f"{PEER}/signing/{session}/begin",
            {
                "field": field,
                "identity": identity.to_wire(),
                "decision": opinion.stance.value,
                "reason": opinion.reason,
            },
        )
        return Offer(document=unb64u(answer.get("document")), to_be_signed=unb64u(answer.get("to_be_signed")))

    def finish(self, session: SessionId, field: str, signature: bytes) -> None:
        self.post(self.host, f"{PEER}/signing/{session}/finish", {"field": field, "signature": b64u(signature)})


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSeal:
    """A guest's seal for the host: signing.keys.identity.Signer over signed requests."""

    guest: CentreCode
    session: SessionId
    post: Post
    get: Get
    admit: Callable[[Identity], None]

    @property
    def identity(self) -> Identity:
        """Raises NotPermittedError when it is not this guest's: see Authorities.admit_seal."""
        found = Identity.from_wire(self.get(self.guest, f"{PEER}/signing/{self.session}/seal-certificate"))
        self.admit(found)
        return found

    def sign(self, data: bytes, *, document: bytes, field: str) -> bytes:
        message = {"field": field, "document": b64u(document), "to_be_signed": b64u(data)}
        return unb64u(self.post(self.guest, f"{PEER}/signing/{self.session}/seal", message).get("signature"))


class SigningLine:
    """The own centre's work on one report after the other."""

    def __init__(
        self,
        *,
        centre: CentreCode,
        desk: SigningDesk,
        room: RoomDesk,
        post: Post,
        get: Get,
        authorities: Authorities,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._centre = centre
        self._desk = desk
        self._room = room
        self._post = post
        self._get = get
        self._authorities = authorities
        self._pause = pause

    def draw_up(self, session: Session) -> Digest:
        """The report made by this centre from its own records."""
        anew = bool(session.state.rollbacks)
        return self._desk.take_draft(session.id, report_data(session), stage_names=WORDS, anew=anew)

    def is_certified(self, session: Session) -> bool:
        return self._desk.state(session.id).certified

    def certify(self, session: SessionId) -> None:
        """At the host, before the first member signs: from here on the content is fixed."""
        self._desk.certify(session)

    def sign(self, session_id: SessionId, seat_id: SeatId, person: PersonId, pin: str) -> str:
        """An own expert's signature, after the consent; the field's name.

        Raises WrongStageError(consent-missing), NotPermittedError: signature-refused, pin-wrong, signer-locked.
        """
        session = self._room.session(session_id)
        opinion = _opinion(session, seat_id)
        field = expert_field(seat_id)
        fingerprint = self._signed(session, seat_id, person, pin, opinion)
        self._room.author(
            session_id, "report-signed", {"seat": str(seat_id), "field": field, "certificate": str(fingerprint)}
        )
        return field

    def seal(self, session: Session) -> Digest:
        """Guests' seals and the own; continues an interrupted call. Members who refused are left out (条例53条)."""
        guests = {
            guest.code: RemoteSeal(
                guest=guest.code,
                session=session.id,
                post=self._post,
                get=self._get,
                admit=partial(self._authorities.admit_seal, centre=guest),
            )
            for guest in session.definition.guests
        }
        try:
            return self._desk.seal(session.id, guests, excused=excused(session))
        except ConflictError as error:
            raise UnavailableError(error.code, session=session.id) from error  # another signer's turn: it passes

    def _signed(self, session: Session, seat: SeatId, person: PersonId, pin: str, opinion: Opinion) -> Digest:
        """The signature of the seat's member, waiting for its turn. An existing one only lacks its entry."""
        host = session.definition.host.code
        self._authorities.admit_member(self._desk.signers.identity(person), session, seat)
        at: ReportHost = self._desk if host == self._centre else RemoteHost(host=host, post=self._post)
        for _ in range(TURNS):
            try:
                return self._desk.sign_as(person, pin, session.id, seat, host=at, opinion=opinion)
            except TongpingError as error:
                if error.code == "already-signed":
                    return self._desk.signers.identity(person).fingerprint
                if error.code not in _NOT_YET:
                    raise
            self._pause(TURN_PAUSE)
        raise UnavailableError("report-busy", session=session.id)


def _opinion(session: Session, seat: SeatId) -> Opinion:
    consent = session.state.seats[seat].consent
    if session.stage is not Stage.SIGNING or consent is None:
        raise WrongStageError("consent-missing", seat=seat, stage=session.stage.value)
    if consent.decision.value == "refuse":
        raise NotPermittedError("signature-refused", seat=seat)
    return Opinion.read(consent.decision.value, consent.reason)


def excused(session: Session) -> frozenset[str]:
    """The fields of members who did not consent and refused to sign (条例53条)."""
    return frozenset(expert_field(seat.id) for seat in session.definition.seats if not session.state.signs(seat))
