"""How answers tell of the preliminary review: to a member in the room, and to the host's desk."""

from typing import Annotated

from pydantic import Field

from evaluation_room.answers.tender import BidderNameOut, OwnGroundOut, ReviewItemOut, StageName
from evaluation_room.review.clarifications import ClarificationState
from evaluation_room.review.outcome import RejectionState
from records.answers import Out


class MotionOut(Out):
    """A motion to reject a bid; the votes are counted where the reader may know them."""

    id: str
    bidder: str
    ground: str
    ground_zh: str
    evidence: str
    by_law: bool
    later: bool
    state: Annotated[RejectionState, Field(strict=False)]
    upholding: int | None = None
    dismissing: int | None = None


class MemberMotionOut(MotionOut):
    """`mine`: how this member voted, once it has; `missing`: how many have yet to vote."""

    by: str
    missing: int
    mine: bool | None = None


class DeskMotionOut(MotionOut):
    """`missing`: the seats that have yet to vote."""

    missing: list[str]


class ApprovalOut(Out):
    approved: bool
    by: str
    reason: str


class QuestionOut(Out):
    """A question to a bidder (澄清) on its way there and back."""

    id: str
    bidder: str
    issue: str
    place: str
    question: str
    state: Annotated[ClarificationState, Field(strict=False)]
    number: int | None = None
    sent_at: str | None = None
    reply_by: str | None = None
    delivered_at: str | None = None
    answer: str | None = None
    answered_at: str | None = None
    document: str | None = None
    question_approved: ApprovalOut | None = None
    answer_approved: ApprovalOut | None = None


class MemberQuestionOut(QuestionOut):
    """`readable`: whether the answer may be read; `mine`: whether this member accepts it."""

    by: str
    readable: bool
    missing: int
    mine: bool | None = None


class DeskQuestionOut(QuestionOut):
    missing: list[str]


class CorrectionStepOut(Out):
    rule: str
    line: str | None = None
    stated_fen: int
    counted_fen: int


class PriceCorrectionOut(Out):
    """An arithmetic correction and the bidder's word on it."""

    bidder: str
    price_fen: int
    corrected_fen: int
    steps: list[CorrectionStepOut]
    confirmed: bool | None = None
    text: str | None = None
    answered_at: str | None = None
    document: str | None = None


class ConclusionOut(Out):
    """What the committee says of one item of one bid; reasons of a fail, without who gave them."""

    stage: StageName
    bidder: str
    item: str
    passed: bool
    unanimous: bool
    reasons: list[str] | None = None


class CompetitionOut(Out):
    """Whether the committee has to say that few bids compete, and what it said."""

    asked: bool
    valid: int
    competitive: bool | None = None


class MemberCompetitionOut(CompetitionOut):
    missing: int | None = None
    mine: bool | None = None


class DeskCompetitionOut(CompetitionOut):
    missing: list[str] | None = None


class ReviewTableOut(Out):
    """`locked`: by this member; `all`: by every one."""

    stage: StageName
    locked: bool
    all: bool


class NextNumbersOut(Out):
    """The numbers of this member's next motion and question."""

    rejection: int
    clarification: int


class RoomReviewOut(Out):
    items: list[ReviewItemOut]
    grounds: list[OwnGroundOut]
    supervised: bool
    tables: list[ReviewTableOut]
    conclusions: list[ConclusionOut]
    read: bool
    valid: list[str]
    rejections: list[MemberMotionOut]
    competition: MemberCompetitionOut
    clarifications: list[MemberQuestionOut]
    corrections: list[PriceCorrectionOut]
    numbers: NextNumbersOut


class DeskReviewOut(Out):
    """Counts and states for the host's desk, never a mark."""

    bidders: list[BidderNameOut]
    valid: list[str]
    rejections: list[DeskMotionOut]
    corrections: list[PriceCorrectionOut]
    clarifications: list[DeskQuestionOut]
    competition: DeskCompetitionOut
    supervised: bool
