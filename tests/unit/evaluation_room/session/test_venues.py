"""Two cities: a link cut and healed, entries that wait, entries that come too late, steps that are not believed."""

from collections.abc import Callable

from evaluation_room.session.session import Outcome, Session
from evaluation_room.stages import Stage
from records import ids
from records.errors import (
    EvidenceMismatchError,
    InvalidRecordError,
    UnavailableError,
    WrongStageError,
)
from records.ids import Author
from records.room_entry import SignedEntry
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import (
    REPORT,
    Venue,
    bound,
    forged,
    one_city,
    two_cities,
)


def test_both_cities_come_to_the_same_session_and_the_same_tally() -> None:
    host, guest = two_cities()
    assert host.session.digest == guest.session.digest
    assert host.session.state.tally().digest == guest.session.state.tally().digest


def test_seats_go_on_scoring_while_the_link_is_cut_and_nothing_is_lost() -> None:
    host, guest = two_cities(Stage.DETAILED)
    for venue in (host, guest):
        for seat in venue.seats():
            venue.fill(seat)
            venue.lock(seat)
    assert refusal(lambda: host.enter(Stage.PRICE), WrongStageError) == "stage-not-ready"
    host.take_from(guest)
    host.enter(Stage.PRICE)
    guest.take_from(host)
    assert guest.session.digest == host.session.digest


def test_a_step_waits_until_everything_it_counts_is_here() -> None:
    host, guest = two_cities(Stage.CHECK_IN)
    for venue in (host, guest):
        for seat in venue.seats():
            venue.bind(seat)
    host.take_from(guest)
    step = host.enter(Stage.BRIEFING)
    third = host.neighbour("XA")
    third.take(next(one for one in host.log if one.entry.kind == "stage-entered"), direct=False)
    assert refusal(lambda: third.take(step, direct=False), UnavailableError) == "dependency-missing"
    third.take_from(host)
    assert third.session.stage is Stage.BRIEFING


def test_an_entry_of_a_stage_not_yet_known_here_waits() -> None:
    host, guest = two_cities(Stage.CHECK_IN)
    for venue in (host, guest):
        for seat in venue.seats():
            venue.bind(seat)
    host.take_from(guest)
    host.enter(Stage.BRIEFING)
    ahead = host.undertake("JN-1")
    guest.take(next(one for one in host.log if one.entry.body.get("seat") == "JN-1"), direct=False)
    assert refusal(lambda: guest.take(ahead, direct=False), UnavailableError) == "dependency-missing"
    guest.take_from(host)
    assert guest.session.digest == host.session.digest


def test_a_seat_entry_before_its_binding_waits() -> None:
    host, _ = two_cities(Stage.CHECK_IN)
    early = [signed for signed in two_cities(Stage.DETAILED)[1].log if signed.entry.author == "seat:XA-1"]
    assert refusal(lambda: host.take(early[0], direct=False), UnavailableError) == "dependency-missing"


def late_binding() -> tuple[Venue, Venue, SignedEntry]:
    """A guest checks a seat in again just when the host, who does not know it yet, enters the briefing."""
    host, guest = two_cities(Stage.CHECK_IN)
    for venue in (host, guest):
        for seat in venue.seats():
            venue.bind(seat)
    host.take_from(guest)
    host.enter(Stage.BRIEFING)
    return host, guest, guest.bind("XA-1", epoch=2)


def test_an_entry_that_comes_after_its_stage_was_closed_is_recorded_and_its_key_stands() -> None:
    host, guest, binding = late_binding()
    assert host.take(binding, direct=False) is Outcome.LATE
    guest.take_from(host)
    host.epochs.update(guest.epochs)
    said = guest.undertake("XA-1")
    assert host.take(said, direct=False) is Outcome.TAKEN
    assert host.session.digest == guest.session.digest


