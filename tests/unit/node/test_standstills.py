"""A standstill is shown to the operator with its reason, raises an alarm, and is retried on request."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chain_gateway.monitor.alarms import AlarmName
from journal.set_aside import SetAside
from node.centre import Centre
from node.operations.checkup import examine
from records.actors import Role
from records.errors import ConflictError
from records.ids import SessionId
from records.proof import Outcome
from tests.unit.node.one_centre import Clock, centre_at, signed_in

SESSION = SessionId("E3701000076012345001-1")
PROJECT = "E3701000076012345001"
ADDRESS = f"/api/v1/sessions/{SESSION}"


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Iterator[Centre]:
    """One session's workflow and one project's publication were set aside by an earlier process of this centre."""
    centre = centre_at(tmp_path, Clock())
    SetAside(centre.journal, "workflow").put(SESSION, ConflictError("report-already-drafted"), entry=0)
    SetAside(centre.journal, "publish").put(PROJECT, RuntimeError(), entry=0)
    SetAside(centre.journal, "publish").put("E3701000076012345002", RuntimeError(), entry=0)
    yield centre
    centre.stop()
    centre.journal.engine.dispose()


def test_the_session_says_what_of_it_stands_still(centre: Centre) -> None:
    found = signed_in(centre, Role.OPERATOR).get(f"{ADDRESS}/standstills").json()

    assert [(one["follower"], one["code"]) for one in found] == [
        ("publish", "unexpected-error"),
        ("workflow", "report-already-drafted"),
    ]


def test_an_alarm_is_raised_for_each_and_cleared_when_it_goes_on(centre: Centre) -> None:
    centre.monitor_loop.round()
    raised = [(one.subject, one.code) for one in centre.alarms.open(AlarmName.STANDSTILL)]

    centre.follower("publish").set_aside.clear(PROJECT)
    centre.monitor_loop.round()

    assert sorted(raised) == [
        (f"work:publish/{PROJECT}", "unexpected-error"),
        ("work:publish/E3701000076012345002", "unexpected-error"),
        (f"work:workflow/{SESSION}", "report-already-drafted"),
    ]
    left = {one.subject for one in centre.alarms.open(AlarmName.STANDSTILL)}
    assert left == {"work:publish/E3701000076012345002", f"work:workflow/{SESSION}"}


def test_the_operator_has_it_tried_again(centre: Centre) -> None:
    answer = signed_in(centre, Role.OPERATOR).post(f"{ADDRESS}/retry")
    due = [one.subject for one in centre.follower("publish").set_aside.due()]
    centre.follower("publish").run_once()

    assert (answer.status_code, PROJECT in due) == (204, True)
    assert centre.follower("publish").set_aside.all() == []


def test_a_supervisor_sees_it_and_retries_nothing(centre: Centre) -> None:
    supervisor = signed_in(centre, Role.SUPERVISOR)

    assert supervisor.get(f"{ADDRESS}/standstills").status_code == 200
    assert supervisor.post(f"{ADDRESS}/retry").status_code == 403


def test_where_nothing_stands_still_there_is_nothing_to_retry(centre: Centre) -> None:
    operator = signed_in(centre, Role.OPERATOR)
    other = "/api/v1/sessions/E3701000076012345003-1"

    assert operator.get(f"{other}/standstills").json() == []
    assert operator.post(f"{other}/retry").json()["code"] == "nothing-set-aside"


def test_the_check_of_the_centre_says_so(centre: Centre) -> None:
    found = {one.name: (one.outcome, one.reason) for one in examine(centre).checks}

    assert found["follower.workflow"] == (
        Outcome.FAIL,
        f"0 entries behind, set aside: {SESSION} (report-already-drafted)",
    )
