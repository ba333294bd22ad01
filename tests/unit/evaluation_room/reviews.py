"""Rooms with a preliminary review for tests: the items, the marks, and the way up to any stage."""

from collections.abc import Iterable, Mapping

from evaluation_room.review.outcome import ReviewOutcome
from evaluation_room.stages import LINE, PRELIMINARY, REQUIRED, Stage
from records import ids
from records.canonical import Value
from records.room_entry import SignedEntry
from tests.unit.evaluation_room.rooms import SEATS, Venue, definition, play

FAILED_REASON = "未见有效证书"
GROUNDS = {"PRELIM_FORM": "F51-1", "PRELIM_QUAL": "F51-3", "PRELIM_RESP": "F51-6"}
ITEMS = {"F1": "PRELIM_FORM", "F2": "PRELIM_FORM", "Q1": "PRELIM_QUAL", "R1": "PRELIM_RESP"}
REVIEWED: tuple[Stage, ...] = tuple(
    stage for stage in LINE if stage in {*REQUIRED, Stage.READING, *PRELIMINARY, Stage.PRELIM_DONE}
)
ONE_CITY = tuple(f"JN-{number}" for number in range(1, 6))
Fails = Mapping[tuple[str, str], Iterable[str]]
"""(bidder, item) → the seats that fail it."""


def item(name: str, stage: str, **changed: Value) -> dict[str, Value]:
    names: dict[str, Value] = {"name_zh": f"评审项{name}", "name_en": f"Item {name}", "clause": "第三章 2.1"}
    return {"id": name, "stage": stage, "ground": GROUNDS.get(stage, "F51-6"), **names, **changed}


def review(stages: Iterable[Stage] = REVIEWED, **changed: Value) -> dict[str, Value]:
    named = {stage.value for stage in stages}
    return {"items": [item(name, stage) for name, stage in ITEMS.items() if stage in named], **changed}


def reviewed(
    *, stages: Iterable[Stage] = REVIEWED, seats: Iterable[str] = SEATS, bidders: int = 4, **changed: Value
) -> dict[str, Value]:
    """An evaluation of four bids with all three reviews."""
    stages = tuple(stages)
    values: dict[str, Value] = {"review": review(stages)} if Stage.PRELIM_DONE in stages else {}
    names = [stage.value for stage in stages]
    return definition(seats=seats, bidders=bidders, **{"stages": names, **values, **changed})


def standing(venue: Venue) -> ReviewOutcome:
    return venue.session.state.review


def mark(venue: Venue, seat: str, bidder: str, name: str, *, passed: bool) -> SignedEntry:
    body: dict[str, Value] = {"bidder": bidder, "item": name, "passed": passed}
    return venue.write(f"seat:{seat}", "review-marked", body if passed else body | {"reason": FAILED_REASON})


def lock(venue: Venue, seat: str) -> SignedEntry:
    stage = venue.session.stage
    table = venue.session.state.seats[ids.parse_seat(seat)].review.table(stage)
    return venue.write(f"seat:{seat}", "review-locked", {"stage": stage.value, "table_digest": table.digest})


def fill(venue: Venue, seat: str, fails: Fails | None = None) -> None:
    """Mark everything of the present stage."""
    defined = venue.session.definition
    assert defined.review is not None
    for bidder in defined.bidders:
        for one in defined.review.of(venue.session.stage):
            mark(venue, seat, bidder.id, one.id, passed=seat not in set((fails or {}).get((bidder.id, one.id), ())))


def work(venue: Venue, fails: Fails | None = None) -> None:
    """What the members of one city do in the present stage of the review."""
    for seat in venue.seats():
        if venue.session.stage is Stage.READING:
            venue.write(f"seat:{seat}", "reading-finished", {})
        elif venue.session.stage in PRELIMINARY:
            fill(venue, seat, fails)
            lock(venue, seat)


def raise_rejection(
    venue: Venue, seat: str, bidder: str, ground: str = "F51-7", evidence: str = "两份文件同一编号"
) -> str:
    number = len(standing(venue).seats[ids.parse_seat(seat)].motions) + 1
    body: dict[str, Value] = {"number": number, "bidder": bidder, "ground": ground, "evidence": evidence}
    venue.write(f"seat:{seat}", "rejection-raised", body)
    return f"{seat}.{number}.{bidder}.{ground}"


def vote(venue: Venue, seat: str, rejection: str, *, upheld: bool = True) -> SignedEntry:
    body: dict[str, Value] = {"rejection": rejection, "upheld": upheld}
    return venue.write(f"seat:{seat}", "rejection-voted", body if upheld else body | {"reason": "证据不足"})


def reject(venue: Venue, bidder: str, *, ground: str = "F51-7", against: int = 0) -> str:
    """A motion by the first seat, and everybody's vote on it; so many of them against."""
    seats = venue.seats()
    name = raise_rejection(venue, seats[0], bidder, ground)
    for place, seat in enumerate(seats):
        vote(venue, seat, name, upheld=place >= against)
    return name


def vote_all(venue: Venue) -> None:
    """Everybody upholds everything that is moved."""
    for motion in standing(venue).rejections:
        for seat in motion.missing:
            vote(venue, seat, motion.id)


def compete(venue: Venue, *, against: int = 0) -> None:
    for place, seat in enumerate(venue.seats()):
        body: dict[str, Value] = {
            "valid": len(standing(venue).valid),
            "competitive": place >= against,
            "reason": "报价有差异",
        }
        venue.write(f"seat:{seat}", "competition-voted", body)


def walked(until: Stage, defined: Mapping[str, Value] | None = None, fails: Fails | None = None) -> Venue:
    """One city up to a stage: everything passes but what `fails` names, and what fails is rejected by all."""
    venue = Venue.opened(defined or reviewed(seats=ONE_CITY))
    while venue.session.stage is not until:
        if venue.session.stage in {Stage.READING, *PRELIMINARY, Stage.PRELIM_DONE}:
            work(venue, fails)
            vote_all(venue)
            following = venue.session.definition.after(venue.session.stage)
            assert following is not None
            venue.enter(following)
        else:
            following = venue.session.definition.after(venue.session.stage)
            assert following is not None
            play([venue], following)
    return venue
