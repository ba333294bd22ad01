"""R19: clarifications in writing, by the platform, within scope, never unsolicited (招标投标法实施条例52条)."""

import pytest

from evaluation_room.report.data import report_data
from evaluation_room.review import review_report
from evaluation_room.stages import Stage
from records.canonical import Value
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import (
    ONE_CITY,
    raise_rejection,
    review,
    reviewed,
    standing,
    vote_all,
    walked,
)
from tests.unit.evaluation_room.rooms import Venue, play

EARLY, LATE = "2026-11-23T06:00:30.000Z", "2026-11-23T23:00:00.000Z"
NAME = "JN-1.Q1"


def draft(host: Venue, seat: str = "JN-1", *, issue: str = "unclear", bidder: str = "B1") -> str:
    number = len(standing(host).seats[host.session.definition.seats[int(seat[-1]) - 1].id].drafts) + 1
    question: dict[str, Value] = {
        "number": number,
        "bidder": bidder,
        "issue": issue,
        "place": "技术标 第12页",
        "question": "工期起算日为何日？",
    }
    host.write(f"seat:{seat}", "clarification-drafted", question)
    return f"{seat}.Q{number}"


def relay(host: Venue, step: str, name: str = NAME, **body: Value) -> None:
    host.write("centre:JN", f"clarification-{step}", {"clarification": name, **body})


def judge(host: Venue, name: str = NAME, *, against: int = 0) -> None:
    for place, seat in enumerate(ONE_CITY):
        accepted: dict[str, Value] = {"clarification": name, "accepted": place >= against}
        host.write(f"seat:{seat}", "answer-judged", accepted if place >= against else accepted | {"reason": "未答所问"})


def state(host: Venue, name: str = NAME) -> str:
    found = standing(host).clarification(name)
    assert found is not None
    return found.state.value


def answered(host: Venue, name: str = NAME) -> None:
    relay(host, "sent", name, reply_by=LATE)
    relay(host, "delivered", name)
    relay(host, "answered", name, text="自开工令次日起算。")


def test_a_question_goes_its_way() -> None:
    host = walked(Stage.PRELIM_RESP)
    draft(host)
    states = [state(host)]
    relay(host, "approved", of="question", approved=True, by="lead")
    states.append(state(host))
    relay(host, "sent", reply_by=LATE)
    states.append(state(host))
    relay(host, "delivered")
    states.append(state(host))
    relay(host, "answered", text="自开工令次日起算。")
    states.append(state(host))
    judge(host)
    states.append(state(host))
    assert states == ["DRAFT", "REVIEWED", "SENT", "DELIVERED", "ANSWERED", "ACCEPTED"]


@pytest.mark.parametrize(("against", "end"), [(0, "ACCEPTED"), (2, "ACCEPTED"), (3, "NOT_ACCEPTED")])
def test_the_majority_judges_the_answer(against: int, end: str) -> None:
    host = walked(Stage.PRELIM_RESP)
    draft(host)
    answered(host)
    judge(host, against=against)
    assert state(host) == end


@pytest.mark.parametrize("issue", ["new-offer", "price-change", ""])
def test_only_the_lawful_kinds_of_issue_are_asked(issue: str) -> None:
    host = walked(Stage.PRELIM_RESP)
    assert refusal(lambda: draft(host, issue=issue)) in {"unknown-value", "empty-field"}


def test_nothing_unasked_is_taken() -> None:
    host = walked(Stage.PRELIM_RESP)
    assert refusal(lambda: relay(host, "answered", text="主动说明")) == "clarification-unknown"
    draft(host)
    assert refusal(lambda: relay(host, "answered", text="主动说明")) == "clarification-step"
    assert refusal(lambda: relay(host, "delivered")) == "clarification-step"
    answered(host)
    assert refusal(lambda: relay(host, "answered", text="再作补充")) == "clarification-ended"
    assert refusal(lambda: relay(host, "unanswered", refused=True)) == "clarification-ended"


def test_the_members_judge_what_has_come() -> None:
    host = walked(Stage.PRELIM_RESP)
    draft(host)
    assert refusal(lambda: judge(host)) == "answer-not-there"
    assert refusal(lambda: judge(host, "JN-2.Q1")) == "clarification-unknown"


