"""Every stage against every kind of entry and against every other stage: what is allowed is written out here."""

import pytest

from evaluation_room.session import guards, steps
from evaluation_room.session.kinds.registry import KINDS
from evaluation_room.session.session import Outcome
from evaluation_room.stages import LINE, OVERLAYS, REQUIRED, TERMINALS, TRANSITIONS, Guard, Stage
from records import ids
from records.errors import TongpingError, WrongStageError
from records.ids import Author
from records.room_entry import RoomEntry, sign
from tests.unit.evaluation_room.rooms import (
    REPORT,
    TEXT_DIGEST,
    Body,
    Venue,
    bound,
    consented,
    definition,
    key,
    one_city,
    signed_by,
)

SITTING = [
    "CHECK_IN",
    "BRIEFING",
    "ELECTING",
    "READING",
    "PRELIM_FORM",
    "PRELIM_QUAL",
    "PRELIM_RESP",
    "PRELIM_DONE",
    "DETAILED",
    "PRICE",
    "SCORE_CHECK",
    "AGGREGATED",
    "RECOMMENDED",
    "REPORT_DRAFT",
    "SIGNING",
]
REVIEWS = ["PRELIM_FORM", "PRELIM_QUAL", "PRELIM_RESP"]
ASKING = ["READING", *REVIEWS, "PRELIM_DONE", "DETAILED"]
SPOKEN_IN: dict[str, list[str]] = {
    "reading-finished": ["READING"],
    "review-marked": REVIEWS,
    "review-locked": REVIEWS,
    "rejection-raised": [*REVIEWS, "PRELIM_DONE", "DETAILED"],
    "rejection-voted": [*REVIEWS, "PRELIM_DONE", "DETAILED"],
    "competition-voted": ["PRELIM_DONE", "DETAILED"],
    "correction-recorded": ["READING", *REVIEWS, "PRELIM_DONE"],
    "correction-answered": ["READING", *REVIEWS, "PRELIM_DONE"],
    "clarification-drafted": ASKING,
    "clarification-approved": ASKING,
    "clarification-sent": ASKING,
    "clarification-delivered": ASKING,
    "clarification-answered": ASKING,
    "clarification-unanswered": ASKING,
    "answer-judged": ASKING,
    "session-opened": ["PREPARED"],
    "seat-bound": SITTING,
    "member-replaced": ["CHECK_IN", "BRIEFING"],
    "stage-entered": [stage.value for stage in Stage],
    "rollback-requested": SITTING,
    "rollback-acknowledged": SITTING,
    "undertaking-signed": ["BRIEFING"],
    "time-short": [*ASKING],
    "time-extended": [*ASKING],
    "ballot-cast": ["ELECTING"],
    "score-entered": ["DETAILED"],
    "sheet-locked": ["DETAILED"],
    "tally-computed": ["PRICE", "SCORE_CHECK"],
    "score-corrected": ["SCORE_CHECK"],
    "warning-acknowledged": ["SCORE_CHECK"],
    "report-drafted": ["REPORT_DRAFT"],
    "report-confirmed": ["REPORT_DRAFT"],
    "report-consented": ["SIGNING"],
    "report-signed": ["SIGNING"],
    "report-sealed": ["SIGNING"],
}
NEXT = {
    "PREPARED": "CHECK_IN",
    "CHECK_IN": "BRIEFING",
    "BRIEFING": "DETAILED",
    "DETAILED": "PRICE",
    "PRICE": "AGGREGATED",
    "AGGREGATED": "REPORT_DRAFT",
    "REPORT_DRAFT": "SIGNING",
    "SIGNING": "SEALED",
    "SEALED": "CLOSED",
}
UNGUARDED = {"PREPARED", "AGGREGATED", "SEALED"}
INTO_OVERLAYS = {
    "CLARIFYING": ["PRELIM_FORM", "PRELIM_QUAL", "PRELIM_RESP", "PRELIM_DONE", "DETAILED", "PRICE", "SCORE_CHECK"],
    "PAUSED": SITTING,
    "INTERRUPTED": SITTING,
    "SUSPENDED": SITTING,
    "ROLLBACK_REQ": SITTING,
}
INTO_TERMINALS = {
    "FAILED": ["PREPARED", "CHECK_IN", "PRELIM_DONE", "DETAILED"],
    "REJECT_ALL": ["PRELIM_DONE", "DETAILED", "SCORE_CHECK"],
    "REFORMED": ["CHECK_IN", "INTERRUPTED", "SUSPENDED"],
    "ABORTED": ["PREPARED", *SITTING, *INTO_OVERLAYS],
}
QUESTION: Body = {"clarification": "JN-1.Q1"}
BODIES: dict[str, Body] = {
    "reading-finished": {},
    "review-marked": {"bidder": "B1", "item": "F1", "passed": True},
    "review-locked": {"stage": "PRELIM_FORM", "table_digest": ids.digest(b"")},
    "rejection-raised": {"number": 1, "bidder": "B1", "ground": "F51-1", "evidence": "理由"},
    "rejection-voted": {"rejection": "JN-1.1", "upheld": True},
    "competition-voted": {"valid": 2, "competitive": True, "reason": "理由"},
    "correction-recorded": {"bidder": "B1", "words": "壹佰万元整"},
    "correction-answered": {"bidder": "B1", "confirmed": True, "text": "确认"},
    "clarification-drafted": {"number": 1, "bidder": "B1", "issue": "unclear", "place": "一", "question": "问题"},
    "clarification-approved": {**QUESTION, "of": "question", "approved": True, "by": "supervisor"},
    "clarification-sent": {**QUESTION, "reply_by": "2026-11-23T08:00:00.000Z"},
    "clarification-delivered": QUESTION,
    "clarification-answered": {**QUESTION, "text": "答复"},
    "clarification-unanswered": {**QUESTION, "refused": True},
    "answer-judged": {**QUESTION, "accepted": True},
    "session-opened": {"definition": {}},
    "seat-bound": bound("JN-1", epoch=2, from_seq=100),
    "member-replaced": {"seat": "JN-1", "from_seq": 1, "ground": "health", "reason": "理由"},
    "stage-entered": {"from": "PREPARED", "to": "CHECK_IN", "frontier": {"centre:JN": 1}},
    "rollback-requested": {"back_to": "BRIEFING", "reason": "理由"},
    "rollback-acknowledged": {"rollback": 1},
    "time-short": {"after": 0, "reason": "理由"},
    "time-extended": {"until": "2026-11-24T00:00:00.000Z", "reason": "理由"},
    "ballot-cast": {"round": 1, "candidate": "JN-1", "salt": "AAAAAAAAAAAAAAAAAAAAAA"},
    "undertaking-signed": {"text_digest": TEXT_DIGEST, "recusal": False},
    "score-entered": {"bidder": "B1", "item": "T1", "points": 100},
    "sheet-locked": {"sheet_digest": ids.digest(b"")},
    "tally-computed": {"digest": ids.digest(b"")},
    "score-corrected": {
        "flag": "A09 B1 T1",
        "ground": "conspicuous",
        "bidder": "B1",
        "item": "T1",
        "points": 100,
        "reason": "r",
    },
    "warning-acknowledged": {"flag": "A01 JN-1 B1", "value": "9.00", "conspicuous": False, "reason": "理由"},
    "report-drafted": {"report_digest": REPORT},
    "report-confirmed": {"report_digest": REPORT},
    "report-consented": consented(),
    "report-signed": signed_by("JN-1"),
    "report-sealed": {"report_digest": REPORT, "sealed_digest": REPORT},
}
GROUNDS: Body = {
    "reason": "理由",
    "order": "监督〔2026〕1号",
    "cause": "断电",
    "venue": "JN",
    "since": "2026-11-23T06:00:00.000Z",
    "back_to": "CHECK_IN",
}
ROOMS = {stage: one_city(stage) for stage in REQUIRED}


