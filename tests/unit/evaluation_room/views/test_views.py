"""The pages' data: nothing of others' scoring before the own lock, and who blocks since when."""

import pytest

from evaluation_room.replication.messages import LinkStatus
from evaluation_room.stages import Stage
from evaluation_room.views import session as views
from evaluation_room.views.tally import tally_view
from records import canonical
from records.canonical import Value
from records.errors import NotFoundError, WrongStageError
from records.ids import CentreCode, SeatId
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import CENTRES, SEATS, Venue, one_city, two_cities

ME, OTHER = SeatId("JN-1"), SeatId("JN-2")
SECRET = "只有本席知道的理由"


def seen_by(room: Venue, seat: SeatId = ME) -> bytes:
    return canonical.encode(views.room_view(room.session, seat, {}))


def cells(room: Venue, seat: SeatId) -> list[object]:
    shown = views.room_view(room.session, seat, {})["seats"]
    assert isinstance(shown, list)
    return [one.get("locked") for one in shown if isinstance(one, dict)]


# --- the room: nothing leaks ----------------------------------------------------------------------------------------


def test_the_room_shows_nothing_of_others_before_the_own_lock() -> None:
    """The room holds others' scores, reasons, locks and digests; the view is byte for byte as without them."""
    room = one_city(Stage.DETAILED)
    room.score(ME, "B1", "T1", 500)
    before = seen_by(room)
    room.score(OTHER, "B1", "T1", 1850, reason=SECRET)
    assert seen_by(room) == before
    room.fill("JN-3", 650)
    room.lock("JN-3")
    assert seen_by(room) == before
    digest = room.session.state.seats[SeatId("JN-3")].sheet.digest
    for leak in (SECRET, "1850", digest, "tally", "ranking", '"locked":true', "score-entered", "entered_by"):
        assert leak.encode() not in before


def test_the_own_marks_do_not_travel_in_the_view_either() -> None:
    room = one_city(Stage.DETAILED)
    room.score(ME, "B1", "T1", 1850, reason=SECRET)
    assert b"1850" not in seen_by(room)
    assert SECRET.encode() not in seen_by(room)


def test_after_the_own_lock_only_the_locks_of_others_show() -> None:
    room = one_city(Stage.DETAILED)
    for seat in (OTHER, ME):
        room.fill(seat, 650)
        room.lock(seat)
    room.score("JN-3", "B1", "T1", 1850, reason=SECRET)
    assert cells(room, ME) == [True, True, False, False, False]
    for leak in (SECRET, "1850", "650", room.session.state.seats[OTHER].sheet.digest):
        assert leak.encode() not in seen_by(room)
    assert cells(room, SeatId("JN-3")) == [None] * 5


def test_the_ranking_is_shown_when_it_stands_and_not_before() -> None:
    room = one_city(Stage.PRICE)
    room.tally()
    assert "ranking" not in views.room_view(room.session, ME, {})
    room.enter(Stage.AGGREGATED)
    tally = room.session.state.tally()
    scores = {score.bidder: score.value for score in tally.scores}
    assert views.room_view(room.session, ME, {})["ranking"] == [scores[bidder] for bidder in tally.ranking]


def test_names_and_bidders_are_hidden_until_check_in_and_briefing() -> None:
    room = one_city(Stage.CHECK_IN)
    room.bind(OTHER)
    assert "示例专家JN-2".encode() not in seen_by(room, ME)
    room.bind(ME)
    assert "示例专家JN-2".encode() in seen_by(room, ME)
    assert views.room_view(room.session, ME, {})["bidders"] == []
    for seat in ("JN-3", "JN-4", "JN-5"):
        room.bind(seat)
    room.enter(Stage.BRIEFING)
    assert views.room_view(room.session, ME, {})["bidders"] == room.session.definition.value["bidders"]


def test_bids_open_with_the_undertaking_and_stay_closed_to_who_recuses() -> None:
    room = one_city(Stage.BRIEFING)
    assert not views.may_read_bids(room.session, ME)
    room.undertake(ME)
    assert views.may_read_bids(room.session, ME)
    room.write("seat:JN-2", "undertaking-signed", {"recusal": True, "reason": "亲属任职"})
    assert not views.may_read_bids(room.session, OTHER)
    assert not views.may_read_bids(room.session, SeatId("XA-1"))


def test_the_room_tells_me_how_far_i_am() -> None:
    room = one_city(Stage.SIGNING)
    room.sign(ME)
    assert views.room_view(room.session, ME, {})["me"] == {
        "seat": "JN-1",
        "bound": True,
        "epoch": 1,
        "locked": True,
        "consented": True,
        "signed": True,
    }


def test_presence_comes_from_the_links_where_they_are_known() -> None:
    room = one_city(Stage.BRIEFING)
    links = {"JN-2": LinkStatus(state="down", since="2026-11-23T06:00:00.000Z")}
    shown = views.room_view(room.session, ME, links)["seats"]
    assert isinstance(shown, list)
    assert [one["present"] for one in shown if isinstance(one, dict)] == [True, False, True, True, True]


