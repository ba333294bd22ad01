"""All parts of one centre, made from its configuration and connected; no part looks up another by itself."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from chain_gateway.monitor.desk import Alarms
from evaluation_room.desk import RoomDesk
from evaluation_room.session.session import Checks
from journal import Entry, Follower, Journal, SetAside
from node import storage
from node.chain.gateway import Gateway, open_gateway
from node.chain.monitor_loop import MonitorLoop, Rooms, open_monitor_loop, webhook_handlers
from node.chain.witness_loop import CHECKPOINT_BOUND, TILE_BOUND, WitnessLoop
from node.config import Config
from node.evidence.bundles import EvidenceDesk
from node.foundation import (
    Clock,
    Foundation,
    Randomness,
    open_access,
    open_foundation,
    open_journal,
    open_signing,
    utc_now,
)
from node.keys import CentreKeys
from node.office.access.api import Gate, cookie_name
from node.office.access.desk import AccessDesk
from node.office.catalogue import experts
from node.office.catalogue.desk import CatalogueDesk
from node.office.invitation.desk import InvitationDesk
from node.office.tenders.desk import TenderDesk
from node.office.tenders.documents import DocumentStore
from node.peering.clocks import PeerClocks
from node.peering.gate import PeerGate
from node.peering.outbox import Outbox, concerns_one_message
from node.peering.peers import Cut, PeerClient
from node.progress import Progress
from node.public.public import Public, open_public
from node.reports.authorities import Authorities
from node.reports.signing_line import SigningLine
from node.reports.signing_office import SigningOffice
from node.reports.signing_peers import SigningPeers
from node.rooms.check_in import CheckIn
from node.rooms.confirmations import Confirmations
from node.rooms.expert_gate import ExpertGate
from node.rooms.opening_check import Agreement
from node.rooms.sessions import SessionDesk
from node.rooms.venue_links import Links
from node.standstills import Standstills
from node.workflow import Workflow
from records.errors import NotFoundError
from records.ids import ProjectId
from signing.desk import SigningDesk

__all__ = ["Centre", "open_access", "open_centre", "open_journal", "open_signing", "seats_asked"]

_LONGEST_WAIT = 60.0
"""Seconds between two tries of what waits for another centre: the peer may be back, or an operator may have helped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    ground: Foundation
    access: AccessDesk
    gate: Gate
    expert_gate: ExpertGate
    peers: PeerGate
    documents: DocumentStore
    tenders: TenderDesk
    invitations: InvitationDesk
    catalogue: CatalogueDesk
    room: RoomDesk
    sessions: SessionDesk
    check_in: CheckIn
    links: Links
    signing: SigningDesk
    signing_office: SigningOffice
    signing_peers: SigningPeers
    evidence: EvidenceDesk
    public: Public
    gateway: Gateway | None
    witness_loop: WitnessLoop | None
    monitor_loop: MonitorLoop
    followers: tuple[Follower, ...]
    standstills: Standstills

    @property
    def config(self) -> Config:
        return self.ground.config

    @property
    def keys(self) -> CentreKeys:
        return self.ground.keys

    @property
    def journal(self) -> Journal:
        return self.ground.journal

    @property
    def alarms(self) -> Alarms:
        return self.ground.alarms

    @property
    def client(self) -> PeerClient:
        return self.ground.client

    @property
    def cut(self) -> Cut:
        return self.ground.cut

    def start(self) -> None:
        for follower in self.followers:
            follower.start()
        if self.witness_loop is not None:
            self.witness_loop.start()
        self.monitor_loop.start()

    def follower(self, name: str) -> Follower:
        found = next((follower for follower in self.followers if follower.name == name), None)
        if found is None:
            raise NotFoundError("follower-unknown")
        return found

    def stop(self) -> None:
        """End every thread; unfinished work continues after the next start."""
        if self.gateway is not None:
            self.gateway.anchor.end()
        if self.witness_loop is not None:
            self.witness_loop.stop()
        self.monitor_loop.stop()
        for follower in self.followers:
            follower.stop()


def open_centre(config: Config, *, clock: Clock = utc_now, randomness: Randomness = secrets.token_bytes) -> Centre:
    """Everything made and connected; nothing started yet."""
    ground = open_foundation(config, clock=clock, randomness=randomness)
    access = open_access(config, ground.journal, clock=clock, randomness=randomness)
    documents = DocumentStore(config.storage.files / "documents")
    tenders = TenderDesk(journal=ground.journal, documents=documents, samples=config.storage.samples)
    invitations = InvitationDesk(journal=ground.journal, centre=ground.code, clock=clock, hosts=tenders.registered)
    catalogue = _catalogue(ground)
    room = _room(ground, access, invitations, catalogue)
    sessions = SessionDesk(
        config=config,
        entry_key=ground.keys.entry_point,
        room=room,
        tenders=tenders,
        invitations=invitations,
        catalogue=catalogue,
        documents=documents,
        fetch=ground.client.fetch,
    )
    signing = open_signing(config, ground.journal, clock=clock, randomness=randomness)
    line = _line(ground, signing, room)
    gateway = _gateway(ground)
    public = open_public(ground)
    check_in = CheckIn(access=access, catalogue=catalogue, room=room)
    expert_gate = ExpertGate(access=access, catalogue=catalogue, room=room, signing=signing)
    links = Links(room, centre=ground.code, post=ground.client.post, clock=clock)
    outboxes = _outboxes(ground, invitations=invitations, sessions=sessions, signing=signing)
    followers = (
        *_followers(ground, {"publish": public.desk.handle}, gateway),
        *(_outbox(ground, name, handle) for name, handle in outboxes.items()),
        _workflow(ground, Workflow(room=room, centre=ground.code, signing=line), room),
    )
    standstills = Standstills(ground.journal, ground.alarms, followers)
    clocks = PeerClocks(ground.client, ground.peers)
    looks = (standstills.looked, Rooms(ground, room, links).looked, clocks.looked, partial(storage.looked, config))
    return Centre(
        ground=ground,
        access=access,
        gate=Gate(access, cookie_name(config.centre), expert_gate.allow),
        expert_gate=expert_gate,
        peers=PeerGate(centre=ground.code, peers=ground.peers, journal=ground.journal, cut=ground.cut, clock=clock),
        documents=documents,
        tenders=tenders,
        invitations=invitations,
        catalogue=catalogue,
        room=room,
        sessions=sessions,
        check_in=check_in,
        links=links,
        signing=signing,
        signing_office=SigningOffice(room=room, gate=expert_gate, check_in=check_in, line=line),
        signing_peers=SigningPeers(config=config, desk=signing, room=room, clock=clock),
        evidence=EvidenceDesk(journal=ground.journal, log=ground.log, room=room, signing=signing, gateway=gateway),
        public=public,
        gateway=gateway,
        witness_loop=_witness_loop(ground, gateway),
        monitor_loop=open_monitor_loop(ground, gateway, signing=signing, others=looks, clock_confirmed=clocks.confirm),
        followers=followers,
        standstills=standstills,
    )


