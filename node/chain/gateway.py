"""The centre's side of the chain: anchoring, watching the other centres' logs, and answering witnesses."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import Request

from chain_gateway.anchor.desk import AnchorDesk, PreviousLogKey
from chain_gateway.anchor.schedule import Schedule
from chain_gateway.anchor.ticker import Ticker
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.verifier.trust import load_trust
from chain_gateway.witness.cosigning import CosignatureDesk
from chain_gateway.witness.desk import Cosigning, WitnessDesk
from chain_gateway.witness.known_keys import KnownKeys
from chain_gateway.witness.mirror import Mirrors
from journal import Journal, MerkleLog
from node.chain.ledger import open_ledger
from node.config import Config, PeerConfig
from node.keys import CentreKeys
from records.answers import Out
from records.ids import CentreCode, b64u

_LARGEST = 2**53
_LONGEST_LINE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    ledger: Ledger
    anchor: AnchorDesk
    witness: WitnessDesk
    cosignatures: CosignatureDesk


class CosignatureIn(BaseModel):
    """A witness's line under the checkpoint of this size."""

    size: int = Field(ge=1, le=_LARGEST)
    line: str = Field(max_length=_LONGEST_LINE)


class NoteOut(Out):
    """A signed note with all cosignature lines under it."""

    note: str


class ExtensionNoteOut(NoteOut):
    """The newest signed note, and the consistency path (RFC 9162) to it; base64url."""

    path: list[str]


def open_gateway(
    config: Config,
    *,
    journal: Journal,
    log: MerkleLog,
    keys: CentreKeys,
    peers: Mapping[CentreCode, PeerConfig],
    mirrors: Mirrors,
    clock: Callable[[], datetime],
) -> Gateway | None:
    """None when the centre is configured without a chain."""
    chain = config.chain
    if not chain.rpc:
        return None
    trusted = load_trust(config.trust) if config.trust is not None else None
    ledger = open_ledger(config, account_key=keys.chain_secret)
    known = _known_keys(peers, ledger, clock)
    ticker = Ticker(Schedule(interval=timedelta(seconds=chain.interval_seconds)), clock=clock)
    anchor = AnchorDesk(
        journal,
        ledger,
        log=log,
        log_key=keys.log,
        origin=keys.origin,
        ticker=ticker,
        cover=chain.cover,
        previous=_previous(keys),
    )
    return Gateway(
        ledger=ledger,
        anchor=anchor,
        witness=WitnessDesk(
            journal,
            ledger,
            log_keys=known.of_log,
            cosigning=Cosigning(name=keys.witness_name, key=keys.witness),
            mirrors=mirrors,
            clock=clock,
        ),
        cosignatures=CosignatureDesk(
            journal,
            witness_keys=known.of_witness,
            clock=clock,
            republish=anchor.republish,
            required=trusted.cosignatures if trusted else 1,
        ),
    )


def _known_keys(peers: Mapping[CentreCode, PeerConfig], ledger: Ledger, clock: Callable[[], datetime]) -> KnownKeys:
    return KnownKeys(
        log_keys={code: peer.log_key for code, peer in peers.items()},
        witness_keys={code: peer.witness_key for code, peer in peers.items()},
        centres=ledger.centres,
        clock=clock,
    )


def _previous(keys: CentreKeys) -> PreviousLogKey | None:
    if keys.previous_log is None or keys.overlap_until is None:
        return None
    return PreviousLogKey(key=keys.previous_log, until=keys.overlap_until)


def peer_routes(
    anchor: AnchorDesk, cosignatures: CosignatureDesk, peer: Callable[[Request], Awaitable[CentreCode]]
) -> APIRouter:
    router = APIRouter(tags=["peers"])

    @router.get("/checkpoint", response_model=ExtensionNoteOut, dependencies=[Depends(peer)])
    def checkpoint(seen: Annotated[int, Query(alias="from", ge=0, le=_LARGEST)]) -> dict[str, Any]:
        shown = anchor.extension(seen)
        return {"note": shown.note, "path": [b64u(node) for node in shown.path]}

    @router.post("/cosignatures", response_model=NoteOut)
    def cosign(body: CosignatureIn, sender: Annotated[CentreCode, Depends(peer)]) -> dict[str, Any]:
        return {"note": cosignatures.take(sender, body.size, body.line).note}

    return router
