"""Nobody writes at another time than now: not ahead, not in the past, not before the last entry, not past an order."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chain_gateway.verifier.findings import Findings
from chain_gateway.verifier.trust import DatedKey, Trust, load_trust
from evaluation_room.session.entry_times import CLOCKS_DIFFER, WAITS_AT_MOST, check_receipt
from evaluation_room.session.session import Checks
from evaluation_room.session.session import Outcome as Taking
from evaluation_room.stages import Stage
from node.evidence import room_evidence
from records import canonical
from records.canonical import Value
from records.errors import TongpingError
from records.ids import SeatId, instant, parse_instant
from records.proof import Outcome
from records.room_entry import SignedEntry
from tests.unit.evaluation_room.desks import City, now, prepared
from tests.unit.evaluation_room.rooms import SESSION, TEXT_DIGEST, Venue, definition, forged, play, point

SEAT = SeatId("JN-1")
SCORE: Mapping[str, Value] = {"bidder": "B1", "item": "T1", "points": 500}
STEPS = (Stage.CHECK_IN, Stage.BRIEFING, Stage.DETAILED)
A_SECOND = timedelta(seconds=1)
TRUST_FILE = Path(__file__).parents[1] / "vectors" / "evidence" / "trust.json"


@pytest.fixture(name="cities")
def _cities(tmp_path: Path) -> tuple[City, City]:
    """Two cities whose members score."""
    host, guest = prepared(tmp_path)
    for stage in STEPS:
        host.desk.enter_stage(SESSION, stage)
        guest.take_from(host)
        if stage is not Stage.DETAILED:
            host.work(stage)
            guest.work(stage)
            host.take_from(guest)
    return host, guest


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(TongpingError) as caught:
        act()
    return caught.value.code


def score(city: City, seat: str = SEAT, **changed: object) -> SignedEntry:
    """A score of this seat, signed by it, with other members than it would honestly have."""
    return forged(city.entry(seat, "score-entered", SCORE), **changed)


def take(city: City, signed: SignedEntry) -> object:
    return city.desk.take(signed, source=signed.entry.author)


def at(moved: timedelta) -> str:
    return instant(now() + moved)


def test_an_entry_from_the_future_is_refused(cities: tuple[City, City]) -> None:
    host, _ = cities

    assert refusal(lambda: take(host, score(host, at=at(CLOCKS_DIFFER + 10 * A_SECOND)))) == "entry-time-ahead"
    take(host, score(host, at=at(CLOCKS_DIFFER - 10 * A_SECOND)))


def test_an_entry_dated_before_its_stage_is_refused(tmp_path: Path) -> None:
    """The first entry of a chain has no predecessor that would hold it."""
    host, guest = prepared(tmp_path)
    for stage in (Stage.CHECK_IN, Stage.BRIEFING):
        host.desk.enter_stage(SESSION, stage)
        guest.take_from(host)
        if stage is Stage.CHECK_IN:
            host.work(stage)
            guest.work(stage)
            host.take_from(guest)
    entered = parse_instant(host.session.state.entered_at)
    honest = host.entry(SEAT, "undertaking-signed", {"text_digest": TEXT_DIGEST, "recusal": False})

    early = forged(honest, at=instant(entered - CLOCKS_DIFFER - A_SECOND))
    assert refusal(lambda: take(host, early)) == "entry-time-past"
    take(host, forged(honest, at=instant(entered - CLOCKS_DIFFER + A_SECOND)))


def test_an_entry_that_waited_longer_than_any_fault_is_refused(cities: tuple[City, City]) -> None:
    host, _ = cities
    entered, late = host.session.state.entered_at, score(host).entry
    received = parse_instant(late.at) + WAITS_AT_MOST

    check_receipt(late, received, entered=entered)
    assert refusal(lambda: check_receipt(late, received + A_SECOND, entered=entered)) == "entry-time-past"


def test_a_chain_never_runs_backwards(cities: tuple[City, City]) -> None:
    host, _ = cities
    last = host.write(SEAT, "score-entered", SCORE).signed.entry
    back = score(host, at=instant(parse_instant(last.at) - timedelta(milliseconds=1)))

    assert refusal(lambda: take(host, back)) == "entry-time-back"
    take(host, score(host, at=last.at))


def test_a_chain_that_ran_backwards_at_its_own_centre_is_refused_by_the_others(cities: tuple[City, City]) -> None:
    """A dishonest guest acknowledged it; the host holds the order."""
    host, guest = cities
    last = guest.write("XA-1", "score-entered", SCORE).signed.entry
    host.take_from(guest)
    back = score(guest, "XA-1", at=instant(parse_instant(last.at) - A_SECOND))

    assert refusal(lambda: host.desk.take(back, source="centre:XA")) == "entry-time-back"


def test_another_centre_does_not_hold_entries_to_its_own_receipt(cities: tuple[City, City]) -> None:
    """The line was cut for hours: what the guest acknowledged in time is taken, however late it comes."""
    host, guest = cities
    signed = guest.write("XA-1", "score-entered", SCORE).signed
    ahead = forged(signed, at=at(WAITS_AT_MOST))

    assert host.desk.take(ahead, source="centre:XA").outcome is Taking.TAKEN


@pytest.mark.parametrize("earlier", [timedelta(), A_SECOND, timedelta(minutes=1)])
def test_nothing_is_taken_while_suspended_whatever_time_it_states(
    cities: tuple[City, City], earlier: timedelta
) -> None:
    host, _ = cities
    order: dict[str, Value] = {"order": "监督〔2026〕1号", "reason": "核查"}
    written = score(host, at=instant(parse_instant(host.session.state.entered_at)))
    host.desk.enter_stage(SESSION, Stage.SUSPENDED, order)
    suspended = parse_instant(host.session.state.overlays[-1].entered_at)
    dated = forged(written, at=max(written.entry.at, instant(suspended - earlier)))

    assert refusal(lambda: take(host, dated)) == "session-stands-still"
    host.desk.enter_stage(SESSION, Stage.DETAILED, {"order": "监督〔2026〕2号"})
    assert host.session.state.seats[SEAT].sheet.cells == {}


def test_a_clock_that_is_set_back_stands_still_for_an_honest_author(cities: tuple[City, City]) -> None:
    host, _ = cities
    last = host.write(SEAT, "score-entered", SCORE).signed.entry

    following = host.session.next_entry(last.author, "score-entered", SCORE, at=at(-CLOCKS_DIFFER))

    assert following.at == last.at


@pytest.mark.parametrize(("back", "code"), [(CLOCKS_DIFFER, ""), (CLOCKS_DIFFER + A_SECOND, "entry-time-back")])
def test_a_verifier_allows_old_evidence_a_clock_that_was_set_right(back: timedelta, code: str) -> None:
    """Centres of before the rule took entries of a clock that had been corrected; no more than that passes."""
    room = Venue.opened(definition(seats=["JN-1", "JN-2", "JN-3"], minimum_seats=3))
    play([room], Stage.DETAILED)
    last = room.score("JN-1", "B1", "T1", 500)
    room.checks = Checks(clock_back=back)
    room.take(forged(room.entry("seat:JN-1", "score-entered", SCORE), at=instant(moment(last) - back)), direct=False)
    findings = Findings()

    room_evidence.check_room(findings, canonical.encode([one.to_wire() for one in room.log]), of_jinan(), None)

    found = next(one for one in findings.checks if one.name == "room.entries")
    assert (found.outcome is Outcome.FAIL, str(found.values.get("code", ""))) == (bool(code), code)


def moment(signed: SignedEntry) -> datetime:
    return parse_instant(signed.entry.at)


def of_jinan() -> Trust:
    """A trust file in which the tests' Jinan has its key."""
    trust = load_trust(TRUST_FILE)
    jinan = trust.centres[0]
    held = DatedKey(key=point("centre:JN"), valid_from=jinan.valid_from, valid_until=jinan.valid_until)
    return replace(trust, centres=(replace(jinan, entry_keys=(held,)), *trust.centres[1:]))