def late_tally() -> tuple[Venue, Venue]:
    """A guest writes another tally after the host has counted the first."""
    host, guest = two_cities(Stage.PRICE)
    host.tally()
    guest.tally()
    host.take_from(guest)
    host.enter(Stage.AGGREGATED)
    guest.write("centre:XA", "tally-computed", {"digest": ids.digest(b"second thoughts")})
    return host, guest


def test_what_comes_after_the_frontier_is_kept_and_counts_for_nothing() -> None:
    host, guest = late_tally()
    host.take_from(guest)
    guest.take_from(host)
    assert host.log[-1].entry == guest.session.chain(Author("centre:XA")).last
    assert host.session.state.centres == guest.session.state.centres
    assert guest.session.digest == host.session.digest
    assert guest.session.state.centres[guest.session.definition.guests[0].code].tally == (
        host.session.state.tally().digest
    )


def test_a_late_entry_is_refused_to_its_own_author() -> None:
    host, guest = late_tally()
    said = guest.log[-1]
    assert refusal(lambda: host.take(said, direct=True), WrongStageError) == "wrong-stage"


def test_a_chain_does_not_go_back_to_an_earlier_stage() -> None:
    host, guest = late_tally()
    host.take_from(guest)
    guest.take_from(host)
    chain = guest.session.chain(Author("centre:XA"))
    back = forged(guest.log[-1], author=Author("centre:XA"), seq=chain.seq + 1, previous=chain.head, stage="CHECK_IN",
                  at=chain.entries[-1].entry.at,
                  kind="seat-bound", body=bound("XA-1", epoch=2, from_seq=40))  # fmt: skip
    assert refusal(lambda: host.take(back, direct=False), InvalidRecordError) == "stage-went-back"


def with_step(room: Venue, change: Callable[[dict[str, object]], None]) -> SignedEntry:
    body: dict[str, object] = {**room.session.step_to(Stage.PRICE)}
    change(body)
    return room.entry("centre:JN", "stage-entered", body)  # type: ignore[arg-type]  # the tests put anything in


def ready_for_price() -> Venue:
    room = one_city(Stage.DETAILED)
    for seat in room.seats():
        room.fill(seat)
        room.lock(seat)
    return room


def test_a_step_that_counts_less_than_all_locks_is_refused_everywhere() -> None:
    room = ready_for_price()
    frontier = {str(author): seq for author, seq in room.session.frontier.items()} | {"seat:JN-3": 2}
    unfair = with_step(room, lambda body: body.update(frontier=frontier))
    for direct in (True, False):
        assert refusal(lambda one=direct: room.take(unfair, direct=one), WrongStageError) == "stage-not-ready"  # type: ignore[misc]  # as above


def test_a_step_names_its_own_chain_and_comes_from_where_the_session_is() -> None:
    room = ready_for_price()
    incomplete = with_step(room, lambda body: body.update(frontier={"seat:JN-1": 1}))
    elsewhere = with_step(room, lambda body: body.update({"from": "BRIEFING"}))
    assert refusal(lambda: room.take(incomplete, direct=True), InvalidRecordError) == "frontier-incomplete"
    assert refusal(lambda: room.take(elsewhere, direct=True), EvidenceMismatchError) == "step-from-elsewhere"


def test_a_host_that_speaks_in_a_stage_it_has_left_is_not_believed() -> None:
    host, guest = two_cities(Stage.AGGREGATED)
    chain = host.session.chain(Author("centre:JN"))
    again = forged(host.log[-1], seq=chain.seq + 1, previous=chain.head, stage="PRICE", kind="tally-computed",
                   body={"digest": REPORT})  # fmt: skip
    assert refusal(lambda: guest.take(again, direct=False), WrongStageError) == "wrong-stage"


def test_a_session_folded_again_from_its_log_is_the_same() -> None:
    host, guest = late_tally()
    host.take_from(guest)
    again = Session.reopen(host.log[0])
    for signed in host.log[1:]:
        again = again.retake(signed)
    assert again.digest == host.session.digest
    assert again.state == host.session.state
