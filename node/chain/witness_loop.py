"""Watches the other centres' logs at intervals, and delivers this centre's cosignatures to them."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

import structlog

from chain_gateway.checkpoints import Delivery, origin_of
from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.desk import Alarms
from chain_gateway.witness.desk import WitnessDesk
from chain_gateway.witness.mirror import ReadTile
from node.http.versions import PEER
from node.peering.peers import Bound
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    NotFoundError,
    TongpingError,
    UnavailableError,
)
from records.ids import CentreCode, unb64u
from records.log.note import MAXIMUM_SIZE as LONGEST_NOTE
from records.log.tiles import Tile, cut

Ask = Callable[[CentreCode, str], dict[str, Any]]
"""PeerClient.get. Any: JSON, checked where it is read."""
Fetch = Callable[[CentreCode, str], bytes]
"""PeerClient.fetch."""
Tell = Callable[[CentreCode, str, Mapping[str, Any]], dict[str, Any]]
"""PeerClient.post. Any: as above."""
CHECKPOINT_BOUND: Final = Bound(most=2 * LONGEST_NOTE, seconds=20.0)
"""A note as it is written in JSON, and a proof of 64 hashes."""
TILE_BOUND: Final = Bound(most=16 * 1024, seconds=20.0)
"""A tile has 8 KiB, a bundle of commitments 256 times 34 bytes."""
LOOK_SECONDS: Final = 120.0
"""How long the tiles of one look may take altogether."""
PATIENCE: Final = 3
"""Looks in which a log may show another checkpoint than the chain's head, since that may have just moved on."""
_log = structlog.get_logger(__name__)