def _gateway(ground: Foundation) -> Gateway | None:
    return open_gateway(
        ground.config,
        journal=ground.journal,
        log=ground.log,
        keys=ground.keys,
        peers=ground.peers,
        mirrors=ground.mirrors,
        clock=ground.clock,
    )


def _followers(
    ground: Foundation, handlers: Mapping[str, Callable[[Entry], None]], gateway: Gateway | None
) -> tuple[Follower, ...]:
    """Every follower of the journal, under the name of its saved position.

    `handlers`: those for whom an entry that fails concerns its own project alone.
    """
    whole = {"log": ground.log.handle, **webhook_handlers(ground)}
    followers = [
        *(Follower(name, ground.journal, handle) for name, handle in whole.items()),
        *(Follower(name, ground.journal, handle, subject=project_of) for name, handle in handlers.items()),
    ]
    if gateway is not None:
        followers.append(Follower("anchor", ground.journal, gateway.anchor.handle, between=gateway.anchor.look))
    return tuple(followers)


def _outbox(ground: Foundation, name: str, handle: Callable[[Entry], None]) -> Follower:
    """The messages to one peer: whatever it answers to one of them, those of other projects are sent."""
    set_aside = SetAside(ground.journal, name, longest_pause=_LONGEST_WAIT)
    return Follower(name, ground.journal, handle, subject=project_of, alone=concerns_one_message, set_aside=set_aside)


def _workflow(ground: Foundation, work: Workflow, room: RoomDesk) -> Follower:
    set_aside = SetAside(ground.journal, "workflow", longest_pause=_LONGEST_WAIT)
    progress = Progress(work.advance, room.session_ids, set_aside)
    return Follower("workflow", ground.journal, progress.handle, between=progress.between, set_aside=set_aside)


def project_of(entry: Entry) -> str:
    """What an entry is about, for those who look at whole projects."""
    return str(entry.value["project"])


def _catalogue(ground: Foundation) -> CatalogueDesk:
    known = experts.read(ground.config.storage.samples / f"experts-{ground.code.lower()}.json")
    return CatalogueDesk(journal=ground.journal, centre=ground.code, catalogue=known)


def _room(ground: Foundation, access: AccessDesk, invitations: InvitationDesk, catalogue: CatalogueDesk) -> RoomDesk:
    agreement = Agreement(
        config=ground.config, entry_key=ground.keys.entry_point, invitations=invitations, catalogue=catalogue
    )
    confirmed = Confirmations(ground, access=access, catalogue=catalogue)
    checks = Checks(definition=agreement.check, binding=confirmed.binding, consent=confirmed.consent)
    return RoomDesk(ground.journal, ground.code, ground.keys.entry, checks)


def _line(ground: Foundation, signing: SigningDesk, room: RoomDesk) -> SigningLine:
    return SigningLine(
        centre=ground.code,
        desk=signing,
        room=room,
        post=ground.client.post,
        get=ground.client.get,
        authorities=Authorities(desk=signing, trust=ground.config.trust, clock=ground.clock),
    )


def _outboxes(
    ground: Foundation, *, invitations: InvitationDesk, sessions: SessionDesk, signing: SigningDesk
) -> dict[str, Callable[[Entry], None]]:
    return {
        f"outbox-{peer}": Outbox(
            centre=ground.code,
            peer=peer,
            post=ground.client.post,
            invitations=invitations,
            opening=sessions.opening,
            sealed=signing.sealed,
        ).handle
        for peer in ground.peers
    }


def _witness_loop(ground: Foundation, gateway: Gateway | None) -> WitnessLoop | None:
    if gateway is None:
        return None
    watched = tuple(code for code, peer in ground.peers.items() if peer.log_key)
    every = timedelta(seconds=ground.config.chain.interval_seconds)
    return WitnessLoop(
        gateway.witness,
        watched,
        ask=partial(ground.client.get, bound=CHECKPOINT_BOUND),
        fetch=partial(ground.client.fetch, bound=TILE_BOUND),
        tell=ground.client.post,
        every=every,
        alarms=ground.alarms,
    )


def seats_asked(centre: Centre) -> Callable[[ProjectId], int | None]:
    """How many seats another centre requested of this one: those of the invitation this centre confirmed."""

    def asked(project: ProjectId) -> int | None:
        own = [one for one in centre.invitations.confirmed(project) if one.terms.guest == centre.config.centre.code]
        return own[-1].terms.seats if own else None

    return asked
