"""A centre with an open session, its experts' passkeys, and what these confirm."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from evaluation_room.api import CheckInAnswer
from evaluation_room.session.acts import Decision, ReportConsented, SeatBound
from evaluation_room.tender.selection import How, Selection
from node.centre import Centre
from node.demo.authenticator import Passkey
from node.rooms.confirmations import Confirmations
from records.actors import Actor, Role
from records.ids import CentreCode, Digest, PersonId, ProjectId, SeatId, SessionId, digest
from records.room_entry import public_point
from signing.api import ConsentIn
from signing.factors import challenges
from tests.unit.evaluation_room.rooms import centre as room_centre
from tests.unit.evaluation_room.rooms import definition
from tests.unit.node.one_centre import Clock, centre_at, passkey

PROJECT = ProjectId("E3701000076012346001")
SESSION = SessionId(f"{PROJECT}-1")
SEAT = SeatId("JN-1")
REPORT = digest(b"the report")
KEY = public_point(ec.generate_private_key(ec.SECP256R1()).public_key())


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    centre: Centre
    checks: Confirmations
    passkeys: dict[str, Passkey]

    def actor(self, person: str) -> Actor:
        return Actor(person=PersonId(person), role=Role.EXPERT, centre=CentreCode("JN"))

    def check_in(self, person: str, *, seat: SeatId = SEAT, hand: str = "") -> SeatBound:
        """Check in as this person; `hand`: whose passkey answers."""
        begun = self.centre.check_in.begin(self.actor(person), SESSION, seat, KEY)
        answer = CheckInAnswer(
            ceremony=begun["ceremony"], credential=self.passkeys[hand or person].assert_presence(begun["publicKey"])
        )
        body = self.centre.check_in.finish(self.actor(person), SESSION, seat, answer)
        return bound(body, seat)

    def consent(
        self, person: str, report: Digest = REPORT, *, decision: Decision = Decision.AGREE, reason: str = ""
    ) -> ReportConsented:
        said = ConsentIn(decision=decision.value, reason=reason)
        begun = self.centre.check_in.begin_consent(PersonId(person), SESSION, SEAT, report=report, said=said)
        assertion = self.passkeys[person].assert_presence(begun["publicKey"])
        return ReportConsented(
            digest=report,
            decision=decision,
            reason=reason,
            nonce=begun["nonce"],
            assertion=assertion,
            challenge_version=challenges.CONSENT_VERSION,
        )


def bound(body: object, seat: SeatId) -> SeatBound:
    assert isinstance(body, dict)
    return SeatBound(
        seat=seat,
        epoch=1,
        from_seq=1,
        public_key=body["public_key"],
        name=body["expert"]["name"],
        specialty=body["expert"]["specialty"],
        role=body["expert"]["role"],
        credential_id=body["credential"]["id"],
        credential_key=body["credential"]["public_key"],
        nonce=body["nonce"],
        assertion=body["assertion"],
    )


@contextmanager
def house_at(path: Path, clock: Clock) -> Iterator[House]:
    centre = centre_at(path, clock)
    operator = Actor(person=PersonId("op"), role=Role.OPERATOR, centre=CentreCode("JN"))
    seats = {SeatId(f"JN-{number}"): PersonId(f"JN-E{number}") for number in (1, 2, 3)}
    drawn = Selection(how=How.DRAWN)
    centre.catalogue.name_seats(PROJECT, seats, selection=drawn, reasons={}, asked=None, by=operator)
    host = {**room_centre("JN"), "entry_key": centre.ground.keys.entry_point}
    centre.room.prepare(definition(seats=list(map(str, seats)), minimum_seats=3, project=PROJECT, host=host))
    keys = {person: enrolled(centre, person) for person in ("JN-E1", "JN-E2")}
    checks = Confirmations(centre.ground, access=centre.access, catalogue=centre.catalogue)
    yield House(centre=centre, checks=checks, passkeys=keys)
    centre.journal.engine.dispose()


def enrolled(centre: Centre, person: str) -> Passkey:
    code = centre.access.issue_code(person=PersonId(person), name="示例专家", role=Role.EXPERT)
    begun = centre.access.begin_enrolment(code)
    key = passkey()
    centre.access.finish_enrolment(begun["ceremony"], key.register(begun["publicKey"]))
    return key
