"""Rooms for tests: a small evaluation of two cities whose people sign with real keys."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from evaluation_room.session.acts import SeatBound
from evaluation_room.session.session import Checks, Outcome, Session
from evaluation_room.stages import REQUIRED, Stage
from records import canonical, ids
from records.canonical import Value
from records.ids import ZERO_DIGEST, Author, SessionId
from records.room_entry import RoomEntry, SignedEntry, public_point, sign
from tests.unit.evaluation_room.shown import hold_to_models

SESSION = SessionId("E3701000076012345001-1")
CENTRES = {"JN": ("济南", "Jinan"), "XA": ("西安", "Xi'an"), "DL": ("大连", "Dalian")}
SEATS = ("JN-1", "JN-2", "JN-3", "XA-1", "XA-2")
TEXT_DIGEST = ids.digest(b"undertaking")
REPORT = ids.digest(b"report")
Body = Mapping[str, Value]


def key(author: str, epoch: int = 1) -> ec.EllipticCurvePrivateKey:
    """The same key for the same author every time."""
    secret = int(ids.digest(f"{author} {epoch}".encode())[7:], 16)
    return ec.derive_private_key(secret >> 8, ec.SECP256R1())


def point(author: str, epoch: int = 1) -> str:
    return public_point(key(author, epoch).public_key())


def instants() -> Iterator[str]:
    for second in count():
        yield f"2026-11-23T06:{second // 60 % 60:02}:{second % 60:02}.{second // 3600:03}Z"


def centre(code: str) -> dict[str, Value]:
    name_zh, name_en = CENTRES[code]
    names: dict[str, Value] = {"name_zh": name_zh, "name_en": name_en, "city_zh": name_zh, "city_en": name_en}
    return {"code": code, **names, "entry_key": point(f"centre:{code}")}


def definition(*, seats: Iterable[str] = SEATS, bidders: int = 2, **changed: Value) -> dict[str, Value]:
    """Bidders B1 …, items T1 T2 (technical) and S1 (business), B2 price; whatever is named is changed."""
    seats = tuple(seats)
    codes = [code for code in CENTRES if code == "JN" or any(seat.startswith(code) for seat in seats)]
    item: dict[str, Value] = {"name_zh": "评审项", "name_en": "Item", "minimum": 0}
    return {
        "project": "E3701000076012345001",
        "title": "示例工程",
        "title_en": "Sample works",
        "tenderer": "示例单位",
        "host": centre("JN"),
        "guests": [centre(code) for code in codes if code != "JN"],
        "stages": [stage.value for stage in REQUIRED],
        "method": {
            "name": "comprehensive",
            "version": 1,
            "sections": [
                {"id": "technical", "weight": 4000, "aggregate": "trimmed", "trim_above": 4},
                {"id": "business", "weight": 1000, "aggregate": "mean"},
            ],
            "price": {"weight": 5000, "variant": "B2", "e1": 100, "e2": 50},
        },
        "control_price_fen": 974322000,
        "bidders": [
            {
                "id": f"B{number}",
                "name": f"示例公司{number}",
                "uscc": "91370100MA3C0A001R",
                "price_fen": 860000000 + 10000000 * number,
                "duration_days": 200,
                "documents": [{"name": "投标文件", "sha256": ids.digest(b"%d" % number), "size": 9, "pages": 1}],
            }
            for number in range(1, bidders + 1)
        ],
        "items": [
            {"id": "T1", "section": "technical", "maximum": 2500, "step": 50, **item},
            {"id": "T2", "section": "technical", "maximum": 1500, "step": 50, **item},
            {"id": "S1", "section": "business", "maximum": 1000, "step": 25, **item},
        ],
        "seats": [{"id": seat, "centre": seat.partition("-")[0]} for seat in seats],
        "opened_at": "2026-11-23T01:00:00.000Z",
        **changed,
    }


def opening(defined: Body | None = None, *, at: str = "2026-11-23T05:59:00.000Z") -> SignedEntry:
    entry = RoomEntry(
        session=SESSION,
        author=Author("centre:JN"),
        seq=1,
        previous=ZERO_DIGEST,
        at=at,
        stage="PREPARED",
        kind="session-opened",
        body={"definition": dict(defined or definition())},
    )
    return sign(entry, key("centre:JN"))


def bound(seat: str, *, epoch: int = 1, from_seq: int = 1, name: str = "", role: str = "expert") -> dict[str, Value]:
    credential = f"credential-{name or seat}"
    return {
        "seat": seat,
        "epoch": epoch,
        "from_seq": from_seq,
        "public_key": point(f"seat:{seat}", epoch),
        "expert": {"name": name or f"示例专家{seat}", "specialty": "A08", "role": role},
        "credential": {"id": credential, "public_key": "pQECAyYgASFYIA"},
        "nonce": "bm9uY2U",
        "assertion": {"id": credential},
    }


def consented(decision: str = "agree", *, report: str = REPORT, reason: str = "") -> dict[str, Value]:
    body: dict[str, Value] = {
        "report_digest": report,
        "decision": decision,
        "nonce": "bm9uY2U",
        "assertion": {"id": "c"},
    }
    return body | ({"reason": reason} if reason else {})


def signed_by(seat: str) -> dict[str, Value]:
    return {"seat": seat, "field": f"expert-{seat}", "certificate": ids.digest(seat.encode())}


def sheet_digest(cells: Iterable[Body]) -> str:
    by_key = {(str(cell["bidder"]), str(cell["item"])): cell for cell in cells}
    return ids.digest(canonical.encode({"cells": [by_key[one] for one in sorted(by_key)]}))


def forged(signed: SignedEntry, **changed: object) -> SignedEntry:
    """The entry changed and signed again by its author's own key."""
    entry = replace(signed.entry, **changed)  # type: ignore[arg-type]  # the tests change any field
    return sign(entry, key(entry.author))


