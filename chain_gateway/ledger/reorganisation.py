"""Finds anchorings that counted and were undone by a reorganisation. Pure: the chain is read through a function."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a checkpoint was recorded as anchored."""

    size: int
    transaction: str
    block_number: int
    block_hash: str


def displaced(recorded: Iterable[Placed], canonical: Callable[[int], str | None]) -> list[Placed]:
    """The checkpoints whose block the chain has replaced, oldest first.

    `recorded`: newest first. `canonical`: the hash of the present block at a height, None above the chain's head. A
    block still on the chain keeps all blocks before it, so the walk back ends at the first one that is.
    """
    found: list[Placed] = []
    for one in recorded:
        if canonical(one.block_number) == one.block_hash:
            break
        found.append(one)
    return found[::-1]
