"""One joint evaluation from the invitation to the verified evidence, played through the interfaces people use."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from node.demo import committee_work
from node.demo.authenticator import Json
from node.demo.expert import Expert
from node.demo.person import Person, RefusedError
from node.demo.plan import OPERATOR, City
from node.demo.script import Script, script_of
from node.demo.world import World
from node.evidence.verification import verify_evidence
from records.errors import EvidenceMismatchError, UnavailableError
from records.ids import ProjectId, SeatId, SessionId, instant

CUT_SECONDS = 10.0
SCORING_SECONDS = 12.0
WAIT_SECONDS = 90.0
POLL_SECONDS = 0.1
_COUNTS = {1: "一", 2: "两", 3: "三", 4: "四", 5: "五", 6: "六", 7: "七", 8: "八", 9: "九"}

Progress = Callable[[str, str], None]
"""Called after each finished step with its name and one sentence on its result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    name: str
    seconds: float


@dataclass(slots=True, kw_only=True)
class Story:
    """One evaluation of one sample tender. Call the steps in the order of their definition, or `play`."""

    world: World
    sample: str
    progress: Progress
    scoring_seconds: float = SCORING_SECONDS
    cut_seconds: float = CUT_SECONDS
    wait_seconds: float = WAIT_SECONDS
    project: ProjectId = field(init=False)
    session: SessionId = field(init=False)
    host: Person = field(init=False)
    guests: list[Person] = field(default_factory=list)
    experts: list[Expert] = field(default_factory=list)
    cut: Json = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)

    async def play(self) -> Json:
        """The whole evaluation; returns the summary."""
        try:
            await self.prepare()
            await self.step("check-in", self.check_in())
            await self.step("briefing", self.brief())
            for name, work in committee_work.before_scoring(self):
                await self.step(name, work)
            await self.step("scoring", self.score_through_a_cut())
            await self.step("lock", self.lock())
            for name, work in committee_work.after_scoring(self):
                await self.step(name, work)
            await self.step("tally", self.tally())
            await self.step("report", self.report())
            await self.step("signatures", self.sign())
            await self.step("seals", self.seal())
            await self.step("anchor", self.anchor())
            await self.step("witness", self.witness())
            await self.step("evidence", self.verify())
            return await self.summary()
        finally:
            await self.leave()

    async def prepare(self) -> None:
        """Everything before the experts arrive."""
        await self.step("sign-in", self.sign_in())
        await self.step("tender", self.register())
        await self.step("invitation", self.invite())
        await self.step("seats", self.name_seats())
        await self.step("session", self.open_session())

    async def step(self, name: str, work: Awaitable[str]) -> None:
        started = time.monotonic()
        outcome = await work
        self.steps.append(Step(name=name, seconds=round(time.monotonic() - started, 3)))
        self.progress(name, outcome)

    # --- before the session ----------------------------------------------------------------------------------------

    async def sign_in(self) -> str:
        self.host = await self._operator(self.world.plan.host)
        self.guests = [await self._operator(city) for city in self.world.plan.guests]
        return f"{self._places}经办人以通行密钥登录"

    async def register(self) -> str:
        tender = await self.host.post("/api/v1/tenders", {"sample": self.sample})
        self.project = ProjectId(tender["project"])
        return str(tender["title"])

    async def invite(self) -> str:
        for city, guest in zip(self.world.plan.guests, self.guests, strict=True):
            await self._invite(city, guest)
        named = "、".join(city.city_zh for city in self.world.plan.guests)
        return f"{self.world.plan.host.city_zh}发出要约，{named}确认"

    async def _invite(self, city: City, guest: Person) -> None:
        now = datetime.now(UTC)
        request: Json = {
            "guest": city.code,
            "seats": self.script.guest_experts,
            "window_start": instant(now + timedelta(hours=1)),
            "window_end": instant(now + timedelta(hours=9)),
            "reply_deadline": instant(now + timedelta(minutes=50)),
        }
        invitation = await self.host.post(f"/api/v1/tenders/{self.project}/invitation", request)
        path = f"/api/v1/invitations/{invitation['id']}/confirmation"
        await self.until("invitation received", self._invitation_is, guest, invitation["id"], "RECEIVED")
        await guest.post(path, {})
        await self.until("invitation confirmed", self._invitation_is, self.host, invitation["id"], "CONFIRMED")

    async def name_seats(self) -> str:
        for person, city, count in self._houses():
            experts = await person.get("/api/v1/catalogue")
            assignments = [
                {"seat": f"{city.code}-{n}", "expert": expert["id"]}
                for n, expert in enumerate(experts[:count], start=1)
            ]
            request: Json = {"assignments": assignments, "selection": {"how": "drawn"}}
            await person.put(f"/api/v1/projects/{self.project}/seats", request)
        return "，".join(f"{city.city_zh} {count} 席" for _person, city, count in self._houses())

    async def open_session(self) -> str:
        answer = await self.host.post("/api/v1/sessions", {"project": self.project})
        self.session = SessionId(answer["session"])
        for guest in self.guests:
            await self.until("session at the guest", self._knows_session, guest)
        cockpit = await self.host.get(f"/api/v1/sessions/{self.session}")
        self.stages = [one["stage"] for one in cockpit["stages"]]
        return self.session

    # --- the session ------------------------------------------------------------------------------------------------

    async def check_in(self) -> str:
        await self.enter("CHECK_IN")
        for _person, city, count in self._houses():
            for number in range(1, count + 1):
                self.experts.append(await self._expert(city, number))
        for expert in self.experts:
            await expert.check_in()
        await self.stage_ready("BRIEFING")
        return f"{self._people}签到，席位密钥已绑定"

    async def brief(self) -> str:
        await self.enter("BRIEFING")
        await self.everybody(expert.undertake() for expert in self.experts)
        await self.stage_ready(self.after("BRIEFING"))
        return f"{self._people}签署承诺书"

    async def score_through_a_cut(self) -> str:
        """Score in both cities with the link between them cut in the middle; wait until nothing is missing anywhere."""
        await self.enter("DETAILED")
        if not (await self.experts[0].look())["items"]:
            return "本办法不打分，成员以空白评分表确认"
        scoring = asyncio.gather(*(expert.score(seconds=self.scoring_seconds) for expert in self.experts))
        await asyncio.sleep(self.scoring_seconds / 8)
        started = time.monotonic()
        await self._partition(on=True)
        await asyncio.sleep(self.cut_seconds)
        waiting = self.entries_waiting()
        await self._partition(on=False)
        seconds = round(time.monotonic() - started, 1)
        await scoring
        await self.until("every city to hold every entry", self._nothing_waits)
        self.cut = {"entries_waiting": waiting, "entries_waiting_after": self.entries_waiting(), "seconds": seconds}
        return f"中断 {seconds} 秒，期间 {waiting} 条待对方确认，恢复后 0 条"

    def entries_waiting(self) -> int:
        """Entries that the other city has not confirmed yet, over all seats."""
        codes = {city.code for city in self.world.plan.running}
        return sum(
            expert.room.waiting_at(other)
            for expert in self.experts
            for other in codes
            if not expert.seat.startswith(f"{other}-")
        )

    async def lock(self) -> str:
        await self.everybody(expert.lock() for expert in self.experts)
        return f"{_COUNTS[len(self.experts)]}份评分表已锁定"

    async def tally(self) -> str:
        await self.until("the tally in every city", self.stage_is, "AGGREGATED", "REPORT_DRAFT", "SIGNING")
        digests = await self.digests()
        if len(set(digests.values())) != 1 or len(digests) != len(self.world.plan.running):
            raise EvidenceMismatchError("tally-differs", centres=len(digests))
        return f"{self._places}汇总摘要一致 {next(iter(digests.values()))[7:19]}…"

    async def digests(self) -> dict[str, str]:
        cockpit = await self.host.get(f"/api/v1/sessions/{self.session}")
        return {centre["code"]: centre["tally_digest"] for centre in cockpit["centres"] if "tally_digest" in centre}

    async def report(self) -> str:
        await self.until("the report in every city", self.stage_is, "SIGNING")
        await self.until("the report at the guests", self._guests_are_signing)
        cockpit = await self.host.get(f"/api/v1/sessions/{self.session}")
        return f"{self._places}各自生成评标报告 {cockpit['report']['report_digest'][7:19]}…"

    async def sign(self) -> str:
        await self.everybody(expert.consent() for expert in self.experts)
        for expert in self.experts:
            await expert.sign()
        return f"{self._people}确认并签名"

    async def seal(self) -> str:
        await self.until("the seals", self.stage_is, "SEALED", "CLOSED")
        cities = [city.city_zh for city in (*self.world.plan.guests, self.world.plan.host)]
        return f"{'、'.join(cities)}{_COUNTS[len(cities)]}枚签章，文档时间戳"

    async def anchor(self) -> str:
        await self.until("the anchored evidence", self._bundle_exists)
        return "检查点已上链"

    async def witness(self) -> str:
        await self.until("the guests' cosignatures", self._is_cosigned)
        cities = "、".join(city.city_zh for city in self.world.plan.guests)
        return f"{cities}已镜像账本并见证"

    async def verify(self) -> str:
        self.bundle_path.write_bytes(await self.host.fetch(f"/evidence/{self.session}.evidence.zip"))
        verdict = await asyncio.to_thread(verify_evidence, self.bundle_path, self.world.plan.trust)
        if not verdict.ok:
            failed = [check.name for check in verdict.checks if check.outcome == "fail"]
            raise EvidenceMismatchError("evidence-refused", checks=" ".join(failed))
        return f"离线核验 {len(verdict.checks)} 项"

    @property
    def bundle_path(self) -> Path:
        return self.world.plan.root / f"{self.session}.evidence.zip"

    async def summary(self) -> Json:
        cockpit = await self.host.get(f"/api/v1/sessions/{self.session}")
        view = await self.experts[0].person.get(f"/api/v1/room/{self.session}")
        evidence = await self.host.get(f"/explorer/api/v1/evaluations/{self.session}")
        return {
            "session": self.session,
            "ranking": [row["bidder"] if isinstance(row, dict) else row for row in view["ranking"]],
            "digests": await self.digests(),
            "report_digest": cockpit["report"]["report_digest"],
            "bundle": str(self.bundle_path),
            "checkpoint": evidence["checkpoint"],
            "transaction": evidence["transaction"],
            "cut": self.cut,
            "steps": [{"name": step.name, "seconds": step.seconds} for step in self.steps],
        }

    async def leave(self) -> None:
        for expert in self.experts:
            await expert.leave()
        for person in (getattr(self, "host", None), *self.guests):
            if person is not None:
                await person.close()

    # --- helpers ---------------------------------------------------------------------------------------------------

    @property
    def script(self) -> Script:
        return script_of(self.sample)

    def after(self, stage: str) -> str:
        """The next stage of this tender's procedure."""
        return self.stages[self.stages.index(stage) + 1]

    def _houses(self) -> Iterable[tuple[Person, City, int]]:
        plan = self.world.plan
        guests = [
            (person, city, self.script.guest_experts) for person, city in zip(self.guests, plan.guests, strict=True)
        ]
        return ((self.host, plan.host, self.script.host_experts), *guests)

    @property
    def _places(self) -> str:
        return f"{_COUNTS[len(self.world.plan.running)]}地"

    @property
    def _people(self) -> str:
        return f"{_COUNTS[len(self.experts)]}位专家"

    async def _operator(self, city: City) -> Person:
        person = Person.at(city.origin)
        await person.enrol(self.world.account(city.code, OPERATOR).code)
        return person

    async def _expert(self, city: City, number: int) -> Expert:
        account = self.world.account(city.code, f"{city.code}-E{number}")
        seat = SeatId(f"{city.code}-{number}")
        expert = await Expert.arrive(city.origin, code=account.code, session=self.session, seat=seat, pin=account.pin)
        slip = self.script.slip
        expert.slip = slip[1:] if slip is not None and slip[0] == seat else None
        return expert

    async def everybody(self, acts: Iterable[Awaitable[None]]) -> None:
        await asyncio.gather(*acts)

    async def enter(self, stage: str) -> None:
        await self.host.post(f"/api/v1/sessions/{self.session}/stage", {"to": stage})
        await self.until(f"stage {stage} at every seat", self._seats_know, stage)

    async def _partition(self, *, on: bool) -> None:
        await self.guests[0].post("/api/v1/operations/partition", {"peer": self.world.plan.host.code, "on": on})

    async def _invitation_is(self, person: Person, id: str, state: str) -> bool:
        return any(one["id"] == id and one["state"] == state for one in await person.get("/api/v1/invitations"))

    async def _knows_session(self, person: Person) -> bool:
        return any(one["session"] == self.session for one in await person.get("/api/v1/sessions"))

    async def _seats_know(self, stage: str) -> bool:
        stages = [(await guest.get(f"/api/v1/sessions/{self.session}"))["stage"] for guest in self.guests]
        return set(stages) == {stage} and all(expert.room.stage == stage for expert in self.experts)

    async def stage_ready(self, stage: str) -> None:
        await self.until(f"stage {stage} to be ready", self._is_ready, stage)

    async def _is_ready(self, stage: str) -> bool:
        cockpit = await self.host.get(f"/api/v1/sessions/{self.session}")
        return bool(cockpit["next"]["to"] == stage and cockpit["next"]["ready"])

    async def stage_is(self, *stages: str) -> bool:
        return (await self.host.get(f"/api/v1/sessions/{self.session}"))["stage"] in stages

    async def _guests_are_signing(self) -> bool:
        stages = [(await guest.get(f"/api/v1/sessions/{self.session}"))["stage"] for guest in self.guests]
        return set(stages) == {"SIGNING"}

    async def _nothing_waits(self) -> bool:
        return self.entries_waiting() == 0

    async def _bundle_exists(self) -> bool:
        try:
            evidence = await self.host.get(f"/explorer/api/v1/evaluations/{self.session}")
        except RefusedError as error:
            if error.code == "evaluation-unknown":  # sealed, and not published yet
                return False
            raise
        return "transaction" in evidence

    async def _is_cosigned(self) -> bool:
        evidence = await self.host.get(f"/explorer/api/v1/evaluations/{self.session}")
        return all(city.code in evidence["witnesses"] for city in self.world.plan.guests)

    async def until(self, what: str, condition: Callable[..., Awaitable[bool]], *given: Any) -> None:
        """Poll. UnavailableError("demo-waited-too-long") names the missing condition."""
        deadline = time.monotonic() + self.wait_seconds
        while not await condition(*given):
            self.world.check()
            if time.monotonic() > deadline:
                raise UnavailableError("demo-waited-too-long", what=what, seconds=int(self.wait_seconds))
            await asyncio.sleep(POLL_SECONDS)
