"""The common base of a centre's parts: configuration, keys, journal, clock and the client for the other centres."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from chain_gateway.monitor.desk import Alarms
from chain_gateway.witness.mirror import Mirrors
from journal import Journal, MerkleLog, TileLog, open_engine
from node import migrations
from node.config import Config, PeerConfig
from node.keys import CentreKeys, open_keys
from node.office.access.desk import AccessDesk
from node.office.access.passkeys import RelyingParty
from node.peering.peers import Cut, PeerClient
from records.ids import CentreCode
from signing.desk import SigningDesk
from signing.keys.keyring import open_keyring

Clock = Callable[[], datetime]
Randomness = Callable[[int], bytes]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundation:
    """The common base of all parts."""

    config: Config
    clock: Clock
    randomness: Randomness
    keys: CentreKeys
    journal: Journal
    log: MerkleLog
    alarms: Alarms
    mirrors: Mirrors
    cut: Cut
    client: PeerClient

    @property
    def code(self) -> CentreCode:
        return self.config.centre.code

    @property
    def peers(self) -> dict[CentreCode, PeerConfig]:
        return {peer.code: peer for peer in self.config.peers}


def web_origin(config: Config) -> str:
    """The address under which browsers reach this centre."""
    return config.server.origin or f"http://localhost:{config.server.port}"


def open_journal(config: Config, *, clock: Clock = utc_now, randomness: Randomness = secrets.token_bytes) -> Journal:
    """The journal over an up-to-date schema."""
    engine = open_engine(config.storage.database)
    migrations.upgrade(engine)
    return Journal(engine, config.centre.code, clock=clock, randomness=randomness)


def open_log(config: Config, journal: Journal) -> MerkleLog:
    """The journal's log: its tiles are the files read by the public and the mirrors."""
    return MerkleLog(journal, TileLog(config.storage.files / "log"))


def open_access(
    config: Config, journal: Journal, *, clock: Clock = utc_now, randomness: Randomness = secrets.token_bytes
) -> AccessDesk:
    party = RelyingParty(id=config.server.rp_id, name=config.centre.name_zh, origin=web_origin(config))
    return AccessDesk(journal=journal, centre=config.centre.code, party=party, clock=clock, randomness=randomness)


def open_signing(
    config: Config, journal: Journal, *, clock: Clock = utc_now, randomness: Randomness = secrets.token_bytes
) -> SigningDesk:
    """The signing office with the centre's seal, its experts' keys and its time-stamping key."""
    keyring = open_keyring(
        config.storage.keys,
        code=config.centre.code,
        organisation=config.centre.name_zh,
        now=clock(),
        randomness=randomness,
        authority=config.seal.authority,
    )
    return SigningDesk(
        journal,
        keyring=keyring,
        files=config.storage.files / "reports",
        fonts=config.seal.fonts,
        clock=clock,
        randomness=randomness,
    )


def open_foundation(config: Config, *, clock: Clock, randomness: Randomness) -> Foundation:
    config.storage.files.mkdir(parents=True, exist_ok=True)
    keys = open_keys(config.storage.keys, config.centre.code)
    cut = Cut()
    client = PeerClient(
        centre=config.centre.code,
        key=keys.entry,
        peers={peer.code: peer for peer in config.peers},
        cut=cut,
        clock=clock,
        randomness=randomness,
    )
    journal = open_journal(config, clock=clock, randomness=randomness)
    return Foundation(
        config=config,
        clock=clock,
        randomness=randomness,
        keys=keys,
        journal=journal,
        log=open_log(config, journal),
        alarms=Alarms(journal),
        mirrors=Mirrors(config.storage.files / "mirrors"),
        cut=cut,
        client=client,
    )
