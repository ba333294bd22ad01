"""Clarifications (澄清; 条例52条): a question drafted, approved, sent and answered, all in writing.

The host centre relays the texts between the committee and the bidder; nothing it sends names a seat (R19).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from evaluation_room.review.ballots import named
from evaluation_room.review.table import review_of
from evaluation_room.tender.definition import Definition
from records import ids, strict_fields
from records.canonical import Value
from records.errors import ConflictError, InvalidRecordError, WrongStageError
from records.ids import Digest
from records.strict_fields import Body


class ClarificationState(StrEnum):
    DRAFT = "DRAFT"  # 草拟
    REVIEWED = "REVIEWED"  # 已审核
    RETURNED = "RETURNED"  # 审核退回
    SENT = "SENT"  # 已发出
    DELIVERED = "DELIVERED"  # 已送达
    ANSWERED = "ANSWERED"  # 已答复
    TIMED_OUT = "TIMED_OUT"  # 逾期未答复
    REFUSED = "REFUSED"  # 拒绝答复
    ACCEPTED = "ACCEPTED"  # 采纳
    NOT_ACCEPTED = "NOT_ACCEPTED"  # 不采纳


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A supervisor's or the lead's decision on a question before it is sent, or an answer before it is shown."""

    clarification: str
    of: str
    approved: bool
    by: str
    reason: str

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "Approval":
        review_of(definition)
        strict_fields.fields(body, "clarification", "of", "approved", "by", optional={"reason"})
        of, by = strict_fields.text(body, "of"), strict_fields.text(body, "by")
        if of not in {"question", "answer"} or by not in {"supervisor", "lead"}:
            raise InvalidRecordError("unknown-value", field="of" if of not in {"question", "answer"} else "by")
        approved = strict_fields.flag(body, "approved")
        reason = strict_fields.reason(body, needed=not approved)
        return cls(clarification=named(body, "clarification"), of=of, approved=approved, by=by, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The question goes out; the bidder may answer up to `reply_by`."""

    clarification: str
    reply_by: str

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "Sent":
        review_of(definition)
        strict_fields.fields(body, "clarification", "reply_by")
        reply_by = ids.instant(ids.parse_instant(strict_fields.text(body, "reply_by")))
        return cls(clarification=named(body, "clarification"), reply_by=reply_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    clarification: str

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "Delivered":
        review_of(definition)
        strict_fields.fields(body, "clarification")
        return cls(clarification=named(body, "clarification"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The bidder's text as received through the platform, with the digest of an attachment."""

    clarification: str
    text: str
    document: Digest | None

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "Answered":
        review_of(definition)
        strict_fields.fields(body, "clarification", "text", optional={"document"})
        return cls(
            clarification=named(body, "clarification"),
            text=strict_fields.text(body, "text", longest=strict_fields.LONGEST_REASON),
            document=ids.parse_digest(body["document"]) if "document" in body else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """No answer: the bidder refused, or the time ran out."""

    clarification: str
    refused: bool

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "Unanswered":
        review_of(definition)
        strict_fields.fields(body, "clarification", "refused")
        return cls(clarification=named(body, "clarification"), refused=strict_fields.flag(body, "refused"))


Carried = Approval | Sent | Delivered | Answered | Unanswered


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The host centre's steps with one question, in its own order. `number` is the one shown to the bidder."""

    clarification: str
    number: int = 0
    question: Approval | None = None
    sent: Sent | None = None
    sent_at: str = ""
    delivered_at: str = ""
    answered: Answered | None = None
    answered_at: str = ""
    answer: Approval | None = None
    unanswered: Unanswered | None = None

    def take(self, act: Carried, at: str, *, number: int) -> "Relay":
        """The next step; WrongStageError("clarification-step") when it does not follow the one before."""
        match act:
            case Approval(of="question") if self.sent is None and self.question is None:
                return replace(self, question=act)
            case Sent() if self.sent is None and not self.returned:
                return replace(self, sent=act, sent_at=self._in_time(at, act.reply_by), number=number)
            case Delivered() if self.sent is not None and not self.delivered_at and not self.over:
                return replace(self, delivered_at=at)
            case Answered() if self.sent is not None and self.delivered_at and not self.over:
                return replace(self, answered=act, answered_at=at)
            case Approval(of="answer") if self.answered is not None and self.answer is None:
                return replace(self, answer=act)
            case Unanswered() if self.sent is not None and not self.over:
                if not act.refused and at <= self.sent.reply_by:
                    raise WrongStageError("reply-still-open", clarification=self.clarification)
                return replace(self, unanswered=act)
        if self.over and isinstance(act, Answered | Unanswered):
            raise ConflictError("clarification-ended", clarification=self.clarification)
        raise WrongStageError("clarification-step", clarification=self.clarification)

    @staticmethod
    def _in_time(at: str, reply_by: str) -> str:
        if reply_by <= at:
            raise InvalidRecordError("out-of-range", field="reply_by")
        return at

    @property
    def returned(self) -> bool:
        return self.question is not None and not self.question.approved

    @property
    def over(self) -> bool:
        return self.answered is not None or self.unanswered is not None

    @property
    def state(self) -> ClarificationState:
        """The state of the relay; an answer after its time does not count."""
        if self.unanswered is not None:
            return ClarificationState.REFUSED if self.unanswered.refused else ClarificationState.TIMED_OUT
        if self.answered is not None and self.sent is not None:
            late = self.answered_at > self.sent.reply_by
            return ClarificationState.TIMED_OUT if late else ClarificationState.ANSWERED
        if self.sent is not None:
            return ClarificationState.DELIVERED if self.delivered_at else ClarificationState.SENT
        if self.question is not None:
            return ClarificationState.REVIEWED if self.question.approved else ClarificationState.RETURNED
        return ClarificationState.DRAFT

    @property
    def value(self) -> dict[str, Value]:
        """For comparing and for the report: without any seat."""
        fields: dict[str, Value] = {"state": self.state.value}
        if self.sent is not None:
            fields |= {"number": self.number, "sent_at": self.sent_at, "reply_by": self.sent.reply_by}
        if self.delivered_at:
            fields["delivered_at"] = self.delivered_at
        if self.answered is not None:
            fields |= {"answer": self.answered.text, "answered_at": self.answered_at}
            fields |= {"document": self.answered.document} if self.answered.document else {}
        for name, approval in (("question_approved", self.question), ("answer_approved", self.answer)):
            if approval is not None:
                fields[name] = {"approved": approval.approved, "by": approval.by, "reason": approval.reason}
        return fields
