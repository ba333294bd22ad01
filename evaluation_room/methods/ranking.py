"""The order of bidders (排序): by merit, equals by the stated order; people decide on remaining equals.

Equal totals: the lower price, then the higher technical score, then the tender file's rule (标准施工招标文件 第三章);
in procurement score, then price, then parallel (87号令57条).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BidMerit:
    """The sort key of a bidder; less is better, compared from the left."""

    bidder: str
    merit: tuple[int, ...]


def rank(standings: Sequence[BidMerit], lots: Sequence[str] = ()) -> tuple[str, ...]:
    """Best first (R40), of which three at most are candidates (R24); equals by lot, and without a lot by id.

    The id decides nothing: see `parallel`.
    """
    drawn = {bidder: place for place, bidder in enumerate(lots)}
    return tuple(
        one.bidder
        for one in sorted(standings, key=lambda one: (one.merit, drawn.get(one.bidder, len(drawn)), one.bidder))
    )


def parallel(standings: Sequence[BidMerit], lots: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
    """Groups of bidders that neither a rule nor a lot tells apart; the report names them, people decide."""
    groups: dict[tuple[tuple[int, ...], int], list[str]] = {}
    drawn = {bidder: place for place, bidder in enumerate(lots)}
    for standing in standings:
        groups.setdefault((standing.merit, drawn.get(standing.bidder, len(drawn))), []).append(standing.bidder)
    return tuple(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def places(ranking: Sequence[str], equals: Sequence[Sequence[str]]) -> Mapping[str, int]:
    """Everybody's place; equals share the better one (1, 2, 2, 4)."""
    found = {bidder: place for place, bidder in enumerate(ranking, 1)}
    for group in equals:
        best = min(found[bidder] for bidder in group)
        found |= dict.fromkeys(group, best)
    return found
