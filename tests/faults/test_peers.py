"""Requests between centres: only the right key, for this centre, unaltered, now, once; and every failure has a name."""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from node.centre import Centre
from node.config import PeerConfig
from node.keys import point
from node.peering import signatures
from node.peering.peers import Bound, Cut, PeerClient, public_key
from node.peering.signatures import Message, Parameters
from records.errors import (
    ConflictError,
    InvalidRecordError,
    NotFoundError,
    NotPermittedError,
    TongpingError,
    UnavailableError,
)
from records.ids import CentreCode, b64u
from tests.unit.node.one_centre import Clock, centre_at, client_of

XA, JN = CentreCode("XA"), CentreCode("JN")
KEY = ec.generate_private_key(ec.SECP256R1())
MESSAGE = Message(method="POST", path="/peer/v1/invitations", query="", body=b'{"a":1}', to=JN)


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="centre")
def _centre(tmp_path: Path, clock: Clock) -> Iterator[Centre]:
    peer = PeerConfig(code=XA, url="http://localhost:1", entry_key=point(KEY.public_key()))
    centre = centre_at(tmp_path, clock, (peer,))
    yield centre
    centre.journal.engine.dispose()


def parameters(clock: Clock, *, keyid: str = XA, seconds: int = 0) -> Parameters:
    created = int(clock().timestamp()) + seconds
    return Parameters(keyid=keyid, created=created, nonce=b64u(secrets.token_bytes(16)))


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(NotPermittedError) as raised:
        act()
    return raised.value.code


def asked_to_come_again(act: Callable[[], object]) -> str:
    """What a request signed anew may pass."""
    with pytest.raises(UnavailableError) as raised:
        act()
    return raised.value.code


def test_a_signed_request_is_let_in_once(centre: Centre, clock: Clock) -> None:
    headers = signatures.sign(MESSAGE, parameters(clock), KEY)

    assert centre.peers.admit(MESSAGE, headers) == XA
    assert asked_to_come_again(lambda: centre.peers.admit(MESSAGE, headers)) == "peer-request-replayed"


def test_a_replay_is_refused_for_as_long_as_its_time_would_be_accepted(centre: Centre, clock: Clock) -> None:
    headers = signatures.sign(MESSAGE, parameters(clock, seconds=60), KEY)
    centre.peers.admit(MESSAGE, headers)
    clock.forward(timedelta(seconds=119))

    assert asked_to_come_again(lambda: centre.peers.admit(MESSAGE, headers)) == "peer-request-replayed"


@pytest.mark.parametrize("seconds", [-61, 61, -(10**6)])
def test_a_clock_that_is_off_is_refused(centre: Centre, clock: Clock, seconds: int) -> None:
    headers = signatures.sign(MESSAGE, parameters(clock, seconds=seconds), KEY)

    assert asked_to_come_again(lambda: centre.peers.admit(MESSAGE, headers)) == "peer-clock-skew"


@pytest.mark.parametrize(
    ("altered", "code"),
    [
        (replace(MESSAGE, body=b'{"a":2}'), "peer-body-altered"),
        (replace(MESSAGE, path="/peer/v1/other"), "peer-signature-wrong"),
        (replace(MESSAGE, query="a=1"), "peer-signature-wrong"),
        (replace(MESSAGE, method="PUT"), "peer-signature-wrong"),
        (replace(MESSAGE, to="DL"), "peer-request-misdirected"),
    ],
)
def test_what_was_signed_cannot_be_altered(centre: Centre, clock: Clock, altered: Message, code: str) -> None:
    headers = signatures.sign(MESSAGE, parameters(clock), KEY)

    assert refused(lambda: centre.peers.admit(altered, headers)) == code


def test_a_body_with_its_digest_exchanged_is_still_refused(centre: Centre, clock: Clock) -> None:
    headers = signatures.sign(MESSAGE, parameters(clock), KEY)
    altered = replace(MESSAGE, body=b'{"a":2}')
    headers["content-digest"] = signatures.content_digest(altered.body)

    assert refused(lambda: centre.peers.admit(altered, headers)) == "peer-signature-wrong"


