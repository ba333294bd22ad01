"""Asks every route of an application as every caller, at one moment of an evaluation, and notes who was let in."""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount
from starlette.testclient import TestClient

from evaluation_room.stages import TERMINALS, Stage
from node.http.versions import PEER
from node.peering import signatures
from node.peering.signatures import Message, Parameters
from records.actors import Role
from records.facts import REPORT_SEALED, SESSION_PREPARED
from records.ids import CentreCode, PersonId, b64u
from records.room_entry import public_point
from tests.attacks.secrecy.evaluation_house import Evaluation
from tests.attacks.secrecy.route_expectations import API, EXPECTED, REFUSALS, Caller, Moment, Standing
from tests.unit.evaluation_room import rooms

PER_EVALUATION: Final = ("{session}", "{project}", "{digest}", "{index}")
KEY: Final = public_point(ec.generate_private_key(ec.SECP256R1()).public_key())
OFFER: Final = {"type": "offer", "sdp": "x"}
BODIES: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = {
    ("POST", f"{API}/sessions/{{session}}/stage"): {"to": "SUSPENDED", "grounds": {}},
    ("POST", f"{API}/sessions/{{session}}/review"): {"kind": "nothing", "body": {}},
    ("POST", f"{API}/room/{{session}}/check-in/options"): {"public_key": KEY},
    ("POST", f"{API}/room/{{session}}/check-in"): {"ceremony": "x", "credential": {}},
    ("POST", f"{API}/room/{{session}}/signal"): OFFER,
    ("POST", f"{API}/signing/{{session}}/consent/options"): {"decision": "agree"},
    ("POST", f"{API}/signing/{{session}}/signature"): {"pin": "0"},
    ("POST", f"{PEER}/links/{{session}}/signal"): OFFER,
    ("POST", f"{PEER}/signing/{{session}}/begin"): {"field": "expert-XA-1", "identity": {}, "decision": "agree"},
    ("POST", f"{PEER}/signing/{{session}}/finish"): {"field": "expert-XA-1", "signature": ""},
    ("POST", f"{PEER}/signing/{{session}}/seal"): {"field": "x", "document": "", "to_be_signed": ""},
    ("POST", f"{PEER}/signing/{{session}}/sealed"): {"document": ""},
}
"""What is sent where an empty object would be refused before the question of the moment; nothing here has an effect."""
CONSTANT: Final[dict[str, str]] = {
    "{size}": "1", "{entry}": "1", "{id}": "x", "{origin}": "xa.tongping", "{path:path}": "0/000",
}  # fmt: skip
Route = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one caller got from one route at one moment. `text`: of a refusal, and of what anybody reads."""

    moment: Moment
    route: Route
    caller: Caller
    code: str
    text: str = ""

    @property
    def let_in(self) -> bool:
        return self.code not in REFUSALS

    @property
    def expected(self) -> bool:
        return EXPECTED[self.route](self.caller, self.moment)

    def __str__(self) -> str:
        return f"{self.moment.name}: {' '.join(self.route)} as {self.caller.name}: {self.code or 'let in'}"


def routes_of(app: FastAPI) -> list[Route]:
    """Every method and path of the application; a mounted folder of files by its prefix."""
    found: set[Route] = set()
    for context in iter_route_contexts(app.routes):
        methods = {"GET"} if isinstance(context.original_route, Mount) else set(context.methods or ())
        found |= {("GET" if method == "HEAD" else method, str(context.path)) for method in methods}
    return sorted(found)


def moment_of(name: str, evaluation: Evaluation) -> Moment:
    """Told from the state alone, without what the gates make of it."""
    state = evaluation.session.state
    below = state.passage.stage
    signing = below in {Stage.SIGNING, Stage.SEALED, Stage.CLOSED}
    return Moment(
        name=name,
        stage=state.stage,
        below=below,
        report=signing and state.stage not in TERMINALS,
        aggregated=state.reached(Stage.AGGREGATED),
        briefed=state.reached(Stage.BRIEFING),
        venue=evaluation.with_guest,
    )


class Sweep:
    def __init__(self, app: FastAPI, evaluation: Evaluation, name: str, people: Mapping[Standing, PersonId]) -> None:
        self._routes = routes_of(app)
        self._evaluation = evaluation
        self._house = evaluation.house
        self._moment = moment_of(name, evaluation)
        self._people = people
        self._own = self._parameters()

    def all_routes(self) -> Iterator[Observation]:
        """Also the routes that ask for no evaluation, and callers who knock at another's door: once is enough."""
        for route in self._routes:
            for caller, client in self._callers(route[1].startswith(PEER)):
                yield from self._route(route, caller, client)

    def evaluation_routes(self) -> Iterator[Observation]:
        """The routes that name an evaluation; of a public one it does not matter who reads it."""
        for route in self._routes:
            of_peers, of_people = route[1].startswith(PEER), route[1].startswith((API, "/evidence"))
            if any(part in route[1] for part in PER_EVALUATION):
                for caller, client in self._callers(of_peers):
                    known = caller.role if of_people else caller.peer if of_peers else None
                    if known or caller == Caller():
                        yield from self._route(route, caller, client)

    def _route(self, route: Route, caller: Caller, client: TestClient) -> Iterator[Observation]:
        if route != ("POST", f"{API}/access/sign-out") or caller.role is None:  # it would end the caller's part here
            yield self._ask(route, caller, client)

    def _callers(self, of_peers: bool) -> Iterator[tuple[Caller, TestClient]]:  # noqa: FBT001 - private
        house = self._house
        yield Caller(), house.nobody
        for peer in ("venue", "elsewhere"):
            yield Caller(peer=peer), house.nobody
        if of_peers:  # a cookie says nothing there
            yield Caller(role=Role.OPERATOR), house.staff[Role.OPERATOR]
            return
        for role, client in house.staff.items():
            yield Caller(role=role), client
        for standing, person in self._people.items():
            yield Caller(role=Role.EXPERT, standing=standing), house.experts[person].client

    def _ask(self, route: Route, caller: Caller, client: TestClient) -> Observation:
        method, path = route[0], self._filled(route)
        body = b"" if method == "GET" else json.dumps(BODIES.get(route, {})).encode()
        headers = self._signature(caller, method, path, body) if caller.peer else {}
        if body:
            headers |= {"content-type": "application/json"}
        answer = client.request(method, path, content=body, headers=headers, follow_redirects=False)
        if answer.status_code < 400:
            text = answer.text if method == "GET" and caller.name == "nobody" else ""
            return Observation(moment=self._moment, route=route, caller=caller, code="", text=text)
        is_problem = answer.headers["content-type"] == "application/problem+json"
        code = str(answer.json()["code"]) if is_problem else f"{answer.status_code}"
        return Observation(moment=self._moment, route=route, caller=caller, code="not-found" if code == "404" else code)

    def _filled(self, route: Route) -> str:
        path = route[1]
        for parameter, value in (
            self._own | CONSTANT | {"{name}": _name(path), "{digest}": self._digest(path)}
        ).items():
            path = path.replace(parameter, value)
        return f"{path}/tokens.css" if path == "/shared" else path

    def _parameters(self) -> dict[str, str]:
        journal, session = self._evaluation.centre.journal, self._evaluation.id
        found = journal.find(type=REPORT_SEALED, session=session) or journal.find(
            type=SESSION_PREPARED, session=session
        )
        return {"{session}": session, "{project}": self._evaluation.project, "{index}": str(found[0].index)}

    def _digest(self, path: str) -> str:
        """Of the sealed report for the public, of a bid for all others."""
        session = self._evaluation.session
        sealed = session.state.host.sealed
        if path.startswith("/explorer") and sealed is not None:
            return sealed.sealed.partition(":")[2]
        return session.definition.bidders[0].documents[0].sha256.partition(":")[2]

    def _signature(self, caller: Caller, method: str, path: str, body: bytes) -> dict[str, str]:
        code = {"venue": "XA", "elsewhere": "DL"}[caller.peer]
        message = Message(method=method, path=path, query="", body=body, to=CentreCode("JN"))
        created = int(self._house.clock().timestamp())
        parameters = Parameters(keyid=code, created=created, nonce=b64u(secrets.token_bytes(16)))
        return signatures.sign(message, parameters, rooms.key(f"centre:{code}"))


def _name(path: str) -> str:
    return "explorer.css" if path.startswith("/explorer") else "nobody"
