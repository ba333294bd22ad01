"""The acts of the score check (评分核验): a member corrects a locked mark, the lead acknowledges a warning."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evaluation_room.scoring.sheets import Cell
from evaluation_room.tender.definition import Definition
from records import strict_fields
from records.strict_fields import Body

_LONGEST_FLAG: Final = 200


class CorrectionGround(StrEnum):
    """Why a locked mark may change (R26, 87号令64条).

    The article names two more: a wrong sum and a mark out of its range. Members do no sums here and no mark out of
    range is accepted, so neither can occur on a locked sheet.
    """

    OBJECTIVE = "objective-differs"  # 客观评审因素评分不一致
    CONSPICUOUS = "conspicuous"  # 评标委员会认定评分畸高、畸低


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkCorrected:
    """A member's new mark in place of a locked one, on a legal ground, for a flag that names it, with a reason."""

    flag: str
    ground: CorrectionGround
    cell: Cell

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "MarkCorrected":
        strict_fields.fields(body, "flag", "ground", "bidder", "item", "points", "reason")
        strict_fields.reason(body, needed=True)
        cell = {name: body[name] for name in ("bidder", "item", "points", "reason")}
        return cls(
            flag=_flag(body),
            ground=strict_fields.choice(body, "ground", CorrectionGround),
            cell=Cell.read(cell, definition),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningAcknowledged:
    """The committee has looked at a warning, with its reason; `conspicuous`: the mark is found 畸高 or 畸低.

    `value`: the flag's figure at that time; when it changes, the flag is looked at again.
    """

    flag: str
    value: str
    conspicuous: bool
    reason: str

    @classmethod
    def read(cls, body: Body) -> "WarningAcknowledged":
        strict_fields.fields(body, "flag", "value", "conspicuous", "reason")
        return cls(
            flag=_flag(body),
            value=strict_fields.text(body, "value", longest=_LONGEST_FLAG),
            conspicuous=strict_fields.flag(body, "conspicuous"),
            reason=strict_fields.reason(body, needed=True),
        )


def _flag(body: Body) -> str:
    return strict_fields.text(body, "flag", longest=_LONGEST_FLAG)
