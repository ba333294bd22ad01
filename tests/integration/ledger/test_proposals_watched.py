"""The centres' proposals in a running centre: its monitor raises them in time, and `check` counts them."""

from datetime import timedelta
from pathlib import Path

from chain_gateway.monitor.alarms import AlarmName
from node.chain.ledger import open_ledger
from node.foundation import utc_now
from node.operations.checkup import examine
from tests.integration.node.chained_centres import JN, XA, chained, keys_in


def test_a_proposal_that_soon_expires_is_an_alarm_and_is_counted_by_check(tmp_path: Path) -> None:
    with chained(tmp_path) as world, world.running(JN) as centre:
        registry = open_ledger(world.configs[XA], account_key=keys_in(tmp_path, XA).chain_secret).registry
        soon = registry.propose_threshold(3, expires_at=utc_now() + timedelta(days=1))
        registry.propose_threshold(3, expires_at=utc_now() + timedelta(days=14))
        registry.propose_threshold(3, expires_at=utc_now() + timedelta(days=1))
        registry.withdraw(3)

        centre.monitor_loop.round()

        raised = [(one.subject, one.code, one.found) for one in centre.alarms.open(AlarmName.PROPOSAL)]
        assert raised == [(f"proposal:{soon}", "proposal-expires-soon", "threshold, 1 of 2 votes")]
        assert [state for _, state in centre.monitor_loop.proposals()] == ["open", "open", "withdrawn"]
        told = {check.name: check.reason for check in examine(centre).checks}
        assert told["chain.proposals"] == "2 open, 1 withdrawn"
        assert told["alarm.proposal"].startswith(f"proposal-expires-soon: proposal:{soon} since ")
