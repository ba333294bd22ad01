"""Every sample is played from check-in to the verified evidence, with all stages of its own procedure."""

import asyncio
import json
from collections.abc import Iterator
from zipfile import ZipFile

import pytest

from node.demo.authenticator import Json
from tests.e2e.consortium import consortium
from tests.e2e.evaluation import Shared, evaluation

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("browser")]


@pytest.fixture(name="shared", scope="module")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with consortium(tmp_path_factory.mktemp("samples")) as world:
        yield Shared(world=world)


def played(shared: Shared, sample: str) -> dict[str, list[Json]]:
    """The bodies of all entries of the evaluation by their kind, out of its evidence, which verified."""

    async def play() -> dict[str, list[Json]]:
        async with evaluation(shared.world, sample) as story:
            await story.play_alone()
            with ZipFile(story.bundle_path) as bundle:
                entries = json.loads(bundle.read("entries.json"))
        by_kind: dict[str, list[Json]] = {}
        for one in entries:
            by_kind.setdefault(one["entry"]["kind"], []).append(one["entry"]["body"])
        return by_kind

    return asyncio.run(play())


def test_works_by_the_lowest_evaluated_price_with_a_rejection_and_a_clarification(shared: Shared) -> None:
    bodies = played(shared, "works-lowest")

    assert len(bodies["ballot-cast"]) == 5
    assert {vote["upheld"] for vote in bodies["rejection-voted"]} == {True}
    assert [one["bidder"] for one in bodies["clarification-drafted"]] == ["B4"]
    assert len(bodies["answer-judged"]) == 5
    assert "score-entered" not in bodies
    assert len(bodies["sheet-locked"]) == 5


def test_works_by_a_benchmark_price_with_seven_members_and_a_corrected_mark(shared: Shared) -> None:
    bodies = played(shared, "works-benchmark")

    assert len(bodies["seat-bound"]) == 7
    assert [(one["ground"], one["bidder"], one["item"]) for one in bodies["score-corrected"]] == [
        ("objective-differs", "B2", "S1"),
    ]
    assert len({one["digest"] for one in bodies["tally-computed"]}) == 2


def test_goods_by_the_lowest_price_first(shared: Shared) -> None:
    bodies = played(shared, "goods-low-price-first")

    assert len(bodies["sheet-locked"]) == 5
    assert len({one["digest"] for one in bodies["tally-computed"]}) == 1
