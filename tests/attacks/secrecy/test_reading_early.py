"""Nobody reads marks early: who is named later, or was replaced, gets neither the superseded nor the sealed report."""

from collections.abc import Iterator

import pytest

from evaluation_room.stages import Stage
from records.ids import PersonId
from tests.attacks.secrecy.evaluation_house import NEWCOMER, REPLACED_SEAT, SEATS, SUBSTITUTE, Evaluation, House


@pytest.fixture(name="house", scope="module")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    opened = House(tmp_path_factory.mktemp("house"))
    yield opened
    opened.close()


@pytest.fixture(name="gone_back", scope="module")
def _gone_back(house: House) -> Evaluation:
    """A report was drafted, the session went back to the briefing, and a member is replaced by one not here yet."""
    evaluation = Evaluation(house, 1, with_guest=True).reach(Stage.SIGNING)
    evaluation.go_back(Stage.BRIEFING)
    evaluation.replace(REPLACED_SEAT, SUBSTITUTE)
    return evaluation


@pytest.fixture(name="sealed", scope="module")
def _sealed(house: House) -> Evaluation:
    """Sealed; for the evaluation that repeats it another expert is named to one seat."""
    evaluation = Evaluation(house, 2, with_guest=False).reach(Stage.SEALED)
    evaluation.name({**evaluation.sits, REPLACED_SEAT: NEWCOMER})
    return evaluation


def refused(evaluation: Evaluation, person: PersonId, path: str) -> tuple[int, str]:
    answer = evaluation.house.experts[person].get(path.replace("{session}", evaluation.id))
    return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else answer.content[:8].decode()


def test_a_replacing_member_gets_no_superseded_report_before_check_in(gone_back: Evaluation) -> None:
    assert refused(gone_back, SUBSTITUTE, "/signing/{session}/report.pdf") == (403, "not-checked-in")
    assert refused(gone_back, SUBSTITUTE, "/signing/{session}") == (403, "not-checked-in")


def test_a_superseded_report_is_closed_to_the_members_who_stayed_as_well(gone_back: Evaluation) -> None:
    first = gone_back.sits[SEATS[0]]
    assert refused(gone_back, first, "/signing/{session}/report.pdf") == (409, "not-in-signing")
    assert refused(gone_back, first, "/signing/{session}") == (409, "not-in-signing")


def test_a_replacing_member_learns_nothing_of_the_seat_before_check_in(gone_back: Evaluation) -> None:
    assert refused(gone_back, SUBSTITUTE, "/room/{session}/chain") == (403, "not-checked-in")
    offer = {"type": "offer", "sdp": "x"}
    answer = gone_back.house.experts[SUBSTITUTE].post(f"/room/{gone_back.id}/signal", offer)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-checked-in")


def test_a_replaced_member_finds_no_room_and_no_report(gone_back: Evaluation) -> None:
    for path in ("/room/{session}", "/room/{session}/chain", "/signing/{session}", "/signing/{session}/report.pdf"):
        assert refused(gone_back, PersonId("JN-E2"), path) == (404, "session-unknown")


def test_who_is_named_after_a_re_evaluation_gets_nothing_of_the_sealed_one(sealed: Evaluation) -> None:
    for path in ("/room/{session}", "/room/{session}/chain", "/signing/{session}", "/signing/{session}/report.pdf"):
        assert refused(sealed, NEWCOMER, path) == (404, "session-unknown")
    assert [room["session"] for room in house_rooms(sealed, NEWCOMER)] == []


def test_who_sat_reads_the_sealed_report(sealed: Evaluation) -> None:
    assert refused(sealed, sealed.sits[SEATS[0]], "/signing/{session}/report.pdf") == (200, "%PDF-2.0")


def house_rooms(evaluation: Evaluation, person: PersonId) -> list[dict[str, str]]:
    found: list[dict[str, str]] = evaluation.house.experts[person].get("/room").json()
    return [room for room in found if room["session"] == evaluation.id]


def test_a_member_whose_replacement_was_written_in_the_room_alone_is_out_already(house: House) -> None:
    """The process ended between room and catalogue: the catalogue still names the replaced member."""
    evaluation = Evaluation(house, 3, with_guest=True).reach(Stage.BRIEFING)
    evaluation.centre.room.replace_member(evaluation.id, REPLACED_SEAT, ground="recusal", reason="申请回避")
    member = evaluation.sits[REPLACED_SEAT]
    assert refused(evaluation, member, "/room/{session}") == (404, "session-unknown")
    key = {"public_key": "x"}
    answer = house.experts[member].post(f"/room/{evaluation.id}/check-in/options", key)
    assert (answer.status_code, answer.json()["code"]) == (404, "session-unknown")


def test_an_ended_session_nobody_sat_in_is_closed_to_who_is_named_now(house: House) -> None:
    evaluation = Evaluation(house, 4, with_guest=True).reach(Stage.CHECK_IN)
    evaluation.enter(Stage.REFORMED, reason="专家缺席，无法补足")
    assert refused(evaluation, evaluation.sits[SEATS[0]], "/room/{session}") == (404, "session-unknown")


def test_a_report_of_an_evaluation_that_was_broken_off_is_closed(house: House) -> None:
    evaluation = Evaluation(house, 5, with_guest=True).reach(Stage.SIGNING)
    evaluation.enter(Stage.ABORTED, reason="项目终止", order="监督〔2026〕3号")
    assert refused(evaluation, evaluation.sits[SEATS[0]], "/signing/{session}/report.pdf") == (409, "not-in-signing")
