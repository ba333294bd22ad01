"""A session as shown on pages: the operator's cockpit and one expert's room (pure).

The room shows an expert nothing of other members' scoring before the own sheet is locked: no score, count, sum, order,
nor who is done (87号令62条). The cockpit shows counts and locks, never a score.
"""

from collections.abc import Mapping

from evaluation_room.replication.messages import LinkStatus
from evaluation_room.report import interruptions
from evaluation_room.session import reevaluation
from evaluation_room.session.session import Session
from evaluation_room.session.state import State
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Centre, Seat
from evaluation_room.views import election as election_views
from evaluation_room.views import review as review_views
from evaluation_room.views import score_check as score_check_views
from records.canonical import Value
from records.errors import NotFoundError
from records.ids import CentreCode, SeatId
from records.room_entry import RoomEntry

_MOST_EVENTS = 200
_OF_A_SEAT = frozenset({"seat-bound", "member-replaced", "report-signed"})
"""A centre's entries about one of its seats."""
View = dict[str, Value]
Links = Mapping[str, LinkStatus]
"""How each seat and centre is connected; an absent one is down."""


# --- the operator's cockpit -----------------------------------------------------------------------------------------


def cockpit(session: Session, own: CentreCode, links: Links) -> View:
    """One whole session for the console: stages, who blocks the next one and since when, seats, centres, events."""
    state, definition = session.state, session.definition
    view: View = {
        "session": str(session.id),
        "project": str(definition.project),
        "title": definition.title,
        "title_en": definition.title_en,
        "stage": state.stage.value,
        "stages": _stages(state),
        "steps": interruptions.steps_off_line(state),
        "seats": [_cockpit_seat(state, seat, links) for seat in definition.seats],
        "centres": [_cockpit_centre(state, centre, own, links) for centre in definition.centres],
        "events": _events(session),
    }
    target = definition.after(state.stage)
    if target is not None:
        waiting = session.waiting_for()
        rows: list[Value] = [{"who": one.who, "what": one.what, "since": one.since} for one in waiting]
        view["next"] = {"to": target.value, "ready": not waiting, "waiting_for": rows}
    view |= review_views.desk_view(state) | reevaluation.view(session) | election_views.lead_view(state)
    view |= score_check_views.desk_check(state) | {"time": state.time.value}
    return view | interruptions.standstill(state) | interruptions.history(state) | _report(state)


def _stages(state: State) -> list[Value]:
    """Every stage of the procedure; those reached with the time."""
    rows: list[Value] = []
    for stage in state.definition.stages:
        at = state.entered(stage)
        rows.append({"stage": stage.value, "entered_at": at} if at else {"stage": stage.value})
    return rows


def _cockpit_seat(state: State, seat: Seat, links: Links) -> View:
    part = state.seats[seat.id]
    return {
        "seat": str(seat.id),
        "centre": str(seat.centre),
        "bound": state.bound(seat),
        "link": _link(state, seat.id, links),
        **review_views.progress(state, seat),
        "consented": part.consent is not None,
        "signed": state.signing(seat) is not None,
    }


def _cockpit_centre(state: State, centre: Centre, own: CentreCode, links: Links) -> View:
    part = state.centres[centre.code]
    here: Value = {"state": "connected", "since": state.history[0].entered_at}
    view: View = {
        "code": str(centre.code),
        "name_zh": centre.name_zh,
        "name_en": centre.name_en,
        "link": here if centre.code == own else _link(state, centre.code, links),
    }
    return view | ({"tally_digest": part.tally} if part.tally else {})


def _link(state: State, who: str, links: Links) -> View:
    link = links.get(who, LinkStatus(state="down", since=state.history[0].entered_at))
    return {"state": link.state, "since": link.since}


def _events(session: Session) -> list[Value]:
    """The newest events, oldest first: time, author and kind, never the content."""
    entries = [one.entry for chain in session.chains.values() for one in chain.entries]
    entries.sort(key=lambda entry: (entry.at, entry.author, entry.seq))
    return [_event(one) for one in entries[-_MOST_EVENTS:]]


