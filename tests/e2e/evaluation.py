"""One evaluation in which robots play all experts except those in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from node.demo import committee_work
from node.demo.story import Story
from node.demo.world import World

SAMPLE, OTHER_SAMPLE = "jinan-10kv", "jinan-lighting"
FIRST_SEAT = "JN-1"


@dataclass(slots=True, kw_only=True)
class Evaluation(Story):
    """The demo's story, with the seats in `people` left to browsers."""

    people: frozenset[str] = frozenset()
    locked: int = 0

    async def robots_check_in(self) -> None:
        for _person, city, count in self._houses():
            for number in range(1, count + 1):
                if f"{city.code}-{number}" not in self.people:
                    self.experts.append(await self._expert(city, number))
        for robot in self.experts:
            await robot.check_in()

    async def robots_undertake(self) -> None:
        await self.everybody(robot.undertake() for robot in self.experts)

    async def robots_score(self) -> None:
        await self.everybody(robot.score(seconds=0.0) for robot in self.experts)

    async def robots_lock(self, *, all_but: int = 0) -> None:
        """All robots lock, or all but the last few."""
        robots = self.experts[self.locked : len(self.experts) - all_but]
        await self.everybody(robot.lock() for robot in robots)
        self.locked += len(robots)

    async def ready_for(self, stage: str) -> None:
        await self.stage_ready(stage)

    async def partition(self, *, on: bool) -> None:
        """Cut or heal the link between the cities."""
        await self._partition(on=on)

    async def finish(self) -> None:
        """From the last signature to the verified evidence."""
        await self.seal()
        await self.anchor()
        await self.witness()
        await self.verify()

    async def play_alone(self) -> None:
        """Every seat by a robot, as fast as they can."""
        await self.prepare()
        await self.enter("CHECK_IN")
        await self.robots_check_in()
        await self.ready_for("BRIEFING")
        await self.brief()
        for _name, work in committee_work.before_scoring(self):
            await work
        await self.enter("DETAILED")
        await self.robots_score()
        await self.robots_lock()
        for _name, work in committee_work.after_scoring(self):
            await work
        await self.tally()
        await self.report()
        await self.sign()
        await self.finish()


@asynccontextmanager
async def evaluation(world: World, sample: str, *, people: frozenset[str] = frozenset()) -> AsyncIterator[Evaluation]:
    """An evaluation not yet begun, with fresh sign-in codes for everybody."""
    world.issue_codes()
    story = Evaluation(world=world, sample=sample, progress=lambda _name, _outcome: None, people=people)
    try:
        yield story
    finally:
        await story.leave()


@dataclass(slots=True, kw_only=True)
class Shared:
    """The world that browser tests share, and the evidence of the first evaluation that was sealed in it."""

    world: World
    bundle: Path | None = None

    def sealed(self) -> Path:
        """The evidence of a sealed evaluation; robots play one when no test has produced one so far."""
        if self.bundle is None:
            asyncio.run(self._play())
        assert self.bundle is not None
        return self.bundle

    async def _play(self) -> None:
        async with evaluation(self.world, SAMPLE) as story:
            await story.play_alone()
            self.bundle = story.bundle_path


def sealed_report(bundle: Path) -> bytes:
    """The sealed PDF inside an evidence bundle."""
    with ZipFile(bundle) as archive:
        return archive.read("report.pdf")
