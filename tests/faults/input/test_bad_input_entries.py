"""Bad entries at a real desk on a real file: each has its code, leaves a record without content, and spoils nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation_room.session.session import Outcome
from evaluation_room.stages import Stage
from records import facts
from records.errors import UnavailableError
from records.ids import Author
from records.room_entry import SignedEntry, sign
from tests.unit.evaluation_room.desks import City, played
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import SESSION, Body, forged, key

SEAT = "JN-1"
SOURCE = "seat:JN-1"
SCORE: Body = {"bidder": "B1", "item": "T1", "points": 650}


def scored(city: City, **changed: object) -> SignedEntry:
    return city.entry(SEAT, "score-entered", SCORE | changed)  # type: ignore[operator]  # any field may be wrong


def next_but_one(city: City) -> SignedEntry:
    first = scored(city)
    return forged(first, seq=first.entry.seq + 1, previous=first.entry.hash)


def other_past(city: City) -> SignedEntry:
    return forged(scored(city), previous="sha256:" + "7" * 64)


def by_another_key(city: City) -> SignedEntry:
    return sign(scored(city).entry, key("seat:JN-2"))


def altered(city: City) -> SignedEntry:
    signed = scored(city)
    return replace(signed, entry=replace(signed.entry, body=SCORE | {"points": 700}))  # type: ignore[operator]  # as above


BAD: dict[str, tuple[Callable[[City], SignedEntry], str]] = {
    "a field too many": (lambda city: scored(city, more=1), "unknown-field"),
    "a field of another type": (lambda city: scored(city, points="650"), "wrong-type"),
    "a cell nobody knows": (lambda city: scored(city, item="T99"), "unknown-cell"),
    "a kind nobody knows": (lambda city: city.entry(SEAT, "score-guessed", SCORE), "unknown-kind"),
    "above the range": (lambda city: scored(city, points=77_700), "score-out-of-range"),
    "below the range": (lambda city: scored(city, points=-50), "score-out-of-range"),
    "off the step": (lambda city: scored(city, points=651), "score-off-step"),
    "another past": (other_past, "chain-fork"),
    "another key": (by_another_key, "bad-signature"),
    "altered after signing": (altered, "bad-signature"),
    "a stage that is over": (lambda city: forged(scored(city), stage="BRIEFING"), "kind-not-in-stage"),
    "an act of another stage": (lambda city: city.entry(SEAT, "report-consented", {}), "kind-not-in-stage"),
    "an act of the host": (lambda city: city.entry(SEAT, "stage-entered", {}), "missing-field"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_entry_is_refused_by_code_and_nothing_is_half_written(tmp_path: Path, name: str) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    make, code = BAD[name]
    bad = make(host)
    before, size = host.session.digest, host.journal.size()

    assert refusal(lambda: host.desk.take(bad, source=SOURCE)) == code

    added = host.journal.entries(size, 10)
    assert [(one.type, one.body["code"]) for one in added] == [(facts.ROOM_ENTRY_REFUSED, code)]
    assert b"B1" not in added[0].record
    assert host.session.digest == before
    host.reopen()
    assert host.session.digest == before
    assert host.score(SEAT, "B1", "T1", 650).outcome is Outcome.TAKEN


def test_an_entry_before_its_predecessor_waits_and_is_taken_in_order(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    first = scored(host)
    second = forged(first, seq=first.entry.seq + 1, previous=first.entry.hash)
    size = host.journal.size()

    with pytest.raises(UnavailableError, match="dependency-missing"):
        host.desk.take(second, source=SOURCE)

    assert host.journal.size() == size
    assert [host.desk.take(one, source=SOURCE).outcome for one in (first, second)] == [Outcome.TAKEN] * 2


def test_a_duplicate_is_answered_as_taken_and_kept_once(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    signed = scored(host)
    host.desk.take(signed, source=SOURCE)
    size = host.journal.size()

    host.reopen()

    assert [host.desk.take(signed, source=SOURCE).outcome for _ in range(3)] == [Outcome.ALREADY_TAKEN] * 3
    assert host.journal.size() == size


def test_a_seat_does_not_speak_for_another_whatever_it_signs_with(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    stolen = host.entry("JN-2", "score-entered", SCORE)
    stolen = sign(stolen.entry, key(SOURCE))

    assert refusal(lambda: host.desk.take(stolen, source=SOURCE)) == "bad-signature"
    assert host.session.state.seats[host.seats()[1]].sheet.cells == {}


def test_a_seat_of_nowhere_has_no_voice(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    nowhere = sign(replace(scored(host).entry, author=Author("seat:JN-9")), key("seat:JN-9"))

    assert refusal(lambda: host.desk.take(nowhere, source=SOURCE)) == "unknown-author"


def test_a_second_lock_and_a_score_after_the_lock_are_refused_and_the_sheet_stands(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    host.fill(SEAT)
    host.lock(host.seats()[0])
    locked = host.session.state.seats[host.seats()[0]].sheet.digest

    assert refusal(lambda: host.lock(host.seats()[0])) == "already-locked"
    assert refusal(lambda: host.score(SEAT, "B1", "T1", 50)) == "already-locked"
    host.reopen()
    assert host.session.state.seats[host.seats()[0]].sheet.digest == locked
    assert host.desk.frontier(SESSION)[Author(SOURCE)] == len(host.session.definition.cells) + 2
