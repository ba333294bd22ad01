"""How much one address may ask: whoever asks for more waits, so that nobody keeps the others from their work."""

from http import HTTPStatus
from typing import Final

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from node.http.problems import problem

WINDOW: Final = 10
"""Seconds over which requests are counted: a page that loads all its parts at once is no flood."""


class Rates:
    """ASGI middleware: 429 `too-many-requests` with Retry-After, counted per network address, in this process.

    Behind a proxy the address is the one it forwards (uvicorn's `forwarded_allow_ips`). 0 per second: no limit.
    """

    def __init__(self, app: ASGIApp, *, per_second: int) -> None:
        self._app = app
        self._limit: RateLimitItem | None = (
            RateLimitItemPerSecond(per_second * WINDOW, WINDOW, namespace="address") if per_second else None
        )
        self._counted = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._limit is None or self._counted.hit(self._limit, _address(scope)):
            await self._app(scope, receive, send)
            return
        response = problem(HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", {"seconds": WINDOW})
        response.headers["Retry-After"] = str(WINDOW)
        await response(scope, receive, send)


def _address(scope: Scope) -> str:
    """The client's address; connections without one (a local socket) count together."""
    client = scope.get("client")
    return str(client[0]) if client else "-"