def test_another_key_does_not_speak_for_the_centre(centre: Centre, clock: Clock) -> None:
    headers = signatures.sign(MESSAGE, parameters(clock), ec.generate_private_key(ec.SECP256R1()))

    assert refused(lambda: centre.peers.admit(MESSAGE, headers)) == "peer-signature-wrong"


@pytest.mark.parametrize("keyid", ["DL", "JN"])
def test_a_centre_that_is_no_peer_is_refused(centre: Centre, clock: Clock, keyid: str) -> None:
    headers = signatures.sign(MESSAGE, parameters(clock, keyid=keyid), KEY)

    assert refused(lambda: centre.peers.admit(MESSAGE, headers)) == "peer-unknown"


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("signature-input", "", "peer-signature-missing"),
        ("signature-input", 'tongping=("@method");created=1', "peer-signature-malformed"),
        ("signature", "tongping=:AAAA:", "peer-signature-malformed"),
        ("signature", "", "peer-signature-malformed"),
        ("content-digest", "", "peer-signature-malformed"),
    ],
)
def test_a_malformed_signature_is_refused(centre: Centre, clock: Clock, header: str, value: str, code: str) -> None:
    headers = signatures.sign(MESSAGE, parameters(clock), KEY) | {header: value}

    assert refused(lambda: centre.peers.admit(MESSAGE, headers)) == code


def test_every_peer_route_asks_for_a_signature(centre: Centre) -> None:
    client = client_of(centre)
    paths = [path for path in client.app.openapi()["paths"] if path.startswith("/peer/v1/")]  # type: ignore[attr-defined]  # FastAPI behind TestClient's wider type

    assert paths
    for path in paths:
        for method in client.app.openapi()["paths"][path]:  # type: ignore[attr-defined]  # as above
            answer = client.request(method, path.replace("{", "x").replace("}", "x"), json={})
            assert (path, answer.status_code) == (path, 403)
            assert answer.json()["code"] == "peer-signature-missing"


def test_a_signed_request_over_http_reaches_its_route(centre: Centre, clock: Clock) -> None:
    hello = Message(method="GET", path="/peer/v1/hello", query="", body=b"", to=JN)
    headers = signatures.sign(hello, parameters(clock), KEY)

    answer = client_of(centre).get("/peer/v1/hello", headers=headers)

    assert (answer.status_code, answer.json()) == (200, {"centre": "JN"})


def test_a_cut_peer_is_neither_heard_nor_asked(centre: Centre, clock: Clock) -> None:
    centre.cut.set(XA, on=True)
    headers = signatures.sign(MESSAGE, parameters(clock), KEY)

    with pytest.raises(UnavailableError):
        centre.peers.admit(MESSAGE, headers)
    with pytest.raises(UnavailableError):
        centre.client.get(XA, "/peer/v1/hello")


def client_answering(answer: Callable[[httpx2.Request], httpx2.Response]) -> PeerClient:
    peer = PeerConfig(code=XA, url="http://xa.test", entry_key=point(KEY.public_key()))
    return PeerClient(
        centre=JN,
        key=KEY,
        peers={XA: peer},
        cut=Cut(),
        clock=Clock(),
        randomness=secrets.token_bytes,
        transport=httpx2.MockTransport(answer),
    )


def problem(status: int, code: str) -> httpx2.Response:
    return httpx2.Response(
        status,
        json={"type": "", "title": "", "status": status, "code": code, "values": {"size": 3, "bad": [1]}},
        headers={"content-type": "application/problem+json"},
    )


@pytest.mark.parametrize(
    ("status", "family"),
    [
        (403, NotPermittedError),
        (401, NotPermittedError),
        (404, NotFoundError),
        (409, ConflictError),
        (422, InvalidRecordError),
        (413, InvalidRecordError),
        (500, UnavailableError),
        (503, UnavailableError),
    ],
)
def test_a_peers_problem_becomes_our_error_of_the_same_family(status: int, family: type[TongpingError]) -> None:
    client = client_answering(lambda _request: problem(status, "some-code"))

    with pytest.raises(family) as raised:
        client.post(XA, "/peer/v1/invitations", {})

    assert (raised.value.code, raised.value.values) == ("some-code", {"size": 3, "peer": "XA"})


