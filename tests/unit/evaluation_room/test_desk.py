"""The desk: one transaction per entry, refusals are recorded without content, a restart loses nothing."""

from pathlib import Path

import pytest

from evaluation_room.session.acts import SeatBound
from evaluation_room.session.session import Checks, Outcome
from evaluation_room.stages import Stage
from records import facts
from records.errors import (
    ConflictError,
    EvidenceMismatchError,
    InvalidRecordError,
    NotFoundError,
    NotPermittedError,
    UnavailableError,
    WrongStageError,
)
from records.ids import SeatId, SessionId
from records.room_entry import SignedEntry
from tests.unit.evaluation_room.desks import City, binding_seen, played, prepared
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import SESSION, bound, definition, forged

SEAT = SeatId("JN-1")


def types(city: City) -> list[str]:
    return [entry.type for entry in city.journal.find(session=SESSION)]


def test_an_entry_taken_stands_in_the_table_and_in_the_journal(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    taken = host.score(SEAT, "B1", "T1", 650)
    fact = host.journal.find(type=facts.ROOM_ENTRY_TAKEN)[-1].value
    assert taken.outcome is Outcome.TAKEN
    assert fact["body"] == taken.signed.to_wire()
    assert (fact["session"], fact["stage"], fact["author"]) == (SESSION, "DETAILED", "seat:JN-1")
    assert host.desk.entries_after(SESSION, {}, 10_000)[-1] == taken.signed


def test_every_entry_is_one_fact_and_no_fact_is_without_its_entry(tmp_path: Path) -> None:
    host, guest = played(tmp_path, Stage.CLOSED)
    for city in (host, guest):
        recorded = [entry.body for entry in city.journal.find(type=facts.ROOM_ENTRY_TAKEN)]
        assert recorded == [one.to_wire() for one in city.desk.entries_after(SESSION, {}, 10_000)]


def test_the_same_entry_again_is_taken_once(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    taken = host.score(SEAT, "B1", "T1", 650)
    size = host.journal.size()
    again = host.desk.take(taken.signed, source="seat:JN-1")
    assert (again.outcome, host.journal.size()) == (Outcome.ALREADY_TAKEN, size)


def test_a_refusal_says_who_and_why_and_never_what(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    entry = host.entry(SEAT, "score-entered", {"bidder": "B1", "item": "T1", "points": 77777, "reason": "泄露的理由"})
    assert refusal(lambda: host.desk.take(entry, source="seat:JN-1"), InvalidRecordError) == "score-out-of-range"
    fact = host.journal.find(type=facts.ROOM_ENTRY_REFUSED)[-1]
    assert fact.body == {
        "author": "seat:JN-1",
        "seq": 2,
        "kind": "score-entered",
        "code": "score-out-of-range",
        "source": "seat:JN-1",
    }
    assert b"77777" not in fact.record
    assert "泄露".encode() not in fact.record


def test_a_refused_entry_leaves_the_chain_where_it_was(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    before = host.session.digest
    with pytest.raises(InvalidRecordError):
        host.score(SEAT, "B1", "T1", 1)
    assert host.session.digest == before
    assert host.score(SEAT, "B1", "T1", 50).outcome is Outcome.TAKEN


def test_a_refusal_repeated_is_recorded_once(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    entry = host.entry(SEAT, "score-entered", {"bidder": "B1", "item": "T1", "points": 1})
    for _ in range(3):
        assert refusal(lambda: host.desk.take(entry, source="seat:JN-1")) == "score-off-step"
    assert len(host.journal.find(type=facts.ROOM_ENTRY_REFUSED)) == 1


def test_what_is_not_yet_due_is_kept_waiting_and_not_refused(tmp_path: Path) -> None:
    host, guest = played(tmp_path, Stage.DETAILED)
    first, second = guest.score("XA-1", "B1", "T1", 50).signed, guest.score("XA-1", "B1", "T2", 50).signed
    waits = refusal(lambda: host.desk.take(second, source="centre:XA"), UnavailableError)
    assert waits == "dependency-missing"
    assert facts.ROOM_ENTRY_REFUSED not in types(host)
    host.desk.take(first, source="centre:XA")
    assert host.desk.take(second, source="centre:XA").outcome is Outcome.TAKEN


def test_an_entry_of_a_session_not_heard_of_waits(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.CHECK_IN)
    stranger = City(tmp_path, "DL")
    later = host.desk.entries_after(SESSION, {}, 10)[1]
    assert refusal(lambda: stranger.desk.take(later, source="centre:JN"), UnavailableError) == "dependency-missing"
    assert stranger.desk.frontier(SESSION) == {}


def test_a_fork_is_an_alarm_and_nothing_is_written_over(tmp_path: Path) -> None:
    host, guest = played(tmp_path, Stage.DETAILED)
    kept = guest.score("XA-1", "B1", "T1", 50).signed
    host.take_from(guest)
    other = forged(kept, body={"bidder": "B1", "item": "T1", "points": 100})
    assert refusal(lambda: host.desk.take(other, source="centre:XA"), EvidenceMismatchError) == "chain-fork"
    assert host.desk.entries_after(SESSION, {}, 10_000)[-1] == kept


def test_only_the_seat_itself_is_held_to_the_stage_of_this_venue(tmp_path: Path) -> None:
    host, guest = played(tmp_path, Stage.PRICE)
    host.work(Stage.PRICE)
    guest.work(Stage.PRICE)
    host.take_from(guest)
    host.desk.enter_stage(SESSION, Stage.AGGREGATED)
    again = guest.desk.author(SESSION, "tally-computed", {"digest": "sha256:" + "7" * 64})
    assert host.desk.take(again, source="centre:XA").outcome is Outcome.LATE
    own = host.entry(SEAT, "score-entered", {"bidder": "B1", "item": "T1", "points": 50})
    late = forged(own, stage="DETAILED")
    assert refusal(lambda: host.desk.take(late, source="seat:JN-1"), WrongStageError) == "wrong-stage"


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.SIGNING)
    before, entries = host.session, host.desk.entries_after(SESSION, {}, 10_000)
    host.reopen()
    assert host.session.digest == before.digest
    assert host.session.state == before.state
    assert host.desk.entries_after(SESSION, {}, 10_000) == entries
    assert [session.id for session in host.desk.sessions()] == [SESSION]


def test_two_processes_of_one_centre_do_not_fork_its_chain(tmp_path: Path) -> None:
    host, guest = prepared(tmp_path)
    other = City(tmp_path)
    host.desk.enter_stage(SESSION, Stage.CHECK_IN)
    other.bind(SEAT)
    host.bind(SeatId("JN-2"))
    guest.take_from(host)
    assert guest.session.digest == host.session.digest
    assert host.desk.frontier(SESSION) == {"centre:JN": 4}


def test_what_is_committed_is_seen_before_the_fold_in_memory_moves_on(tmp_path: Path) -> None:
    """Between a commit and the next step of its thread: the workflow, woken by the commit, must not miss it."""
    host, _ = prepared(tmp_path)
    other = City(tmp_path)
    before = other.desk.session(SESSION).stage
    host.desk.enter_stage(SESSION, Stage.CHECK_IN)

    assert other.desk.session(SESSION).stage is before
    assert other.desk.committed(SESSION).stage is Stage.CHECK_IN


def test_entries_come_in_the_order_of_taking_and_only_beyond_the_frontier(tmp_path: Path) -> None:
    host, guest = played(tmp_path, Stage.BRIEFING)
    known = guest.desk.frontier(SESSION)
    guest.work(Stage.BRIEFING)
    host.take_from(guest)
    fresh = host.desk.entries_after(SESSION, known, 10)
    assert [(one.entry.author, one.entry.seq) for one in fresh] == [("seat:XA-1", 1), ("seat:XA-2", 1)]
    assert host.desk.entries_after(SESSION, known, 1) == fresh[:1]
    assert host.desk.entries_after(SESSION, host.desk.frontier(SESSION), 10) == []
    assert host.desk.heads(SESSION) == guest.desk.heads(SESSION)


def test_listeners_hear_of_every_commit_after_it_and_never_of_a_refusal(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    heard: list[tuple[SignedEntry, bool]] = []

    def listen(signed: SignedEntry) -> None:
        committed = host.journal.find(type=facts.ROOM_ENTRY_TAKEN)[-1].body == signed.to_wire()
        with host.journal.work():
            heard.append((signed, committed))

    stop = host.desk.on_taken(listen)
    taken = host.score(SEAT, "B1", "T1", 50)
    with pytest.raises(InvalidRecordError):
        host.score(SEAT, "B1", "T1", 51)
    stop()
    host.score(SEAT, "B1", "T1", 100)
    assert heard == [(taken.signed, True)]


def test_a_listener_in_trouble_troubles_nobody_else(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    heard: list[SignedEntry] = []

    def fails(_signed: SignedEntry) -> None:
        raise ValueError

    host.desk.on_taken(fails)
    host.desk.on_taken(heard.append)
    taken = host.score(SEAT, "B1", "T1", 50)
    assert heard == [taken.signed]


def test_an_evaluation_is_opened_once_and_by_its_host(tmp_path: Path) -> None:
    host, guest = prepared(tmp_path)
    assert types(host) == [facts.ROOM_ENTRY_TAKEN, facts.SESSION_PREPARED]
    assert types(guest) == [facts.ROOM_ENTRY_TAKEN]
    assert host.desk.prepare(definition()) == SESSION
    other = definition(opened_at="2026-11-24T01:00:00.000Z")
    assert refusal(lambda: host.desk.prepare(other), ConflictError) == "session-exists"
    assert refusal(lambda: guest.desk.prepare(definition()), NotPermittedError) == "not-the-host"


def test_a_definition_this_centre_does_not_know_is_refused_and_recorded(tmp_path: Path) -> None:
    def unknown(_definition: object) -> None:
        raise NotPermittedError("centre-unknown")

    host = City(tmp_path)
    host.desk.prepare(definition())
    guest = City(tmp_path, "XA", Checks(definition=unknown))
    assert refusal(lambda: guest.take_from(host), NotPermittedError) == "centre-unknown"
    assert types(guest) == [facts.ROOM_ENTRY_REFUSED]
    assert guest.desk.frontier(SESSION) == {}


def test_what_the_centre_said_already_it_does_not_say_again(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.PRICE)
    first = host.desk.compute_tally(SESSION)
    size = host.journal.size()
    assert host.desk.compute_tally(SESSION).digest == first.digest
    assert host.journal.size() == size
    assert types(host)[-2:] == [facts.ROOM_ENTRY_TAKEN, facts.EVALUATION_TALLY_COMPUTED]


def test_a_stage_entered_already_is_not_entered_again(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.PREPARED)
    first = host.desk.enter_stage(SESSION, Stage.CHECK_IN)
    assert host.desk.enter_stage(SESSION, Stage.CHECK_IN) == first
    assert refusal(lambda: host.desk.enter_stage(SESSION, Stage.PREPARED), WrongStageError) == "no-such-transition"


def test_both_centres_record_the_same_tally(tmp_path: Path) -> None:
    cities = played(tmp_path, Stage.AGGREGATED)
    tallies = [city.journal.find(type=facts.EVALUATION_TALLY_COMPUTED)[-1].body for city in cities]
    assert tallies[0] == tallies[1]


def test_every_check_in_begins_a_new_epoch_behind_the_chain(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    host.score(SEAT, "B1", "T1", 50)
    assert host.bind(SEAT) == 2
    binding = host.session.state.expert(host.session.definition.seats[0])
    assert isinstance(binding, SeatBound)
    assert (binding.epoch, binding.from_seq) == (2, 3)


def test_a_binding_is_checked_at_every_venue_that_takes_it(tmp_path: Path) -> None:
    seen: list[tuple[SessionId, str]] = []
    host = City(tmp_path, checks=binding_seen(seen))
    guest = City(tmp_path, "XA", checks=binding_seen(seen))
    host.desk.prepare(definition())
    host.desk.enter_stage(SESSION, Stage.CHECK_IN)
    host.bind(SEAT)
    guest.take_from(host)
    guest.reopen()
    assert guest.session.digest == host.session.digest
    assert seen == [(SESSION, "JN-1"), (SESSION, "JN-1")]


def test_a_seat_of_nowhere_is_not_bound(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.CHECK_IN)
    body = bound("JN-9")
    assert refusal(lambda: host.desk.bind_seat(SESSION, SeatId("JN-9"), body), NotFoundError) == "unknown-seat"


def test_a_session_nobody_opened_is_not_found(tmp_path: Path) -> None:
    host = City(tmp_path)
    for act in (
        lambda: host.desk.session(SESSION),
        lambda: host.desk.enter_stage(SESSION, Stage.CHECK_IN),
    ):
        assert refusal(act, NotFoundError) == "session-unknown"
    assert host.desk.entries_after(SESSION, {}, 10) == []
