"""Requests from other centres: who sends, to whom, when, and once; then the body, never before the sender is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Field, Session, SQLModel, col, delete
from starlette.requests import Request

from journal import Journal
from node.config import PeerConfig
from node.peering import signatures
from node.peering.peers import Cut, public_key
from node.peering.signatures import Head, Message, Parameters
from records.errors import NotPermittedError, UnavailableError
from records.ids import CentreCode, instant

CLOCK_TOLERANCE: Final = timedelta(seconds=60)
SENDER: Final = "peer"
"""Where the door leaves the sender's code in the state of an admitted request."""


class PeerNonceRow(SQLModel, table=True):
    """A used nonce, stored as long as its request could be repeated."""

    __tablename__ = "peer_nonce"
    centre: str = Field(primary_key=True)
    nonce: str = Field(primary_key=True)
    expires_at: str = Field(index=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A request whose sender is known and whose body, of this digest, is still to be read."""

    sender: CentreCode
    parameters: Parameters
    digest: str


class PeerGate:
    """Accepts a signed request of a known centre, once. As a FastAPI dependency: the sender that the door admitted."""

    def __init__(
        self,
        *,
        centre: CentreCode,
        peers: Mapping[CentreCode, PeerConfig],
        journal: Journal,
        cut: Cut,
        clock: Callable[[], datetime],
    ) -> None:
        self._centre = centre
        self._keys = {code: public_key(peer.entry_key) for code, peer in peers.items()}
        self._journal = journal
        self._cut = cut
        self._clock = clock

    async def __call__(self, request: Request) -> CentreCode:
        sender = getattr(request.state, SENDER, None)
        if sender is None:
            raise NotPermittedError("peer-signature-missing")
        return CentreCode(sender)

    def announced(self, head: Head, headers: Mapping[str, str]) -> Announced:
        """The sender of a request, from its headers alone: what a stranger sends is never read.

        Raises NotPermittedError: peer-unknown, peer-request-misdirected, bad signature; UnavailableError for what a
        request signed anew may pass: peer-clock-skew, peer-request-replayed.
        """
        parameters = signatures.read_parameters(headers)
        sender = CentreCode(parameters.keyid)
        key = self._keys.get(sender)
        if key is None:
            raise NotPermittedError("peer-unknown", centre=sender)
        if head.to != self._centre:
            raise NotPermittedError("peer-request-misdirected", to=head.to[:4])
        self._check_time(parameters)
        with self._journal.reading() as db:
            _require_new(db, sender, parameters.nonce)
        digest = signatures.check(head, headers, parameters, key)
        self._cut.check(sender)
        return Announced(sender=sender, parameters=parameters, digest=digest)

    def accept(self, announced: Announced, body: bytes) -> CentreCode:
        """The whole request, once: its nonce is used up. NotPermittedError("peer-body-altered") leaves it unused."""
        if signatures.content_digest(body) != announced.digest:
            raise NotPermittedError("peer-body-altered")
        with self._journal.work() as work:
            _use_nonce(work.db, announced.sender, announced.parameters.nonce, now=work.now)
        return announced.sender

    def admit(self, message: Message, headers: Mapping[str, str]) -> CentreCode:
        """Both steps, for a request that is there as a whole."""
        return self.accept(self.announced(message, headers), message.body)

    def _check_time(self, parameters: Parameters) -> None:
        skew = int(self._clock().timestamp()) - parameters.created
        if abs(skew) > CLOCK_TOLERANCE.total_seconds():
            raise UnavailableError("peer-clock-skew", seconds=skew)


def _require_new(db: Session, centre: CentreCode, nonce: str) -> None:
    if db.get(PeerNonceRow, (centre, nonce)) is not None:
        raise UnavailableError("peer-request-replayed", centre=centre)


def _use_nonce(db: Session, centre: CentreCode, nonce: str, *, now: datetime) -> None:
    db.exec(delete(PeerNonceRow).where(col(PeerNonceRow.expires_at) <= instant(now)))
    _require_new(db, centre, nonce)
    db.add(PeerNonceRow(centre=centre, nonce=nonce, expires_at=instant(now + 3 * CLOCK_TOLERANCE)))
