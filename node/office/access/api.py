"""Routes of access, and the gate before every other route: cookie, CSRF header, roles table."""

import hmac
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from evaluation_room.answers.session import CentreNameOut
from node.config import CentreConfig
from node.office.access.desk import AccessDesk, Login, csrf_of
from node.office.access.passkeys import Options
from node.office.access.store import Person
from records.actors import Actor, Role
from records.answers import Out
from records.errors import NotPermittedError

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"


class CodeIn(BaseModel):
    code: str = Field(max_length=64)


class CredentialIn(BaseModel):
    """`credential` is the browser's response JSON, checked by the passkey adapter."""

    ceremony: str = Field(max_length=64)
    credential: dict[str, Any]


class CeremonyOut(Out):
    """Any: what the browser's WebAuthn call takes as it is; its challenge follows from the nonce."""

    ceremony: str
    nonce: str
    publicKey: dict[str, Any]  # noqa: N815 - WebAuthn's name


class PersonOut(Out):
    """Who is signed in, and what unsafe methods need in their CSRF header."""

    person: str
    name: str
    role: Annotated[Role, Field(strict=False)]
    centre: CentreNameOut
    csrf: str


class SignedOutOut(Out):
    """Nothing is left to say."""


class Gate:
    """Accepts a request as an Actor, or refuses it."""

    def __init__(self, desk: AccessDesk, cookie: str, allow: Callable[[Actor, str, str], None]) -> None:
        """`allow`: raises where this person may not call a route, by its method and path."""
        self._desk = desk
        self._cookie = cookie
        self._allow = allow

    def token(self, request: Request) -> str:
        return request.cookies.get(self._cookie, "")

    def person(self, request: Request) -> Person:
        """The signed-in person; for unsafe methods the CSRF mark must match; the roles table must allow the route."""
        token = self.token(request)
        person = self._desk.signed_in(token)
        given = request.headers.get(CSRF_HEADER, "")
        if request.method not in _SAFE_METHODS and not hmac.compare_digest(given.encode(), csrf_of(token).encode()):
            raise NotPermittedError("csrf-mark-wrong")
        self._allow(self._desk.actor(person), request.method, request.scope["path"])
        return person

    def actor(self, request: Request) -> Actor:
        return self._desk.actor(self.person(request))


def cookie_name(centre: CentreConfig) -> str:
    """Cookies ignore ports: the centre's code in the name separates two centres on one host."""
    return f"tongping-{centre.code}"


def routes(desk: AccessDesk, gate: Gate, centre: CentreConfig, *, secure: bool) -> APIRouter:
    router = APIRouter(prefix="/access", tags=["access"])
    enter = _entrance(centre, secure=secure)

    @router.post("/enrolment/options", response_model=CeremonyOut)
    def begin_enrolment(body: CodeIn) -> Options:
        return desk.begin_enrolment(body.code)

    @router.post("/enrolment", response_model=PersonOut)
    def finish_enrolment(body: CredentialIn, response: Response) -> dict[str, Any]:
        return enter(response, desk.finish_enrolment(body.ceremony, body.credential))

    @router.post("/sign-in/options", response_model=CeremonyOut)
    def begin_sign_in() -> Options:
        return desk.begin_sign_in()

    @router.post("/sign-in", response_model=PersonOut)
    def finish_sign_in(body: CredentialIn, response: Response) -> dict[str, Any]:
        return enter(response, desk.finish_sign_in(body.ceremony, body.credential))

    @router.post("/sign-out", response_model=SignedOutOut)
    def sign_out(
        request: Request, response: Response, _person: Annotated[Person, Depends(gate.person)]
    ) -> dict[str, Any]:
        desk.sign_out(gate.token(request))
        response.delete_cookie(cookie_name(centre), path="/")
        return {}

    @router.get("/me", response_model=PersonOut)
    def me(request: Request, person: Annotated[Person, Depends(gate.person)]) -> dict[str, Any]:
        return _me(centre, Login(token=gate.token(request), person=person))

    return router


def _entrance(centre: CentreConfig, *, secure: bool) -> Callable[[Response, Login], dict[str, Any]]:
    def enter(response: Response, login: Login) -> dict[str, Any]:
        response.set_cookie(cookie_name(centre), login.token, httponly=True, samesite="strict", secure=secure, path="/")
        return _me(centre, login)

    return enter


def _me(centre: CentreConfig, login: Login) -> dict[str, Any]:
    """Any: JSON for the browser."""
    return {
        "person": login.person.id,
        "name": login.person.name,
        "role": login.person.role.value,
        "centre": {"code": centre.code, "name_zh": centre.name_zh, "name_en": centre.name_en},
        "csrf": login.csrf,
    }
