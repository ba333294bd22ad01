"""R18: a price over the control price must be rejected; one below cost only after an inquiry.

招标投标法实施条例51条第5项, 评标委员会和评标方法暂行规定21条.
"""

from evaluation_room.review.outcome import RejectionState
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Definition
from records.canonical import Value
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import (
    ONE_CITY,
    raise_rejection,
    reviewed,
    standing,
    vote,
    vote_all,
    walked,
    work,
)
from tests.unit.evaluation_room.rooms import Venue, definition

CONTROL = 974322000


def over_control(by: int = 1) -> dict[str, Value]:
    """The first of four bids is over the control price."""
    defined = reviewed(seats=ONE_CITY)
    bidders = defined["bidders"]
    assert isinstance(bidders, list)
    bidders[0]["price_fen"] = CONTROL + by
    return defined


def opened_review(defined: dict[str, Value]) -> Venue:
    return walked(Stage.READING, defined)


def test_without_a_review_such_a_price_is_refused_at_once() -> None:
    defined = definition(bidders=3)
    bidders = defined["bidders"]
    assert isinstance(bidders, list)
    bidders[0]["price_fen"] = CONTROL + 1
    assert refusal(lambda: Definition.read(defined)) == "price-over-control"


def test_the_control_price_itself_may_be_bid() -> None:
    assert standing(opened_review(over_control(by=0))).rejections == ()


def test_the_rules_move_the_rejection_and_nobody_may_vote_against_it() -> None:
    host = opened_review(over_control())
    (motion,) = standing(host).rejections
    assert (motion.id, motion.bidder, motion.ground, motion.bound) == ("ceiling.B1", "B1", "F51-5", True)
    work(host)
    host.enter(Stage.PRELIM_FORM)
    assert refusal(lambda: vote(host, "JN-1", "ceiling.B1", upheld=False)) == "over-control-must-be-rejected"


def test_the_review_is_not_done_before_everybody_voted_and_then_the_bid_is_out() -> None:
    host = opened_review(over_control())
    while host.session.stage is not Stage.PRELIM_DONE:
        work(host)
        following = host.session.definition.after(host.session.stage)
        assert following is not None
        host.enter(following)
    assert {one.what for one in host.session.waiting_for()} == {"rejection-vote-missing"}
    vote_all(host)
    assert standing(host).rejections[0].state is RejectionState.UPHELD
    assert standing(host).valid == ("B2", "B3", "B4")
    assert host.session.waiting_for() == ()


def test_a_price_below_cost_is_a_ground_only_after_the_bidder_was_asked() -> None:
    host = walked(Stage.PRELIM_RESP)
    assert refusal(lambda: raise_rejection(host, "JN-1", "B1", "F51-5")) == "inquiry-missing"
    assert refusal(lambda: raise_rejection(host, "JN-1", "B1", "W21")) == "inquiry-missing"
