"""The review under any order of arrival: conclusions, rejections and tables are the same at every venue."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation_room.review.amounts import MOST_FEN, read_words, write_words
from evaluation_room.session.session import Outcome
from evaluation_room.stages import Stage
from records.errors import TongpingError
from records.room_entry import SignedEntry
from tests.examples import share
from tests.unit.evaluation_room.reviews import ITEMS, ONE_CITY, lock, mark, raise_rejection, standing, vote, walked
from tests.unit.evaluation_room.rooms import Body, Venue, play

BIDDERS = ["B1", "B2", "B3", "B4"]
FAILS = st.dictionaries(
    st.tuples(st.sampled_from(BIDDERS), st.sampled_from(sorted(ITEMS))), st.sets(st.sampled_from(ONE_CITY)), max_size=4
)
START = {stage: walked(stage) for stage in (Stage.PRELIM_FORM, Stage.PRELIM_DONE)}


def copy(venue: Venue) -> Venue:
    return Venue(
        code=venue.code, session=venue.session, clock=venue.clock, log=list(venue.log), epochs=dict(venue.epochs)
    )


def interleavings(entries: list[SignedEntry], draw: st.DrawFn) -> Iterator[SignedEntry]:
    """The entries of all authors in some order that keeps each author's own."""
    queues: dict[str, list[SignedEntry]] = {}
    for signed in entries:
        queues.setdefault(signed.entry.author, []).append(signed)
    while queues:
        author = draw(st.sampled_from(sorted(queues)))
        yield queues[author].pop(0)
        if not queues[author]:
            del queues[author]


@st.composite
def said(draw: st.DrawFn) -> tuple[Venue, list[SignedEntry]]:
    """A whole stage of review with motions and votes in it, and the same entries in another order."""
    host = copy(START[Stage.PRELIM_FORM])
    before = len(host.log)
    fails = draw(st.dictionaries(st.sampled_from(BIDDERS), st.sets(st.sampled_from(ONE_CITY)), max_size=4))
    moved = [raise_rejection(host, "JN-2", one) for one in draw(st.sets(st.sampled_from(BIDDERS), max_size=2))]
    for seat in ONE_CITY:
        for bidder in BIDDERS:
            mark(host, seat, bidder, "F1", passed=seat not in fails.get(bidder, set()))
            mark(host, seat, bidder, "F2", passed=True)
        lock(host, seat)
        for name in moved:
            vote(host, seat, name, upheld=draw(st.booleans()))
    return host, list(interleavings(host.log[before:], draw))


@given(said())
@settings(max_examples=share(15), deadline=None)
def test_conclusions_and_rejections_do_not_depend_on_the_order(
    case: tuple[Venue, list[SignedEntry]],
) -> None:
    host, shuffled = case
    other = copy(START[Stage.PRELIM_FORM])
    for signed in shuffled:
        assert other.take(signed, direct=False) is Outcome.TAKEN
    assert standing(other).conclusions(Stage.PRELIM_FORM) == standing(host).conclusions(Stage.PRELIM_FORM)
    assert standing(other).rejections == standing(host).rejections
    assert other.session.digest == host.session.digest


@given(st.lists(st.tuples(st.sampled_from(BIDDERS), st.sampled_from(["F1", "F2"]), st.booleans()), max_size=8))
@settings(max_examples=share(15), deadline=None)
def test_a_locked_table_is_never_lost_or_replaced(later: list[tuple[str, str, bool]]) -> None:
    host = copy(START[Stage.PRELIM_FORM])
    for bidder in BIDDERS:
        for name in ("F1", "F2"):
            mark(host, "JN-1", bidder, name, passed=True)
    lock(host, "JN-1")
    table = host.session.state.seats[host.session.definition.seats[0].id].review.table(Stage.PRELIM_FORM)
    for bidder, name, passed in later:
        with pytest.raises(TongpingError):
            mark(host, "JN-1", bidder, name, passed=passed)
    assert host.session.state.seats[host.session.definition.seats[0].id].review.table(Stage.PRELIM_FORM) == table
    again = copy(START[Stage.PRELIM_FORM])
    again.take_from(host)
    assert again.session.state.seats[host.session.definition.seats[0].id].review.table(Stage.PRELIM_FORM) == table


@given(st.dictionaries(st.sampled_from(BIDDERS), st.integers(min_value=0, max_value=5), max_size=4), st.booleans())
@settings(max_examples=share(15), deadline=None)
def test_a_rejected_bidder_is_never_ranked_and_no_outcome_crashes(upheld: dict[str, int], late: bool) -> None:  # noqa: FBT001
    host = copy(START[Stage.PRELIM_DONE])
    if late:
        host.enter(Stage.DETAILED)
    for bidder, votes in sorted(upheld.items()):
        name = raise_rejection(host, "JN-1", bidder)
        for place, seat in enumerate(ONE_CITY):
            vote(host, seat, name, upheld=place < votes)
    out = {bidder for bidder, votes in upheld.items() if votes >= 3}
    assert set(standing(host).valid) == set(BIDDERS) - out
    if 0 < len(standing(host).valid) < 3:
        for seat in ONE_CITY:
            body: Body = {"valid": len(standing(host).valid), "competitive": True, "reason": "仍有竞争"}
            host.write(f"seat:{seat}", "competition-voted", body)
    if not standing(host).valid:
        host.enter(Stage.REJECT_ALL, reason="全部否决")
        return
    if not late:
        host.enter(Stage.DETAILED)
    play([host], Stage.SIGNING)
    tally = host.session.state.tally()
    assert set(tally.ranking) == set(standing(host).valid)
    assert set(tally.candidates) <= set(standing(host).valid)


@given(st.integers(min_value=0, max_value=MOST_FEN))
def test_every_sum_in_words_is_read_back(fen: int) -> None:
    assert read_words(write_words(fen)) == fen


@given(st.text(alphabet="零壹贰叁拾佰仟万亿元角分整", max_size=12))
def test_any_words_are_a_sum_or_refused(text: str) -> None:
    try:
        fen = read_words(text)
    except TongpingError as error:
        assert error.code == "amount-in-words"  # noqa: PT017
    else:
        assert 0 <= fen <= MOST_FEN
