"""`tongping recover`: opens a centre that is down, asks the chain and the other centres, and reports what came back."""

import secrets

from node.audit.trust_anchors import log_keys, witness_keys
from node.chain.ledger import open_ledger
from node.config import Config
from node.foundation import open_foundation, utc_now
from node.operations.recovery import Recovery


def recover_centre(config: Config) -> str:
    """Recover and report. NotFoundError("centre-not-started"), else as open_ledger and Recovery.run."""
    keys = log_keys(config)  # raises where no centre has been started, so that nothing is created
    ledger = open_ledger(config)
    ground = open_foundation(config, clock=utc_now, randomness=secrets.token_bytes)
    try:
        origin = ground.keys.origin
        witnesses = [key for code, known in witness_keys(config).items() if code != ground.code for key in known]
        recovery = Recovery(ground.journal, ground.log, origin=origin, log_keys=keys[origin], witness_keys=witnesses)
        found = recovery.run(ledger.head(origin), [peer.code for peer in config.peers], ground.client.fetch)
        if found is None:
            return f"nothing to recover: the journal of {ground.journal.size():,} entries reaches the anchored head"
        lost = f"entries {found.start:,} to {found.end - 1:,} restored, without content"
        return f"{lost}, from the mirror at {found.mirror}, cosigned by {found.cosigners}"
    finally:
        ground.journal.engine.dispose()
