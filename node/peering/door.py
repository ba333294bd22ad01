"""The door for other centres: lets a request through to its route once its sender, time, nonce and body are checked."""

import json
from collections.abc import Callable
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.http.problems import problem, status_of
from node.peering import signatures
from node.peering.gate import SENDER, PeerGate
from node.peering.signatures import Head
from records.errors import TongpingError

PEER_PATHS: Final = "/peer/"
_LARGE: Final = 64 * 1024
"""Bytes of JSON from which on parsing would hold up everybody else in the event loop."""


class PeerDoor:
    """ASGI middleware, inside the limits of size and time. Signatures are checked in a worker thread."""

    def __init__(self, app: ASGIApp, *, gate: PeerGate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PEER_PATHS):
            await self._app(scope, receive, send)
            return
        headers = dict(Headers(scope=scope))
        try:
            announced = await run_in_threadpool(self._gate.announced, _head(scope, headers), headers)
            body = await _whole(receive)
            sender = await run_in_threadpool(self._gate.accept, announced, body)
        except TongpingError as error:
            # answered and not logged: strangers would fill the log
            await problem(status_of(error), error.code, error.values)(scope, receive, send)
            return
        scope.setdefault("state", {})[SENDER] = sender
        await self._app(scope, _again(body, receive), send)


class PeerRequest(Request):
    """A request whose large JSON is parsed in a worker thread."""

    async def json(self) -> Any:
        """Any: as Request.json; the models of the routes check it."""
        body = await self.body()
        return json.loads(body) if len(body) < _LARGE else await run_in_threadpool(json.loads, body)


class PeerRoute(APIRoute):
    """A route between centres."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Any: FastAPI's own coroutine."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            answer: Response = await handle(PeerRequest(request.scope, request.receive))
            return answer

        return handler


def _head(scope: Scope, headers: dict[str, str]) -> Head:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return Head(
        method=scope["method"],
        path=raw.decode("ascii").partition("?")[0],
        query=scope["query_string"].decode("ascii"),
        to=headers.get(signatures.TO_HEADER, ""),
    )


async def _whole(receive: Receive) -> bytes:
    """The body. What was read before the sender went away has another digest."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body as one message, then whatever else comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Message:
        return waiting.pop() if waiting else await receive()

    return given
