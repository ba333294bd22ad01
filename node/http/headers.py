"""The headers of every answer: what a page may load, and no framing or type guessing."""

from urllib.parse import urlsplit, urlunsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'{rpc}; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_YEAR = 365 * 24 * 3600


class SecurityHeaders:
    """ASGI middleware. `rpc`: the chain's address, which the public pages call from the browser itself.

    `origin`: where browsers reach this centre; over https they are told to stay there. Redirects within the site name
    no host: the one in the request is the sender's own word.
    """

    def __init__(self, app: ASGIApp, *, rpc: str = "", origin: str = "") -> None:
        self._app = app
        self._fixed = {
            "Content-Security-Policy": _POLICY.format(rpc=f" {rpc}" if rpc else ""),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        if origin.startswith("https://"):
            self._fixed["Strict-Transport-Security"] = f"max-age={_YEAR}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._fixed.items():
                    headers.setdefault(name, value)
                if "location" in headers:
                    headers["location"] = _within(headers["location"], Headers(scope=scope).get("host", ""))
                if scope["path"].startswith(("/api/", "/peer/")):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, sending)


def _within(location: str, host: str) -> str:
    """A redirect to the host that was asked becomes a path; any other stays."""
    parts = urlsplit(location)
    return urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment)) if parts.netloc == host else location
