"""The trust around an audited database: the keys that may sign, the directories, the heads on the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chain_gateway.checkpoints import Head, origin_of
from chain_gateway.verifier.trust import load_trust
from node.chain.ledger import open_ledger
from node.config import Config
from records.errors import InvalidRecordError, NotFoundError
from records.log.checkpoint import verifier_key
from records.log.cosignature import cosigner_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """The heads of logs on the chain by origin; empty when the chain was not asked."""

    asked: bool
    heads: Mapping[str, Head]


def log_keys(config: Config) -> dict[str, tuple[str, ...]]:
    """Who may sign notes, by origin: the own key, the peers' configured keys, and all keys of the trust file."""
    own = origin_of(config.centre.code)
    keys: dict[str, list[str]] = {own: [_own_key(config.storage.keys / "log.pem", own)]}
    for peer in config.peers:
        if peer.log_key:
            keys.setdefault(origin_of(peer.code), []).append(peer.log_key)
    if config.trust is not None and config.trust.is_file():
        for centre in load_trust(config.trust).centres:
            keys.setdefault(centre.origin, []).extend(one.key for one in centre.log_keys)
    return {origin: tuple(dict.fromkeys(known)) for origin, known in keys.items()}


def witness_keys(config: Config) -> dict[str, tuple[str, ...]]:
    """Who may cosign, by centre code: the own key when there is one, the peers' configured keys, the trust file's."""
    code = config.centre.code
    keys: dict[str, list[str]] = {peer.code: [peer.witness_key] for peer in config.peers if peer.witness_key}
    if (config.storage.keys / "witness.pem").is_file():
        key = _read_key(config.storage.keys / "witness.pem")
        keys[code] = [cosigner_key(f"{origin_of(code)}/witness", key.public_key())]
    if config.trust is not None and config.trust.is_file():
        for centre in load_trust(config.trust).centres:
            keys.setdefault(centre.code, []).extend(one.key for one in centre.witness_keys)
    return {code: tuple(dict.fromkeys(known)) for code, known in keys.items()}


def _own_key(path: Path, origin: str) -> str:
    """The public log key."""
    return verifier_key(origin, _read_key(path).public_key())


def _read_key(path: Path) -> Ed25519PrivateKey:
    """An existing key file: an audit creates nothing."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as error:
        raise NotFoundError("centre-not-started", file=path.name) from error
    except (OSError, ValueError, TypeError) as error:
        raise InvalidRecordError("key-unreadable", file=path.name) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidRecordError("key-unreadable", file=path.name)
    return key


def heads(config: Config, origins: Sequence[str], *, offline: bool) -> Heads:
    """The heads on the chain, read before the database: so they can only be behind it.

    Raises the ledger's errors: without the chain's answer there is no verdict; `offline` does without it.
    """
    if offline or not config.chain.rpc:
        return Heads(asked=False, heads={})
    ledger = open_ledger(config)
    return Heads(asked=True, heads={origin: ledger.head(origin) for origin in origins})
