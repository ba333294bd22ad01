"""An evaluation goes back from signing, and is done again as version 2: both reports end in verified evidence."""

import asyncio

import pytest

from node import config as configuration
from node.audit.audit import audit
from node.demo.expert import Expert
from node.demo.person import Person
from node.demo.plan import SUPERVISOR
from records.ids import SessionId
from tests.e2e.evaluation import SAMPLE, Evaluation, Shared, evaluation

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]


async def _go_back(shared: Shared, story: Evaluation) -> None:
    """The operator asks, the supervisor approves; both reports drawn up so far count no more."""
    path = f"/api/v1/sessions/{story.session}/stage"
    grounds = {"reason": "客观分不一致", "back_to": "DETAILED"}
    await story.host.post(path, {"to": "ROLLBACK_REQ", "grounds": grounds})
    supervisor = Person.at(shared.world.plan.host.origin)
    await supervisor.enrol(shared.world.account("JN", SUPERVISOR).code)
    await supervisor.post(path, {"to": "DETAILED", "grounds": {"order": "监督〔2026〕2号", "reason": "情况属实"}})
    await supervisor.close()


async def _score_and_lock(story: Evaluation) -> None:
    for robot in story.experts:
        robot.cells.clear()
    story.locked = 0
    await story.robots_score()
    await story.robots_lock()


async def _score_anew(story: Evaluation) -> None:
    for robot in story.experts:
        await story.until("the rollback at the seat", _is_at, robot, "DETAILED-2")
        await robot.room.submit("rollback-acknowledged", {"rollback": 1})
    await _score_and_lock(story)


async def _is_at(robot: Expert, label: str) -> bool:
    return robot.room.stage == label


async def _room_is_open(robot: Expert) -> bool:
    listed = await robot.person.get("/api/v1/room")
    return any(one["session"] == robot.session and one["stage"] == "CHECK_IN" for one in listed)


async def _finish(story: Evaluation) -> None:
    await story.tally()
    await story.report()
    await story.sign()
    await story.finish()


async def _open_again(story: Evaluation) -> None:
    """The next version, with the same people at the same seats."""
    reason = {"ground": "R26", "reason": "签署后发现汇总计算错误"}
    opened = await story.host.post(f"/api/v1/sessions/{story.session}/again", reason)
    story.session = SessionId(opened["session"])
    for guest in story.guests:
        await story.until("the next version at the guest", story._knows_session, guest)
    await story.host.post(f"/api/v1/sessions/{story.session}/stage", {"to": "CHECK_IN"})
    for robot in story.experts:
        await robot.room.close()
        robot.session, robot.client = story.session, None
        await story.until("the next version at the seat", _room_is_open, robot)
        await robot.check_in()
    await story.ready_for("BRIEFING")


async def _play(shared: Shared) -> None:
    async with evaluation(shared.world, SAMPLE) as story:
        await story.prepare()
        shared.world.issue_codes()
        await story.enter("CHECK_IN")
        await story.robots_check_in()
        await story.ready_for("BRIEFING")
        await story.brief()
        await story.enter("DETAILED")
        await _score_and_lock(story)
        await story.report()
        await _go_back(shared, story)
        await _score_anew(story)
        await _finish(story)
        first = story.bundle_path
        await _open_again(story)
        await story.brief()
        await story.enter("DETAILED")
        await _score_and_lock(story)
        await _finish(story)
        assert first.exists()
        assert story.bundle_path.name == first.name.replace("-1.evidence", "-2.evidence")


def _audited(shared: Shared) -> list[str]:
    """What an audit of each centre's tables and files by its own log finds wrong."""
    plan = shared.world.plan
    verdicts = [
        audit(configuration.load(plan.config(city), environment={}), offline=True, progress=lambda _done, _all: None)
        for city in plan.running
    ]
    return [check.name for verdict in verdicts for check in verdict.checks if check.outcome == "fail"]


def test_what_goes_back_and_what_is_done_again_ends_in_verified_evidence(shared: Shared) -> None:
    asyncio.run(_play(shared))
    assert _audited(shared) == []
