"""Nobody floods: a request is bounded in size, time and number before anything of it is read or done."""

import asyncio
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.config import PeerConfig
from node.http import connection
from node.http.connection import MOST_HEAD, BoundedProtocol, serving
from node.http.limits import MOST_REPORT, SMALL, Bounds, most_bytes
from node.http.rates import WINDOW, Rates
from node.keys import point
from node.peering import signatures
from node.peering.signatures import Parameters
from records.ids import CentreCode, b64u
from tests.unit.node.one_centre import Clock, centre_at, client_of

JN, XA = CentreCode("JN"), CentreCode("XA")
KEY = ec.generate_private_key(ec.SECP256R1())
SEALED = "/peer/v1/signing/E3701000076012345001-1/sealed"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads a whole body, then answers."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


def scope(path: str = "/api/v1/me", client: str = "203.0.113.7") -> Scope:
    return {"type": "http", "method": "POST", "path": path, "headers": [], "client": (client, 1), "query_string": b""}


def status(app: ASGIApp, asked: Scope, parts: list[Message] | None = None) -> int:
    """The answer to a request whose body comes in these parts and then no more."""
    coming = [{"type": "http.request", "body": b"", "more_body": False}] if parts is None else list(parts)
    answered: list[int] = []

    async def receive() -> Message:
        if not coming:
            await asyncio.Event().wait()
        return coming.pop(0)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    async def ask() -> None:
        await app(asked, receive, send)

    asyncio.run(ask())
    return answered[0]


@contextmanager
def listening(app: ASGIApp, protocol: type[BoundedProtocol] = BoundedProtocol) -> Iterator[int]:
    """A centre's server at a port of this machine, until the block ends."""
    settings = serving(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    settings.http = protocol
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


def answer_to(port: int, data: bytes) -> bytes:
    """What comes back for these bytes until the server closes or has answered; the client sends no more."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(data)
        return line.recv(65536)


def head(path: str, length: int, headers: dict[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def test_the_body_of_a_stranger_is_never_read(tmp_path: Path) -> None:
    """Only the head is sent: the answer comes without a byte of the 30 MB that were announced."""
    clock = Clock()
    peer = PeerConfig(code=XA, url="http://localhost:1", entry_key=point(KEY.public_key()))
    centre = centre_at(tmp_path, clock, (peer,))
    message = signatures.Message(method="POST", path=SEALED, query="", body=b"", to=JN)
    made = Parameters(keyid=XA, created=int(clock().timestamp()), nonce=b64u(secrets.token_bytes(16)))
    forged = signatures.sign(message, made, ec.generate_private_key(ec.SECP256R1()))
    app = client_of(centre).app

    with listening(app) as port:
        nobody = answer_to(port, head(SEALED, 30_000_000, {}))
        another = answer_to(port, head(SEALED, 30_000_000, forged))
    centre.journal.engine.dispose()

    assert [one.split(b"\r\n")[0] for one in (nobody, another)] == [b"HTTP/1.1 403 Forbidden"] * 2
    assert (b"peer-signature-missing" in nobody, b"peer-signature-wrong" in another) == (True, True)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (SEALED, MOST_REPORT),
        ("/peer/v1/signing/S-1/seal", MOST_REPORT),
        ("/peer/v1/signing/S-1/begin", SMALL),
        ("/peer/v1/invitations", SMALL),
        ("/peer/v1/signing/a/b/sealed", SMALL),
        ("/api/v1/tenders", SMALL),
        ("/tsa", SMALL),
    ],
)
def test_every_route_takes_no_more_than_it_needs(path: str, most: int) -> None:
    whole = {"type": "http.request", "body": bytes(SMALL), "more_body": False}
    announced = {**scope(path), "headers": [(b"content-length", str(most + 1).encode())]}

    assert most_bytes(path) == most
    assert status(Bounds(echo), announced) == 413
    assert status(Bounds(echo), scope(path), [whole]) == 200


def test_a_body_that_does_not_end_is_given_up() -> None:
    first = {"type": "http.request", "body": b"{", "more_body": True}

    assert status(Bounds(echo, body_seconds=0.05), scope(), [first]) == 408


def test_whoever_stops_reading_is_let_go() -> None:
    async def stuck(_message: Message) -> None:
        await asyncio.Event().wait()

    async def whole() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    assert asyncio.run(Bounds(echo, answer_seconds=0.05)(scope(), whole, stuck)) is None


def test_a_head_that_does_not_end_is_given_up() -> None:
    class Impatient(BoundedProtocol):
        head_seconds = 0.1

    with listening(echo, Impatient) as port:
        begun = answer_to(port, b"GET / HTTP/1.1\r\nHost: lo")
        silent = answer_to(port, b"")
    with listening(echo) as port:
        endless = answer_to(port, b"GET / HTTP/1.1\r\n" + b"X-Long: " + b"a" * MOST_HEAD)

    assert (begun, silent, endless) == (b"", b"", b"")


def test_a_whole_request_is_answered_by_the_same_server() -> None:
    with listening(echo) as port:
        found = answer_to(port, head("/", 2, {}) + b"{}")

    assert found.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"server:" not in found.lower()


def test_an_address_that_asks_too_much_waits_and_no_other_does() -> None:
    app = Rates(echo, per_second=1)
    one = [status(app, scope(client="203.0.113.7")) for _ in range(WINDOW + 2)]

    assert one == [200] * WINDOW + [429] * 2
    assert status(app, scope(client="203.0.113.8")) == 200


def test_open_files_are_allowed_for_all_connections() -> None:
    import resource

    connection.allow_open_files()

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert soft in {resource.RLIM_INFINITY, hard} or soft >= 8 * connection.MOST_CONNECTIONS
