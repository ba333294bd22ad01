"""The interface document is whole and true: what it says of callers and refusals is what the routes do."""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from httpx2 import Response
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from node.app import application
from node.centre import Centre
from node.config import PeerConfig
from node.http.openapi import Problem, access_of, operations
from node.http.permissions import ROUTES
from node.http.versions import API, PEER
from node.keys import point
from node.peering import signatures
from node.peering.signatures import Message, Parameters
from records.actors import Role
from records.ids import CentreCode, b64u
from tests.documented import PROBLEM, document
from tests.unit.node.one_centre import CHAIN, Clock, centre_at, client_of, signed_in

KEY = ec.generate_private_key(ec.SECP256R1())
OPERATIONS = list(operations(document()))
ROUTE_IDS = [f"{method.upper()} {path}" for path, method, _operation in OPERATIONS]
every_route = pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=ROUTE_IDS)
WITH_BODY = [one for one in OPERATIONS if "application/json" in one[2].get("requestBody", {}).get("content", {})]
every_body = pytest.mark.parametrize(
    ("path", "method", "operation"), WITH_BODY, ids=[f"{method.upper()} {path}" for path, method, _one in WITH_BODY]
)
JSON = {"content-type": "application/json"}
Json = dict[str, Any]
"""Any: JSON of the interface document."""


@pytest.fixture(name="centre", scope="module")
def _centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """With everything that can be configured, so that every route is there."""
    peer = PeerConfig(code=CentreCode("XA"), url="http://localhost:1", entry_key=point(KEY.public_key()))
    centre = centre_at(tmp_path_factory.mktemp("centre"), Clock(), (peer,), chain=CHAIN, demo=True)
    yield centre
    centre.journal.engine.dispose()


@pytest.fixture(name="people", scope="module")
def _people(centre: Centre) -> dict[Role, TestClient]:
    return {role: signed_in(centre, role) for role in Role}


def filled(path: str) -> str:
    """A path whose parameters name nothing."""
    return path.replace("{entry}", "1").replace("{", "x").replace("}", "")


def ask(client: TestClient, path: str, method: str, headers: dict[str, str] | None = None) -> Response:
    return client.request(method, filled(path), json={}, headers=headers)


def signed(centre: Centre, path: str, body: bytes) -> dict[str, str]:
    """The headers of a request that the other centre really sends."""
    message = Message(method="POST", path=path, query="", body=body, to=CentreCode("JN"))
    created = int(centre.ground.clock().timestamp())
    parameters = Parameters(keyid="XA", created=created, nonce=b64u(secrets.token_bytes(16)))
    return signatures.sign(message, parameters, KEY) | JSON


def code_of(answer: Response) -> str:
    return TypeAdapter(Problem).validate_json(answer.content).code if answer.status_code >= 400 else ""


# --- the document itself --------------------------------------------------------------------------------------------


def test_the_committed_document_is_what_the_application_says(centre: Centre) -> None:
    """`python docs/openapi.py` writes it anew."""
    assert document() == json.loads(json.dumps(application(centre).openapi()))


def test_the_document_is_openapi_3_1() -> None:
    assert document()["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(document()).iter_errors()] == []


def test_every_operation_has_a_name_of_its_own_and_a_tag_that_is_described() -> None:
    names = [operation["operationId"] for _path, _method, operation in OPERATIONS]
    told = {tag["name"] for tag in document()["tags"]}

    assert len(set(names)) == len(names)
    assert {tag for _path, _method, operation in OPERATIONS for tag in operation["tags"]} == told


@every_route
def test_every_route_says_what_it_answers(path: str, method: str, operation: Json) -> None:
    """A model of ours or a list of them, a file, or nothing at all."""
    good = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}

    ((status, answer),) = good.items()
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    named = (schema.get("items") or schema).get("$ref", "")
    is_file = path.startswith("/explorer/static/") or set(answer.get("content", {})) - {"application/json"}
    assert status == "204" or is_file or named.endswith("Out")


@every_route
def test_every_refusal_of_a_route_is_the_one_problem(path: str, method: str, operation: Json) -> None:
    refused = {status: answer for status, answer in operation["responses"].items() if status >= "4"}

    assert refused == {status: {"$ref": f"#/components/responses/Refused{status}"} for status in refused}
    assert "500" in refused