def test_the_time_is_that_of_the_entries() -> None:
    host = walked(Stage.PRELIM_RESP)
    draft(host)
    relay(host, "sent", reply_by=LATE)
    assert refusal(lambda: relay(host, "unanswered", refused=False)) == "reply-still-open"
    relay(host, "unanswered", refused=True)
    assert state(host) == "REFUSED"
    assert refusal(lambda: relay(host, "sent", draft(host), reply_by=EARLY)) == "out-of-range"


def test_an_answer_behind_its_time_is_none() -> None:
    host = walked(Stage.PRELIM_RESP)
    draft(host)
    soon = f"{host.log[-1].entry.at[:-5]}.500Z"
    minute, second = int(soon[14:16]), int(soon[17:19]) + 3
    soon = f"{soon[:14]}{minute + second // 60:02}:{second % 60:02}.500Z"
    relay(host, "sent", reply_by=soon)
    relay(host, "delivered")
    draft(host, "JN-2")
    draft(host, "JN-3")
    relay(host, "answered", text="迟到的答复")
    assert state(host) == "TIMED_OUT"


def test_where_a_supervisor_approves_nothing_goes_out_or_is_read_before() -> None:
    host = walked(Stage.PRELIM_RESP, reviewed(seats=ONE_CITY, review=review(supervised=True)))
    draft(host)
    assert refusal(lambda: relay(host, "sent", reply_by=LATE)) == "question-not-approved"
    relay(host, "approved", of="question", approved=True, by="supervisor")
    answered(host)
    assert refusal(lambda: judge(host)) == "answer-not-there"
    relay(host, "approved", of="answer", approved=True, by="supervisor")
    judge(host)
    assert state(host) == "ACCEPTED"


def test_a_question_that_is_not_approved_ends_there() -> None:
    host = walked(Stage.PRELIM_RESP)
    draft(host)
    silent: dict[str, Value] = {"clarification": NAME, "of": "question", "approved": False, "by": "supervisor"}
    assert refusal(lambda: host.write("centre:JN", "clarification-approved", silent)) == "missing-field"
    relay(host, "approved", of="question", approved=False, by="supervisor", reason="带有暗示")
    assert state(host) == "RETURNED"
    assert refusal(lambda: relay(host, "sent", reply_by=LATE)) == "clarification-step"


def test_an_open_question_keeps_the_review_open() -> None:
    host = walked(Stage.PRELIM_DONE)
    draft(host)
    assert [one.what for one in host.session.waiting_for()] == ["clarification-open"]
    answered(host)
    assert {one.what for one in host.session.waiting_for()} == {"answer-not-judged"}
    judge(host)
    assert host.session.waiting_for() == ()


def test_the_session_stands_in_clarification_until_the_answer_is_there() -> None:
    host = walked(Stage.PRELIM_RESP)
    draft(host)
    relay(host, "sent", reply_by=LATE)
    host.enter(Stage.CLARIFYING)
    assert refusal(lambda: host.enter(Stage.PRELIM_RESP)) == "stage-not-ready"
    relay(host, "delivered")
    relay(host, "answered", text="自开工令次日起算。")
    host.enter(Stage.PRELIM_RESP)
    assert host.session.stage is Stage.PRELIM_RESP


def test_what_goes_out_and_into_the_report_names_no_seat() -> None:
    host = walked(Stage.PRELIM_DONE)
    draft(host, "JN-3")
    answered(host, "JN-3.Q1")
    judge(host, "JN-3.Q1")
    host.enter(Stage.DETAILED)
    play([host], Stage.SIGNING)
    (told,) = review_report.clarifications(standing(host))
    assert not [seat for seat in ONE_CITY if seat in str(told)]
    assert report_data(host.session)["clarifications"] == [told]


def test_a_refusal_to_answer_and_a_low_price_unexplained_become_grounds() -> None:
    host = walked(Stage.PRELIM_DONE)
    draft(host)
    relay(host, "sent", reply_by=LATE)
    relay(host, "unanswered", refused=True)
    raise_rejection(host, "JN-1", "B1", "W22", "拒不澄清")
    low = draft(host, issue="abnormally-low-price", bidder="B2")
    answered(host, low)
    raise_rejection(host, "JN-1", "B2", "W21", "不能提供证明材料")
    judge(host, low, against=5)
    vote_all(host)
    assert {bidder: one.ground for bidder, one in standing(host).rejected.items()} == {"B1": "W22", "B2": "W21"}
