"""The monitor of one centre: its rounds in a thread, the webhook as a follower, and its figures for Prometheus."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import structlog
from cryptography import x509

from chain_gateway.checkpoints import origin_of
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.ledger.voting import Proposal, ProposalState
from chain_gateway.monitor import proposals
from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.notice import notice, notice_id
from chain_gateway.monitor.rounds import Limits, Monitor, Sources
from chain_gateway.monitor.rules import Fault, Looked, Window
from chain_gateway.monitor.sweep import Sweep, tile_leaves
from evaluation_room.desk import RoomDesk
from evaluation_room.stages import ENDED
from journal import Entry, Journal, store
from node.chain.gateway import Gateway
from node.foundation import Foundation
from node.peering.peers import Webhook
from node.rooms.venue_links import Links
from records.errors import TongpingError
from records.ids import SessionId
from signing.desk import SigningDesk

_log = structlog.get_logger(__name__)
_REGISTRY_EVERY = 60.0
"""Seconds between two readings of the registry's windows."""
_ROOM = "room:"


class MonitorLoop:
    """A thread that runs the monitor's rounds."""

    def __init__(
        self, monitor: Monitor, votes: "Votes | None", *, every: timedelta, clock: Callable[[], datetime]
    ) -> None:
        self.monitor = monitor
        self._votes = votes
        self._every = every.total_seconds()
        self._clock = clock
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._walk, name="monitor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def round(self) -> None:
        """Run one round in the caller's thread."""
        self.monitor.round(wall=self._clock(), elapsed=time.monotonic())

    def proposals(self) -> Sequence[tuple[Proposal, ProposalState]]:
        """As last read from the registry, the oldest first, each with its state at this moment."""
        now = self._clock()
        return [(one, one.state(now)) for one in self._votes.found] if self._votes else []

    def _walk(self) -> None:
        while not self._ending.wait(self._every):
            try:
                self.round()
            except TongpingError as error:  # the store does not answer: next round
                _log.warning("monitor waits", code=error.code)
            except Exception as error:  # noqa: BLE001 - the monitor never dies silently
                _log.error("monitor failed", error=type(error).__name__)


def open_monitor_loop(
    ground: Foundation,
    gateway: Gateway | None,
    *,
    signing: SigningDesk,
    others: Sequence[Callable[[], Iterable[Looked]]],
    clock_confirmed: Callable[[], bool],
) -> MonitorLoop:
    """`others`: further looks, each made even if earlier ones fail. `clock_confirmed`: see Sources."""
    settings, chain = ground.config.monitor, ground.config.chain
    ledger = gateway.ledger if gateway else None
    votes = Votes(ledger, ground.clock) if ledger else None
    if votes is not None:
        others = [*others, votes.looked]
    monitor = Monitor(
        ground.journal,
        ground.alarms,
        origin=ground.keys.origin,
        peers=[origin_of(code) for code, peer in ground.peers.items() if peer.log_key],
        ledger=ledger,
        limits=Limits(
            anchor=timedelta(seconds=settings.anchor_intervals * chain.interval_seconds),
            key_soon=timedelta(days=settings.key_days),
            blocks=settings.blocks,
        ),
        sources=Sources(
            windows=Windows(signing, ledger).all,
            others=others,
            anchoring_stopped=lambda: _stopped(ground.journal, "anchor"),
            clock_confirmed=clock_confirmed,
        ),
        sweep=Sweep(ground.journal, ground.alarms, tiles=tile_leaves(ground.log.tiles)),
    )
    return MonitorLoop(monitor, votes, every=timedelta(seconds=settings.interval_seconds), clock=ground.clock)


def _stopped(journal: Journal, follower: str) -> str:
    """The code of the error that stopped a follower, or the empty text."""
    with journal.reading() as db:
        return store.position(db, follower)[1]