class WitnessLoop:
    """A thread for every other centre that looks at its log at intervals and cosigns what extends it.

    A fork is an alarm about that log until the centre shows a consistent log again; it is never cosigned.
    """

    def __init__(
        self,
        witness: WitnessDesk,
        peers: tuple[CentreCode, ...],
        *,
        ask: Ask,
        fetch: Fetch,
        tell: Tell,
        every: timedelta,
        alarms: Alarms,
    ) -> None:
        self._witness = witness
        self._peers = peers
        self._ask = ask
        self._fetch = fetch
        self._tell = tell
        self._every = every.total_seconds()
        self._alarms = alarms
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._beside: dict[CentreCode, tuple[str, int]] = {}

    def start(self) -> None:
        """Start looking. Each log has its own thread: a centre that answers slowly delays no other."""
        self._threads = [
            threading.Thread(target=self._follow, args=(peer,), name=f"witness-{peer}", daemon=True)
            for peer in self._peers
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def look(self, peer: CentreCode) -> bool:
        """Look once, and deliver the cosignatures. Whether a consistent log was shown; no news is False and no error.

        Raises the errors of the witness and of the other centre, and ConflictError("log-beside-chain") when for
        PATIENCE looks the same note was shown that is not the chain's head.
        """
        fits = self._see(peer)
        self._deliver(peer)
        return fits

    def look_safely(self, peer: CentreCode) -> None:
        """Look once; a violation becomes an alarm, a failed attempt is repeated at the next look."""
        try:
            self._tell_alarms(peer)
        except UnavailableError as error:
            _log.warning("witness waits", member=peer, code=error.code)
        except Exception as error:  # noqa: BLE001 - the loop never dies silently; a foreign error's text is private
            _log.error("witness failed", member=peer, error=type(error).__name__)

    def _follow(self, peer: CentreCode) -> None:
        try:
            self._witness.republish(origin_of(peer))
        except TongpingError as error:
            _log.error("mirror not published", member=peer, code=error.code)
        while not self._ending.wait(self._every):
            self.look_safely(peer)

    def _see(self, peer: CentreCode) -> bool:
        origin = origin_of(peer)
        seen = self._witness.last_seen(origin)
        try:
            shown = self._ask(peer, f"{PEER}/checkpoint?from={seen}")
        except NotFoundError:
            return False  # nothing anchored there yet
        note = str(shown.get("note", ""))
        try:
            self._witness.cosign_peer(origin, note, _path(peer, shown), self._tiles(peer))
        except ConflictError as error:
            self._count_beside(peer, note, error)
            return False  # it moved on between question and answer: next look
        self._beside.pop(peer, None)
        return True

    def _tiles(self, peer: CentreCode) -> ReadTile:
        """A peer's tiles, within the time of one look: a long mirroring continues at the next."""
        until = time.monotonic() + LOOK_SECONDS
        read = tiles_under("/log/", lambda path: self._fetch(peer, path))

        def timed(tile: Tile) -> bytes:
            if self._ending.is_set():
                raise UnavailableError("gateway-ending")
            if time.monotonic() > until:
                raise UnavailableError("peer-too-slow", peer=peer, seconds=int(LOOK_SECONDS))
            return read(tile)

        return timed

    def _count_beside(self, peer: CentreCode, note: str, error: ConflictError) -> None:
        """A log that keeps showing us something other than the chain's head shows others something else."""
        if error.code != "head-mismatch":
            return
        last, times = self._beside.get(peer, ("", 0))
        times = times + 1 if last == note else 1
        self._beside[peer] = note, times
        if times >= PATIENCE:
            raise ConflictError("log-beside-chain", **error.values)

    def _deliver(self, peer: CentreCode) -> None:
        """Deliver every line that the log's centre has not confirmed. A refused one does not delay the others."""
        refused: TongpingError | None = None
        for delivery in self._witness.undelivered(origin_of(peer)):
            try:
                self._bring(peer, delivery)
            except UnavailableError:
                raise
            except TongpingError as error:
                refused = refused or error
        if refused is not None:
            raise refused

    def _bring(self, peer: CentreCode, delivery: Delivery) -> None:
        try:
            self._tell(peer, f"{PEER}/cosignatures", {"size": delivery.size, "line": delivery.line})
        except InvalidRecordError as error:
            if error.code == "cosignature-ahead":
                self._witness.withdraw(delivery)  # one of the two clocks is wrong: once it is right, sign anew
            raise
        self._witness.delivered(delivery)

    def _tell_alarms(self, peer: CentreCode) -> None:
        subject = f"log:{origin_of(peer)}"
        fits, name, code = self._found(peer)
        for one in (AlarmName.FORK, AlarmName.UNWITNESSED):
            if fits and one is not name:
                self._alarms.clear(one, subject)
        if name is not None:
            self._alarms.raise_(name, subject, code)

    def _found(self, peer: CentreCode) -> tuple[bool, AlarmName | None, str]:
        """Whether a look settled anything, and the fault: the log contradicts what was seen, or cannot be read."""
        try:
            return self.look(peer), None, ""
        except UnavailableError:
            raise
        except TongpingError as error:
            _log.error("witness alarm", member=peer, code=error.code)
            forked = isinstance(error, EvidenceMismatchError)
            return True, AlarmName.FORK if forked else AlarmName.UNWITNESSED, error.code


def tiles_under(prefix: str, fetch: Callable[[str], bytes]) -> ReadTile:
    """The tiles below a prefix of a static server. A partial tile may be gone once there is a full one."""

    def read(tile: Tile) -> bytes:
        try:
            return fetch(prefix + tile.path)
        except NotFoundError:
            if tile.full:
                raise
            whole = Tile(tile.level, tile.index)
            return cut(tile, whole, fetch(prefix + whole.path))

    return read


def _path(peer: CentreCode, shown: Mapping[str, Any]) -> list[bytes]:
    """Any: the peer's unchanged answer."""
    path = shown.get("path")
    if not isinstance(path, list):
        raise InvalidRecordError("peer-answer-malformed", peer=peer)
    return [unb64u(node) for node in path]
