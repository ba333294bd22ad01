"""Opens the consortium's contracts from a centre's configuration, in the only place where a node opens its ledger."""

from typing import Final

from chain_gateway.ledger.engines import profile
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.verifier.trust import load_trust
from node.config import Config
from records.errors import InvalidRecordError, NotFoundError

_READER: Final = (1).to_bytes(32, "big")
"""The account of a read-only ledger: it never sends, and must never own anything."""


def open_ledger(config: Config, *, account_key: bytes = _READER) -> Ledger:
    """The contracts of the configuration, not yet checked: Ledger checks them before the first use.

    The first block is the configured one, otherwise the trust file's. NotFoundError("chain-not-configured");
    InvalidRecordError("empty-field", field="chain.genesis") where neither names it.
    """
    chain = config.chain
    if not chain.rpc:
        raise NotFoundError("chain-not-configured", centre=config.centre.code)
    genesis = chain.genesis or (load_trust(config.trust).chain.genesis if config.trust is not None else "")
    if not genesis:
        raise InvalidRecordError("empty-field", field="chain.genesis")
    return Ledger(
        chain.rpc,
        chain_id=chain.chain_id,
        anchor_address=chain.anchor,
        registry_address=chain.registry,
        account_key=account_key,
        engine=profile(chain.engine),
        genesis=genesis,
    )
