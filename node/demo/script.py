"""The special events of each sample: who sits where, which bid fails, what is asked, who makes a mistake."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of the committee to a bidder, and the bidder's answer."""

    bidder: str
    issue: str
    place: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """`fails`: (bidder, review item) with the reason of every member; `slip`: a mistaken mark that is corrected."""

    host_experts: int = 3
    guest_experts: int = 2
    fails: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    question: Question | None = None
    slip: tuple[str, str, str] | None = None


SCRIPTS: Mapping[str, Script] = MappingProxyType(
    {
        "works-lowest": Script(
            fails=MappingProxyType({("B3", "Q1"): "安全生产许可证已过有效期"}),
            question=Question(
                bidder="B4",
                issue="abnormally-low-price",
                place="投标函附录第2条",
                question="请书面说明投标报价明显低于其他报价的原因，并附成本构成。",
                answer="自有钢模板和拌合站可以周转使用，附成本构成表和近一年采购合同。",
            ),
        ),
        "works-benchmark": Script(host_experts=4, guest_experts=3, slip=("XA-1", "B2", "S1")),
    }
)
USUAL = Script()


def script_of(sample: str) -> Script:
    return SCRIPTS.get(sample, USUAL)
