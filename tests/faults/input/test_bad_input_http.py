"""Bad requests over HTTP: each has a stable code, none is our own fault, and nothing of it is stored."""

import json
import secrets
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from httpx2 import Response
from starlette.testclient import TestClient

from node.centre import Centre
from node.config import PeerConfig
from node.keys import point
from node.peering import signatures
from node.peering.signatures import Message, Parameters
from records.actors import Role
from records.ids import CentreCode, PersonId, b64u
from tests.unit.node.one_centre import Clock, centre_at, client_of, passkey

KEY = ec.generate_private_key(ec.SECP256R1())
PROJECT = "E3701000076012345001"
SESSION = f"{PROJECT}-1"
JSON = {"content-type": "application/json"}
DEEP = b"[" * 200_000 + b"]" * 200_000
TERMS = {
    "id": f"{PROJECT}-XA-JN-1",
    "project": PROJECT,
    "title": "示例",
    "host": "XA",
    "guest": "JN",
    "seats": 2,
    "reply_deadline": "2099-11-22T06:00:00.000Z",
    "window_start": "2099-11-23T06:00:00.000Z",
    "window_end": "2099-11-24T06:00:00.000Z",
}


@pytest.fixture(name="centre", scope="module")
def _centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    peer = PeerConfig(code=CentreCode("XA"), url="http://localhost:1", entry_key=point(KEY.public_key()))
    centre = centre_at(tmp_path_factory.mktemp("centre"), Clock(), (peer,))
    yield centre
    centre.journal.engine.dispose()


@pytest.fixture(name="client", scope="module")
def _client(centre: Centre) -> TestClient:
    return client_of(centre)


def from_peer(centre: Centre, client: TestClient, path: str, body: bytes) -> Response:
    """A request that the other centre really signed."""
    message = Message(method="POST", path=path, query="", body=body, to=CentreCode("JN"))
    created = int(centre.ground.clock().timestamp())
    headers = signatures.sign(
        message, Parameters(keyid="XA", created=created, nonce=b64u(secrets.token_bytes(16))), KEY
    )
    return client.post(path, content=body, headers=headers | JSON)


def enter(centre: Centre, client: TestClient, role: Role) -> dict[str, str]:
    """Somebody of this role signs in; the header that unsafe requests need."""
    code = centre.access.issue_code(person=PersonId(f"p-{role.value}"), name="示例", role=role)
    begun = client.post("/api/v1/access/enrolment/options", json={"code": code}).json()
    answer = {"ceremony": begun["ceremony"], "credential": passkey().register(begun["publicKey"])}
    return {"X-CSRF-Token": client.post("/api/v1/access/enrolment", json=answer).json()["csrf"]}


def outcome(response: Response) -> tuple[int, str]:
    return response.status_code, str(response.json()["code"])


@pytest.mark.parametrize("page", ["records", "checkpoints"])
def test_a_number_longer_than_any_names_no_page(client: TestClient, page: str) -> None:
    assert client.get(f"/{page}/" + "9" * 5000).status_code == 404


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/api/v1/access/enrolment/options", b'{"code":"' + b"A" * 1024 * 1024 + b'"}'),
        ("/tsa", b"A" * (1024 * 1024 + 1)),
    ],
)
@pytest.mark.parametrize("announced", [True, False])
def test_a_body_too_large_is_refused_announced_or_not(
    client: TestClient, path: str, content: bytes, *, announced: bool
) -> None:
    sent = content if announced else iter([content[:1000], content[1000:]])

    assert outcome(client.post(path, content=sent, headers=JSON)) == (413, "request-too-large")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (DEEP, (400, "malformed-request")),
        (b"{", (400, "malformed-json")),
        (b"\xff\xfe", (400, "malformed-json")),
        (b'{"code":"\\ud800"}', (422, "invalid-request")),
        (b'{"code":1}', (422, "invalid-request")),
        (b"{}", (422, "invalid-request")),
    ],
)
def test_what_is_no_request_is_refused_with_its_code(
    client: TestClient, content: bytes, expected: tuple[int, str]
) -> None:
    assert outcome(client.post("/api/v1/access/enrolment/options", content=content, headers=JSON)) == expected


