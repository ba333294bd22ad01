"""Which records may be shown to the public, from when on and in which form; any type not listed here is never shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from records import facts
from records.facts import Moment


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


def release(record_type: str) -> Rule:
    """Return the rule for a record type; unknown types (§5.2, last line) and the members' seats (R11) are denied."""
    kind = facts.TYPES.get(record_type)
    return DENIED if kind is None else Rule(earliest=kind.opens)


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
    known = [facts.TYPES[kind].reaches for kind in record_types if kind in facts.TYPES]
    return max((moment for moment in known if moment is not None), default=None)
