"""Every write of the room fails both ways, lost or kept but reported lost; then every invariant is checked."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from evaluation_room.session.session import Outcome
from evaluation_room.stages import Stage
from journal import Journal
from records import facts
from records.errors import InvalidRecordError, UnavailableError
from records.room_entry import SignedEntry
from tests.unit.evaluation_room.desks import City, played, prepared
from tests.unit.evaluation_room.rooms import REPORT, SESSION

ROOT = Path(__file__).parents[2]
T = TypeVar("T")


@contextmanager
def every_commit_fails_first(journal: Journal, *, kept: bool) -> Iterator[list[int]]:
    """Every other commit that writes raises a disk error: before it was done (lost), or after it (kept)."""
    driver = sqlite3.OperationalError("disk I/O error")
    driver.sqlite_errorcode = sqlite3.SQLITE_IOERR
    commits: list[int] = []

    def fail(connection: Connection) -> None:
        commits.append(1)
        if len(commits) % 2:
            if kept:
                connection.exec_driver_sql("COMMIT")
            raise OperationalError("COMMIT", {}, driver)

    event.listen(journal.engine, "commit", fail)
    try:
        yield commits
    finally:
        event.remove(journal.engine, "commit", fail)


def persistent(act: Callable[[], T]) -> T:
    """Every caller of the desk does this: repeat until it is answered."""
    for _ in range(5):
        try:
            return act()
        except UnavailableError:
            continue
    raise AssertionError


def patient(city: City) -> None:
    """Make the people of a house repeat unanswered requests."""
    take, author = city.desk.take, city.desk.author
    bind, step = city.desk.bind_seat, city.desk.enter_stage
    tally, confirm = city.desk.compute_tally, city.desk.confirm_report
    desk: object = city.desk
    changed: dict[str, Callable[..., object]] = {
        "take": lambda signed, *, source: persistent(lambda: take(signed, source=source)),
        "author": lambda session, kind, body: persistent(lambda: author(session, kind, body)),
        "bind_seat": lambda session, seat, binding: persistent(lambda: bind(session, seat, binding)),
        "enter_stage": lambda session, to: persistent(lambda: step(session, to)),
        "compute_tally": lambda session: persistent(lambda: tally(session)),
        "confirm_report": lambda session, report: persistent(lambda: confirm(session, report)),
    }
    for name, act in changed.items():
        setattr(desk, name, act)


def listening(city: City) -> list[SignedEntry]:
    """The desk's notifications from now on."""
    heard: list[SignedEntry] = []
    city.desk.on_taken(heard.append)
    return heard


def assert_sound(city: City) -> None:
    """Rows, facts and fold agree; nothing is duplicated; a restart comes to the same state."""
    entries = city.desk.entries_after(SESSION, {}, 10_000)
    recorded = [entry.body for entry in city.journal.find(type=facts.ROOM_ENTRY_TAKEN)]
    assert recorded == [one.to_wire() for one in entries]
    places = [(one.entry.author, one.entry.seq) for one in entries]
    assert len(set(places)) == len(places)
    assert dict(sorted(places)) == city.desk.frontier(SESSION)
    before = city.session
    city.reopen()
    assert city.session.digest == before.digest
    assert city.session.state == before.state


def evaluate(host: City, guest: City) -> None:
    while host.session.stage is not Stage.CLOSED:
        stage = host.session.stage
        host.work(stage)
        guest.work(stage)
        host.take_from(guest)
        if stage is Stage.SIGNING:
            host.desk.author(SESSION, "report-sealed", {"report_digest": REPORT, "sealed_digest": REPORT})
        following = host.session.definition.after(stage)
        assert following is not None
        host.desk.enter_stage(SESSION, following)
        guest.take_from(host)


@pytest.mark.parametrize("kept", [False, True], ids=["lost", "kept but reported lost"])
def test_an_evaluation_in_which_every_write_fails_once_comes_out_the_same(tmp_path: Path, *, kept: bool) -> None:
    host, guest = prepared(tmp_path)
    patient(host)
    patient(guest)
    failing = every_commit_fails_first
    with failing(host.journal, kept=kept) as at_host, failing(guest.journal, kept=kept) as at_guest:
        evaluate(host, guest)
    calm, _ = played(tmp_path / "calm", Stage.CLOSED)
    assert min(len(at_host), len(at_guest)) > 60
    assert host.session.digest == guest.session.digest
    assert host.session.state.tally().digest == calm.session.state.tally().digest
    assert host.desk.frontier(SESSION) == calm.desk.frontier(SESSION)
    assert_sound(host)
    assert_sound(guest)


@pytest.mark.parametrize("kept", [False, True], ids=["lost", "kept but reported lost"])
def test_an_entry_whose_write_failed_is_told_to_listeners_once_it_is_answered(tmp_path: Path, *, kept: bool) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    heard = listening(host)
    entry = host.entry("JN-1", "score-entered", {"bidder": "B1", "item": "T1", "points": 50})
    with every_commit_fails_first(host.journal, kept=kept):
        with pytest.raises(UnavailableError):
            host.desk.take(entry, source="seat:JN-1")
        assert heard == []
        again = host.desk.take(entry, source="seat:JN-1")
    assert again.outcome is (Outcome.ALREADY_TAKEN if kept else Outcome.TAKEN)
    assert heard == [entry]
    assert_sound(host)


def test_a_refusal_that_cannot_be_recorded_is_still_the_answer(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    entry = host.entry("JN-1", "score-entered", {"bidder": "B1", "item": "T1", "points": 51})
    with every_commit_fails_first(host.journal, kept=False), pytest.raises(InvalidRecordError) as refused:
        host.desk.take(entry, source="seat:JN-1")
    assert refused.value.code == "score-off-step"
    assert_sound(host)


def test_seats_that_score_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    entered = threading.Barrier(3)

    def work(seat: str) -> None:
        entered.wait()
        host.fill(seat, 500)

    threads = [threading.Thread(target=work, args=(seat,)) for seat in ("JN-1", "JN-2", "JN-3")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(sheet.cells) for sheet in host.session.state.sheets[:3]] == [6, 6, 6]
    assert_sound(host)


SCORER = """
import sys
from pathlib import Path
from tests.unit.evaluation_room.desks import City

city = City(Path(sys.argv[1]))
while True:
    taken = city.score("JN-1", "B1", "T1", 50)
    print(taken.signed.entry.seq, taken.signed.entry.hash, flush=True)
"""


def test_a_node_killed_while_scoring_keeps_every_acknowledged_entry_once(tmp_path: Path) -> None:
    host, _ = played(tmp_path, Stage.DETAILED)
    host.journal.engine.dispose()
    acknowledged: dict[int, str] = {}
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", SCORER, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(8)]
            process.send_signal(signal.SIGKILL)
            lines += process.stdout.read().splitlines(keepends=True)
        for line in lines:
            if line.endswith("\n"):
                seq, found = line.split()
                acknowledged[int(seq)] = found
        host.reopen()
        chain = host.session.chain(host.session.definition.seats[0].author)
        held = {one.entry.seq: one.entry.hash for one in chain.entries}
        assert acknowledged.items() <= held.items()
        assert_sound(host)
