"""The report's data: out of the session alone, byte for byte the same in every city."""

import json
from pathlib import Path

from evaluation_room.report.data import report_data
from evaluation_room.stages import Stage
from records import canonical
from records.canonical import Value
from records.errors import WrongStageError
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import Venue, consented, definition, one_city, play, two_cities

SAMPLE = Path(__file__).parents[4] / "samples" / "jinan-10kv" / "tender.json"


def sample() -> dict[str, Value]:
    """The sample tender's evaluation with five seats in one city."""
    tender = json.loads(SAMPLE.read_text())
    names = ("title", "title_en", "tenderer", "control_price_fen", "method", "items")
    bidders: list[Value] = [{**bidder, "documents": []} for bidder in tender["bidders"]]
    seats = [f"JN-{number}" for number in range(1, 6)]
    return definition(seats=seats) | {name: tender[name] for name in names} | {"bidders": bidders}


def to_report(room: Venue) -> None:
    """From locked sheets to the report's stage."""
    room.enter(Stage.PRICE)
    room.tally()
    room.enter(Stage.AGGREGATED)
    room.enter(Stage.REPORT_DRAFT)


def test_both_cities_draw_up_the_same_bytes_and_so_does_a_city_that_hears_it_all_later() -> None:
    host, guest = two_cities(Stage.REPORT_DRAFT)
    late = host.neighbour("XA")
    late.take_from(host)
    drafts = {canonical.encode(report_data(venue.session)) for venue in (host, guest, late)}
    assert len(drafts) == 1


def test_what_happens_after_the_draft_does_not_change_it() -> None:
    host, _ = two_cities(Stage.REPORT_DRAFT)
    before = report_data(host.session)
    closed, _ = two_cities(Stage.CLOSED)
    assert {**report_data(closed.session), "drafted_at": before["drafted_at"]} == before


def test_a_second_check_in_during_signing_does_not_change_it() -> None:
    room = one_city(Stage.SIGNING)
    before = report_data(room.session)
    room.bind("JN-1", epoch=2)
    room.write("seat:JN-1", "report-consented", consented())
    assert report_data(room.session) == before


def test_there_is_no_report_before_its_stage() -> None:
    room = one_city(Stage.AGGREGATED)
    assert refusal(lambda: report_data(room.session), WrongStageError) == "report-too-early"


def test_the_report_holds_what_was_defined_said_and_computed() -> None:
    host, _ = two_cities(Stage.REPORT_DRAFT)
    data, defined = report_data(host.session), definition()
    tally = host.session.state.tally()
    for name in ("title", "title_en", "tenderer", "method", "items", "control_price_fen", "opened_at", "project"):
        assert data[name] == defined[name]
    assert data["host"] == {"code": "JN", "name_zh": "济南", "name_en": "Jinan"}
    assert data["guests"] == [{"code": "XA", "name_zh": "西安", "name_en": "Xi'an"}]
    assert data["drafted_at"] == host.session.state.entered(Stage.REPORT_DRAFT)
    assert data["ranking"] == list(tally.ranking)
    assert data["candidates"] == list(tally.ranking[:3])
    assert data["scores"] == [score.value for score in tally.scores]
    assert data["tally_digest"] == tally.digest
    assert data["benchmark"] == tally.benchmark


def of_version_2() -> dict[str, Value]:
    """The small evaluation under a method of version 2: low prices are noted, and low marks need a reason."""
    sections: list[Value] = [
        {"id": "technical", "weight": 4000, "aggregate": "trimmed-by-factor"},
        {"id": "business", "weight": 1000, "aggregate": "median"},
    ]
    price: Value = {"weight": 5000, "variant": "B6", "e1": 100, "e2": 50}
    method: Value = {"name": "comprehensive", "version": 2, "fewest": 2, "sections": sections, "price": price,
                     "floor": {"share": 6000}}  # fmt: skip
    return definition(seats=[f"JN-{number}" for number in range(1, 6)], method=method)


def test_a_room_runs_a_method_of_version_2_and_its_report_explains_every_figure() -> None:
    data = report_data(one_city(Stage.REPORT_DRAFT, of_version_2()).session)
    trace, remarks = data["trace"], data["remarks"]
    assert isinstance(trace, list)
    assert isinstance(remarks, list)
    steps = {step["figure"]: step for step in trace}
    scores = data["scores"]
    assert isinstance(scores, list)
    assert [f"{score['total'] / 100:.2f}" for score in scores] == [
        steps[f"total.{one}"]["value"] for one in ("B1", "B2")
    ]
    assert steps["price.base"]["rule"] == "B6"
    assert (data["outcome"], data["candidates"]) == ("ranked", ["B1", "B2"])
    assert {(one["rule"], one["written"]) for one in remarks} == {("FLOOR", False)}
    assert len(canonical.encode(data)) > 0


def test_two_cities_compute_the_same_digest_under_a_method_of_version_2() -> None:
    method = of_version_2()["method"]
    host = Venue.opened(definition(method=method))
    guest = host.neighbour("XA")
    play([host, guest], Stage.REPORT_DRAFT)
    assert host.session.state.tally().digest == guest.session.state.tally().digest


def test_the_committee_is_named_with_its_cities() -> None:
    host, _ = two_cities(Stage.REPORT_DRAFT)
    members = report_data(host.session)["committee"]
    assert isinstance(members, list)
    assert members[3] == {
        "seat": "XA-1",
        "centre": "XA",
        "city_zh": "西安",
        "city_en": "Xi'an",
        "name": "示例专家XA-1",
        "role": "expert",
        "specialty": "A08",
        "lead": False,
    }


def test_every_mark_and_every_abstention_stands_in_the_report() -> None:
    room = one_city(Stage.DETAILED)
    for seat in room.seats():
        room.fill(seat, 700)
        if seat == "JN-5":
            room.write(
                "seat:JN-5", "score-entered", {"bidder": "B1", "item": "S1", "abstained": True, "reason": "曾任顾问"}
            )
        room.lock(seat)
    to_report(room)
    rows = report_data(room.session)["sheets"]
    assert isinstance(rows, list)
    assert len(rows) == 5 * 6
    assert rows[:2] == [
        {"seat": "JN-1", "bidder": "B1", "item": "S1", "points": 700},
        {"seat": "JN-1", "bidder": "B1", "item": "T1", "points": 700},
    ]
    assert {"seat": "JN-5", "bidder": "B1", "item": "S1", "abstained": True, "reason": "曾任顾问"} in rows


def test_the_sample_tender_gives_a_report() -> None:
    """The published sample, with the seats and centres of a session put to it."""
    room = one_city(Stage.DETAILED, sample())
    for seat in room.seats():
        for bidder, item in room.session.definition.cells:
            found = room.session.definition.item(item)
            assert found is not None
            room.score(seat, bidder, item, found.maximum)
        room.lock(seat)
    to_report(room)
    assert report_data(room.session)["ranking"] == ["B3", "B2", "B1", "B4", "B5"]
