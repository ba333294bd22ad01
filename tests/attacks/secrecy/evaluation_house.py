"""One centre that hosts evaluations in every stage: real desks, passkeys and signatures, no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from starlette.testclient import TestClient

from evaluation_room.committee.replacement import ReplacementGround
from evaluation_room.committee.undertaking import TEXT_DIGEST
from evaluation_room.session.session import Session
from evaluation_room.stages import Stage
from evaluation_room.tender.selection import How, Selection
from node.config import PeerConfig
from node.demo.authenticator import Passkey
from node.office.catalogue.desk import Chosen
from node.reports.authorities import Authorities
from node.reports.signing_line import SigningLine
from node.rooms.sessions import Replacement
from node.workflow import Workflow
from records.actors import Actor, Role
from records.canonical import Value
from records.errors import UnavailableError
from records.ids import Author, CentreCode, PersonId, ProjectId, SeatId, SessionId, instant
from records.room_entry import public_point, sign
from signing.factors.challenges import CONSENT_VERSION
from tests.alteration import altered
from tests.unit.evaluation_room import rooms
from tests.unit.node.one_centre import CHAIN, Clock, centre_at, client_of, signed_in, signed_in_as

SEATS: Final = tuple(SeatId(f"JN-{number}") for number in range(1, 6))
COMMITTEE: Final = {seat: PersonId(f"JN-E{number}") for number, seat in enumerate(SEATS, 1)}
SUBSTITUTE, NEWCOMER, STRANGER = PersonId("JN-E6"), PersonId("JN-E7"), PersonId("JN-E8")
REPLACED_SEAT: Final = SEATS[1]
GUEST: Final = CentreCode("XA")
PIN: Final = "428571"
DRAWN: Final = Selection(how=How.DRAWN)
OPERATOR: Final = Actor(person=PersonId("operator-1"), role=Role.OPERATOR, centre=CentreCode("JN"))
BID: Final = b"%%PDF-1.7\n%% evaluation %d\nstartxref\n0\n%%%%EOF\n"


@dataclass(slots=True, kw_only=True)
class Member:
    """An expert of the centre, signed in. `keys`: the key of the browser, by session."""

    id: PersonId
    client: TestClient
    passkey: Passkey
    keys: dict[SessionId, ec.EllipticCurvePrivateKey] = field(default_factory=dict)

    def get(self, path: str) -> Any:  # Any: the client's answer
        return self.client.get(f"/api/v1{path}")

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:  # Any: JSON, and as above
        return self.client.post(f"/api/v1{path}", json=dict(body or {}))


class House:
    """Jinan's centre with eight experts, its staff, and the two other cities it knows."""

    def __init__(self, directory: Path) -> None:
        samples = altered(directory / "samples", "experts-jn.json", _eight)
        peers = tuple(
            PeerConfig(code=CentreCode(code), url="http://localhost:1", entry_key=rooms.point(f"centre:{code}"))
            for code in ("XA", "DL")
        )
        self.clock = Clock()
        self.centre = centre_at(directory, self.clock, peers, chain=CHAIN, demo=True, samples=samples)
        line = SigningLine(
            centre=self.centre.config.centre.code,
            desk=self.centre.signing,
            room=self.centre.room,
            post=_nobody_answers,
            get=_nobody_answers,
            authorities=Authorities(desk=self.centre.signing, trust=None, clock=self.clock),
        )
        self.work = Workflow(room=self.centre.room, centre=self.centre.config.centre.code, signing=line)
        self.line = line
        self.nobody = client_of(self.centre)
        self.staff = {role: signed_in(self.centre, role) for role in Role if role is not Role.EXPERT}
        self.experts = {
            person: self._expert(person) for person in (*COMMITTEE.values(), SUBSTITUTE, NEWCOMER, STRANGER)
        }

    def close(self) -> None:
        self.centre.journal.engine.dispose()

    def _expert(self, person: PersonId) -> Member:
        client, passkey = signed_in_as(self.centre, person, Role.EXPERT, name=f"示例专家{person[-1]}")
        self.centre.signing.signers.enrol(person, name=f"示例专家{person[-1]}", pin=PIN)
        return Member(id=person, client=client, passkey=passkey)


