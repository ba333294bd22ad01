"""A member's motions, votes and drafts on rejections, competition and answers (否决、竞争性、澄清)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evaluation_room.review.table import review_of
from evaluation_room.tender.definition import Definition
from records import strict_fields
from records.errors import InvalidRecordError
from records.strict_fields import Body

_LONGEST_ID: Final = 96
_LONGEST_NUMBER: Final = 999


class Issue(StrEnum):
    """The only permitted kinds of question to a bidder (条例52条; 暂行规定19、21条)."""

    UNCLEAR = "unclear"  # 含义不明确
    INCONSISTENT = "inconsistent"  # 同类问题表述不一致
    OBVIOUS_ERROR = "obvious-error"  # 明显文字和计算错误
    LOW_PRICE = "abnormally-low-price"  # 报价异常偏低


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A member moves to reject a bid, on one ground and with its evidence (R16, 条例51条). Numbered by each member."""

    number: int
    bidder: str
    ground: str
    evidence: str

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "Raised":
        strict_fields.fields(body, "number", "bidder", "ground", "evidence")
        ground, evidence = (
            strict_fields.text(body, "ground"),
            strict_fields.text(body, "evidence", longest=strict_fields.LONGEST_REASON),
        )
        if not review_of(definition).knows(ground):
            raise InvalidRecordError("unknown-ground", bidder=bidder_of(body, definition))
        if not evidence.strip():
            raise InvalidRecordError("empty-field", field="evidence")
        return cls(number=_number(body), bidder=bidder_of(body, definition), ground=ground, evidence=evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionVote:
    """One member's vote on one motion. `upheld`: the bid is rejected. A vote against needs a reason."""

    rejection: str
    upheld: bool
    reason: str

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "RejectionVote":
        review_of(definition)
        strict_fields.fields(body, "rejection", "upheld", optional={"reason"})
        upheld = strict_fields.flag(body, "upheld")
        reason = strict_fields.reason(body, needed=not upheld)
        return cls(rejection=strict_fields.text(body, "rejection", longest=_LONGEST_ID), upheld=upheld, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetitionVote:
    """Whether the few valid bids still compete (仍具竞争性); `valid`: the number of bids the member voted on."""

    valid: int
    competitive: bool
    reason: str

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "CompetitionVote":
        review_of(definition)
        strict_fields.fields(body, "valid", "competitive", "reason")
        reason = strict_fields.text(body, "reason", longest=strict_fields.LONGEST_REASON)
        return cls(
            valid=strict_fields.integer(body, "valid", minimum=1, maximum=len(definition.bidders)),
            competitive=strict_fields.flag(body, "competitive"),
            reason=reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFinished:
    """The member has read the tender file and the bids (熟悉文件)."""

    @classmethod
    def read(cls, body: Body) -> "ReadingFinished":
        strict_fields.fields(body)
        return cls()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A question to a bidder as drafted by a member (R19): written, of a lawful kind, about a place in the bid."""

    number: int
    bidder: str
    issue: Issue
    place: str
    question: str

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "Drafted":
        review_of(definition)
        strict_fields.fields(body, "number", "bidder", "issue", "place", "question")
        question = strict_fields.text(body, "question", longest=strict_fields.LONGEST_REASON)
        if not question.strip():
            raise InvalidRecordError("empty-field", field="question")
        return cls(
            number=_number(body),
            bidder=bidder_of(body, definition),
            issue=strict_fields.choice(body, "issue", Issue),
            place=strict_fields.text(body, "place"),
            question=question,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerVote:
    """One member's verdict on a bidder's answer: accepted, or not and why."""

    clarification: str
    accepted: bool
    reason: str

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "AnswerVote":
        review_of(definition)
        strict_fields.fields(body, "clarification", "accepted", optional={"reason"})
        accepted = strict_fields.flag(body, "accepted")
        reason = strict_fields.reason(body, needed=not accepted)
        return cls(clarification=named(body, "clarification"), accepted=accepted, reason=reason)


def named(body: Body, name: str) -> str:
    """The name of a motion or a question inside this session."""
    return strict_fields.text(body, name, longest=_LONGEST_ID)


def bidder_of(body: Body, definition: Definition) -> str:
    bidder = strict_fields.short_id(body, "bidder")
    if bidder not in definition.prices:
        raise InvalidRecordError("unknown-bidder", bidder=bidder)
    return bidder


def _number(body: Body) -> int:
    return strict_fields.integer(body, "number", minimum=1, maximum=_LONGEST_NUMBER)