SHOWN: Final = 1
"""How often an entry of one form is followed by a look at all that pages show."""


@dataclass(kw_only=True)
class Venue:
    """One city's view of the session, and the people in it. `log` holds what it took, in that order."""

    code: str
    session: Session
    clock: Iterator[str]
    checks: Checks = field(default_factory=Checks)
    log: list[SignedEntry] = field(default_factory=list)
    epochs: dict[str, int] = field(default_factory=dict)
    shown: Counter[tuple[Stage, str, str]] = field(default_factory=Counter)
    """How often what pages show was held to its models after an entry of this form."""

    @classmethod
    def opened(cls, defined: Body | None = None, *, code: str = "JN", checks: Checks | None = None) -> "Venue":
        first = opening(defined)
        checks = checks or Checks()
        session = Session.open(first, checks=checks)
        return cls(code=code, session=session, clock=instants(), checks=checks, log=[first])

    def neighbour(self, code: str) -> "Venue":
        """Another city that has received the opening and nothing else."""
        session = Session.open(self.log[0], checks=self.checks)
        return Venue(
            code=code, session=session, clock=self.clock, checks=self.checks, log=self.log[:1], epochs=self.epochs
        )

    def entry(self, author: str, kind: str, body: Body) -> SignedEntry:
        entry = self.session.next_entry(Author(author), kind, body, at=next(self.clock))
        return sign(entry, key(author, self.epochs.get(author, 1)))

    def take(self, signed: SignedEntry, *, direct: bool) -> Outcome:
        self.session, outcome = self.session.take(signed, checks=self.checks, direct=direct)
        if outcome is not Outcome.ALREADY_TAKEN:
            self.log.append(signed)
        return outcome

    def write(self, author: str, kind: str, body: Body) -> SignedEntry:
        signed = self.entry(author, kind, body)
        self.take(signed, direct=True)
        form = (self.session.stage, kind, author.partition(":")[0])
        self.shown[form] += 1
        if self.shown[form] <= SHOWN:  # what is shown changes its form with the first of a kind, not with the tenth
            hold_to_models(self.session, signed.entry.author)
        return signed

    def take_from(self, *venues: "Venue") -> None:
        """Take the others' entries that this one lacks, in their order."""
        for venue in venues:
            for signed in venue.log:
                self.take(signed, direct=False)

    def seats(self) -> list[str]:
        return [seat.id for seat in self.session.definition.seats if seat.centre == self.code]

    def enter(self, target: Stage, **grounds: Value) -> SignedEntry:
        return self.write("centre:JN", "stage-entered", self.session.step_to(target, grounds))

    def go_back(self, target: Stage) -> SignedEntry:
        """The host asks to go back and the supervisor approves."""
        self.enter(Stage.ROLLBACK_REQ, reason="评分有误", back_to=target.value)
        return self.enter(target, order="监督〔2026〕2号", reason="同意回退")

    def acknowledge(self, seat: str) -> SignedEntry:
        rollback = len(self.session.state.rollbacks)
        return self.write(f"seat:{seat}", "rollback-acknowledged", {"rollback": rollback})

    def bind(self, seat: str, *, epoch: int = 1, name: str = "") -> SignedEntry:
        seq = self.session.chain(Author(f"seat:{seat}")).seq
        said = self.write(f"centre:{self.code}", "seat-bound", bound(seat, epoch=epoch, from_seq=seq + 1, name=name))
        self.epochs[f"seat:{seat}"] = epoch
        return said

    def replace_member(self, seat: str, *, ground: str = "recusal", reason: str = "申请回避") -> SignedEntry:
        """The present member is replaced; the next key is bound by `bind` with another name."""
        seq = self.session.chain(Author(f"seat:{seat}")).seq
        body: dict[str, Value] = {"seat": seat, "from_seq": seq + 1, "ground": ground, "reason": reason}
        return self.write(f"centre:{self.code}", "member-replaced", body)

    def undertake(self, seat: str) -> SignedEntry:
        return self.write(f"seat:{seat}", "undertaking-signed", {"text_digest": TEXT_DIGEST, "recusal": False})

    def cast(self, seat: str, candidate: str, number: int = 1) -> SignedEntry:
        salt = ids.b64u(ids.digest(f"{seat} {number}".encode())[7:23].encode())
        return self.write(f"seat:{seat}", "ballot-cast", {"round": number, "candidate": candidate, "salt": salt})

    def score(self, seat: str, bidder: str, item: str, points: int, reason: str = "") -> SignedEntry:
        body: dict[str, Value] = {"bidder": bidder, "item": item, "points": points}
        return self.write(f"seat:{seat}", "score-entered", body | ({"reason": reason} if reason else {}))

    def fill(self, seat: str, points: int = 700) -> None:
        for bidder, item in self.session.state.cells:
            self.score(seat, bidder, item, points)

    def lock(self, seat: str) -> SignedEntry:
        digest = self.session.state.seats[ids.parse_seat(seat)].sheet.digest
        return self.write(f"seat:{seat}", "sheet-locked", {"sheet_digest": digest})

    def tally(self) -> SignedEntry:
        return self.write(f"centre:{self.code}", "tally-computed", {"digest": self.session.state.tally().digest})

    def report(self, digest: str = REPORT) -> SignedEntry:
        kind = "report-drafted" if self.code == "JN" else "report-confirmed"
        return self.write(f"centre:{self.code}", kind, {"report_digest": digest})

    def sign(self, seat: str, decision: str = "agree", reason: str = "") -> None:
        self.write(f"seat:{seat}", "report-consented", consented(decision, reason=reason))
        if decision != "refuse":
            self.write(f"centre:{self.code}", "report-signed", signed_by(seat))

    def seal(self) -> SignedEntry:
        sealed = {"report_digest": REPORT, "sealed_digest": ids.digest(b"sealed")}
        return self.write("centre:JN", "report-sealed", sealed)


