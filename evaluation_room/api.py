"""Routes of the room: the console's sessions and the expert's own room."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel, Field
from starlette.requests import Request

from evaluation_room.answers.cockpit import CockpitOut, TallyOut
from evaluation_room.answers.room import (
    BoundOut,
    CheckInOptionsOut,
    OwnChainOut,
    RoomOut,
    SignalOut,
)
from evaluation_room.answers.session import ListingOut, RoomListingOut
from evaluation_room.desk import RoomDesk
from evaluation_room.replication.channel import Signal
from evaluation_room.session.kinds.registry import KINDS
from evaluation_room.session.session import Session
from evaluation_room.session.steps import by_supervisor
from evaluation_room.stages import read_stage
from evaluation_room.views import review as review_views
from evaluation_room.views import session as views
from evaluation_room.views.session import Links
from evaluation_room.views.tally import tally_view
from records import ids
from records.actors import Actor, Role
from records.answers import file_answer
from records.canonical import Value
from records.errors import NotFoundError, NotPermittedError, WrongStageError
from records.ids import CentreCode, Digest, SeatId, SessionId
from records.strict_fields import LONGEST_REASON

_PDF = "application/pdf"

Json = dict[str, Any]
"""Any: JSON of the browser's WebAuthn, which only the node's passkey adapter reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An expert's seat in a session. `checked_in`: the expert is its present member, by an own passkey."""

    seat: SeatId
    checked_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What the node lends the room's routes; every function raises errors of ours.

    `places` (actor): the sessions this expert may look into. `place` (actor, session): the expert's seat in one of
    them, NotFoundError("session-unknown") in any other. `document` (session, digest): the file of a bid.
    `begin_check_in` (actor, session, seat, public key): {"ceremony", "publicKey"} for the expert's authenticator.
    `finish_check_in` (actor, session, seat, answer): the binding: public_key, expert, credential, nonce, assertion.
    `signal`: answer a browser's WebRTC offer. `links` (session): how its seats and centres are reached.
    """

    places: Callable[[Actor], Sequence[tuple[SessionId, Place]]]
    place: Callable[[Actor, SessionId], Place]
    document: Callable[[SessionId, Digest], Path]
    begin_check_in: Callable[[Actor, SessionId, SeatId, str], Json]
    finish_check_in: Callable[[Actor, SessionId, SeatId, "CheckInAnswer"], Mapping[str, Value]]
    signal: Callable[[SessionId, SeatId, Signal], Awaitable[Signal]]
    links: Callable[[SessionId], Links]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInAnswer:
    """What the expert's browser sends back: which ceremony, and the authenticator's answer to it."""

    ceremony: str
    credential: Json = field(repr=False)


class StageIn(BaseModel):
    """`grounds`: what a step off the line must say (steps.fields)."""

    to: str = Field(max_length=32)
    grounds: dict[str, Annotated[str, Field(max_length=LONGEST_REASON)]] = Field(default_factory=dict, max_length=8)


class CarriedIn(BaseModel):
    """What the host centre carries between the committee and the bidders: an entry of its own, by kind and body."""

    kind: str = Field(max_length=40)
    body: Json


class KeyIn(BaseModel):
    public_key: str = Field(max_length=128)


class CheckInIn(BaseModel):
    ceremony: str = Field(max_length=64)
    credential: Json


class SignalIn(BaseModel):
    type: str = Field(max_length=16)
    sdp: str = Field(max_length=64 * 1024)


ActorOf = Callable[[Request], Actor]


def routes(desk: RoomDesk, office: Office, actor: ActorOf, centre: CentreCode) -> APIRouter:
    """All routes of the room behind the node's gate (`actor`: who calls, or the refusal)."""
    router = APIRouter(dependencies=[Depends(actor)])
    _add_console(router, desk, office, actor, centre)
    _add_room(router, desk, office, actor)
    _add_check_in(router, desk, office, actor)
    return router


def _add_console(router: APIRouter, desk: RoomDesk, office: Office, actor: ActorOf, centre: CentreCode) -> None:
    @router.get("/sessions", tags=["sessions"], response_model=list[ListingOut])
    def sessions() -> list[Json]:
        return [_listing(session) for session in desk.sessions()]

    @router.get("/sessions/{session}", tags=["sessions"], response_model=CockpitOut)
    def cockpit(session: str) -> Json:
        found = desk.session(ids.parse_session(session))
        return views.cockpit(found, centre, office.links(found.id))

    @router.get("/sessions/{session}/tally", tags=["sessions"], response_model=TallyOut)
    def tally(session: str) -> Json:
        return tally_view(desk.session(ids.parse_session(session)))

    @router.post("/sessions/{session}/stage", tags=["sessions"], response_model=CockpitOut)
    def enter_stage(session: str, body: StageIn, by: Annotated[Actor, Depends(actor)]) -> Json:
        found, to = desk.session(ids.parse_session(session)), read_stage(body.to)
        wanted = Role.SUPERVISOR if by_supervisor(found.stage, to) else Role.OPERATOR
        if by.role is not wanted:
            raise NotPermittedError("supervisor-orders" if wanted is Role.SUPERVISOR else "operator-conducts")
        desk.enter_stage(found.id, to, body.grounds)
        return views.cockpit(desk.session(found.id), centre, office.links(found.id))

    @router.post("/sessions/{session}/review", tags=["sessions"], response_model=CockpitOut)
    def carry(session: str, body: CarriedIn, by: Annotated[Actor, Depends(actor)]) -> Json:
        found = desk.session(ids.parse_session(session))
        wanted = review_views.carrier(body.kind, body.body)
        if by.role is not wanted:
            raise NotPermittedError("supervisor-orders" if wanted is Role.SUPERVISOR else "operator-conducts")
        desk.author(found.id, body.kind, body.body)
        return views.cockpit(desk.session(found.id), centre, office.links(found.id))


