"""Asks every centre that answers for its copy of every log, and reports where they disagree; it changes nothing."""

import secrets
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from chain_gateway.checkpoints import origin_of
from chain_gateway.witness.comparison import Copy, compare
from journal.tiles import TileLog
from node.chain.ledger import open_ledger
from node.chain.witness_loop import CHECKPOINT_BOUND, TILE_BOUND, tiles_under
from node.config import Config
from node.foundation import utc_now
from node.keys import CentreKeys, open_keys
from node.peering.peers import Cut, PeerClient
from records.errors import NotFoundError, UnavailableError
from records.ids import CentreCode
from records.proof import Check, Outcome, Verdict


def compare_logs(config: Config) -> Verdict:
    """Checks named `log.<code>.<source>`: `own` is that log's own centre, a code the mirror there, `chain` the chain.

    NotFoundError("centre-not-started") where no centre has been started yet; UnavailableError("nothing-to-compare")
    when no source, this centre's own files included, has a copy.
    """
    if not config.storage.keys.is_dir():
        raise NotFoundError("centre-not-started", centre=config.centre.code)
    keys = open_keys(config.storage.keys, config.centre.code)
    with PeerClient(
        centre=config.centre.code,
        key=keys.entry,
        peers={peer.code: peer for peer in config.peers},
        cut=Cut(),
        clock=utc_now,
        randomness=secrets.token_bytes,
    ) as client:
        checks = tuple(_checks(config, keys, client))
    if all(check.outcome is Outcome.ABSENT for check in checks):
        raise UnavailableError("nothing-to-compare")
    return Verdict(checks)


def _checks(config: Config, keys: CentreKeys, client: PeerClient) -> Iterator[Check]:
    heads = open_ledger(config).head if config.chain.rpc else None
    log_keys = {config.centre.code: keys.log_verifier} | {one.code: one.log_key for one in config.peers if one.log_key}
    for code, key in log_keys.items():
        origin = origin_of(code)
        yield from compare(
            f"log.{code}",
            origin=origin,
            keys=[key],
            copies=[_own(config, code), *(_at(client, peer.code, code) for peer in config.peers)],
            head=partial(heads, origin) if heads else None,
        )


def _own(config: Config, code: CentreCode) -> Copy:
    """The copy in this centre's own files: its log, or its mirror of another one's."""
    own = code == config.centre.code
    log = TileLog(_directory(config.storage.files, None if own else origin_of(code)))
    return Copy(source="own" if own else str(config.centre.code), note=log.checkpoint, read=log.read)


def _directory(files: Path, origin: str | None) -> Path:
    return files / "log" if origin is None else files / "mirrors" / origin


def _at(client: PeerClient, peer: CentreCode, code: CentreCode) -> Copy:
    """The copy served by a peer: its own log, or its mirror of another one's."""
    prefix = "/log/" if peer == code else f"/mirrors/{origin_of(code)}/"
    fetch = partial(client.fetch, peer, bound=TILE_BOUND)
    return Copy(
        source="own" if peer == code else str(peer),
        note=lambda: client.fetch(peer, f"{prefix}checkpoint", bound=CHECKPOINT_BOUND).decode(errors="replace"),
        read=tiles_under(prefix, fetch),
    )
