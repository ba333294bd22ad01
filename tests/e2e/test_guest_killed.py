"""The guest's node is killed in the middle of scoring: nothing acknowledged is lost, nothing is duplicated."""

import asyncio
from pathlib import Path

import pytest

from node.demo.story import Story
from node.demo.world import World
from tests.e2e.consortium import consortium, entries_in_journal

pytestmark = pytest.mark.timeout(240)


async def _score_through_a_kill(story: Story, world: World) -> None:
    await story.prepare()
    await story.check_in()
    await story.brief()
    await story.enter("DETAILED")
    scoring = asyncio.gather(*(expert.score(seconds=4.0) for expert in story.experts))
    await asyncio.sleep(1.0)
    world.kill(world.plan.guest)
    await asyncio.sleep(1.0)
    await asyncio.to_thread(world.restart, world.plan.guest)
    await scoring
    await story.lock()
    await story.tally()


async def _play(world: World) -> Story:
    story = Story(world=world, sample="jinan-10kv", progress=lambda _name, _outcome: None)
    try:
        await _score_through_a_kill(story, world)
    finally:
        await story.leave()
    return story


def test_a_guest_killed_while_scoring_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with consortium(tmp_path) as world:
        story = asyncio.run(_play(world))
        entries = {expert.room.author: list(expert.room.chain) for expert in story.experts}

        for city in world.plan.running:
            journalled = entries_in_journal(world, city, story.session)
            for author, chain in entries.items():
                kept = [signed for signed in journalled if signed.entry.author == author]
                assert kept == chain
