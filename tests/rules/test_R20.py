"""R20: fewer than three bids are not opened; fewer than three valid ones: the committee decides on competition, and in
procurement the tender fails (评标委员会和评标方法暂行规定27条; 87号令43条).
"""

import pytest

from evaluation_room.stages import Stage
from records.canonical import Value
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import ONE_CITY, compete, reject, reviewed, standing, vote_all, walked
from tests.unit.evaluation_room.rooms import Venue, play

PROCUREMENT: dict[str, Value] = {
    "name": "low-price-first",
    "version": 2,
    "kind": "goods",
    "sections": [
        {"id": "technical", "weight": 4000, "aggregate": "mean"},
        {"id": "business", "weight": 1000, "aggregate": "mean"},
    ],
    "price": {"weight": 5000},
}


def left(valid: int, method: dict[str, Value] | None = None) -> Venue:
    """At the end of the review this number of four bids remains."""
    defined = reviewed(seats=ONE_CITY)
    host = walked(Stage.PRELIM_DONE, defined if method is None else defined | {"method": method})
    for number in range(valid, 4):
        reject(host, f"B{number + 1}")
    return host


def blocked(host: Venue) -> set[str]:
    return {one.what for one in host.session.waiting_for()}


@pytest.mark.parametrize("bidders", [1, 2])
def test_fewer_than_three_bids_are_not_opened(bidders: int) -> None:
    assert refusal(lambda: Venue.opened(reviewed(seats=ONE_CITY, bidders=bidders))) == "too-few-bidders"


def test_three_valid_bids_go_on_without_a_vote() -> None:
    host = left(3)
    assert blocked(host) == set()
    assert refusal(lambda: compete(host)) == "competition-not-asked"


@pytest.mark.parametrize("valid", [1, 2])
@pytest.mark.parametrize("against", [0, 2])
def test_fewer_that_compete_go_on_by_majority(valid: int, against: int) -> None:
    host = left(valid)
    assert blocked(host) == {"competition-vote-missing"}
    compete(host, against=against)
    assert standing(host).competitive is True
    assert refusal(lambda: host.enter(Stage.REJECT_ALL, reason="缺乏竞争")) == "stage-not-ready"
    host.enter(Stage.DETAILED)
    play([host], Stage.SIGNING)
    assert len(host.session.state.tally().candidates) == valid


@pytest.mark.parametrize("against", [3, 5])
def test_fewer_that_lack_competition_may_all_be_rejected(against: int) -> None:
    host = left(2)
    compete(host, against=against)
    assert blocked(host) == {"competition-lacking"}
    assert refusal(lambda: host.enter(Stage.DETAILED)) == "stage-not-ready"
    host.enter(Stage.REJECT_ALL, reason="有效投标不足三个且明显缺乏竞争")
    assert host.session.stage is Stage.REJECT_ALL


def test_enough_bids_are_not_all_rejected_and_a_works_tender_does_not_fail_by_itself() -> None:
    host = left(3)
    assert refusal(lambda: host.enter(Stage.REJECT_ALL, reason="缺乏竞争")) == "stage-not-ready"
    assert refusal(lambda: host.enter(Stage.FAILED, reason="不足三家")) == "stage-not-ready"


def test_a_later_rejection_asks_again() -> None:
    host = left(2)
    compete(host)
    host.enter(Stage.DETAILED)
    reject(host, "B2")
    assert "competition-vote-missing" in blocked(host)
    compete(host)
    assert blocked(host) == {"sheet-not-locked"}


@pytest.mark.parametrize("valid", [1, 2])
def test_procurement_with_fewer_than_three_fails(valid: int) -> None:
    host = left(valid, method=PROCUREMENT)
    assert blocked(host) == {"too-few-valid-bidders"}
    assert refusal(lambda: compete(host)) == "competition-not-asked"
    host.enter(Stage.FAILED, reason="通过符合性审查的不足三家，予以废标")
    assert host.session.stage is Stage.FAILED


def test_procurement_with_three_does_not_fail() -> None:
    host = left(3, method=PROCUREMENT)
    assert refusal(lambda: host.enter(Stage.FAILED, reason="不足三家")) == "stage-not-ready"
    vote_all(host)
    assert blocked(host) == set()
