"""Signing between centres: guests' members sign at the host, the host requests seals and delivers the sealed file."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.requests import Request

from chain_gateway.verifier.trust import Trust
from evaluation_room.desk import RoomDesk
from evaluation_room.session.session import Session
from evaluation_room.stages import Stage
from node.config import Config
from node.evidence.signatories import required_signers
from node.http.limits import MOST_REPORT
from node.peering.door import PeerRoute
from node.reports.authorities import Authorities
from records.answers import Out
from records.errors import EvidenceMismatchError, NotPermittedError, UnavailableError
from records.ids import CentreCode, SeatId, SessionId, b64u, parse_session, unb64u
from records.proof import Outcome
from signing.desk import SigningDesk
from signing.keys.identity import Identity
from signing.pdf.intents import Opinion
from signing.pdf.verify import RequiredSigners, verify_report
from signing.report.signature_page import expert_field

_LONGEST = MOST_REPORT
_REASON = 4000


class BeginIn(BaseModel):
    """Any: an Identity on the wire, read strictly by signing.keys.identity."""

    field: str = Field(max_length=64)
    identity: dict[str, Any]
    decision: str = Field(max_length=16)
    reason: str = Field(default="", max_length=_REASON)


class FinishIn(BaseModel):
    field: str = Field(max_length=64)
    signature: str = Field(max_length=256)


class SealIn(BaseModel):
    field: str = Field(max_length=64)
    document: str = Field(max_length=_LONGEST)
    to_be_signed: str = Field(max_length=64 * 1024)


class SealedIn(BaseModel):
    document: str = Field(max_length=_LONGEST)


class OfferOut(Out):
    """The document with an empty place for the signature, and what is to be signed; base64url."""

    document: str
    to_be_signed: str


class FieldOut(Out):
    field: str


class SealSignatureOut(Out):
    signature: str


class IdentityOut(Out):
    """A certificate, its issuers and their revocation lists, in PEM."""

    certificate: str
    chain: list[str]
    crls: list[str]


class SealedReportOut(Out):
    sealed_digest: str


class SigningPeers:
    """Allows a peer only what its part in the session permits."""

    def __init__(self, *, config: Config, desk: SigningDesk, room: RoomDesk, clock: Callable[[], datetime]) -> None:
        self._centre = config.centre.code
        self._desk = desk
        self._room = room
        self._authorities = Authorities(desk=desk, trust=config.trust, clock=clock)

    def begin(self, session: SessionId, sender: CentreCode, body: BeginIn) -> dict[str, str]:
        """At the host: a guest's member takes the report's turn, with the opinion consented to in the room."""
        known, seat = self._member(session, sender, body.field)
        identity = Identity.from_wire(body.identity)
        self._authorities.admit_member(identity, known, seat)
        consent = known.state.seats[seat].consent
        if consent is None:
            raise UnavailableError("room-behind", seat=seat)  # consented at the guest, still on its way here
        if (consent.decision.value, consent.reason) != (body.decision, body.reason):
            raise NotPermittedError("opinion-differs", seat=seat)
        opinion = Opinion.read(body.decision, body.reason)
        offer = self._desk.begin(session, body.field, identity, opinion)
        return {"document": b64u(offer.document), "to_be_signed": b64u(offer.to_be_signed)}

    def finish(self, session: SessionId, sender: CentreCode, body: FinishIn) -> None:
        self._member(session, sender, body.field)
        self._desk.finish(session, body.field, unb64u(body.signature))

    def seal(self, session: SessionId, sender: CentreCode, body: SealIn) -> dict[str, str]:
        """At a guest: its seal, when all members known to the room have consented and the document matches."""
        known = self._hosted_by(session, sender)
        missing = [seat for seat, part in known.state.seats.items() if part.consent is None]
        if known.stage is not Stage.SIGNING or missing:
            raise UnavailableError("room-behind", missing=len(missing), stage=known.stage.value)
        signature = self._desk.sign_seal(session, unb64u(body.document), unb64u(body.to_be_signed))
        return {"signature": b64u(signature)}

    def seal_certificate(self, session: SessionId, sender: CentreCode) -> dict[str, Any]:
        """Any: an Identity on the wire."""
        self._hosted_by(session, sender)
        return dict(self._desk.seal_identity.to_wire())

    def take_sealed(self, session: SessionId, sender: CentreCode, pdf: bytes) -> dict[str, str]:
        """At a guest: store the sealed report once it verifies. Raises EvidenceMismatchError(sealed-report-refused)."""
        required = _required(self._hosted_by(session, sender), self._authorities.pinned())
        self._verify(pdf, required)
        return {"sealed_digest": self._desk.take_sealed(session, pdf, excused=required.excused)}

    def _verify(self, pdf: bytes, required: RequiredSigners) -> None:
        roots, stamps = self._authorities.roots()
        checks = verify_report(pdf, roots=roots, tsa_roots=stamps, required=required)
        failed = [check.name for check in checks if check.outcome is Outcome.FAIL]
        if failed:
            raise EvidenceMismatchError("sealed-report-refused", check=failed[0], failed=len(failed))

    def _hosted_by(self, session: SessionId, sender: CentreCode) -> Session:
        known = self._room.session(session)
        if known.definition.host.code != sender:
            raise NotPermittedError("not-the-host", centre=sender)
        return known

    def _member(self, session: SessionId, sender: CentreCode, field: str) -> tuple[Session, SeatId]:
        """The seat of the sender's city whose field this is, in a session hosted here."""
        known = self._room.session(session)
        seats = [seat.id for seat in known.definition.seats if seat.centre == sender]
        own = next((seat for seat in seats if expert_field(seat) == field), None)
        if known.definition.host.code != self._centre or own is None:
            raise NotPermittedError("field-of-another-centre", centre=sender)
        return known, own


