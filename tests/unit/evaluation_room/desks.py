"""Room desks for tests: a centre's desk on a journal in a fresh file, and a pair of them joined by hand."""

import atexit
import hashlib
import itertools
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from sqlmodel import SQLModel

from evaluation_room.desk import RoomDesk, Taken
from evaluation_room.session.acts import SeatBound
from evaluation_room.session.session import Checks, Session
from evaluation_room.stages import Stage
from journal import Journal, open_engine
from records.canonical import Value
from records.ids import Author, CentreCode, SeatId, SessionId
from records.room_entry import SignedEntry, sign
from tests.unit.evaluation_room.rooms import (
    REPORT,
    SESSION,
    TEXT_DIGEST,
    Body,
    bound,
    consented,
    definition,
    key,
    signed_by,
)

_SECONDS = itertools.count()
"""One clock for all centres: a second later at every reading."""


def now() -> datetime:
    return datetime(2026, 11, 23, 6, 0, tzinfo=UTC) + timedelta(seconds=next(_SECONDS))


def known_salts() -> Callable[[int], bytes]:
    numbers = itertools.count()
    return lambda size: hashlib.sha256(f"salt {next(numbers)}".encode()).digest()[:size]


def open_journal(directory: Path, code: str) -> Journal:
    engine = open_engine(f"sqlite:///{directory / code}.db")
    SQLModel.metadata.create_all(engine)
    return Journal(engine, CentreCode(code), clock=now, randomness=known_salts())


def open_desk(directory: Path, code: str = "JN", checks: Checks | None = None) -> RoomDesk:
    return RoomDesk(open_journal(directory, code), CentreCode(code), key(f"centre:{code}"), checks)


class City:
    """A centre's desk and the people in its house."""

    def __init__(self, directory: Path, code: str = "JN", checks: Checks | None = None) -> None:
        self.code = code
        self.directory = directory
        self.checks = checks
        self.journal = open_journal(directory, code)
        self.desk = RoomDesk(self.journal, CentreCode(code), key(f"centre:{code}"), checks)

    def reopen(self) -> None:
        """The process ended and started again on the same file."""
        self.journal.engine.dispose()
        self.journal = open_journal(self.directory, self.code)
        self.desk = RoomDesk(self.journal, CentreCode(self.code), key(f"centre:{self.code}"), self.checks)

    @property
    def session(self) -> Session:
        return self.desk.session(SESSION)

    def seats(self) -> list[SeatId]:
        return [seat.id for seat in self.session.definition.seats if seat.centre == self.code]

    def entry(self, seat: str, kind: str, body: Body) -> SignedEntry:
        author = Author(f"seat:{seat}")
        at = now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return sign(self.session.next_entry(author, kind, body, at=at), key(author))

    def write(self, seat: str, kind: str, body: Body) -> Taken:
        return self.desk.take(self.entry(seat, kind, body), source=f"seat:{seat}")

    def bind(self, seat: SeatId) -> int:
        body = bound(seat) | {"nonce": f"nonce{next(_SECONDS)}"}
        names = ("public_key", "expert", "credential", "nonce", "assertion")
        return self.desk.bind_seat(SESSION, seat, {name: body[name] for name in names})

    def score(self, seat: str, bidder: str, item: str, points: int) -> Taken:
        return self.write(seat, "score-entered", {"bidder": bidder, "item": item, "points": points})

    def fill(self, seat: str, points: int = 700) -> None:
        for bidder, item in self.session.state.cells:
            self.score(seat, bidder, item, points)

    def lock(self, seat: SeatId) -> Taken:
        digest = self.session.state.seats[seat].sheet.digest
        return self.write(seat, "sheet-locked", {"sheet_digest": digest})

    def take_from(self, other: "City", limit: int = 10_000) -> list[Taken]:
        """Take the other city's entries that this one lacks, in its order."""
        missing = other.desk.entries_after(SESSION, self.desk.frontier(SESSION), limit)
        return [self.desk.take(signed, source=f"centre:{other.code}") for signed in missing]

    def work(self, stage: Stage) -> None:
        """The acts of the people of this house in a stage."""
        for place, seat in enumerate(self.seats()):
            if stage is Stage.CHECK_IN:
                self.bind(seat)
            if stage is Stage.BRIEFING:
                self.write(seat, "undertaking-signed", {"text_digest": TEXT_DIGEST, "recusal": False})
            if stage is Stage.DETAILED:
                self.fill(seat, 600 + 50 * place)
                self.lock(seat)
            if stage is Stage.SIGNING:
                self.write(seat, "report-consented", consented())
                self.desk.author(SESSION, "report-signed", signed_by(seat))
        if stage is Stage.PRICE:
            self.desk.compute_tally(SESSION)
        if stage is Stage.REPORT_DRAFT:
            self.desk.confirm_report(SESSION, REPORT)


def prepared(directory: Path, defined: dict[str, Value] | None = None) -> tuple[City, City]:
    """Jinan has opened the evaluation and Xi'an has received it."""
    host, guest = City(directory), City(directory, "XA")
    host.desk.prepare(defined or definition())
    guest.take_from(host)
    return host, guest


def played(directory: Path, until: Stage) -> tuple[City, City]:
    """Two cities that have reached a stage and written nothing in it yet; played once, then copied."""
    shutil.copytree(_template(until), directory, dirs_exist_ok=True)
    return City(directory), City(directory, "XA")


@cache
def _template(until: Stage) -> Path:
    directory = Path(mkdtemp(prefix="played-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    for city in _play(directory, until):
        city.journal.engine.dispose()
    return directory


def _play(directory: Path, until: Stage) -> tuple[City, City]:
    host, guest = prepared(directory)
    while host.session.stage is not until:
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
    return host, guest


def binding_seen(seen: list[tuple[SessionId, str]]) -> Checks:
    """Checks that note which bindings they were asked about."""

    def note(session: SessionId, binding: SeatBound) -> None:
        seen.append((session, binding.seat))

    return Checks(binding=note)
