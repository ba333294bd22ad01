"""Routes of invitations: for the console, and for the other centre."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.requests import Request as HttpRequest

from node.office.invitation.desk import InvitationDesk, Request
from node.office.invitation.invitation import Event, Invitation, State, parse_terms
from records.actors import Actor
from records.answers import Out
from records.errors import InvalidRecordError
from records.ids import CentreCode, ProjectId, parse_centre, parse_instant, parse_project
from records.text import names


class InvitationIn(BaseModel):
    guest: str = Field(max_length=4)
    seats: int
    window_start: str = Field(max_length=24)
    window_end: str = Field(max_length=24)
    reply_deadline: str = Field(max_length=24)


class RefusalIn(BaseModel):
    reason_code: str = Field(max_length=64)


class TermsIn(BaseModel):
    terms: dict[str, Any]


class AnswerIn(BaseModel):
    event: str = Field(max_length=16)
    at: str = Field(max_length=24)
    reason_code: str = Field(default="", max_length=64)


StateName = Annotated[State, Field(strict=False)]


class InvitationStateOut(Out):
    state: StateName
    at: str


class InvitationOut(Out):
    """An invitation (副场邀请), sent or received, with every state it was in."""

    id: str
    project: str
    title: str
    host: str
    guest: str
    seats: int
    window_start: str
    window_end: str
    reply_deadline: str
    state: StateName
    history: list[InvitationStateOut]


def routes(
    desk: InvitationDesk, actor: Callable[[HttpRequest], Actor], title_of: Callable[[ProjectId], str]
) -> APIRouter:
    router = APIRouter(tags=["invitations"], dependencies=[Depends(actor)])

    @router.post("/tenders/{project}/invitation", status_code=201, response_model=InvitationOut)
    def issue(project: str, body: InvitationIn, by: Annotated[Actor, Depends(actor)]) -> dict[str, Any]:
        wanted = parse_project(project)
        request = Request(
            guest=parse_centre(body.guest),
            seats=body.seats,
            window_start=body.window_start,
            window_end=body.window_end,
            reply_deadline=body.reply_deadline,
        )
        return view(desk.issue(wanted, title_of(wanted), request, by=by))

    @router.get("/invitations", response_model=list[InvitationOut])
    def invitations() -> list[dict[str, Any]]:
        return [view(invitation) for invitation in desk.invitations()]

    @router.post("/invitations/{id}/confirmation", response_model=InvitationOut)
    def confirm(id: str, by: Annotated[Actor, Depends(actor)]) -> dict[str, Any]:
        return view(desk.confirm(id, by=by))

    @router.post("/invitations/{id}/refusal", response_model=InvitationOut)
    def refuse(id: str, body: RefusalIn, by: Annotated[Actor, Depends(actor)]) -> dict[str, Any]:
        return view(desk.refuse(id, body.reason_code, by=by))

    return router


def peer_routes(desk: InvitationDesk, peer: Callable[[HttpRequest], Awaitable[CentreCode]]) -> APIRouter:
    router = APIRouter(tags=["peers"])

    @router.post("/invitations", response_model=InvitationOut)
    def receive(body: TermsIn, sender: Annotated[CentreCode, Depends(peer)]) -> dict[str, Any]:
        terms = parse_terms(body.terms)
        names.clean(terms.title, field="title")  # refuses; the terms stand as the host wrote them
        return view(desk.receive(terms, sender=sender))

    @router.post("/invitations/{id}/reply", response_model=InvitationOut)
    def take_answer(id: str, body: AnswerIn, sender: Annotated[CentreCode, Depends(peer)]) -> dict[str, Any]:
        if body.event not in {event.value for event in Event}:
            raise InvalidRecordError("invitation-malformed")
        at = parse_instant(body.at)
        answered = desk.take_answer(id, Event(body.event), sender=sender, at=at, reason_code=body.reason_code)
        return view(answered)

    return router


def view(invitation: Invitation) -> dict[str, Any]:
    """Any: JSON for the console and the other centre."""
    return {
        **invitation.terms.value(),
        "state": invitation.state.value,
        "history": [{"state": state.value, "at": at} for state, at in invitation.history],
    }