def play(venues: list[Venue], until: Stage = Stage.CLOSED) -> None:
    """The whole evaluation in the given cities, host first, up to the named stage (entered, without entries)."""
    host = venues[0]
    while host.session.stage is not until:
        stage = host.session.definition.after(host.session.stage)
        assert stage is not None
        for venue in venues:
            _stage_work(venue, host.session.stage)
        if host.session.stage is Stage.SIGNING:
            host.take_from(*venues[1:])
            host.seal()
        host.take_from(*venues[1:])
        host.enter(stage)
        for venue in venues[1:]:
            venue.take_from(host)


def _stage_work(venue: Venue, stage: Stage) -> None:
    rollbacks = len(venue.session.state.rollbacks)
    for place, seat in enumerate(venue.seats()):
        if venue.session.state.seats[ids.parse_seat(seat)].acknowledged < rollbacks:
            venue.acknowledge(seat)
        if stage is Stage.CHECK_IN:
            venue.bind(seat)
        if stage is Stage.BRIEFING:
            venue.undertake(seat)
        if stage is Stage.ELECTING:
            venue.cast(seat, venue.session.definition.seats[0].id)
        if stage is Stage.DETAILED:
            venue.fill(seat, 600 + 50 * place)
            venue.lock(seat)
        if stage is Stage.SIGNING:
            venue.sign(seat)
    if stage is Stage.PRICE:
        venue.tally()
    if stage is Stage.REPORT_DRAFT:
        venue.report()


def two_cities(until: Stage = Stage.CLOSED) -> tuple[Venue, Venue]:
    host = Venue.opened()
    guest = host.neighbour("XA")
    play([host, guest], until)
    return host, guest


def one_city(until: Stage = Stage.CLOSED, defined: Body | None = None) -> Venue:
    """All five seats in Jinan: the shortest room."""
    host = Venue.opened(defined or definition(seats=[f"JN-{number}" for number in range(1, 6)]))
    play([host], until)
    return host


def binding_of(venue: Venue, seat: str) -> SeatBound | None:
    found = venue.session.definition.seat(seat)
    return venue.session.state.expert(found) if found else None
