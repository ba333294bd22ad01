"""The receiver of alarms: a real server on its own port that refuses at first, and keeps the requests it accepted."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from node.peering import signatures
from node.peering.peers import public_key
from node.peering.signatures import Message

PATH = "/alarms?of=tongping"


@dataclass(slots=True)
class Receiver:
    """`refusals`: how many requests are answered 503 first. `told`: bodies (any JSON) in order, with their headers."""

    refusals: int = 0
    refused: int = 0
    told: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        if self.refused < self.refusals:
            self.refused += 1
            return 503
        self.requests.append((body, headers))
        self.told.append(json.loads(body))
        return 204

    def check(self, number: int, entry_key: str) -> None:
        """The request was signed with this centre's entry key; NotPermittedError when not."""
        body, headers = self.requests[number]
        path, _, query = PATH.partition("?")
        message = Message(method="POST", path=path, query=query, body=body, to=headers["host"])
        digest = signatures.check(message, headers, signatures.read_parameters(headers), public_key(entry_key))
        assert digest == signatures.content_digest(body)


@contextmanager
def receiving(*, refusals: int = 0) -> Iterator[Receiver]:
    receiver = Receiver(refusals=refusals)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = receiver.take(body, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}{PATH}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
