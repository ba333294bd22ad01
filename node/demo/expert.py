"""One expert of the demo: checks in, takes a seat over WebRTC, scores, locks, consents and signs."""

import asyncio
import hashlib
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from typing import Self

from cryptography.hazmat.primitives.asymmetric import ec

from evaluation_room.committee.undertaking import TEXT_DIGEST
from evaluation_room.replication.channel import Signal
from evaluation_room.replication.client import SeatClient
from node.demo.authenticator import Json
from node.demo.person import Person
from records import canonical
from records.ids import SeatId, SessionId, digest, parse_digest
from records.room_entry import public_point
from signing.factors.challenges import CONSENT_VERSION

SKILL = {"B1": 80, "B2": 92, "B3": 86, "B4": 82, "B5": 84}
"""The quality of each bidder for the demo's experts, per cent of an item's range, before their own leaning."""
LEANING = 7
_REASON = "按评审标准逐项核对(示例)"


@dataclass(slots=True, kw_only=True)
class Expert:
    """An expert with a browser. `pin` opens the signing key stored at the expert's own centre."""

    person: Person
    session: SessionId
    seat: SeatId
    pin: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    view: Json = field(default_factory=dict)
    client: SeatClient | None = None
    cells: list[Json] = field(default_factory=list)
    slip: tuple[str, str] | None = None
    """(bidder, item) of an objective mark given wrongly, to be corrected in the score check."""

    @classmethod
    async def arrive(cls, origin: str, *, code: str, session: SessionId, seat: SeatId, pin: str) -> Self:
        """Make a passkey with the sign-in code and open the room."""
        person = Person.at(origin)
        await person.enrol(code)
        return cls(person=person, session=session, seat=seat, pin=pin)

    @property
    def room(self) -> SeatClient:
        if self.client is None:
            message = "the expert has not taken the seat"
            raise RuntimeError(message)
        return self.client

    async def check_in(self) -> None:
        """Bind this browser's seat key to the expert, confirmed by the passkey; then connect."""
        path = f"/api/v1/room/{self.session}/check-in"
        ceremony = await self.person.post(f"{path}/options", {"public_key": public_point(self.key.public_key())})
        credential = self.person.passkey.assert_presence(ceremony["publicKey"])
        await self.person.post(path, {"ceremony": ceremony["ceremony"], "credential": credential})
        own = await self.person.get(f"/api/v1/room/{self.session}/chain")
        self.client = SeatClient(
            session=self.session,
            seat=self.seat,
            key=self.key,
            clock=lambda: datetime.now(UTC),
            jitter=random.random,
            base=(own["seq"], parse_digest(own["head"])),
        )
        self.client.connect(self._signal)

    async def undertake(self) -> None:
        body: Json = {"text_digest": TEXT_DIGEST, "recusal": False}
        await self.room.submit("undertaking-signed", body, stage=self._passage("BRIEFING"))

    async def score(self, *, seconds: float) -> None:
        """Enter every cell of the own sheet in the expert's own order, within about this number of seconds."""
        await self.look()
        valid = self.view.get("review", {}).get("valid")
        bidders = [one for one in self.view["bidders"] if valid is None or one["id"] in valid]
        places = sorted(product(bidders, self.view["items"]), key=self._whim)
        for bidder, item in places:
            cell: Json = {"bidder": bidder["id"], "item": item["id"], "points": self._given(bidder["id"], item)}
            if item.get("reasons", "none") != "none":
                cell["reason"] = _REASON
            self.cells.append(cell)
            await self.room.submit("score-entered", cell, stage=self._passage("DETAILED"))
            await asyncio.sleep(seconds / len(places))

    async def lock(self) -> None:
        cells = sorted(self.cells, key=lambda cell: (cell["bidder"], cell["item"]))
        sheet: Json = {"cells": cells}
        await self.room.submit(
            "sheet-locked", {"sheet_digest": digest(canonical.encode(sheet))}, stage=self._passage("DETAILED")
        )

    async def consent(self) -> None:
        """Agree to the report whose digest the own centre made, with the passkey."""
        path = f"/api/v1/signing/{self.session}/consent/options"
        ceremony = await self.person.post(path, {"decision": "agree"})
        assertion = self.person.passkey.assert_presence(ceremony["publicKey"])
        body: Json = {
            "report_digest": ceremony["report_digest"],
            "decision": "agree",
            "nonce": ceremony["nonce"],
            "assertion": assertion,
            "challenge_version": CONSENT_VERSION,
        }
        await self.room.submit("report-consented", body, stage=self._passage("SIGNING"))

    async def sign(self) -> None:
        """Apply the own signature to the report, opened by the PIN."""
        await self.person.post(f"/api/v1/signing/{self.session}/signature", {"pin": self.pin})

    async def leave(self) -> None:
        if self.client is not None:
            await self.client.close()
        await self.person.close()

    def _passage(self, stage: str) -> str:
        """The label of this stage: after a rollback with the number of the passage, as stated by the centre."""
        return self.room.stage if self.room.stage.partition("-")[0] == stage else stage

    async def _signal(self, offer: Signal) -> Signal:
        answer = await self.person.post(f"/api/v1/room/{self.session}/signal", {"type": offer.type, "sdp": offer.sdp})
        return Signal(type=answer["type"], sdp=answer["sdp"])

    async def look(self) -> Json:
        """The room as this member may see it now."""
        self.view = await self.person.get(f"/api/v1/room/{self.session}")
        return self.view

    def _whim(self, place: tuple[Json, Json]) -> bytes:
        """Each expert begins elsewhere; two who enter the same cells in the same order look like one person (A08)."""
        bidder, item = place
        return hashlib.sha256(f"{self.seat} {bidder['id']} {item['id']}".encode()).digest()

    def _given(self, bidder: str, item: Json) -> int:
        right = self.points(bidder, item)
        return right - int(item["step"]) if self.slip == (bidder, item["id"]) else right

    def points(self, bidder: str, item: Json) -> int:
        """The same marks at every run: skill of the bidder, leaning of the expert, rounded down to the step.

        An objective item has no leaning: all experts read the same certificates.
        """
        seed = hashlib.sha256(f"{self.seat}/{bidder}/{item['id']}".encode()).digest()
        leaning = 0 if item.get("objective") else seed[0] % (2 * LEANING + 1) - LEANING
        share = SKILL.get(bidder, 80) + leaning
        steps = (item["maximum"] - item["minimum"]) * min(share, 100) // 100 // item["step"]
        points = int(item["minimum"] + steps * item["step"])
        fixed = [item["minimum"], item["maximum"]] if item.get("kind") == "pass" else item.get("values", [points])
        return int(max(mark for mark in fixed if mark <= points))
