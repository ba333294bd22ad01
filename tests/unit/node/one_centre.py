"""One centre without neighbours, answering in the test's own process, with a clock the test turns."""

import secrets
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from starlette.testclient import TestClient

from journal import open_engine
from node import migrations
from node.app import application
from node.centre import Centre, open_centre
from node.config import INSTALLATION, CentreConfig, ChainConfig, Config, PeerConfig, ServerConfig, StorageConfig
from node.demo.authenticator import Passkey
from records.actors import Role
from records.ids import CentreCode, PersonId
from tests import documented

ORIGIN = "http://localhost:8101"


@dataclass(slots=True)
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, step: timedelta) -> None:
        self.now += step


CHAIN = ChainConfig(
    rpc="http://localhost:1", chain_id=1, anchor="0x" + "1" * 40, registry="0x" + "2" * 40, genesis="0x" + "3" * 64
)
"""A chain that nobody answers for."""


def centre_config(
    directory: Path,
    peers: tuple[PeerConfig, ...] = (),
    *,
    chain: ChainConfig | None = None,
    demo: bool = False,
    samples: Path = INSTALLATION / "samples",
) -> Config:
    return Config(
        centre=CentreConfig(
            code=CentreCode("JN"), name_zh="济南公共资源交易中心", name_en="Jinan", city_zh="济南", city_en="Jinan"
        ),
        server=ServerConfig(port=8101, requests_per_second=0),
        storage=StorageConfig(
            database=f"sqlite:///{directory / 'jn.sqlite3'}",
            files=directory / "files",
            keys=directory / "keys",
            samples=samples,
        ),
        peers=peers,
        chain=chain or ChainConfig(),
        demo=demo,
    )


def centre_at(
    directory: Path,
    clock: Clock,
    peers: tuple[PeerConfig, ...] = (),
    *,
    chain: ChainConfig | None = None,
    demo: bool = False,
    samples: Path = INSTALLATION / "samples",
) -> Centre:
    config = centre_config(directory, peers, chain=chain, demo=demo, samples=samples)
    database = Path(config.storage.database.removeprefix("sqlite:///"))
    if not database.exists():
        database.write_bytes(_empty_database())  # with every step of the schema taken: once for all tests of a process
    return open_centre(config, clock=clock, randomness=secrets.token_bytes)


@cache
def _empty_database() -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        database = Path(directory) / "empty.sqlite3"
        engine = open_engine(f"sqlite:///{database}")
        migrations.upgrade(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return database.read_bytes()


_LAST: list[tuple[Centre, FastAPI]] = []
"""The application made last: the people of one centre share it."""


def application_of(centre: Centre) -> FastAPI:
    if not _LAST or _LAST[0][0] is not centre:
        _LAST[:] = [(centre, application(centre))]
    return _LAST[0][1]


def client_of(centre: Centre) -> TestClient:
    client = TestClient(application_of(centre), base_url=ORIGIN, raise_server_exceptions=False)
    client.event_hooks = {"response": [documented.check]}
    return client


def passkey(origin: str = ORIGIN) -> Passkey:
    return Passkey(origin=origin, randomness=secrets.token_bytes)


def signed_in(centre: Centre, role: Role) -> TestClient:
    """A client that sends its CSRF token with everything."""
    return signed_in_as(centre, PersonId(f"{role}-1"), role)[0]


def signed_in_as(centre: Centre, person: PersonId, role: Role, *, name: str = "示例人员") -> tuple[TestClient, Passkey]:
    """The same, of this person, with the passkey."""
    client, key = client_of(centre), passkey()
    code = centre.access.issue_code(person=person, name=name, role=role)
    begun = client.post("/api/v1/access/enrolment/options", json={"code": code}).json()
    answer = {"ceremony": begun["ceremony"], "credential": key.register(begun["publicKey"])}
    client.headers["X-CSRF-Token"] = client.post("/api/v1/access/enrolment", json=answer).json()["csrf"]
    return client, key
