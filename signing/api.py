"""Routes of signing: the signing state, the report itself, consent and signature; and RFC 3161 time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from records.actors import Actor
from records.answers import Out, file_answer
from records.errors import InvalidRecordError, WrongStageError
from records.ids import Digest, SeatId, SessionId, parse_session
from records.strict_fields import LONGEST_REASON
from signing.desk import SigningDesk
from signing.report.signature_page import expert_field
from signing.reports import ReportState, SignerState

Json = dict[str, Any]
"""Any: JSON for the browser; its WebAuthn part is the node's."""

_PDF = "application/pdf"
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_MOST_QUERY = 4096
_SIGNING = "SIGNING"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStanding:
    """A session's state in the room, as far as signing shows it. `seat` empty: the caller sits in none.

    `signed`: fields whose signature the room knows of; `consented`: whether the caller's own seat has.
    """

    stage: str
    signed: frozenset[str]
    seat: SeatId | None = None
    consented: bool = False


class Office(Protocol):
    """The node's part of these routes; every method raises errors of ours."""

    def standing(self, session: SessionId, actor: Actor) -> RoomStanding:
        """Raises NotFoundError for a session this actor has no part in."""
        ...

    def begin_consent(
        self, actor: Actor, session: SessionId, seat: SeatId, *, report: Digest, said: "ConsentIn"
    ) -> Json:
        """{"ceremony", "publicKey", "nonce", "report_digest"} for the caller's authenticator."""
        ...

    def sign(self, actor: Actor, session: SessionId, seat: SeatId, pin: str) -> str:
        """Sign at the host with the caller's key and record it in the room; returns the field."""
        ...


class SignerOut(Out):
    """One signature of the report. `excused`: a member who refused to sign; no signature is awaited."""

    field: str
    kind: Literal["expert", "seal"]
    signed: bool
    excused: bool
    seat: str | None = None
    centre: str | None = None
    city_zh: str
    city_en: str


class OwnSignatureOut(Out):
    seat: str
    consented: bool
    signed: bool


class SigningOut(Out):
    """What there is to sign, and who has signed. `me` where the reader sits in the session."""

    report_digest: str
    short_code: str
    title: str
    stage: str
    signers: list[SignerOut]
    me: OwnSignatureOut | None = None
    sealed_digest: str | None = None


class ConsentOptionsOut(Out):
    """Any: what the browser's WebAuthn call takes as it is."""

    ceremony: str
    publicKey: dict[str, Any]  # noqa: N815 - WebAuthn's name
    nonce: str
    report_digest: str


class SignedOut(Out):
    field: str
    signed: bool


class ConsentIn(BaseModel):
    """What the passkey is to confirm: the decision and, as it will stand in the room's entry, its reason."""

    decision: str = Field(max_length=16)
    reason: str = Field(default="", max_length=LONGEST_REASON)


class PinIn(BaseModel):
    pin: str = Field(max_length=64, repr=False)


ActorOf = Callable[[Request], Actor]


def routes(desk: SigningDesk, office: Office, actor: ActorOf) -> APIRouter:
    """All routes of signing behind the node's gate (`actor`: who calls, or the refusal)."""
    router = APIRouter(prefix="/signing", tags=["signing"], dependencies=[Depends(actor)])
    _add_reading(router, desk, office, actor)
    _add_acts(router, desk, office, actor)
    return router


def timestamp_route(desk: SigningDesk) -> APIRouter:
    """POST /tsa: RFC 3161 over HTTP."""
    router = APIRouter(tags=["timestamp"])

    @router.post(
        "/tsa",
        response_class=Response,
        responses=file_answer(_REPLY),
        openapi_extra={"requestBody": {"required": True, "content": {_QUERY: {"schema": {"type": "string"}}}}},
    )
    async def timestamp(request: Request) -> Response:
        query = await request.body()
        if len(query) > _MOST_QUERY:
            raise InvalidRecordError("timestamp-query-too-large", most=_MOST_QUERY)
        return Response(await run_in_threadpool(desk.timestamp, query), media_type=_REPLY)

    return router


def _add_reading(router: APIRouter, desk: SigningDesk, office: Office, actor: ActorOf) -> None:
    @router.get("/{session}", response_model=SigningOut)
    def show(session: str, by: Annotated[Actor, Depends(actor)]) -> Json:
        known = parse_session(session)
        return _shown(desk.state(known), office.standing(known, by))

    @router.get("/{session}/report.pdf", response_class=Response, responses=file_answer(_PDF))
    def report(session: str, by: Annotated[Actor, Depends(actor)]) -> Response:
        known = parse_session(session)
        office.standing(known, by)
        sealed = desk.state(known).sealed_digest is not None
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="{known}.pdf"'}
        pdf = desk.sealed(known) if sealed else desk.report(known)
        return Response(pdf, media_type=_PDF, headers=headers)


def _add_acts(router: APIRouter, desk: SigningDesk, office: Office, actor: ActorOf) -> None:
    @router.post("/{session}/consent/options", response_model=ConsentOptionsOut)
    def begin_consent(session: str, body: ConsentIn, by: Annotated[Actor, Depends(actor)]) -> Json:
        known = parse_session(session)
        seat = _own_seat(office.standing(known, by))
        return office.begin_consent(by, known, seat, report=desk.state(known).report_digest, said=body)

    @router.post("/{session}/signature", response_model=SignedOut)
    def sign(session: str, body: PinIn, by: Annotated[Actor, Depends(actor)]) -> Json:
        known = parse_session(session)
        standing = office.standing(known, by)
        seat = _own_seat(standing)
        if not standing.consented:
            raise WrongStageError("consent-missing", seat=seat)
        return {"field": office.sign(by, known, seat, body.pin), "signed": True}


def _own_seat(standing: RoomStanding) -> SeatId:
    if standing.seat is None or standing.stage != _SIGNING:
        raise WrongStageError("not-in-signing", stage=standing.stage)
    return standing.seat


def _shown(state: ReportState, standing: RoomStanding) -> Json:
    done = standing.signed | {one.field for one in state.signers if one.signed}
    sealed = state.sealed_digest is not None
    shown: Json = {
        "report_digest": state.report_digest,
        "short_code": state.short_code,
        "title": state.title,
        "stage": standing.stage,
        "signers": [_line(one, signed=one.field in done or (sealed and not one.excused)) for one in state.signers],
    }
    if standing.seat is not None:
        field = expert_field(standing.seat)
        shown["me"] = {"seat": standing.seat, "consented": standing.consented, "signed": field in done}
    if sealed:
        shown["sealed_digest"] = state.sealed_digest
    return shown


def _line(one: SignerState, *, signed: bool) -> Json:
    owner = {"seat": one.owner} if one.kind == "expert" else {"centre": one.owner}
    cities = {"city_zh": one.city_zh, "city_en": one.city_en}
    return {"field": one.field, "kind": one.kind, "signed": signed, "excused": one.excused, **owner, **cities}
