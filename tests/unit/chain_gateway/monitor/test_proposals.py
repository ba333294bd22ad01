"""A proposal alarms before it expires and for a while after; what was decided, withdrawn or superseded does not."""

from datetime import UTC, datetime, timedelta

import pytest

from chain_gateway.ledger.voting import Proposal, ProposalKind, ProposalState
from chain_gateway.monitor import proposals
from chain_gateway.monitor.alarms import AlarmName, Severity, severity
from chain_gateway.monitor.rules import Fault
from records.ids import CentreCode

JN = CentreCode("JN")
END = datetime(2026, 12, 15, 6, 0, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def proposal(on_chain: ProposalState = ProposalState.OPEN) -> Proposal:
    return Proposal(
        id=7,
        kind=ProposalKind.REMOVAL,
        subject=JN,
        text="no member any longer",
        proposer=JN,
        votes=(JN,),
        needed=2,
        expires_at=END,
        on_chain=on_chain,
    )


def codes(on_chain: ProposalState, at: datetime) -> list[str]:
    (looked,) = proposals.proposals([proposal(on_chain)], at)
    assert (looked.name, looked.subject) == (AlarmName.PROPOSAL, "proposal:7")
    return [fault.code for fault in looked.faults]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (END - 3 * DAY - SECOND, []),
        (END - 3 * DAY, ["proposal-expires-soon"]),
        (END - SECOND, ["proposal-expires-soon"]),
        (END, ["proposal-expired"]),
        (END + 30 * DAY, ["proposal-expired"]),
        (END + 30 * DAY + SECOND, []),
    ],
)
def test_an_undecided_proposal_alarms_from_three_days_before_its_end_to_thirty_after(
    at: datetime, expected: list[str]
) -> None:
    assert codes(ProposalState.OPEN, at) == expected


@pytest.mark.parametrize("state", [ProposalState.EXECUTED, ProposalState.WITHDRAWN, ProposalState.SUPERSEDED])
@pytest.mark.parametrize("at", [END - DAY, END + DAY])
def test_what_was_decided_withdrawn_or_superseded_is_no_alarm(state: ProposalState, at: datetime) -> None:
    assert codes(state, at) == []


def test_an_expired_proposal_says_what_it_was_and_how_many_votes_it_had() -> None:
    (looked,) = proposals.proposals([proposal()], END)

    assert looked.faults == (
        Fault(
            code="proposal-expired", expected="decided before 2026-12-15T06:00:00.000Z", found="removal, 1 of 2 votes"
        ),
    )


@pytest.mark.parametrize(("first_form", "expected"), [(True, ["registry-first-form"]), (False, [])])
def test_a_registry_of_the_first_form_is_an_alarm(*, first_form: bool, expected: list[str]) -> None:
    assert [fault.code for fault in proposals.registry(first_form=first_form).faults] == expected


def test_a_proposal_is_a_warning() -> None:
    assert severity(AlarmName.PROPOSAL, "proposal-expired") is Severity.WARNING
