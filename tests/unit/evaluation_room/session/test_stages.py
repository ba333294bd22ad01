"""Every stage against every kind of entry and against every other stage: what is allowed is written out here."""

import re
from pathlib import Path

import pytest

from evaluation_room.session import guards, steps
from evaluation_room.session.kinds.registry import KINDS
from evaluation_room.session.session import Outcome
from evaluation_room.stages import ALWAYS_ASKED, LINE, OVERLAYS, REQUIRED, TERMINALS, TRANSITIONS, Guard, Stage
from records.errors import TongpingError, WrongStageError
from records.ids import Author
from records.room_entry import RoomEntry, sign
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import (
    Body,
    Venue,
    definition,
    key,
    one_city,
)


def between(first: str, last: str) -> list[str]:
    """The stages of the line from the first to the last."""
    line = [stage.value for stage in LINE]
    return line[line.index(first) : line.index(last) + 1]


SITTING = between("CHECK_IN", "SIGNING")
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
    "CLARIFYING": between("PRELIM_FORM", "SCORE_CHECK"),
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
GROUNDS: Body = {
    "reason": "理由",
    "order": "监督〔2026〕1号",
    "cause": "断电",
    "venue": "JN",
    "since": "2026-11-23T06:00:00.000Z",
    "back_to": "CHECK_IN",
}
ROOMS = {stage: one_city(stage) for stage in REQUIRED}


def refusal_in(room: Venue, stage: Stage, name: str) -> str:
    """The code with which an empty entry of this kind and stage is refused here: for its stage before its body."""
    author = Author("seat:JN-1" if KINDS[name].speaker == "seat" else "centre:JN")
    chain = room.session.chain(author)
    entry = RoomEntry(
        session=room.session.id,
        author=author,
        seq=chain.seq + 1,
        previous=chain.head,
        at="2026-11-23T07:00:00.000Z",
        stage=stage.value,
        kind=name,
        body={},
    )
    return refusal(lambda: room.session.take(sign(entry, key(author)), checks=room.checks, direct=True), TongpingError)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_in_every_reachable_stage(name: str) -> None:
    refused = {stage for stage in REQUIRED if refusal_in(ROOMS[stage], stage, name) == "kind-not-in-stage"}
    assert refused == {s for s in REQUIRED if s not in KINDS[name].stages and not _before_binding(s, name)}


def _before_binding(stage: Stage, name: str) -> bool:
    """A seat without a key cannot write anything at all."""
    return stage in {Stage.PREPARED, Stage.CHECK_IN} and KINDS[name].speaker == "seat"


@pytest.mark.parametrize("name", KINDS)
def test_no_kind_is_taken_in_a_stage_the_session_is_not_in(name: str) -> None:
    others = [stage for stage in Stage if stage not in REQUIRED]
    codes = {stage: refusal_in(ROOMS[Stage.DETAILED], stage, name) for stage in others}
    assert codes == {one: "wrong-stage" if one in KINDS[name].stages else "kind-not-in-stage" for one in others}


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


def test_the_table_holds_every_lawful_step_and_no_other() -> None:
    assert set(TRANSITIONS) == {(origin, to) for origin in Stage for to in Stage if lawful(origin.value, to.value)}


@pytest.mark.parametrize("origin", REQUIRED)
def test_every_step_from_every_reachable_stage(origin: Stage) -> None:
    taken = {target: step(ROOMS[origin], target) for target in Stage}
    assert taken == {target: _expected(origin, target) for target in Stage}


def _expected(origin: Stage, target: Stage) -> str:
    expected = "no-such-transition"
    if lawful(origin.value, target.value):
        expected = "stage-not-next"
    if NEXT.get(origin.value) == target.value:
        expected = "taken" if origin.value in UNGUARDED else "stage-not-ready"
    if lawful(origin.value, target.value) and target in OVERLAYS | TERMINALS:
        expected = "rollback-not-back" if (origin, target) == (Stage.CHECK_IN, Stage.ROLLBACK_REQ) else "taken"
    if origin is Stage.DETAILED and target in {Stage.FAILED, Stage.REJECT_ALL}:
        expected = "stage-not-ready"  # there were enough bids
    return expected


def step(room: Venue, target: Stage) -> str:
    """The code with which the host's step is refused, or how it was taken."""
    frontier = {str(author): seq for author, seq in room.session.frontier.items()}
    grounds = {name: GROUNDS[name] for name in steps.fields(room.session.stage, target)[0]}
    body: Body = {"from": room.session.stage.value, "to": target.value, "frontier": frontier, **grounds}
    try:
        return room.session.take(room.entry("centre:JN", "stage-entered", body), checks=room.checks, direct=True)[1]
    except WrongStageError as error:
        return error.code


def test_no_step_leads_out_of_a_terminal_or_of_the_end() -> None:
    assert [step for step in TRANSITIONS if step[0] in TERMINALS | {Stage.CLOSED}] == []


def test_every_guard_has_its_condition() -> None:
    assert set(guards.GUARDS) == set(Guard)


CODES = {code for guard in Guard for code in guard.codes} | set(ALWAYS_ASKED)
ROOT = Path(__file__).parents[4]


def test_the_guards_name_every_code_that_their_conditions_wait_for() -> None:
    folder = ROOT / "evaluation_room"
    found = {
        *re.findall(r'what="([a-z-]+)"', (folder / "session/guards.py").read_text(encoding="utf-8")),
        *re.findall(r'yield .+, "([a-z-]+)"', (folder / "review/open_points.py").read_text(encoding="utf-8")),
        *re.findall(r'yield .+, "([a-z-]+)"', (folder / "scoring/score_check.py").read_text(encoding="utf-8")),
        *re.findall(r'append\("([a-z-]+)"', (folder / "tender/committee_size.py").read_text(encoding="utf-8")),
    }
    assert found == CODES


def words_of(table: str) -> list[str]:
    """The keys of one of the browser's tables of words."""
    text = (ROOT / "web/shared/i18n/words.ts").read_text(encoding="utf-8")
    block = text.partition(f"const {table}:")[2].partition("};")[0]
    return re.findall(r'^  "?([A-Za-z_-]+)"?: \[', block, re.MULTILINE)


def test_the_browser_has_a_word_for_every_stage() -> None:
    assert words_of("STAGES") == [stage.value for stage in Stage]


def test_the_browser_has_words_for_every_code_that_is_waited_for() -> None:
    assert sorted(words_of("WAITING_FOR")) == sorted(CODES)


def test_the_browser_has_words_for_every_kind_of_entry() -> None:
    recusal = "recused"  # an undertaking that is none has words of its own
    assert sorted(words_of("ENTRY_KINDS")) == sorted([*KINDS, recusal])


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
