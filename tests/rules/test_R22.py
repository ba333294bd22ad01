"""R22: disputed common matters by majority; dissent must be written, else it counts as agreement (87号令61条)."""

import pytest

from evaluation_room.review.outcome import RejectionState, majority
from evaluation_room.stages import Stage
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.reviews import ONE_CITY, raise_rejection, standing, vote, walked


@pytest.mark.parametrize(
    ("votes", "total", "more"), [(0, 5, False), (2, 5, False), (3, 5, True), (2, 4, False), (3, 4, True), (4, 7, True)]
)
def test_a_majority_is_more_than_half(votes: int, total: int, *, more: bool) -> None:
    assert majority(votes, total) is more


@pytest.mark.parametrize(("against", "state"), [(0, "UPHELD"), (2, "UPHELD"), (3, "DISMISSED"), (5, "DISMISSED")])
def test_the_majority_of_the_members_decides(against: int, state: str) -> None:
    host = walked(Stage.PRELIM_FORM)
    name = raise_rejection(host, "JN-1", "B1")
    for place, seat in enumerate(ONE_CITY):
        vote(host, seat, name, upheld=place >= against)
    assert [one.state for one in standing(host).rejections] == [RejectionState(state)]


def test_a_majority_before_all_have_voted_decides_nothing() -> None:
    host = walked(Stage.PRELIM_FORM)
    name = raise_rejection(host, "JN-1", "B1")
    for seat in ONE_CITY[:4]:
        vote(host, seat, name)
    assert standing(host).valid == ("B1", "B2", "B3", "B4")


def test_a_vote_against_is_written_and_a_vote_is_final() -> None:
    host = walked(Stage.PRELIM_FORM)
    name = raise_rejection(host, "JN-1", "B1")
    assert (
        refusal(lambda: host.write("seat:JN-2", "rejection-voted", {"rejection": name, "upheld": False}))
        == "missing-field"
    )
    vote(host, "JN-2", name)
    assert refusal(lambda: vote(host, "JN-2", name, upheld=False)) == "already-voted"


def test_a_vote_counts_for_what_was_moved_and_for_nothing_else() -> None:
    """A motion that came too late is moved again under its number; votes on the first do not count for the second."""
    guest = walked(Stage.PRELIM_FORM)
    late = raise_rejection(guest, "JN-1", "B1")
    host = walked(Stage.PRELIM_FORM)
    vote_of_one = guest.entry("seat:JN-2", "rejection-voted", {"rejection": late, "upheld": True})
    host.take(vote_of_one, direct=False)
    again = raise_rejection(host, "JN-1", "B2")
    motion = standing(host).rejection(again)
    assert motion is not None
    assert motion.missing == ONE_CITY