def said_in(room: Venue, stage: Stage, kind: str) -> str:
    """The code with which an entry of this kind and stage is refused here, or how it was taken."""
    author = Author("seat:JN-1" if KINDS[kind].speaker == "seat" else "centre:JN")
    chain = room.session.chain(author)
    entry = RoomEntry(
        session=room.session.id,
        author=author,
        seq=chain.seq + 1,
        previous=chain.head,
        at="2026-11-23T07:00:00.000Z",
        stage=stage.value,
        kind=kind,
        body=dict(BODIES[kind]),
    )
    try:
        return room.session.take(sign(entry, key(author)), checks=room.checks, direct=True)[1].value
    except TongpingError as error:
        return error.code


def test_the_kinds_are_those_of_this_table() -> None:
    assert set(SPOKEN_IN) == set(KINDS)


@pytest.mark.parametrize("stage", REQUIRED)
@pytest.mark.parametrize("kind", SPOKEN_IN)
def test_every_kind_in_every_reachable_stage(stage: Stage, kind: str) -> None:
    code = said_in(ROOMS[stage], stage, kind)
    assert (code == "kind-not-in-stage") is (stage.value not in SPOKEN_IN[kind] and not _before_binding(stage, kind))


def _before_binding(stage: Stage, kind: str) -> bool:
    """A seat without a key cannot say anything at all."""
    return stage in {Stage.PREPARED, Stage.CHECK_IN} and KINDS[kind].speaker == "seat"


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in REQUIRED])
@pytest.mark.parametrize("kind", SPOKEN_IN)
def test_no_kind_is_taken_in_a_stage_the_session_is_not_in(stage: Stage, kind: str) -> None:
    code = said_in(ROOMS[Stage.DETAILED], stage, kind)
    assert code == ("wrong-stage" if stage.value in SPOKEN_IN[kind] else "kind-not-in-stage")


