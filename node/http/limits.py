"""Refuses request bodies that are too large before they are read into memory."""

from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from node.http.problems import problem

_SMALL: Final = 1024 * 1024
_LIMITS: Final[Mapping[str, int]] = {"/peer/": 64 * 1024 * 1024}


class _TooLargeError(Exception):
    """The stream exceeded its stated length or the limit."""


class BodyLimit:
    """ASGI middleware: 1 MiB, and 64 MiB between centres, which send each other prepared reports."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = next((size for prefix, size in _LIMITS.items() if scope["path"].startswith(prefix)), _SMALL)
        if _announced(scope) > limit:
            await _refuse(limit, scope, receive, send)
            return
        await self._counted(limit, scope, receive, send)

    async def _counted(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0
        answered = False

        async def counting() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _TooLargeError
            return message

        async def sending(message: Message) -> None:
            """The application may answer the error in its own form; only our answer is sent."""
            nonlocal answered
            if answered or taken <= limit:
                answered = True
                await send(message)

        with suppress(_TooLargeError):
            await self._app(scope, counting, sending)
        if not answered:
            await _refuse(limit, scope, receive, send)


def _announced(scope: Scope) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def _refuse(limit: int, scope: Scope, receive: Receive, send: Send) -> None:
    response = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "request-too-large", {"limit": limit})
    await response(scope, receive, send)
