"""When a proposal of the centres' votes is an alarm: it soon expires, or did and nothing was decided. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from chain_gateway.ledger.voting import Proposal, ProposalState
from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.rules import Fault, Looked
from records.ids import instant

SOON: Final = timedelta(days=3)
"""Before its end: time for a vote that a person must decide."""
SHOWN: Final = timedelta(days=30)
"""After its end: until then somebody proposes it again, or nobody wants it any more."""


def proposals(found: Iterable[Proposal], now: datetime) -> Iterator[Looked]:
    """One look at each proposal: open alarms of what was executed, withdrawn or superseded end by this."""
    for one in found:
        yield Looked(name=AlarmName.PROPOSAL, subject=f"proposal:{one.id}", faults=tuple(_faults(one, now)))


def registry(*, first_form: bool) -> Looked:
    """The registry itself: one of the first form lets an approved proposal be executed whatever happened since."""
    fault = Fault(code="registry-first-form", expected="a registry that binds proposals", found="the first form")
    return Looked(name=AlarmName.PROPOSAL, subject="registry", faults=(fault,) if first_form else ())


def _faults(one: Proposal, now: datetime) -> Iterator[Fault]:
    expected = f"decided before {instant(one.expires_at)}"
    found = f"{one.kind}, {len(one.votes)} of {one.needed} votes"
    state = one.state(now)
    if state is ProposalState.OPEN and one.expires_at - now <= SOON:
        yield Fault(code="proposal-expires-soon", expected=expected, found=found)
    if state is ProposalState.EXPIRED and now - one.expires_at <= SHOWN:
        yield Fault(code="proposal-expired", expected=expected, found=found)
