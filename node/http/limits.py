"""The bounds of a request before its route sees it: its size and the time it may take, both ways."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.http.problems import problem

SMALL: Final = 1024 * 1024
MOST_REPORT: Final = 32 * 1024 * 1024
"""Bytes of a message with a whole report, which centres send each other in base64url: a PDF of 24 MiB."""
_LARGE: Final[Mapping[re.Pattern[str], int]] = {
    re.compile(r"/peer/v[0-9]+/signing/[^/]+/(seal|sealed)"): MOST_REPORT,
}
BODY_SECONDS: Final = 30.0
"""For a whole body of up to SMALL bytes; larger ones have ten times as long."""
ANSWER_SECONDS: Final = 60.0
"""For each part of an answer to be taken: whoever stops reading is let go."""


class _RefusedError(Exception):
    """The body is over its bound."""

    def __init__(self, status: int, code: str, values: Mapping[str, int]) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.values = values


class Bounds:
    """ASGI middleware: 413 `request-too-large`, 408 `request-too-slow`; nothing of such a body reaches a route."""

    def __init__(
        self, app: ASGIApp, *, body_seconds: float = BODY_SECONDS, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self._app = app
        self._body_seconds = body_seconds
        self._answer_seconds = answer_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = most_bytes(scope["path"])
        if _announced(scope) > most:
            await _refuse(_too_large(most), scope, receive, send)
            return
        await self._bounded(most, scope, receive, send)

    async def _bounded(self, most: int, scope: Scope, receive: Receive, send: Send) -> None:
        seconds = self._body_seconds * (1 if most <= SMALL else 10)
        until = asyncio.get_running_loop().time() + seconds
        taken, whole, answered = 0, False, False
        refused: _RefusedError | None = None

        async def bounded() -> Message:
            nonlocal taken, whole, refused
            if whole:
                return await receive()  # waits for the end of the connection
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                refused = _RefusedError(HTTPStatus.REQUEST_TIMEOUT, "request-too-slow", {"seconds": int(seconds)})
                raise refused from None
            taken += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if taken > most:
                refused = _too_large(most)
                raise refused
            return message

        async def sending(message: Message) -> None:
            """The application may answer the refusal in its own form; only ours is sent."""
            nonlocal answered
            if answered or refused is None:
                answered = True
                async with asyncio.timeout(self._answer_seconds):
                    await send(message)

        with suppress(_RefusedError, TimeoutError):
            await self._app(scope, bounded, sending)
        if refused is not None and not answered:
            await _refuse(refused, scope, receive, send)


def most_bytes(path: str) -> int:
    """The largest body that this path takes."""
    return next((most for pattern, most in _LARGE.items() if pattern.fullmatch(path)), SMALL)


def _too_large(most: int) -> _RefusedError:
    return _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "request-too-large", {"limit": most})


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def _refuse(refused: _RefusedError, scope: Scope, receive: Receive, send: Send) -> None:
    response = problem(refused.status, refused.code, refused.values)
    response.headers["Connection"] = "close"
    await response(scope, receive, send)