def _listing(session: Session) -> Json:
    """One line of a list of sessions."""
    defined = session.definition
    names = {"title": defined.title, "title_en": defined.title_en, "host": defined.host.code}
    return {"session": session.id, "project": defined.project, **names, "stage": session.stage.value}


def _places(office: Office, actor: ActorOf) -> Callable[..., Place]:
    """The dependency that finds the caller's own seat in the session, and lets nobody else in."""

    def place_of(session: str, by: Annotated[Actor, Depends(actor)]) -> Place:
        return office.place(by, ids.parse_session(session))

    return place_of


def _seats(office: Office, actor: ActorOf) -> Callable[..., SeatId]:
    """The same, of the seat alone."""
    place_of = _places(office, actor)

    def seat_of(place: Annotated[Place, Depends(place_of)]) -> SeatId:
        return place.seat

    return seat_of


def _add_room(router: APIRouter, desk: RoomDesk, office: Office, actor: ActorOf) -> None:
    place_of, seat_of = _places(office, actor), _seats(office, actor)

    @router.get("/room", tags=["room"], response_model=list[RoomListingOut])
    def rooms(by: Annotated[Actor, Depends(actor)]) -> list[Json]:
        open_here = {session.id: session for session in desk.sessions()}
        mine = [(open_here[session], place) for session, place in office.places(by) if session in open_here]
        return [{"seat": place.seat, **_listing(session)} for session, place in mine]

    @router.get("/room/{session}", tags=["room"], response_model=RoomOut)
    def view(session: str, place: Annotated[Place, Depends(place_of)]) -> Json:
        found = desk.session(ids.parse_session(session))
        return views.room_view(found, place.seat, office.links(found.id), checked_in=place.checked_in)

    @router.get("/room/{session}/chain", tags=["room"], response_model=OwnChainOut)
    def chain(session: str, seat: Annotated[SeatId, Depends(seat_of)]) -> Json:
        own, after = desk.session(ids.parse_session(session)).own_chain(seat)
        entries = [signed.to_wire() for signed in own.entries[after:]]
        return {"entries": entries, "head": own.head, "seq": own.seq, "after": after}

    @router.get(
        "/room/{session}/documents/{digest}", tags=["room"], response_class=Response, responses=file_answer(_PDF)
    )
    def document(session: str, digest: str, seat: Annotated[SeatId, Depends(seat_of)]) -> FileResponse:
        found = desk.session(ids.parse_session(session))
        path = office.document(found.id, _bid_document(found, seat, digest))
        return FileResponse(path, media_type=_PDF, headers={"Cache-Control": "private, no-store"})

    @router.post("/room/{session}/signal", tags=["room"], response_model=SignalOut)
    async def signal(session: str, body: SignalIn, seat: Annotated[SeatId, Depends(seat_of)]) -> Json:
        answer = await office.signal(ids.parse_session(session), seat, Signal(type=body.type, sdp=body.sdp))
        return {"type": answer.type, "sdp": answer.sdp}


def _bid_document(session: Session, seat: SeatId, name: str) -> Digest:
    """The document of this evaluation under this name, for a member who may read it."""
    wanted = ids.parse_digest(f"sha256:{name}")
    known = {document.sha256 for bidder in session.definition.bidders for document in bidder.documents}
    if wanted not in known:
        raise NotFoundError("document-unknown", digest=wanted)
    if not views.may_read_bids(session, seat):
        raise WrongStageError("undertaking-missing", seat=seat)
    return wanted


def _add_check_in(router: APIRouter, desk: RoomDesk, office: Office, actor: ActorOf) -> None:
    seat_of = _seats(office, actor)

    @router.post("/room/{session}/check-in/options", tags=["room"], response_model=CheckInOptionsOut)
    def options(
        session: str,
        body: KeyIn,
        by: Annotated[Actor, Depends(actor)],
        seat: Annotated[SeatId, Depends(seat_of)],
    ) -> Json:
        found = desk.session(ids.parse_session(session))
        _check_in_open(found)
        return office.begin_check_in(by, found.id, seat, body.public_key)

    @router.post("/room/{session}/check-in", tags=["room"], response_model=BoundOut)
    def check_in(
        session: str,
        body: CheckInIn,
        by: Annotated[Actor, Depends(actor)],
        seat: Annotated[SeatId, Depends(seat_of)],
    ) -> Json:
        found = desk.session(ids.parse_session(session))
        _check_in_open(found)
        answer = CheckInAnswer(ceremony=body.ceremony, credential=body.credential)
        binding = office.finish_check_in(by, found.id, seat, answer)
        return {"epoch": desk.bind_seat(found.id, seat, binding)}


def _check_in_open(session: Session) -> None:
    if session.state.passage.stage not in KINDS["seat-bound"].stages:
        raise WrongStageError("kind-not-in-stage", kind="seat-bound", stage=session.stage.value)
