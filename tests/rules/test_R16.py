"""R16: the seven statutory grounds of rejection; ground and evidence are mandatory (招标投标法实施条例51条)."""

import pytest

from evaluation_room.review.outcome import RejectionState
from evaluation_room.stages import Stage
from evaluation_room.tender.review_items import LAWFUL_GROUNDS
from records.canonical import Value
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import ONE_CITY, raise_rejection, reject, standing, vote, walked
from tests.unit.evaluation_room.rooms import Body, Venue

MOTION: dict[str, Value] = {"number": 1, "bidder": "B1", "ground": "F51-7", "evidence": "两份文件的清单错误一致"}


def test_the_statutory_grounds_are_seven() -> None:
    assert [code for code in LAWFUL_GROUNDS if code.startswith("F51-")] == [f"F51-{number}" for number in range(1, 8)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ground": "F51-8"}, "unknown-ground"),
        ({"ground": "T-1"}, "unknown-ground"),
        ({"ground": ""}, "empty-field"),
        ({"evidence": ""}, "empty-field"),
        ({"evidence": "   "}, "empty-field"),
        ({"bidder": "B9"}, "unknown-bidder"),
        ({"number": 2}, "number-out-of-order"),
        ({"ground": "W21"}, "inquiry-missing"),
        ({"ground": "W22"}, "inquiry-missing"),
        ({"ground": "F51-5"}, "inquiry-missing"),
    ],
)
def test_a_rejection_needs_a_lawful_ground_and_its_evidence(changed: Body, code: str) -> None:
    host = walked(Stage.PRELIM_FORM)
    assert refusal(lambda: host.write("seat:JN-1", "rejection-raised", MOTION | dict(changed))) == code


@pytest.mark.parametrize("left_out", ["ground", "evidence"])
def test_neither_may_be_left_out(left_out: str) -> None:
    host = walked(Stage.PRELIM_FORM)
    body = {name: value for name, value in MOTION.items() if name != left_out}
    assert refusal(lambda: host.write("seat:JN-1", "rejection-raised", body)) == "missing-field"


def test_a_motion_goes_its_way() -> None:
    host = walked(Stage.PRELIM_FORM)
    name = raise_rejection(host, "JN-1", "B1")
    states = [_state(host, name)]
    for seat in ONE_CITY:
        vote(host, seat, name)
        states.append(_state(host, name))
    assert states == ["RAISED", *["DEBATED"] * 4, "UPHELD"]


def test_one_motion_has_one_ground_and_a_bid_may_meet_several() -> None:
    host = walked(Stage.PRELIM_FORM)
    first = raise_rejection(host, "JN-1", "B1", "F51-7")
    second = raise_rejection(host, "JN-1", "B1", "F51-4")
    assert (first, second) == ("JN-1.1.B1.F51-7", "JN-1.2.B1.F51-4")
    for seat in ONE_CITY:
        vote(host, seat, first, upheld=False)
        vote(host, seat, second)
    assert [_state(host, first), _state(host, second)] == ["DISMISSED", "UPHELD"]
    assert standing(host).rejected["B1"].ground == "F51-4"


def test_a_bid_that_is_out_is_not_rejected_again() -> None:
    host = walked(Stage.PRELIM_FORM)
    reject(host, "B1")
    assert refusal(lambda: raise_rejection(host, "JN-2", "B1")) == "bidder-rejected"


def test_an_open_motion_keeps_the_review_open() -> None:
    host = walked(Stage.PRELIM_DONE)
    name = raise_rejection(host, "JN-1", "B1")
    for seat in ONE_CITY[:4]:
        vote(host, seat, name)
    assert [(one.who, one.what) for one in host.session.waiting_for()] == [("JN-5", "rejection-vote-missing")]


def test_a_motion_of_the_review_is_not_voted_on_later() -> None:
    host = walked(Stage.PRELIM_DONE)
    name = reject(host, "B1")
    host.enter(Stage.DETAILED)
    assert refusal(lambda: vote(host, "JN-1", name)) == "rejection-decided"
    assert refusal(lambda: vote(host, "JN-1", "JN-9.1")) == "rejection-unknown"


def _state(host: Venue, name: str) -> str:
    found = standing(host).rejection(name)
    assert found is not None
    return RejectionState(found.state).value
