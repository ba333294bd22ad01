"""Nobody writes without end: neither entries that are taken, nor records of entries that are refused."""

from contextlib import suppress
from itertools import count
from pathlib import Path

from evaluation_room.session.chain import MOST_BYTES
from evaluation_room.session.repeats import MOST_OF_ONE
from evaluation_room.session.session import Outcome
from evaluation_room.stages import Stage
from records import facts
from records.errors import TongpingError
from records.ids import Author
from records.room_entry import SignedEntry
from tests.unit.evaluation_room.desks import played
from tests.unit.evaluation_room.refusals import refusal
from tests.unit.evaluation_room.rooms import Body, forged

SEAT, SOURCE = "JN-1", "seat:JN-1"
LONGEST = "理" * 1000


def test_nobody_writes_without_end(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    for number in count():
        body: Body = {"bidder": "B1", "item": "T1", "points": 650, "reason": f"{LONGEST}{number}"}
        last = host.entry(SEAT, "score-entered", body)
        if host.session.chain(Author(SOURCE)).size + len(last.entry.encode()) > MOST_BYTES:
            break
        host.desk.take(last, source=SOURCE)

    assert refusal(lambda: host.desk.take(last, source=SOURCE)) == "chain-too-long"
    chain = host.session.chain(Author(SOURCE))
    assert chain.size == sum(len(one.entry.encode()) for one in chain.entries) <= MOST_BYTES
    assert host.score("JN-2", "B1", "T1", 650).outcome is Outcome.TAKEN


def test_refusals_without_end_leave_a_bounded_number_of_records(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    for points in range(0, 1500, 50):
        for bidder in ("B1", "B2", "B3"):
            for item in ("T1", "T2", "T3"):
                with suppress(TongpingError):
                    host.score(SEAT, bidder, item, points)
    chain = host.session.chain(Author(SOURCE))

    def fork(entry: SignedEntry) -> str:
        return refusal(lambda: host.desk.take(forged(entry, at="2026-01-01T00:00:00.000Z"), source=SOURCE))

    told = [fork(entry) for entry in chain.entries]

    assert len(told) > MOST_OF_ONE
    assert set(told) == {"chain-fork"}
    assert len(host.journal.find(type=facts.ROOM_ENTRY_REFUSED)) == MOST_OF_ONE