def test_who_has_no_seat_has_no_room() -> None:
    room = one_city(Stage.BRIEFING)
    assert refusal(lambda: views.room_view(room.session, SeatId("XA-1"), {}), NotFoundError) == "unknown-seat"


# --- the cockpit ----------------------------------------------------------------------------------------------------


def cockpit(room: Venue, links: views.Links | None = None) -> views.View:
    return views.cockpit(room.session, CentreCode(room.code), links or {})


def test_the_cockpit_says_who_blocks_with_what_and_since_when() -> None:
    host, guest = two_cities(Stage.DETAILED)
    for seat in ("JN-1", "JN-2", "JN-3"):
        host.fill(seat)
        host.lock(seat)
    guest.fill("XA-1")
    guest.lock("XA-1")
    host.take_from(guest)
    assert cockpit(host)["next"] == {
        "to": "PRICE",
        "ready": False,
        "waiting_for": [
            {"who": "XA-2", "what": "sheet-not-locked", "since": host.session.state.entered(Stage.DETAILED)},
        ],
    }


def test_the_cockpit_counts_and_never_shows_a_score() -> None:
    room = one_city(Stage.DETAILED)
    room.score(ME, "B1", "T1", 1850, reason=SECRET)
    seats = cockpit(room)["seats"]
    assert isinstance(seats, list)
    first = seats[0]
    assert isinstance(first, dict)
    assert (first["entered"], first["total"], first["locked"]) == (1, 6, False)
    for leak in (b"1850", SECRET.encode(), b"points"):
        assert leak not in canonical.encode(cockpit(room))


def events(view: views.View) -> list[dict[str, Value]]:
    shown = view["events"]
    assert isinstance(shown, list)
    return [one for one in shown if isinstance(one, dict)]


def centre(code: str) -> views.View:
    name_zh, name_en = CENTRES[code]
    return {"code": code, "name_zh": name_zh, "name_en": name_en}


def test_the_cockpit_shows_stages_links_tallies_events_and_report() -> None:
    host, guest = two_cities()
    since = "2026-11-23T06:10:00.000Z"
    view = cockpit(guest, {"JN": LinkStatus(state="reconnecting", since=since)})
    digest = guest.session.state.tally().digest
    assert view["stage"] == "CLOSED"
    assert "next" not in view
    opened = host.log[0].entry.at
    assert view["centres"] == [
        centre("JN") | {"link": {"state": "reconnecting", "since": since}, "tally_digest": digest},
        centre("XA") | {"link": {"state": "connected", "since": opened}, "tally_digest": digest},
    ]
    state = guest.session.state
    assert state.host.sealed is not None
    assert view["report"] == {"report_digest": state.host.report, "sealed_digest": state.host.sealed.sealed}
    ordered = sorted((one.entry for one in guest.log), key=lambda entry: (entry.at, entry.author, entry.seq))
    assert [{name: text for name, text in one.items() if name != "seat"} for one in events(view)] == [
        {"at": entry.at, "author": entry.author, "kind": entry.kind}
        | ({"to": entry.body["to"]} if entry.kind == "stage-entered" else {})
        for entry in ordered
    ]


def test_an_event_names_the_seat_that_a_centre_checked_in_or_had_sign() -> None:
    _host, guest = two_cities()
    named = [(one["kind"], one["author"], one["seat"]) for one in events(cockpit(guest)) if "seat" in one]
    assert sorted(named, key=str) == sorted(
        ((kind, f"centre:{seat[:2]}", seat) for kind in ("seat-bound", "report-signed") for seat in SEATS), key=str
    )


def test_stages_not_reached_have_no_time() -> None:
    room = one_city(Stage.CHECK_IN)
    stages = cockpit(room)["stages"]
    assert isinstance(stages, list)
    assert stages[:3] == [
        {"stage": "PREPARED", "entered_at": room.session.state.entered(Stage.PREPARED)},
        {"stage": "CHECK_IN", "entered_at": room.session.state.entered(Stage.CHECK_IN)},
        {"stage": "BRIEFING"},
    ]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage in {Stage.PREPARED, Stage.DETAILED, Stage.CLOSED}])
def test_both_cities_see_the_same_room(stage: Stage) -> None:
    host, guest = two_cities(stage)
    for seat in SEATS:
        own = views.room_view(host.session, SeatId(seat), {})
        assert own == views.room_view(guest.session, SeatId(seat), {})


def test_the_way_to_the_result_is_shown_once_the_scores_are_aggregated() -> None:
    early, done = two_cities(Stage.PRICE)[0], two_cities(Stage.AGGREGATED)[0]

    with pytest.raises(WrongStageError, match="tally-too-early"):
        tally_view(early.session)
    found = tally_view(done.session)
    assert found["digest"] == done.session.state.tally().digest
    assert isinstance(found["trace"], list)
    assert {"figure", "value", "unit", "rule", "source", "inputs"} <= set(found["trace"][0])