def _required(known: Session, trust: Trust | None) -> RequiredSigners:
    """The required signers according to the room here; UnavailableError(room-behind) while entries are missing."""
    state, seats = known.state, known.definition.seats
    unheard = [
        seat
        for seat in seats
        if state.seats[seat.id].consent is None or (state.signs(seat) and state.signing(seat) is None)
    ]
    if unheard:
        raise UnavailableError("room-behind", missing=len(unheard), stage=known.stage.value)
    return required_signers(known, report=state.report, trust=trust)


def peer_routes(peers: SigningPeers, peer: Callable[[Request], Awaitable[CentreCode]]) -> APIRouter:
    router = APIRouter(prefix="/signing/{session}", tags=["peers"], route_class=PeerRoute)

    @router.post("/begin", response_model=OfferOut)
    def begin(session: str, body: BeginIn, sender: Annotated[CentreCode, Depends(peer)]) -> dict[str, str]:
        return peers.begin(parse_session(session), sender, body)

    @router.post("/finish", response_model=FieldOut)
    def finish(session: str, body: FinishIn, sender: Annotated[CentreCode, Depends(peer)]) -> dict[str, str]:
        peers.finish(parse_session(session), sender, body)
        return {"field": body.field}

    @router.post("/seal", response_model=SealSignatureOut)
    def seal(session: str, body: SealIn, sender: Annotated[CentreCode, Depends(peer)]) -> dict[str, str]:
        return peers.seal(parse_session(session), sender, body)

    @router.get("/seal-certificate", response_model=IdentityOut)
    def seal_certificate(session: str, sender: Annotated[CentreCode, Depends(peer)]) -> dict[str, Any]:
        return peers.seal_certificate(parse_session(session), sender)

    @router.post("/sealed", response_model=SealedReportOut)
    def take_sealed(session: str, body: SealedIn, sender: Annotated[CentreCode, Depends(peer)]) -> dict[str, str]:
        return peers.take_sealed(parse_session(session), sender, unb64u(body.document))

    return router