class Windows:
    """The windows of every key that signs for this centre, and of every centre's keys in the registry."""

    def __init__(self, signing: SigningDesk, ledger: Ledger | None) -> None:
        self._signing = signing
        self._ledger = ledger
        self._registry: list[Window] = []
        self._read_at = float("-inf")

    def all(self) -> Iterator[Window]:
        yield from self._certificates()
        if self._ledger is not None and time.monotonic() - self._read_at >= _REGISTRY_EVERY:
            self._registry = list(_registry(self._ledger))
            self._read_at = time.monotonic()
        yield from self._registry

    def _certificates(self) -> Iterator[Window]:
        for use, identity in self._signing.own_identities.items():
            yield _certificate(f"certificate-{use}", identity.x509)
            for place, issuer in enumerate(identity.chain, 1):
                yield _certificate(f"certificate-{use}-issuer-{place}", x509.load_der_x509_certificate(issuer))


def _certificate(name: str, certificate: x509.Certificate) -> Window:
    return Window(name=name, valid_from=certificate.not_valid_before_utc, valid_until=certificate.not_valid_after_utc)


def _registry(ledger: Ledger) -> Iterator[Window]:
    for centre in (one for one in ledger.centres() if one.member):
        yield Window(name=f"registry-{centre.code}", valid_from=centre.valid_from, valid_until=centre.valid_until)


class Votes:
    """The proposals of the registry and its form; read once a minute at most, since they change in days."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._clock = clock
        self._read_at = float("-inf")
        self.found: tuple[Proposal, ...] = ()

    def looked(self) -> Iterator[Looked]:
        if time.monotonic() - self._read_at < _REGISTRY_EVERY:
            return
        registry = self._ledger.registry
        self.found = registry.proposals()
        yield proposals.registry(first_form=registry.is_first_form())
        yield from proposals.proposals(self.found, self._clock())
        self._read_at = time.monotonic()


class Rooms:
    """Forks between the venues of a session, as their links found them.

    A reconnected link forgets its alarms; the fork remains. So such an alarm stays until it has been acknowledged and
    the session is closed.
    """

    def __init__(self, ground: Foundation, room: RoomDesk, links: Links) -> None:
        self._alarms = ground.alarms
        self._room = room
        self._links = links

    def looked(self) -> Sequence[Looked]:
        found = [*self._forks()]
        known = {looked.subject for looked in found}
        for alarm in self._alarms.open(AlarmName.FORK):
            if alarm.subject.startswith(_ROOM) and alarm.acknowledged_at and alarm.subject not in known:
                session = SessionId(alarm.subject.removeprefix(_ROOM).partition("/")[0])
                if self._room.session(session).stage in ENDED:
                    found.append(Looked(name=AlarmName.FORK, subject=alarm.subject))
        return found

    def _forks(self) -> Iterable[Looked]:
        for session in self._room.sessions():
            if session.stage in ENDED:
                continue
            for peer, alarms in self._links.alarms(session.id).items():
                faults = tuple({alarm.code: Fault(code=alarm.code) for alarm in alarms}.values())
                yield Looked(name=AlarmName.FORK, subject=f"{_ROOM}{session.id}/{peer}", faults=faults)


class Notices:
    """The handler of the follower `webhook`: every alarm is sent, in order, until the receiver accepts it."""

    def __init__(self, webhook: Webhook, origin: str) -> None:
        self._webhook = webhook
        self._origin = origin

    def handle(self, entry: Entry) -> None:
        message = notice(self._origin, entry)
        if message is not None:
            self._webhook.post(message, once=notice_id(self._origin, entry))


def webhook_handlers(ground: Foundation) -> dict[str, Callable[[Entry], None]]:
    """None without a webhook in the configuration."""
    url = ground.config.monitor.webhook
    if not url:
        return {}
    webhook = Webhook(url, centre=ground.code, key=ground.keys.entry, clock=ground.clock, randomness=ground.randomness)
    return {"webhook": Notices(webhook, ground.keys.origin).handle}
