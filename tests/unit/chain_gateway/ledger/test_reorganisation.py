"""The walk back from the newest checkpoint to the first one that the chain still has."""

import pytest

from chain_gateway.ledger.reorganisation import Placed, displaced


def placed(size: int, number: int, block_hash: str) -> Placed:
    return Placed(size=size, transaction=f"0x{size}", block_number=number, block_hash=block_hash)


OLD, MIDDLE, NEW = placed(3, 10, "a"), placed(5, 20, "b"), placed(8, 30, "c")


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ({10: "a", 20: "b", 30: "c"}, []),
        ({10: "a", 20: "b", 30: "x"}, [NEW]),
        ({10: "a", 20: "b"}, [NEW]),
        ({10: "a", 20: "x", 30: "y"}, [MIDDLE, NEW]),
        ({}, [OLD, MIDDLE, NEW]),
    ],
    ids=["nothing", "a replaced block", "a chain that is shorter now", "two replaced blocks", "another chain"],
)
def test_what_was_displaced_is_found_oldest_first(chain: dict[int, str], expected: list[Placed]) -> None:
    assert displaced([NEW, MIDDLE, OLD], chain.get) == expected


def test_the_walk_ends_at_the_first_block_that_stands() -> None:
    asked: list[int] = []

    def canonical(number: int) -> str | None:
        asked.append(number)
        return {30: "x", 20: "b"}[number]

    displaced([NEW, MIDDLE, OLD], canonical)
    assert asked == [30, 20]


def test_without_checkpoints_nothing_is_asked() -> None:
    assert displaced([], lambda _: pytest.fail("asked")) == []
