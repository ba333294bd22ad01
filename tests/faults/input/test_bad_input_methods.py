"""Methods and rooms that cannot be evaluated: each by its rule or with a clear error, never a wrong figure."""

from collections.abc import Callable
from typing import Any

import pytest

from evaluation_room.methods.case import read_file
from evaluation_room.methods.engine import evaluate
from evaluation_room.methods.result import Outcome
from evaluation_room.stages import Stage
from records import canonical
from records.errors import InvalidRecordError, TongpingError
from tests.unit.evaluation_room.reviews import ONE_CITY, compete, fill, lock, reject, reviewed, walked
from tests.unit.evaluation_room.rooms import Venue, definition, one_city

Draft = dict[str, Any]  # Any: a file of JSON, changed key by key
SEATS = [f"JN-{number}" for number in range(1, 6)]


def file(prices: list[int], **changed: Any) -> Draft:  # Any: as above
    """A file of a comprehensive method of 50 technical and 50 price, five experts who give everybody 40."""
    bidders = [{"id": f"B{number}", "price_fen": price} for number, price in enumerate(prices, 1)]
    marks = {one["id"]: {"technical": 4000} for one in bidders}
    return {
        "method": {
            "name": "comprehensive",
            "version": 2,
            "kind": "works",
            "sections": [{"id": "technical", "weight": 5000, "aggregate": "mean"}],
            "price": {"weight": 5000, "variant": "B1", "e1": 100, "e2": 50},
        },
        "control_price_fen": canonical.MAX_INTEGER,
        "bidders": bidders,
        "sheets": [{"expert": f"E{number}", "marks": marks} for number in range(1, 6)],
        **changed,
    }


def changed(change: Callable[[Draft], object], prices: list[int] | None = None) -> Draft:
    draft = file(prices or [100, 110, 120])
    change(draft)
    return draft


WRONG: list[tuple[str, Callable[[Draft], object], str]] = [
    ("weights that do not sum to 100", lambda d: d["method"]["price"].update(weight=4000), "weights-not-100"),
    ("an unknown variant", lambda d: d["method"]["price"].update(variant="B9"), "unknown-variant"),
    ("a price of zero", lambda d: d["bidders"][0].update(price_fen=0), "price-not-positive"),
    ("a negative price", lambda d: d["bidders"][0].update(price_fen=-1), "price-not-positive"),
    ("a price of 2^53", lambda d: d["bidders"][0].update(price_fen=2**53), "price-too-large"),
    ("a rate in place of a total", lambda d: d["bidders"].__setitem__(0, {"id": "B1", "rate": 300}), "missing-field"),
    ("nobody bids", lambda d: d.update(bidders=[]), "empty-field"),
]


@pytest.mark.parametrize(("change", "code"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_file_that_cannot_be_evaluated_is_refused_by_name(change: Callable[[Draft], object], code: str) -> None:
    with pytest.raises(InvalidRecordError) as refused:
        read_file(changed(change))
    assert refused.value.code == code


def test_prices_near_two_to_the_53_are_exact_to_the_last_fen() -> None:
    highest = canonical.MAX_INTEGER
    result = evaluate(*read_file(file([highest, highest - 1, highest - 2])))

    assert result.price is not None
    assert result.price.base.price == highest - 1


def test_equal_everything_is_ranked_by_nobody_and_named() -> None:
    result = evaluate(*read_file(file([100, 100, 100])))

    assert set(result.places.values()) == {1}
    assert result.parallel == (("B1", "B2", "B3"),)


@pytest.mark.parametrize(("bidders", "outcome"), [(1, Outcome.RETENDER), (2, Outcome.RETENDER)])
def test_fewer_than_three_bids_are_not_ranked(bidders: int, outcome: Outcome) -> None:
    result = evaluate(*read_file(file([100, 110][:bidders])))

    assert (result.outcome, result.ranking) == (outcome, ())


def test_all_bids_rejected_rank_nobody() -> None:
    def all_out(draft: Draft) -> None:
        for bidder in draft["bidders"]:
            bidder["rejected"] = {"ground": "F51-6"}
        for sheet in draft["sheets"]:
            sheet["marks"] = {}

    result = evaluate(*read_file(changed(all_out)))
    assert (result.outcome, result.ranking) == (Outcome.ALL_REJECTED, ())


# --- in a room ------------------------------------------------------------------------------------------------------


def test_a_room_with_one_bidder_is_not_opened() -> None:
    with pytest.raises(InvalidRecordError, match="too-few-bidders"):
        Venue.opened(reviewed(seats=ONE_CITY, bidders=1))


def test_a_committee_of_four_does_not_leave_check_in() -> None:
    room = Venue.opened(definition(seats=SEATS[:4]))
    room.enter(Stage.CHECK_IN)
    for seat in SEATS[:4]:
        room.bind(seat)

    assert {one.what for one in room.session.waiting_for()} == {"committee-too-small", "committee-even"}


def test_a_member_who_leaves_in_the_middle_keeps_the_session_waiting() -> None:
    room = one_city(Stage.DETAILED, definition(seats=SEATS))
    for seat in SEATS[:4]:
        room.fill(seat)
        room.lock(seat)

    assert [(one.who, one.what) for one in room.session.waiting_for()] == [("JN-5", "sheet-not-locked")]


def test_all_bids_rejected_leave_only_the_rejection_of_all() -> None:
    room = walked(Stage.PRELIM_RESP)
    for bidder in room.session.definition.bidders:
        reject(room, bidder.id)
    for seat in room.seats():
        fill(room, seat)
        lock(room, seat)
    room.enter(Stage.PRELIM_DONE)

    assert "no-valid-bidder" in {one.what for one in room.session.waiting_for()}
    with pytest.raises(TongpingError, match="stage-not-ready"):
        room.enter(Stage.DETAILED)
    room.enter(Stage.REJECT_ALL, reason="全部投标均被否决")
    assert room.session.stage is Stage.REJECT_ALL


def test_two_valid_bids_go_on_only_when_the_committee_finds_that_they_compete() -> None:
    fails = {(bidder, "Q1"): ONE_CITY for bidder in ("B1", "B2")}
    room = walked(Stage.PRELIM_DONE, fails=fails)

    assert "competition-vote-missing" in {one.what for one in room.session.waiting_for()}
    compete(room, against=1)
    room.enter(Stage.DETAILED)
    assert room.session.state.review.valid == ("B3", "B4")
