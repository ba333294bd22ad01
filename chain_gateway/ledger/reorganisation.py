"""Finds what a reorganisation of the chain undid after it had counted. Pure: the chain is asked through a function."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a checkpoint was recorded to be anchored."""

    size: int
    transaction: str
    block_number: int
    block_hash: str


def displaced(recorded: Iterable[Placed], canonical: Callable[[int], str | None]) -> list[Placed]:
    """The checkpoints whose block the chain has replaced, oldest first.

    `recorded`: newest first. `canonical`: the hash of the block that stands at a height now, None above the chain's
    head. A block that stands has all that came before it, so the walk back ends at the first one that still does.
    """
    found: list[Placed] = []
    for one in recorded:
        if canonical(one.block_number) == one.block_hash:
            break
        found.append(one)
    return found[::-1]