def test_what_is_deeply_nested_is_refused_behind_a_signature_too(centre: Centre, client: TestClient) -> None:
    nested = b'{"opened":' + b'{"a":' * 60_000 + b"1" + b"}" * 60_001

    assert outcome(from_peer(centre, client, "/peer/v1/sessions", nested)) == (400, "malformed-request")


@pytest.mark.parametrize(
    "credential", [b"{}", b'{"id":"\\ud800"}', b'{"id":NaN}', b'{"id":[]}', b'{"id":"AAAA","rawId":5}']
)
def test_a_passkey_that_is_none_is_refused_in_the_same_words(client: TestClient, credential: bytes) -> None:
    ceremony = client.post("/api/v1/access/sign-in/options", json={}).json()["ceremony"].encode()
    body = b'{"ceremony":"' + ceremony + b'","credential":' + credential + b"}"

    answer = client.post("/api/v1/access/sign-in", content=body, headers=JSON)

    assert outcome(answer) == (403, "passkey-not-accepted")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"id": ""}, "invitation-id"),
        ({"id": "../x"}, "invitation-id"),
        ({"id": "\ud800"}, "invitation-id"),
        ({"id": f"{PROJECT}-DL-JN-1"}, "invitation-id"),
        ({"id": f"{PROJECT}-XA-JN-0"}, "invitation-id"),
        ({"title": ""}, "invitation-title"),
        ({"title": "题" * 401}, "invitation-title"),
        ({"title": "\ud800"}, "lone-surrogate"),
        ({"seats": 10**30}, "invitation-seats"),
        ({"seats": True}, "invitation-malformed"),
        ({"window_end": "0000-13-01T00:00:00.000Z"}, "bad-instant"),
        ({"more": 1}, "invitation-malformed"),
    ],
)
def test_an_invitation_of_wrong_form_is_refused_and_not_kept(
    centre: Centre, client: TestClient, changed: dict[str, object], code: str
) -> None:
    before = centre.journal.size()

    answer = from_peer(centre, client, "/peer/v1/invitations", json.dumps({"terms": TERMS | changed}).encode())

    assert outcome(answer) == (422, code)
    assert centre.invitations.invitations() == []
    assert centre.journal.size() == before


@pytest.mark.parametrize(
    "opened",
    [
        b"{}",
        b'{"entry":5,"signature":null}',
        b'{"entry":{"\\ud800":1},"signature":"A"}',
        b'{"entry":{"session":NaN},"signature":"A"}',
    ],
)
def test_an_opening_of_wrong_form_is_refused(centre: Centre, client: TestClient, opened: bytes) -> None:
    answer = from_peer(centre, client, "/peer/v1/sessions", b'{"opened":' + opened + b"}")

    assert outcome(answer) == (422, "bad-entry")
    assert centre.room.sessions() == []


@pytest.mark.parametrize(
    "path",
    [
        "/explorer/static/..%2fapi.py",
        "/console/..%2f..%2f..%2fpyproject.toml",
        "/shared/%2e%2e/%2e%2e/pyproject.toml",
        "/room/..%2f..%2f..%2fpyproject.toml",
    ],
)
def test_no_path_leads_out_of_the_public_files(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("sample", ["../samples/jinan-10kv", "/etc", "jinan-10kv/", "jinan-10kv\n", "."])
def test_no_sample_lies_outside_its_folder(centre: Centre, sample: str) -> None:
    client = client_of(centre)
    mark = enter(centre, client, Role.OPERATOR)

    assert outcome(client.post("/api/v1/tenders", json={"sample": sample}, headers=mark)) == (404, "sample-unknown")


def test_evidence_is_not_for_the_public_nor_for_experts(centre: Centre) -> None:
    visitor, member = client_of(centre), client_of(centre)
    enter(centre, member, Role.EXPERT)
    path = f"/evidence/{SESSION}.evidence.zip"

    assert outcome(visitor.get(path)) == (401, "not-signed-in")
    assert outcome(member.get(path)) == (403, "role-not-permitted")


def test_a_timestamp_query_that_is_none_gets_a_refusal_of_its_protocol(client: TestClient) -> None:
    answer = client.post("/tsa", content=b"junk")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/timestamp-reply")
    assert len(answer.content) < 100  # a status alone, no token
