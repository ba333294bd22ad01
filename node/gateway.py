"""The centre's side of the chain: its anchor, its eyes on the other centres' logs, and what it shows a witness."""

import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, Query
from starlette.requests import Request

from chain_gateway.desk import AnchorDesk
from chain_gateway.engines import profile
from chain_gateway.ledger import Ledger
from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.desk import Alarms
from chain_gateway.witness import WitnessDesk
from journal import Journal
from node.config import ChainConfig, PeerConfig
from node.keys import CentreKeys, origin_of
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    NotFoundError,
    TongpingError,
    UnavailableError,
)
from records.ids import CentreCode, b64u, unb64u

Ask = Callable[[CentreCode, str], dict[str, Any]]
"""PeerClient.get. Any: JSON, checked where it is read."""
_log = structlog.get_logger(__name__)
_LARGEST = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    ledger: Ledger
    anchor: AnchorDesk
    witness: WitnessDesk


def open_gateway(
    chain: ChainConfig,
    *,
    journal: Journal,
    keys: CentreKeys,
    peers: Mapping[CentreCode, PeerConfig],
    clock: Callable[[], datetime],
) -> Gateway | None:
    """None when the centre is configured without a chain."""
    if not chain.rpc:
        return None
    ledger = Ledger(
        chain.rpc,
        chain_id=chain.chain_id,
        anchor_address=chain.anchor,
        registry_address=chain.registry,
        account_key=keys.chain_secret,
        engine=profile(chain.engine),
    )
    interval = timedelta(seconds=chain.interval_seconds)
    anchor = AnchorDesk(journal, ledger, log_key=keys.log, origin=keys.origin, interval=interval, clock=clock)
    verifiers = {origin_of(code): (peer.log_key,) for code, peer in peers.items() if peer.log_key}
    return Gateway(ledger=ledger, anchor=anchor, witness=WitnessDesk(journal, ledger, verifier_keys=verifiers))


class Watch:
    """A thread that looks at every other centre's log from time to time and cosigns what extends it.

    A fork is an alarm about that log until the centre shows a log that fits again; it is never cosigned.
    """

    def __init__(
        self, witness: WitnessDesk, ask: Ask, peers: tuple[CentreCode, ...], *, every: timedelta, alarms: Alarms
    ) -> None:
        self._witness = witness
        self._ask = ask
        self._peers = peers
        self._every = every.total_seconds()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self._alarms = alarms

    def start(self) -> None:
        self._thread = threading.Thread(target=self._follow, name="witness", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def look(self, peer: CentreCode) -> None:
        """Look once. Raises what the witness raises; a log that has nothing new is no error."""
        origin = origin_of(peer)
        seen = self._witness.last_seen(origin)
        try:
            shown = self._ask(peer, f"/peer/checkpoint?from={seen}")
        except NotFoundError:
            return  # nothing anchored there yet
        try:
            self._witness.cosign_peer(origin, str(shown.get("note", "")), _path(peer, shown))
        except ConflictError:
            return  # it moved on between the question and the answer: next time

    def _follow(self) -> None:
        while not self._ending.wait(self._every):
            for peer in self._peers:
                self.look_safely(peer)

    def look_safely(self, peer: CentreCode) -> None:
        """Look once; what must not be becomes an alarm, what cannot be done now is done next time."""
        subject = f"log:{origin_of(peer)}"
        try:
            found = self._fault(peer)
            for name in (AlarmName.FORK, AlarmName.UNWITNESSED):
                if found is None or found[0] is not name:
                    self._alarms.clear(name, subject)
            if found is not None:
                self._alarms.raise_(found[0], subject, found[1].code)
        except UnavailableError as error:
            _log.warning("witness waits", peer=peer, code=error.code)

    def _fault(self, peer: CentreCode) -> tuple[AlarmName, TongpingError] | None:
        """What is wrong with a peer's log: it contradicts what was seen, or it cannot be looked at."""
        try:
            self.look(peer)
        except UnavailableError:
            raise
        except TongpingError as error:
            _log.error("witness alarm", peer=peer, code=error.code)
            forked = isinstance(error, EvidenceMismatchError)
            return (AlarmName.FORK if forked else AlarmName.UNWITNESSED), error
        return None


def _path(peer: CentreCode, shown: Mapping[str, Any]) -> list[bytes]:
    """Any: the peer's answer, as it came."""
    path = shown.get("path")
    if not isinstance(path, list):
        raise InvalidRecordError("peer-answer-malformed", peer=peer)
    return [unb64u(node) for node in path]


def peer_routes(anchor: AnchorDesk, peer: Callable[[Request], Awaitable[CentreCode]]) -> APIRouter:
    router = APIRouter(prefix="/peer", dependencies=[Depends(peer)])

    @router.get("/checkpoint")
    def checkpoint(seen: Annotated[int, Query(alias="from", ge=0, le=_LARGEST)]) -> dict[str, Any]:
        shown = anchor.extension(seen)
        return {"note": shown.note, "path": [b64u(node) for node in shown.path]}

    return router
