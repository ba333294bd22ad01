"""Which records may be shown to the public, from when on and in which form; any type not listed here is never shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from records import facts


class Moment(IntEnum):
    """The release times of a procurement, in the order in which they come (domain rules §5.1)."""

    NOTICE = 0
    """T0 公告发布"""
    OPENING = 1
    """T1 开标"""
    EVALUATION = 2
    """T2 评标开始"""
    EVALUATED = 3
    """T3 评标结束"""
    CANDIDATES = 4
    """T4 中标候选人公示开始"""
    AWARD = 5
    """T5 中标结果公告"""
    ARCHIVE = 6
    """T6 归档"""
    NEVER = 99
    """永不公开"""


class Form(StrEnum):
    """What the public sees of a record: its bytes and salt, only that it exists, or nothing that singles it out."""

    PLAIN = "plain"
    SEALED = "sealed"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """From `earliest` on such a record is plain; before that, once the evaluation is over, a sealed row."""

    earliest: Moment


DENIED: Final = Rule(earliest=Moment.NEVER)
"""The rule for every record type that the table below does not list."""

_RULES: Final = MappingProxyType(
    {
        facts.TENDER_REGISTERED: Rule(earliest=Moment.NOTICE),
        facts.INVITATION_CONFIRMED: Rule(earliest=Moment.EVALUATED),
        facts.REPORT_SEALED: Rule(earliest=Moment.EVALUATED),
        facts.EVALUATION_TALLY_COMPUTED: Rule(earliest=Moment.CANDIDATES),
        facts.MONITOR_ALARM_RAISED: DENIED,  # an alarm may name a project that is still sealed: only counts are public
        facts.MONITOR_ALARM_CLEARED: DENIED,
        facts.MONITOR_ALARM_ACKNOWLEDGED: DENIED,
    }
)

_REACHED_BY: Final = MappingProxyType(
    {
        facts.TENDER_REGISTERED: Moment.NOTICE,
        facts.REPORT_SEALED: Moment.EVALUATED,
    }
)


def release(record_type: str) -> Rule:
    """Return the rule for a record type; unknown types (§5.2, last line) and the members' seats (R11) are denied."""
    return _RULES.get(record_type, DENIED)


def form(record_type: str, *, reached: Moment) -> Form:
    """Return how a record of this type is shown when its project has reached `reached` (R12, 招标投标法38、56条).

    A sealed row appears only after the evaluation is over: before that even the existence of an invitation or of a
    session is not for the public (两随机四不知).
    """
    rule = release(record_type)
    if rule.earliest is Moment.NEVER:
        return Form.HIDDEN
    if rule.earliest <= reached:
        return Form.PLAIN
    return Form.SEALED if reached >= Moment.EVALUATED else Form.HIDDEN


def moment_of(record_types: Iterable[str]) -> Moment | None:
    """Return the moment a project has reached, given the types of the records that its centre wrote about it."""
    reached = [_REACHED_BY[kind] for kind in record_types if kind in _REACHED_BY]
    return max(reached, default=None)