def lawful(origin: str, target: str) -> bool:
    line = [stage.value for stage in LINE]
    forward = origin in line and target in line and line.index(origin) < line.index(target)
    back = origin in INTO_OVERLAYS and target in INTO_OVERLAYS[origin]
    between = (origin, target) in {("PAUSED", "SUSPENDED"), ("SUSPENDED", "PAUSED")} or (
        "CLARIFYING" in {origin, target} and {origin, target} & {"PAUSED", "INTERRUPTED", "SUSPENDED"} != set()
    )
    return (
        forward
        or back
        or between
        or origin in INTO_OVERLAYS.get(target, [])
        or origin in INTO_TERMINALS.get(target, [])
    )


@pytest.mark.parametrize("origin", Stage)
@pytest.mark.parametrize("target", Stage)
def test_the_table_holds_every_lawful_step_and_no_other(origin: Stage, target: Stage) -> None:
    assert ((origin, target) in TRANSITIONS) is lawful(origin.value, target.value)


@pytest.mark.parametrize("origin", REQUIRED)
@pytest.mark.parametrize("target", Stage)
def test_every_step_from_every_reachable_stage(origin: Stage, target: Stage) -> None:
    expected = "no-such-transition"
    if lawful(origin.value, target.value):
        expected = "stage-not-next"
    if NEXT.get(origin.value) == target.value:
        expected = "taken" if origin.value in UNGUARDED else "stage-not-ready"
    if lawful(origin.value, target.value) and target in OVERLAYS | TERMINALS:
        expected = "rollback-not-back" if (origin, target) == (Stage.CHECK_IN, Stage.ROLLBACK_REQ) else "taken"
    if origin is Stage.DETAILED and target in {Stage.FAILED, Stage.REJECT_ALL}:
        expected = "stage-not-ready"  # there were enough bids
    assert step(ROOMS[origin], target) == expected


def step(room: Venue, target: Stage) -> str:
    """The code with which the host's step is refused, or how it was taken."""
    frontier = {str(author): seq for author, seq in room.session.frontier.items()}
    said = {name: GROUNDS[name] for name in steps.fields(room.session.stage, target)[0]}
    body: Body = {"from": room.session.stage.value, "to": target.value, "frontier": frontier, **said}
    try:
        return room.session.take(room.entry("centre:JN", "stage-entered", body), checks=room.checks, direct=True)[1]
    except WrongStageError as error:
        return error.code


def test_no_step_leads_out_of_a_terminal_or_of_the_end() -> None:
    assert [step for step in TRANSITIONS if step[0] in TERMINALS | {Stage.CLOSED}] == []


def test_every_guard_has_its_condition() -> None:
    assert set(guards.GUARDS) == set(Guard)


def test_the_required_stages_stand_in_the_order_of_the_line() -> None:
    assert [stage for stage in LINE if stage in REQUIRED] == list(REQUIRED)


def test_a_procedure_with_an_optional_stage_walks_through_it() -> None:
    stages = [stage.value for stage in LINE if stage in {*REQUIRED, Stage.RECOMMENDED}]
    host = one_city(defined=definition(seats=[f"JN-{number}" for number in range(1, 6)], stages=stages))
    assert [passage.stage.value for passage in host.session.state.history] == stages


def test_the_whole_way_is_walked_by_the_rules() -> None:
    host = one_city()
    assert [passage.stage for passage in host.session.state.history] == list(REQUIRED)
    assert host.take(host.log[-1], direct=True) is Outcome.ALREADY_TAKEN
