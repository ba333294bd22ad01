"""Two centres with their signing offices, in a temporary directory: Jinan the host, Xi'an the guest."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader
from sqlmodel import SQLModel

from journal import Journal, open_engine
from records.ids import CentreCode, Digest, PersonId, SeatId, SessionId
from signing.desk import SigningDesk
from signing.keys.identity import Identity
from signing.keys.keyring import Keyring, open_keyring
from signing.line import Offer
from signing.pdf.intents import AGREED, Opinion
from signing.pdf.verify import RequiredSigners, verify_report
from tests.unit.signing import material

JN, XA = CentreCode("JN"), CentreCode("XA")
SESSION = SessionId(material.SESSION)
SEATS = {SeatId(f"JN-{number}"): JN for number in (1, 2, 3)} | {SeatId(f"XA-{number}"): XA for number in (1, 2)}
PIN = "246810"


@dataclass(slots=True)
class Clock:
    """Starts now (certificates and files carry it) and moves only when told."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, span: timedelta) -> None:
        self.now += span


@dataclass(frozen=True, slots=True)
class City:
    journal: Journal
    keyring: Keyring
    desk: SigningDesk


def city(directory: Path, code: CentreCode, clock: Clock) -> City:
    """A centre whose tables, keys and files lie in `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    engine = open_engine(f"sqlite:///{directory}/{code}.db")
    SQLModel.metadata.create_all(engine)
    journal = Journal(engine, code, clock=clock, randomness=os.urandom)
    name = {"JN": "济南公共资源交易中心(示例)", "XA": "西安公共资源交易中心(示例)"}[code]
    keyring = open_keyring(directory / "keys", code=code, organisation=name, now=clock(), randomness=os.urandom)
    desk = SigningDesk(
        journal,
        keyring=keyring,
        files=directory / "files",
        fonts=material.FONTS,
        clock=clock,
        randomness=os.urandom,
        pin_cost=2**4,  # the stretching itself is tested in test_signer_keys.py
    )
    return City(journal=journal, keyring=keyring, desk=desk)


@dataclass(frozen=True, slots=True)
class Cities:
    """Both centres with the same report drafted, the experts' keys made."""

    clock: Clock
    host: City
    guest: City

    @classmethod
    def at(cls, directory: Path) -> "Cities":
        """Both centres over what lies in their folders."""
        clock = Clock()
        return cls(clock, city(directory / "JN", JN, clock), city(directory / "XA", XA, clock))

    def close(self) -> None:
        for one in (self.host, self.guest):
            one.journal.engine.dispose()

    @classmethod
    def open(cls, directory: Path) -> "Cities":
        """Two new centres whose experts have their keys."""
        cities = cls.at(directory)
        for seat, centre in SEATS.items():
            cities.of(centre).desk.enrol_signer(person(seat), name=f"示例专家 {seat}", pin=PIN)
        return cities

    def of(self, centre: CentreCode) -> City:
        return self.host if centre == JN else self.guest

    def draft(self) -> None:
        for one in (self.host, self.guest):
            one.desk.take_draft(SESSION, material.report_data())

    def sign(self, seat: SeatId, opinion: Opinion = AGREED) -> None:
        desk = self.of(SEATS[seat]).desk
        host = self.host.desk if desk is self.host.desk else Wire(self.host.desk)
        desk.sign_as(person(seat), PIN, SESSION, seat, host=host, opinion=opinion)

    def seal(self) -> bytes:
        self.host.desk.seal(SESSION, {XA: SealOverWire(self.guest.desk)})
        return self.host.desk.sealed(SESSION)

    def play(self) -> bytes:
        """The whole line; the sealed file."""
        self.draft()
        self.host.desk.certify(SESSION)
        for seat in SEATS:
            self.sign(seat)
        return self.seal()

    @property
    def roots(self) -> list[str]:
        return [self.host.keyring.root_pem, self.guest.keyring.root_pem]


@dataclass(frozen=True, slots=True)
class Wire:
    """The host as the guest reaches it: everything travels as it would over HTTP."""

    desk: SigningDesk

    def begin(self, session: SessionId, field: str, identity: Identity, opinion: Opinion) -> Offer:
        return self.desk.begin(session, field, Identity.from_wire(identity.to_wire()), opinion)

    def finish(self, session: SessionId, field: str, signature: bytes) -> None:
        self.desk.finish(session, field, signature)


@dataclass(frozen=True, slots=True)
class SealOverWire:
    """The guest's seal as the host reaches it."""

    desk: SigningDesk

    @property
    def identity(self) -> Identity:
        return Identity.from_wire(self.desk.seal_identity.to_wire())

    def sign(self, data: bytes, *, document: bytes, field: str) -> bytes:
        return self.desk.sign_seal(SESSION, document, data)


def person(seat: SeatId) -> PersonId:
    return PersonId(f"{seat}-expert")


def failed(pdf: bytes, roots: list[str], required: RequiredSigners | None = None) -> set[str]:
    """The names of the checks that fail."""
    checks = verify_report(pdf, roots=roots, tsa_roots=roots, required=required)
    return {check.name for check in checks if check.outcome == "fail"}


def newest(cities: Cities) -> PdfFileReader:
    """The host's newest revision, out of its files."""
    (*_, record) = cities.host.journal.find(type="report.signature-applied.v1", session=SESSION)
    return PdfFileReader(BytesIO(cities.host.desk._files.get(Digest(str(record.body["revision"])))))
