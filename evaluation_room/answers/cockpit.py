"""How answers show a session to the console: the cockpit, and the result with the way to it."""

from typing import Annotated, Literal

from pydantic import Field

from evaluation_room.answers.review import DeskReviewOut
from evaluation_room.answers.session import (
    CentreNameOut,
    DeskCheckOut,
    ElectionOut,
    EndedOut,
    LinkOut,
    OverlayOut,
    RankingRowOut,
    RollbackOut,
    StageMarkOut,
    TimeOut,
)
from evaluation_room.answers.tender import BidderNameOut, StageName
from evaluation_room.tender.reevaluation_ground import ReevaluationGround
from records.answers import Out

GroundName = Annotated[ReevaluationGround, Field(strict=False)]


class StepOut(Out):
    """A step off the line: what the host must (`needs`) and may say with it, and whose it is."""

    to: StageName
    by: Literal["operator", "supervisor"]
    needs: list[str]
    may: list[str]
    back_to: list[StageName] | None = None


class WaitingOut(Out):
    """Who keeps the session from its next stage, with what, since when."""

    who: str
    what: str
    since: str


class NextOut(Out):
    to: StageName
    ready: bool
    waiting_for: list[WaitingOut]


class CockpitSeatOut(Out):
    """`entered` of `total`: how far the member is with what the stage asks, never what it gave."""

    seat: str
    centre: str
    bound: bool
    link: LinkOut
    entered: int
    total: int
    locked: bool
    consented: bool
    signed: bool


class CockpitCentreOut(CentreNameOut):
    link: LinkOut
    tally_digest: str | None = None


class EventOut(Out):
    """`seat` where a centre speaks for one of its seats, `to` where the host stepped."""

    at: str
    author: str
    kind: str
    to: str | None = None
    seat: str | None = None
    recusal: bool | None = None


class RequestOut(Out):
    """A member asks to go back."""

    seat: str
    back_to: StageName
    reason: str


class PreviousOut(Out):
    """The evaluation that this one does again."""

    session: str
    ground: GroundName
    reason: str
    sealed_digest: str | None = None


class ReportDigestsOut(Out):
    report_digest: str | None = None
    sealed_digest: str | None = None


class CockpitOut(Out):
    """All of one session for the console: counts and locks, never a score."""

    session: str
    project: str
    title: str
    title_en: str
    stage: StageName
    stages: list[StageMarkOut]
    steps: list[StepOut]
    seats: list[CockpitSeatOut]
    centres: list[CockpitCentreOut]
    events: list[EventOut]
    next: NextOut | None = None
    review: DeskReviewOut | None = None
    previous: PreviousOut | None = None
    again: list[GroundName]
    lead: str | None = None
    election: ElectionOut | None = None
    score_check: DeskCheckOut | None = None
    time: TimeOut
    overlay: OverlayOut | None = None
    ended: EndedOut | None = None
    rollbacks: list[RollbackOut]
    requests: list[RequestOut]
    report: ReportDigestsOut | None = None


class RemarkOut(Out):
    """What the method wants explained in writing."""

    rule: str
    bidder: str
    expert: str | None = None
    item: str | None = None
    value: str
    threshold: str
    written: bool


class InputOut(Out):
    name: str
    value: str


class TraceStepOut(Out):
    """One figure with its inputs, its rule and where it was rounded; all as decimal texts."""

    figure: str
    value: str
    unit: str
    rule: str
    source: str
    inputs: list[InputOut]
    rounded: str | None = None
    note: str | None = None


class TallyOut(Out):
    digest: str
    bidders: list[BidderNameOut]
    ranking: list[RankingRowOut]
    candidates: list[str]
    remarks: list[RemarkOut]
    trace: list[TraceStepOut]
