"""Alarms reach everybody who needs them: console, check, webhook and metrics; and nobody learns more than permitted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from chain_gateway.monitor.alarms import AlarmName
from chain_gateway.monitor.notice import notice
from node.centre import Centre, open_centre
from node.chain.monitor_loop import webhook_handlers
from node.config import MonitorConfig
from node.operations.checkup import examine
from node.operations.metrics import Figures
from node.peering.peers import Webhook
from records.actors import Role
from records.errors import UnavailableError
from records.ids import PersonId
from records.proof import Outcome
from tests.unit.node.one_centre import Clock, centre_at, signed_in

SUBJECT = "project:E3701000076012345001"
REASON = "已联系王示例"
ADDRESS = "/api/v1/alarms/0/acknowledgement"


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Iterator[Centre]:
    """One alarm is open, raised by record 0."""
    centre = centre_at(tmp_path, Clock())
    centre.alarms.raise_(AlarmName.MISSING_SEQ, SUBJECT, "seq-gap", expected="number 7", found="number 9")
    yield centre
    centre.stop()
    centre.journal.engine.dispose()


# --- console and check ---------------------------------------------------------------------------------------------


def test_the_console_shows_an_alarm_to_operator_and_supervisor(centre: Centre) -> None:
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        (shown,) = signed_in(centre, role).get("/api/v1/centre").json()["alarms"]
        assert {key: shown[key] for key in ("entry", "alarm", "subject", "code", "severity", "expected", "found")} == {
            "entry": 0,
            "alarm": "missing-seq",
            "subject": SUBJECT,
            "code": "seq-gap",
            "severity": "critical",
            "expected": "number 7",
            "found": "number 9",
        }


def test_an_operator_acknowledges_with_a_reason(centre: Centre) -> None:
    answer = signed_in(centre, Role.OPERATOR).post(ADDRESS, json={"reason": REASON})

    assert (answer.status_code, answer.json()["acknowledged"]["reason"]) == (200, REASON)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.EXPERT, Role.AUDITOR])
def test_nobody_else_acknowledges(centre: Centre, role: Role) -> None:
    answer = signed_in(centre, role).post(ADDRESS, json={"reason": REASON})

    assert (answer.status_code, answer.json()["code"]) == (403, "role-not-permitted")
    assert [alarm.acknowledged_at for alarm in centre.alarms.open()] == [""]


@pytest.mark.parametrize("path", ["/api/v1/alarms/x/acknowledgement", "/api/v1/alarms/-1/acknowledgement"])
def test_what_is_no_record_s_number_acknowledges_nothing(centre: Centre, path: str) -> None:
    assert signed_in(centre, Role.OPERATOR).post(path, json={"reason": REASON}).status_code == 422


@pytest.mark.parametrize("role", [Role.EXPERT, Role.AUDITOR])
def test_an_alarm_is_not_for_experts_or_auditors(centre: Centre, role: Role) -> None:
    answer = signed_in(centre, role).get("/api/v1/centre")

    assert (answer.status_code, SUBJECT in answer.text) == (403, False)


def test_check_names_every_open_alarm_and_fails(centre: Centre) -> None:
    centre.alarms.acknowledge(0, by=PersonId("op-1"), reason=REASON)

    (check,) = (one for one in examine(centre).checks if one.name.startswith("alarm"))

    assert (check.name, check.outcome) == ("alarm.missing-seq", Outcome.FAIL)
    assert check.reason.startswith(f"seq-gap: {SUBJECT} since ")
    assert check.reason.endswith("(acknowledged)")
    assert REASON not in check.reason


def test_check_says_that_no_alarm_is_open(centre: Centre) -> None:
    centre.alarms.clear(AlarmName.MISSING_SEQ, SUBJECT)

    found = [(one.name, one.outcome) for one in examine(centre).checks if one.name.startswith("alarm")]

    assert found == [("alarms", Outcome.PASS)]


# --- webhook -------------------------------------------------------------------------------------------------------


def test_a_webhook_learns_what_happened_but_not_who_acknowledged_it_and_why(centre: Centre) -> None:
    centre.alarms.acknowledge(0, by=PersonId("op-1"), reason=REASON)
    centre.alarms.clear(AlarmName.MISSING_SEQ, SUBJECT)

    told = [notice("jn.tongping", entry) for entry in centre.journal.entries(0, 10)]

    assert [(one["id"], one["event"], one["raised"]) for one in told if one] == [
        ("jn.tongping/0", "raised", 0),
        ("jn.tongping/1", "acknowledged", 0),
        ("jn.tongping/2", "cleared", 0),
    ]
    assert not any(private in str(told) for private in (REASON, "op-1"))


def test_every_other_record_is_told_to_nobody(centre: Centre) -> None:
    signed_in(centre, Role.OPERATOR).post("/api/v1/tenders", json={"sample": "10kv-line"})

    assert [notice("jn.tongping", entry) for entry in centre.journal.entries(1, 10)] == [
        None for _ in centre.journal.entries(1, 10)
    ]


def webhook(centre: Centre, status: int) -> tuple[Webhook, list[httpx2.Request]]:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        if status == 0:
            raise httpx2.ConnectError("nobody there")
        return httpx2.Response(status)

    hook = Webhook(
        "https://alarms.example/take?key=1",
        centre=centre.config.centre.code,
        key=centre.keys.entry,
        clock=centre.ground.clock,
        randomness=centre.ground.randomness,
        transport=httpx2.MockTransport(answer),
    )
    return hook, asked


@pytest.mark.parametrize(
    ("status", "code"),
    [(0, "webhook-unreachable"), (302, "webhook-refused"), (401, "webhook-refused"), (500, "webhook-refused")],
)
def test_whoever_does_not_take_it_is_told_again(centre: Centre, status: int, code: str) -> None:
    hook, _ = webhook(centre, status)

    with pytest.raises(UnavailableError) as caught:
        hook.post({"id": "x"}, once="x")

    assert caught.value.code == code


def test_a_notice_carries_its_id_and_whose_signature_it_is(centre: Centre) -> None:
    hook, asked = webhook(centre, 204)

    hook.post({"id": "jn.tongping/0"}, once="jn.tongping/0")

    headers = asked[0].headers
    assert headers["idempotency-key"] == "jn.tongping/0"
    assert headers["tongping-to"] == "alarms.example"
    assert 'keyid="JN"' in headers["signature-input"]


def test_without_an_address_there_is_no_follower_for_it(centre: Centre, tmp_path: Path) -> None:
    assert webhook_handlers(centre.ground) == {}

    config = replace(
        centre.config,
        monitor=MonitorConfig(webhook="https://alarms.example/take"),
        storage=replace(centre.config.storage, database=f"sqlite:///{tmp_path / 'other.sqlite3'}"),
    )
    other = open_centre(config)
    assert "webhook" in {follower.name for follower in other.followers}
    other.journal.engine.dispose()


# --- metrics -------------------------------------------------------------------------------------------------------


def figures(centre: Centre) -> str:
    registry = CollectorRegistry()
    registry.register(Figures(centre))
    return generate_latest(registry).decode()


def test_metrics_count_alarms_by_name_and_name_no_subject(centre: Centre) -> None:
    centre.alarms.acknowledge(0, by=PersonId("op-1"), reason=REASON)

    shown = figures(centre)

    assert 'tongping_alarms{alarm="missing-seq",severity="critical"} 1.0' in shown
    assert 'tongping_alarms{alarm="fork",severity="critical"} 0.0' in shown
    assert not any(private in shown for private in ("E3701000076012345001", REASON, "op-1", "number"))


def test_metrics_say_how_far_the_log_and_its_followers_are(centre: Centre) -> None:
    lines = figures(centre).splitlines()

    assert "tongping_entries 1.0" in lines
    assert "tongping_anchored_entries 0.0" in lines
    assert 'tongping_follower_lag{follower="workflow"} 1.0' in lines
    assert 'tongping_follower_stopped{follower="workflow"} 0.0' in lines


# --- the whole centre ----------------------------------------------------------------------------------------------


def test_certificates_that_end_soon_are_found_in_a_real_centre(tmp_path: Path) -> None:
    clock = Clock()
    centre = centre_at(tmp_path, clock)
    centre.monitor_loop.round()
    assert centre.alarms.open() == ()
    late = open_centre(replace(centre.config, monitor=MonitorConfig(key_days=100_000)), clock=clock)

    late.monitor_loop.round()

    assert {alarm.subject for alarm in late.alarms.open(AlarmName.KEY_EXPIRY)} >= {
        "key:certificate-seal",
        "key:certificate-timestamps",
        "key:certificate-seal-issuer-1",
    }
    centre.journal.engine.dispose()
    late.journal.engine.dispose()


def test_a_jump_of_the_clock_in_a_real_centre_is_an_alarm_of_the_clock_alone(tmp_path: Path) -> None:
    clock = Clock()
    centre = centre_at(tmp_path, clock)
    centre.monitor_loop.round()
    clock.forward(timedelta(days=20_000))

    centre.monitor_loop.round()

    assert [alarm.name for alarm in centre.alarms.open()] == [AlarmName.CLOCK]
    centre.journal.engine.dispose()
