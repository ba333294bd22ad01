"""Indicator over the bid files: one file from two bidders, A15."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from evaluation_room.anomalies.finding import Finding, Severity
from evaluation_room.anomalies.indicator import Indicator, Thresholds


@dataclass(frozen=True, slots=True)
class BidFiles:
    """The digests of each bidder's files."""

    digests: Mapping[str, AbstractSet[str]]


def a15_shared(files: BidFiles, _limits: Thresholds) -> Iterator[Finding]:
    """A15 文件特征雷同: two bidders with the same file, byte for byte (招标投标法实施条例40条4项: 异常一致)."""
    for one, other in combinations(sorted(files.digests), 2):
        shared = sorted(files.digests[one] & files.digests[other])
        if shared:
            yield Finding(
                indicator="A15",
                subject={"bidder": one, "other": other},
                value=str(len(shared)),
                threshold="0",
                severity=Severity.RED,
                evidence={"digest": " ".join(shared)},
            )


INDICATORS: Final = (
    Indicator(
        id="A15",
        name_zh="文件特征雷同",
        name_en="bid files alike",
        formula="files of the same digest from two bidders",
        reference="none: every bidder makes its own files (实施条例40条4项)",
        reference_zh="没有：投标文件由各投标人自行编制（实施条例40条4项）",
        severity="RED",
        takes=BidFiles,
        find=a15_shared,
    ),
)