class Evaluation:
    """One evaluation of a house. `number` makes its project; `with_guest`: Xi'an takes part, without a seat."""

    def __init__(self, house: House, number: int, *, with_guest: bool) -> None:
        self.house = house
        self.centre = house.centre
        self.project = ProjectId(f"E370100007601234{number:04}")
        self.sits = dict(COMMITTEE)
        self.name(COMMITTEE)
        document = self.centre.documents.put(BID % number, name="bid")
        defined = rooms.definition(seats=SEATS, project=self.project, title=f"暗标工程{number}", minimum_seats=5)
        for bidder in defined["bidders"]:  # type: ignore[union-attr]  # a list of objects, as written there
            bidder["documents"] = [{"name": "投标文件", "sha256": document.digest, "size": document.size, "pages": 1}]  # type: ignore[index]
        own = {"entry_key": self.centre.keys.entry_point, "name_zh": self.centre.config.centre.name_zh}
        defined["host"] = {**rooms.centre("JN"), **own}
        defined["guests"] = [rooms.centre(GUEST)] if with_guest else []
        self.with_guest = with_guest
        self.id: SessionId = self.centre.room.prepare(defined)

    @property
    def session(self) -> Session:
        return self.centre.room.session(self.id)

    def name(self, seats: Mapping[SeatId, PersonId]) -> None:
        """Name the experts; for a committee formed anew also over an evaluation that is over."""
        self.centre.catalogue.name_seats(
            self.project, seats, selection=DRAWN, reasons={}, asked=None, by=OPERATOR, in_session=False
        )

    def member(self, seat: SeatId) -> Member:
        return self.house.experts[self.sits[seat]]

    # --- what people do -----------------------------------------------------------------------------------------

    def check_in(self, seat: SeatId) -> None:
        """Through the routes, with the passkey."""
        member, path = self.member(seat), f"/room/{self.id}/check-in"
        key = member.keys.setdefault(self.id, ec.generate_private_key(ec.SECP256R1()))
        begun = member.post(f"{path}/options", {"public_key": public_point(key.public_key())})
        assert begun.status_code == 200, begun.text
        answer = member.passkey.assert_presence(begun.json()["publicKey"])
        bound = member.post(path, {"ceremony": begun.json()["ceremony"], "credential": answer})
        assert bound.status_code == 200, bound.text

    def replace(self, seat: SeatId, person: PersonId) -> None:
        chosen = Chosen(person=person, selection=DRAWN)
        change = Replacement(seat=seat, chosen=chosen, ground=ReplacementGround.RECUSAL, reason="申请回避")
        self.centre.sessions.replace_member(self.id, change, by=OPERATOR)
        self.sits[seat] = person

    def write(self, seat: SeatId, kind: str, body: Mapping[str, Value]) -> None:
        author = Author(f"seat:{seat}")
        entry = self.session.next_entry(author, kind, body, at=instant(self.house.clock()))
        self.centre.room.take(sign(entry, self.member(seat).keys[self.id]), source=author)

    def guest_writes(self, kind: str, body: Mapping[str, Value]) -> None:
        if self.with_guest:
            author = Author(f"centre:{GUEST}")
            entry = self.session.next_entry(author, kind, body, at=instant(self.house.clock()))
            self.centre.room.take(sign(entry, rooms.key(author)), source=author)

    def undertake(self, seat: SeatId) -> None:
        self.write(seat, "undertaking-signed", {"text_digest": TEXT_DIGEST, "recusal": False})

    def score(self, seat: SeatId, points: int) -> None:
        for bidder, item in self.session.state.cells:
            self.write(seat, "score-entered", {"bidder": bidder, "item": item, "points": points})
        digest = self.session.state.seats[seat].sheet.digest
        self.write(seat, "sheet-locked", {"sheet_digest": digest})

    def consent_and_sign(self, seat: SeatId) -> None:
        member, path = self.member(seat), f"/signing/{self.id}"
        begun = member.post(f"{path}/consent/options", {"decision": "agree"})
        assert begun.status_code == 200, begun.text
        body: dict[str, Value] = {
            "report_digest": begun.json()["report_digest"],
            "decision": "agree",
            "nonce": begun.json()["nonce"],
            "assertion": member.passkey.assert_presence(begun.json()["publicKey"]),
            "challenge_version": CONSENT_VERSION,
        }
        self.write(seat, "report-consented", body)
        signed = member.post(f"{path}/signature", {"pin": PIN})
        assert signed.status_code == 200, signed.text

    # --- the way through the stages -----------------------------------------------------------------------------

    def enter(self, stage: Stage, **grounds: Value) -> None:
        self.house.clock.forward(timedelta(seconds=1))
        self.centre.room.enter_stage(self.id, stage, grounds)

    def go_back(self, to: Stage) -> None:
        self.enter(Stage.ROLLBACK_REQ, reason="评分有误", back_to=to.value)
        self.enter(to, order="监督〔2026〕2号", reason="同意回退")

    def act(self) -> None:
        """What the people and centres do in the present stage, until nobody is waited for."""
        stage = self.session.stage
        for place, seat in enumerate(SEATS):
            if self.session.state.seats[seat].acknowledged < len(self.session.state.rollbacks):
                self.write(seat, "rollback-acknowledged", {"rollback": len(self.session.state.rollbacks)})
            if stage is Stage.CHECK_IN:
                self.check_in(seat)
            if stage is Stage.BRIEFING and self.session.state.seats[seat].undertaking is None:
                self.undertake(seat)
            if stage is Stage.DETAILED:
                self.score(seat, 600 + 50 * place)
            if stage is Stage.SIGNING:
                self.consent_and_sign(seat)

    def centres_act(self) -> None:
        """The own centre's part of the stage, by the workflow's own commands, and the guest's."""
        if self.session.stage is Stage.PRICE:
            tally = self.centre.room.compute_tally(self.id)
            self.guest_writes("tally-computed", {"digest": tally.digest})
        if self.session.stage is Stage.REPORT_DRAFT:
            report = self.house.line.draw_up(self.session)
            self.centre.room.confirm_report(self.id, report)
            self.guest_writes("report-confirmed", {"report_digest": report})

    def reach(self, target: Stage) -> "Evaluation":
        """Up to a stage; what belongs to it is not done yet."""
        while self.session.stage is not target:
            if self.session.stage is Stage.SIGNING:
                self.house.line.certify(self.id)
            self.act()
            self.centres_act()
            if self.session.stage is Stage.SIGNING:
                self.house.work.advance(self.id)  # seals, and steps
            else:
                following = self.session.definition.after(self.session.stage)
                assert following is not None
                self.enter(following)
        return self


def _eight(experts: list[dict[str, Any]]) -> None:
    """Eight experts alike in everything that the law asks for. Any: JSON of the file."""
    one = experts[0]
    experts[:] = [{**one, "id": f"JN-E{number}", "name": f"示例专家{number}"} for number in range(1, 9)]


def _nobody_answers(*_asked: object) -> dict[str, Any]:
    """Another centre, as far as these tests need one. Any: JSON."""
    raise UnavailableError("peer-unreachable")
