"""A record that matches its commitment but lacks fields of its type: a finding with its place, not a broken audit."""

from pathlib import Path

import pytest

from node.audit.audit import audit
from records import canonical, facts
from records.ids import Author, ProjectId
from records.proof import Outcome
from tests.unit.node.one_centre import Clock, centre_at

PROJECT = ProjectId("E3701000076012345001")
DERIVED = (
    facts.TENDER_REGISTERED,
    facts.INVITATION_ISSUED,
    facts.COMMITTEE_SEATS_NAMED,
    facts.REPORT_DRAFTED,
    facts.REPORT_SIGNATURE_APPLIED,
    facts.REPORT_SEALED,
    facts.CHECKPOINT_ANCHORED,
    facts.CHECKPOINT_COSIGNED,
    facts.MONITOR_ALARM_RAISED,
    facts.MONITOR_ALARM_CLEARED,
)
ODD: dict[str, canonical.Value] = {"id": 7, "body": [], "seats": 1, "raised": [], "size": "x"}


@pytest.mark.parametrize("kind", DERIVED)
@pytest.mark.parametrize(
    "body", [{}, {"id": 7, "body": [], "seats": 1, "raised": [], "size": "x"}], ids=["empty", "odd"]
)
def test_a_record_of_another_form_than_its_types_ends_no_audit(
    kind: str, body: dict[str, canonical.Value], tmp_path: Path
) -> None:
    centre = centre_at(tmp_path, Clock())
    with centre.journal.work() as work:
        work.record(facts.Fact(type=kind, project=PROJECT, author=Author("system:test"), body=body))
    centre.journal.engine.dispose()

    verdict = audit(centre.config, offline=True, progress=lambda _done, _all: None)

    outcomes = {check.name: check.outcome for check in verdict.checks}
    assert outcomes["records.commitment"] is Outcome.PASS


def test_the_record_and_what_is_wrong_with_it_are_named(tmp_path: Path) -> None:
    centre = centre_at(tmp_path, Clock())
    with centre.journal.work() as work:
        work.record(facts.Fact(type=facts.REPORT_DRAFTED, project=PROJECT, author=Author("system:test"), body={}))
    centre.journal.engine.dispose()

    verdict = audit(centre.config, offline=True, progress=lambda _done, _all: None)

    assert [(check.name, check.values.get("where"), check.values.get("field")) for check in verdict.failed] == [
        ("audit.first", "record 0", "body"),
        ("records.columns", "record 0", "body"),
    ]
