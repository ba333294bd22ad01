"""`tongping recover`: opens a centre that is down, asks the chain and the other centres, and reports what came back."""

import secrets

from chain_gateway.ledger.engines import profile
from chain_gateway.ledger.ledger import Ledger
from node.audit.trust_anchors import log_keys, witness_keys
from node.config import Config
from node.foundation import open_foundation, utc_now
from node.operations.recovery import Recovery
from records.errors import NotFoundError


def recover_centre(config: Config) -> str:
    """Recover and report. NotFoundError("centre-not-started", "chain-not-configured"), else as Recovery.run."""
    keys = log_keys(config)  # raises where no centre has been started, so that nothing is created
    if not config.chain.rpc:
        raise NotFoundError("chain-not-configured")
    ground = open_foundation(config, clock=utc_now, randomness=secrets.token_bytes)
    try:
        origin = ground.keys.origin
        witnesses = [key for code, known in witness_keys(config).items() if code != ground.code for key in known]
        recovery = Recovery(ground.journal, ground.log, origin=origin, log_keys=keys[origin], witness_keys=witnesses)
        chain = config.chain
        ledger = Ledger(
            chain.rpc,
            chain_id=chain.chain_id,
            anchor_address=chain.anchor,
            registry_address=chain.registry,
            account_key=ground.keys.chain_secret,
            engine=profile(chain.engine),
        )
        found = recovery.run(ledger.head(origin), [peer.code for peer in config.peers], ground.client.fetch)
        if found is None:
            return f"nothing to recover: the journal of {ground.journal.size():,} entries reaches the anchored head"
        lost = f"entries {found.start:,} to {found.end - 1:,} restored, without content"
        return f"{lost}, from the mirror at {found.mirror}, cosigned by {found.cosigners}"
    finally:
        ground.journal.engine.dispose()
