"""All parts of one centre, made from its configuration and joined; no part finds another by itself."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from journal import Follower, Journal, open_engine
from node import migrations
from node.access.api import Gate, cookie_name
from node.access.desk import AccessDesk
from node.access.passkeys import RelyingParty
from node.catalogue import experts
from node.catalogue.desk import CatalogueDesk
from node.config import Config
from node.documents import DocumentStore
from node.gateway import Gateway, Watch, open_gateway
from node.invitation.desk import InvitationDesk
from node.keys import CentreKeys, open_keys
from node.outbox import Outbox
from node.peers import Cut, PeerClient, PeerGate
from node.tenders.desk import TenderDesk
from records.ids import ProjectId

Clock = Callable[[], datetime]
Randomness = Callable[[int], bytes]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    config: Config
    clock: Clock
    randomness: Randomness
    keys: CentreKeys
    journal: Journal
    access: AccessDesk
    gate: Gate
    documents: DocumentStore
    tenders: TenderDesk
    invitations: InvitationDesk
    catalogue: CatalogueDesk
    cut: Cut
    client: PeerClient
    peers: PeerGate
    gateway: Gateway | None
    watch: Watch | None
    followers: tuple[Follower, ...]

    def start(self) -> None:
        for follower in self.followers:
            follower.start()
        if self.watch is not None:
            self.watch.start()

    def stop(self) -> None:
        """End every thread; what is not finished goes on after the next start."""
        if self.gateway is not None:
            self.gateway.anchor.end()
        if self.watch is not None:
            self.watch.stop()
        for follower in self.followers:
            follower.stop()


def origin_of(config: Config) -> str:
    return config.server.origin or f"http://localhost:{config.server.port}"


def open_journal(config: Config, *, clock: Clock = utc_now, randomness: Randomness = secrets.token_bytes) -> Journal:
    """The journal over an up-to-date schema."""
    engine = open_engine(config.storage.database)
    migrations.upgrade(engine)
    return Journal(engine, config.centre.code, clock=clock, randomness=randomness)


def open_access(
    config: Config, journal: Journal, *, clock: Clock = utc_now, randomness: Randomness = secrets.token_bytes
) -> AccessDesk:
    party = RelyingParty(id=config.server.rp_id, name=config.centre.name_zh, origin=origin_of(config))
    return AccessDesk(journal=journal, centre=config.centre.code, party=party, clock=clock, randomness=randomness)


def open_centre(config: Config, *, clock: Clock = utc_now, randomness: Randomness = secrets.token_bytes) -> Centre:
    """Everything made and joined; nothing started yet."""
    code = config.centre.code
    config.storage.files.mkdir(parents=True, exist_ok=True)
    keys = open_keys(config.storage.keys, code)
    journal = open_journal(config, clock=clock, randomness=randomness)
    access = open_access(config, journal, clock=clock, randomness=randomness)
    documents = DocumentStore(config.storage.files / "documents")
    invitations = InvitationDesk(journal=journal, centre=code)
    cut = Cut()
    peers = {peer.code: peer for peer in config.peers}
    client = PeerClient(centre=code, key=keys.entry, peers=peers, cut=cut, clock=clock, randomness=randomness)
    gateway = open_gateway(config.chain, journal=journal, keys=keys, peers=peers, clock=clock)
    return Centre(
        config=config,
        clock=clock,
        randomness=randomness,
        keys=keys,
        journal=journal,
        access=access,
        gate=Gate(access, cookie_name(config.centre)),
        documents=documents,
        tenders=TenderDesk(journal=journal, documents=documents, samples=config.storage.samples),
        invitations=invitations,
        catalogue=CatalogueDesk(
            journal=journal,
            centre=code,
            catalogue=experts.read(config.storage.samples / f"experts-{code.lower()}.json"),
            in_session=lambda _project: False,
        ),
        cut=cut,
        client=client,
        peers=PeerGate(centre=code, peers=peers, journal=journal, cut=cut, clock=clock),
        gateway=gateway,
        watch=_watch(config, gateway, client),
        followers=(
            *(
                Follower(
                    f"outbox-{peer}",
                    journal,
                    Outbox(centre=code, peer=peer, post=client.post, invitations=invitations).handle,
                )
                for peer in peers
            ),
            *([Follower("anchor", journal, gateway.anchor.handle)] if gateway else []),
        ),
    )


def _watch(config: Config, gateway: Gateway | None, client: PeerClient) -> Watch | None:
    if gateway is None:
        return None
    watched = tuple(peer.code for peer in config.peers if peer.log_key)
    every = timedelta(seconds=config.chain.interval_seconds)
    return Watch(gateway.witness, client.get, watched, every=every)


def seats_asked(centre: Centre) -> Callable[[ProjectId], int | None]:
    """How many seats another centre asked this one for: those of the invitation this centre confirmed."""

    def asked(project: ProjectId) -> int | None:
        own = [one for one in centre.invitations.confirmed(project) if one.terms.guest == centre.config.centre.code]
        return own[-1].terms.seats if own else None

    return asked
