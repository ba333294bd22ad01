"""One centre without neighbours, answering in the test's own process, with a clock the test turns."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.testclient import TestClient

from node.app import application
from node.centre import Centre, open_centre
from node.config import CentreConfig, Config, PeerConfig, ServerConfig, StorageConfig
from node.demo.authenticator import Passkey
from records.actors import Role
from records.ids import CentreCode, PersonId

ORIGIN = "http://localhost:8101"


@dataclass(slots=True)
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, step: timedelta) -> None:
        self.now += step


def centre_config(directory: Path, peers: tuple[PeerConfig, ...] = ()) -> Config:
    return Config(
        centre=CentreConfig(
            code=CentreCode("JN"), name_zh="济南公共资源交易中心", name_en="Jinan", city_zh="济南", city_en="Jinan"
        ),
        server=ServerConfig(port=8101),
        storage=StorageConfig(
            database=f"sqlite:///{directory / 'jn.sqlite3'}", files=directory / "files", keys=directory / "keys"
        ),
        peers=peers,
    )


def centre_at(directory: Path, clock: Clock, peers: tuple[PeerConfig, ...] = ()) -> Centre:
    return open_centre(centre_config(directory, peers), clock=clock, randomness=secrets.token_bytes)


def client_of(centre: Centre) -> TestClient:
    return TestClient(application(centre), base_url=ORIGIN, raise_server_exceptions=False)


def passkey(origin: str = ORIGIN) -> Passkey:
    return Passkey(origin=origin, randomness=secrets.token_bytes)


def signed_in(centre: Centre, role: Role) -> TestClient:
    """A client that sends its CSRF token with everything."""
    client, key = client_of(centre), passkey()
    code = centre.access.issue_code(person=PersonId(f"{role}-1"), name="示例人员", role=role)
    begun = client.post("/api/access/enrolment/options", json={"code": code}).json()
    answer = {"ceremony": begun["ceremony"], "credential": key.register(begun["publicKey"])}
    client.headers["X-CSRF-Token"] = client.post("/api/access/enrolment", json=answer).json()["csrf"]
    return client
