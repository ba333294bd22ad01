"""Two real centres for tests: each an application behind a real port, with its own keys and database."""

import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import uvicorn

from node.app import application
from node.centre import Centre, open_centre
from node.config import INSTALLATION, CentreConfig, Config, PeerConfig, SealConfig, ServerConfig, StorageConfig
from node.demo.authenticator import Passkey
from node.foundation import Clock, utc_now, web_origin
from node.http import connection
from node.keys import open_keys
from records.actors import Role
from records.ids import CentreCode, PersonId
from tests import documented

NAMES = {"JN": ("济南", "Jinan"), "XA": ("西安", "Xi'an")}
CSRF = "X-CSRF-Token"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def centre_config(code: str, directory: Path, ports: Mapping[str, int], samples: Path | None = None) -> Config:
    return Config(
        centre=centre_names(code),
        server=ServerConfig(port=ports[code]),
        storage=StorageConfig(
            database=f"sqlite:///{directory / code}.sqlite3",
            files=directory / code / "files",
            keys=directory / code / "keys",
            samples=samples or INSTALLATION / "samples",
        ),
        seal=SealConfig(authority=directory / "authority"),
        peers=tuple(
            peer_config(other, port, directory / other / "keys") for other, port in ports.items() if other != code
        ),
        demo=True,
    )


def centre_names(code: str) -> CentreConfig:
    zh, en = NAMES[code]
    return CentreConfig(
        code=CentreCode(code),
        name_zh=f"{zh}公共资源交易中心",
        name_en=f"{en} Public Resource Trading Centre",
        city_zh=zh,
        city_en=en,
    )


def peer_config(code: str, port: int, keys: Path) -> PeerConfig:
    zh, en = NAMES[code]
    own = open_keys(keys, CentreCode(code))
    return PeerConfig(
        code=CentreCode(code),
        url=f"http://localhost:{port}",
        entry_key=own.entry_point,
        log_key=own.log_verifier,
        witness_key=own.witness_verifier,
        name_zh=f"{zh}公共资源交易中心",
        name_en=f"{en} Public Resource Trading Centre",
        city_zh=zh,
        city_en=en,
    )


@contextmanager
def serving(centre: Centre) -> Iterator[Centre]:
    """The centre answering at its port until the block ends."""
    settings = connection.serving(
        application(centre), host="127.0.0.1", port=centre.config.server.port, log_level="error"
    )
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield centre
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def two_centres(
    directory: Path, samples: Path | None = None, *, guest_clock: Clock = utc_now
) -> Iterator[tuple[Centre, Centre]]:
    """`samples`: others than the installation's, with tenders and the centres' experts."""
    ports = {"JN": free_port(), "XA": free_port()}
    with ExitStack() as stack:
        host, guest = (
            stack.enter_context(serving(open_centre(centre_config(code, directory, ports, samples), clock=clock)))
            for code, clock in (("JN", utc_now), ("XA", guest_clock))
        )
        yield host, guest


@dataclass(slots=True, kw_only=True)
class Browser:
    """A browser: keeps the cookie, sends the CSRF mark, holds a passkey."""

    http: httpx2.Client
    passkey: Passkey
    csrf: str = ""
    me: dict[str, Any] = field(default_factory=dict)

    def get(self, path: str) -> httpx2.Response:
        return self.http.get(path)

    def post(self, path: str, value: object = None) -> httpx2.Response:
        return self.http.post(path, json={} if value is None else value, headers={CSRF: self.csrf})

    def put(self, path: str, value: object) -> httpx2.Response:
        return self.http.put(path, json=value, headers={CSRF: self.csrf})

    def enrol(self, code: str) -> httpx2.Response:
        begun = self.post("/api/v1/access/enrolment/options", {"code": code})
        if begun.status_code != 200:
            return begun
        credential = self.passkey.register(begun.json()["publicKey"])
        return self._entered(
            self.post("/api/v1/access/enrolment", {"ceremony": begun.json()["ceremony"], "credential": credential})
        )

    def sign_in(self) -> httpx2.Response:
        begun = self.post("/api/v1/access/sign-in/options").json()
        credential = self.passkey.assert_presence(begun["publicKey"])
        return self._entered(
            self.post("/api/v1/access/sign-in", {"ceremony": begun["ceremony"], "credential": credential})
        )

    def _entered(self, response: httpx2.Response) -> httpx2.Response:
        if response.status_code == 200:
            self.me = response.json()
            self.csrf = self.me["csrf"]
        return response


def browser(centre: Centre) -> Browser:
    origin = web_origin(centre.config)
    return Browser(
        http=httpx2.Client(base_url=origin, trust_env=False, timeout=30, event_hooks={"response": [documented.check]}),
        passkey=Passkey(origin=origin, randomness=secrets.token_bytes),
    )


def signed_in(centre: Centre, person: str, role: Role) -> Browser:
    """A person of this role with a passkey, signed in."""
    code = centre.access.issue_code(person=PersonId(person), name=f"示例{person}", role=role)
    visitor = browser(centre)
    assert visitor.enrol(code).status_code == 200
    return visitor
