"""A follower stopped by an error continues without a restart of the centre, once the cause is repaired."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from journal import store
from node.centre import Centre
from node.operations.checkup import examine
from records.actors import Role
from records.proof import Outcome
from tests.unit.node.one_centre import Clock, centre_at, signed_in

ADDRESS = "/api/v1/centre/followers/publish/restart"


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Iterator[Centre]:
    """Its follower `publish` was stopped by an error."""
    centre = centre_at(tmp_path, Clock())
    with centre.journal.work() as work:
        store.save_position(work.db, "publish", 0, "peer-clock-skew")
    yield centre
    centre.stop()
    centre.journal.engine.dispose()


def publishing(centre: Centre) -> tuple[Outcome, str]:
    return next((one.outcome, one.reason) for one in examine(centre).checks if one.name == "follower.publish")


def test_console_and_check_say_what_stopped_and_that_it_goes_on(centre: Centre) -> None:
    operator = signed_in(centre, Role.OPERATOR)
    shown = {one["name"]: one["stopped"] for one in operator.get("/api/v1/centre").json()["followers"]}
    assert (shown, publishing(centre)) == (
        {"log": None, "publish": "peer-clock-skew", "workflow": None},
        (Outcome.FAIL, "stopped: peer-clock-skew"),
    )

    answer = operator.post(ADDRESS)

    assert (answer.status_code, answer.json()["name"], answer.json()["stopped"]) == (200, "publish", None)
    assert publishing(centre)[0] is Outcome.PASS


def test_work_that_does_not_exist_cannot_be_restarted(centre: Centre) -> None:
    answer = signed_in(centre, Role.OPERATOR).post(ADDRESS.replace("publish", "nothing"))

    assert (answer.status_code, answer.json()["code"]) == (404, "follower-unknown")


def test_a_supervisor_restarts_nothing(centre: Centre) -> None:
    answer = signed_in(centre, Role.SUPERVISOR).post(ADDRESS)

    assert (answer.status_code, publishing(centre)[0]) == (403, Outcome.FAIL)