def test_a_peer_that_does_not_answer_is_unavailable() -> None:
    def silent(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    with pytest.raises(UnavailableError) as raised:
        client_answering(silent).get(XA, "/peer/v1/hello")

    assert raised.value.code == "peer-unreachable"


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"<html>", b"[" * 200_000])
def test_an_answer_that_is_no_object_is_refused(content: bytes) -> None:
    client = client_answering(lambda _request: httpx2.Response(200, content=content))

    with pytest.raises(InvalidRecordError) as raised:
        client.get(XA, "/peer/v1/hello")

    assert raised.value.code == "peer-answer-malformed"


def test_a_refusal_that_is_no_problem_document_has_a_name_too() -> None:
    client = client_answering(lambda _request: httpx2.Response(502, content=b"<html>"))

    with pytest.raises(UnavailableError) as raised:
        client.get(XA, "/peer/v1/hello")

    assert raised.value.code == "peer-refused"


@pytest.mark.parametrize("code", ["", "Ein Name", "a\nb", "x" * 65, 5, None, "\ud800"])
def test_a_peer_does_not_choose_the_words_of_our_errors(code: object) -> None:
    told = {"type": "", "title": "", "status": 403, "code": code, "values": {"score": 95}}
    answer = httpx2.Response(403, content=json.dumps(told), headers={"content-type": "application/problem+json"})

    with pytest.raises(NotPermittedError) as raised:
        client_answering(lambda _request: answer).get(XA, "/peer/v1/hello")

    assert (raised.value.code, raised.value.values) == ("peer-refused", {"peer": "XA", "status": 403})


def test_an_answer_that_does_not_end_is_given_up() -> None:
    taken: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(10_000):
            taken.append(number)
            yield b"x" * 100

    client = client_answering(lambda _request: httpx2.Response(200, content=endless()))

    with pytest.raises(InvalidRecordError) as raised:
        client.fetch(XA, "/peer/v1/documents/0", bound=Bound(most=1000, seconds=60.0))

    assert raised.value.code == "peer-answer-too-large"
    assert len(taken) == 11


def test_an_answer_larger_than_is_asked_for_or_slower_is_given_up() -> None:
    client = client_answering(lambda _request: httpx2.Response(200, content=iter([b"x" * 900] * 3)))

    assert len(client.fetch(XA, "/log/tile/0/000", bound=Bound(most=2700, seconds=60.0))) == 2700
    with pytest.raises(InvalidRecordError, match="peer-answer-too-large"):
        client.fetch(XA, "/log/tile/0/000", bound=Bound(most=2699, seconds=60.0))
    with pytest.raises(UnavailableError, match="peer-too-slow"):
        client.fetch(XA, "/log/tile/0/000", bound=Bound(most=2700, seconds=-1.0))


def test_nobody_is_asked_who_is_not_configured() -> None:
    with pytest.raises(InvalidRecordError):
        client_answering(lambda _request: httpx2.Response(200)).get(CentreCode("DL"), "/peer/v1/hello")


@pytest.mark.parametrize("text", ["", "AAAA", "!", "BA" * 44])
def test_a_key_that_is_none_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(InvalidRecordError) as raised:
        public_key(text)

    assert raised.value.code == "peer-key-malformed"


def test_the_signature_base_is_the_one_of_the_standard() -> None:
    made = signatures.base(
        replace(MESSAGE, query="from=3"),
        signatures.content_digest(MESSAGE.body),
        Parameters(keyid="XA", created=1700000000, nonce="AAAAAAAAAAAAAAAAAAAAAA"),
    )

    assert made.decode().split("\n") == [
        '"@method": POST',
        '"@path": /peer/v1/invitations',
        '"@query": ?from=3',
        '"content-digest": sha-256=:AVq9f1zFei3ZS3WQ8ErYCEJzkF7jPsXOvq5iJ2qX+GI=:',
        '"tongping-to": JN',
        (
            '"@signature-params": ("@method" "@path" "@query" "content-digest" "tongping-to");created=1700000000;'
            'nonce="AAAAAAAAAAAAAAAAAAAAAA";keyid="XA";alg="ecdsa-p256-sha256";tag="tongping-peer"'
        ),
    ]
