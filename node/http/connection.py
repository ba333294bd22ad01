"""How a centre's server listens: its connections are bounded in number, and a request's head in time and size.

uvicorn by itself waits for a head for ever, and takes one of any size.
"""

import asyncio
import resource
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS: Final = 15.0
MOST_HEAD: Final = 64 * 1024
MOST_CONNECTIONS: Final = 1000
_FILES: Final = 8 * MOST_CONNECTIONS
"""Open files a centre may need: connections, its store, documents, and the sockets of its rooms."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, closing what is no request after HEAD_SECONDS or MOST_HEAD bytes.

    The clock starts with the connection, and again with the first byte of every later request on it.
    """

    head_seconds: float = HEAD_SECONDS
    _deadline: asyncio.TimerHandle | None = None
    _head: int = 0
    _in_body: bool = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._in_body:
            if self._deadline is None:
                self._expect_head()
            self._head += len(data)
        super().data_received(data)
        if not self._in_body and self._head > MOST_HEAD and self.transport is not None:
            self.transport.close()

    def on_headers_complete(self) -> None:
        self._in_body = True
        self._head = 0
        self._forget_deadline()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        super().on_message_complete()

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(self.head_seconds, self.transport.close)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def serving(app: ASGIApp, **settings: Any) -> uvicorn.Config:
    """The settings of every server of a centre. Any: further ones of uvicorn.Config (host, port, lifespan)."""
    return uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=15,
        server_header=False,
        access_log=False,
        **settings,
    )


def allow_open_files() -> None:
    """Raise this process's limit of open files as far as it may go, so that connections cannot use them all up."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