def _event(entry: RoomEntry) -> View:
    """With the seat where the author is not the seat itself, with where a step led, and a recusal as such."""
    view: View = {"at": entry.at, "author": str(entry.author), "kind": entry.kind}
    if entry.kind == "stage-entered":
        return view | {"to": entry.body["to"]}
    if entry.kind == "undertaking-signed" and entry.body["recusal"]:
        return view | {"recusal": True}
    return view | ({"seat": entry.body["seat"]} if entry.kind in _OF_A_SEAT else {})


def _report(state: State) -> View:
    digests: View = {}
    if state.host.report is not None:
        digests["report_digest"] = state.host.report
    if state.host.sealed is not None:
        digests["sealed_digest"] = state.host.sealed.sealed
    return {"report": digests} if digests else {}


# --- an expert's room -----------------------------------------------------------------------------------------------


def room_view(session: Session, seat_id: SeatId, present: Links, *, checked_in: bool = True) -> View:
    """The room as the expert on this seat may see it now: of others' marks nothing before the own lock (R21).

    `checked_in`: the viewer is the seat's present member; whoever is only named to it sees the way to check in. The
    bidders are shown from the briefing on, to members who have checked in (四不知); the ranking once it exists.
    """
    state, definition = session.state, session.definition
    seat = definition.seat(seat_id)
    if seat is None:
        raise NotFoundError("unknown-seat", seat=seat_id)
    member = checked_in and state.bound(seat)
    shown = member and state.reached(Stage.BRIEFING)
    own_locked = member and state.seats[seat.id].sheet.locked
    view: View = {
        **{name: definition.value[name] for name in ("title", "title_en", "tenderer", "method", "control_price_fen")},
        "session": str(session.id),
        "project": str(definition.project),
        "host": _plain(definition.host),
        "guests": [_plain(guest) for guest in definition.guests],
        "bidders": definition.value["bidders"] if shown else [],
        "items": definition.value["items"],
        "stage": state.stage.value,
        "label": session.label,
        "stages": _stages(state),
        "me": {**_me(state, seat), "bound": member},
        "seats": [_room_seat(state, one, present, names=member, locks=own_locked) for one in definition.seats],
    }
    view |= interruptions.standstill(state)
    view |= interruptions.pushed_back(state, seat.id) if member else {}
    view |= review_views.room_review(state, seat) | election_views.lead_view(state) if shown else {}
    view |= score_check_views.room_check(state, seat.id) if own_locked else {}
    view |= {"time": state.time.value} if shown else {}
    return view | (_ranking(state) if own_locked and state.reached(Stage.AGGREGATED) else {})


def may_read_bids(session: Session, seat_id: SeatId) -> bool:
    """Bids are open to a member who has signed the undertaking without recusing."""
    part = session.state.seats.get(seat_id)
    return part is not None and part.undertaking is not None and not part.undertaking.recusal


def _plain(centre: Centre) -> View:
    return {"code": str(centre.code), "name_zh": centre.name_zh, "name_en": centre.name_en}


def _me(state: State, seat: Seat) -> View:
    part = state.seats[seat.id]
    return {
        "seat": str(seat.id),
        "epoch": len(state.bindings(seat)),
        "locked": part.sheet.locked,
        "consented": part.consent is not None,
        "signed": state.signing(seat) is not None,
        **election_views.own_ballots(state, seat.id),
    }


def _room_seat(state: State, seat: Seat, present: Links, *, names: bool, locks: bool) -> View:
    """A member: always the seat, the name for viewers who have checked in, the lock for those who have locked."""
    expert, centre = state.expert(seat), state.definition.centre(seat.centre)
    view: View = {
        "seat": str(seat.id),
        "centre": str(seat.centre),
        "city_zh": centre.city_zh if centre else "",
        "city_en": centre.city_en if centre else "",
        "present": present[seat.id].state == "connected" if seat.id in present else state.bound(seat),
    }
    if expert is not None and names:
        view["name"] = expert.name
    if locks:
        view["locked"] = state.seats[seat.id].sheet.locked
    return view


def _ranking(state: State) -> View:
    """Scores in their order, or evaluated prices where the method gives no scores."""
    tally = state.tally()
    scores = {score.bidder: score.value for score in tally.scores}
    evaluated = tally.result.evaluated
    return {
        "ranking": [
            scores.get(bidder) or {"bidder": bidder, "evaluated_fen": evaluated[bidder]} for bidder in tally.ranking
        ]
    }
