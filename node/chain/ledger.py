"""The consortium's contracts as a centre's configuration names them: the one place where a node opens its ledger."""

from typing import Final

from chain_gateway.ledger.engines import profile
from chain_gateway.ledger.ledger import Ledger
from chain_gateway.verifier.trust import load_trust
from node.config import Config
from records.errors import InvalidRecordError, NotFoundError

_READER: Final = (1).to_bytes(32, "big")
"""The account of whoever only reads: it never sends, and nothing may ever belong to it."""


def open_ledger(config: Config, *, account_key: bytes = _READER) -> Ledger:
    """The contracts of the configuration, not yet asked: what Ledger checks before it is used stands there.

    The first block is the configured one, else the trust file's. NotFoundError("chain-not-configured");
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