def test_a_problem_has_one_schema() -> None:
    schemas = {
        json.dumps(answer["content"][PROBLEM]["schema"]) for answer in document()["components"]["responses"].values()
    }

    assert schemas == {'{"$ref": "#/components/schemas/Problem"}'}


def test_what_machines_ask_for_has_its_version_in_the_path() -> None:
    inner = {path for path, _method, _operation in OPERATIONS if path.startswith(("/api", "/peer"))}

    assert {path for path in inner if not path.startswith((f"{API}/", f"{PEER}/"))} == set()


# --- who may call ---------------------------------------------------------------------------------------------------


def test_every_row_of_the_table_of_permissions_is_a_route() -> None:
    assert set(ROUTES) - {(method.upper(), path) for path, method, _operation in OPERATIONS} == set()


@every_route
def test_a_route_asks_for_what_the_document_says(centre: Centre, path: str, method: str, operation: Json) -> None:
    """Without cookie and signature, only public routes look at what was sent."""
    wanted = {
        "session": ("session" in str(operation["security"]), "not-signed-in"),
        "peer": (operation["security"] == [{"peerSignature": []}], "peer-signature-missing"),
        "public": (operation["security"] == [], ""),
    }
    said, code = wanted[access_of(method, path)]

    answer = ask(client_of(centre), path, method)

    assert said
    assert (code_of(answer) == code) if code else (code_of(answer) not in {"not-signed-in", "peer-signature-missing"})


STAFFED = [one for one in OPERATIONS if "x-roles" in one[2] and not one[0].endswith("/sign-out")]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("path", "method", "operation"), STAFFED, ids=[f"{method.upper()} {path}" for path, method, _one in STAFFED]
)
def test_the_roles_of_the_document_are_let_in_and_no_others(
    people: dict[Role, TestClient], path: str, method: str, operation: Json, role: Role
) -> None:
    answer = ask(people[role], path, method)

    assert (code_of(answer) != "role-not-permitted") is (role.value in operation["x-roles"])


@pytest.mark.parametrize(
    ("path", "method", "operation"),
    [one for one in STAFFED if one[1] != "get"],
)
def test_an_act_asks_for_the_csrf_mark_that_the_document_names(
    people: dict[Role, TestClient], path: str, method: str, operation: Json
) -> None:
    client = people[Role(operation["x-roles"][0])]

    answer = ask(client, path, method, {"X-CSRF-Token": ""})

    assert operation["security"] == [{"session": [], "csrf": []}]
    assert code_of(answer) == "csrf-mark-wrong"


# --- wrong bodies ---------------------------------------------------------------------------------------------------

Callers = Callable[[str, str, Json, bytes], tuple[TestClient, dict[str, str]]]
"""Who may call a route, and the headers that a body needs there."""


@pytest.fixture(name="callers", scope="module")
def _callers(centre: Centre, people: dict[Role, TestClient]) -> Callers:
    def caller(path: str, method: str, operation: Json, body: bytes) -> tuple[TestClient, dict[str, str]]:
        access = access_of(method, path)
        client = people[Role(operation["x-roles"][0])] if access == "session" else client_of(centre)
        return client, signed(centre, filled(path), body) if access == "peer" else JSON

    return caller


@pytest.mark.parametrize(
    ("body", "expected"),
    [(b"{", (400, "malformed-json")), (b"[]", (422, "invalid-request")), (b"{}", (422, "invalid-request"))],
    ids=["no-json", "no-object", "empty"],
)
@every_body
def test_a_wrong_body_is_refused_with_a_problem_that_the_document_names(
    callers: Callers, path: str, method: str, operation: Json, *, body: bytes, expected: tuple[int, str]
) -> None:
    """An expert's seat is looked for first: of a session that has no name it says so before it reads the body."""
    client, headers = callers(path, method, operation, body)

    answer = client.request(method, filled(path), content=body, headers=headers)

    code = "invalid-request" if code_of(answer) == "bad-session" else code_of(answer)
    assert (answer.status_code, code) == expected
    assert str(answer.status_code) in operation["responses"]
    assert answer.headers["content-type"] == PROBLEM
