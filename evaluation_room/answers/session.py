"""How answers tell of a session what console and room have in common."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from evaluation_room.answers.tender import StageName
from evaluation_room.scoring.check_acts import CorrectionGround
from evaluation_room.scoring.score_check import Level
from records.answers import Out

LinkState = Literal["connected", "reconnecting", "down"]


class LinkOut(Out):
    """How a seat or centre is reached, and since when."""

    state: LinkState
    since: str


class CentreNameOut(Out):
    code: str
    name_zh: str
    name_en: str


class ListingOut(Out):
    """One line of a list of sessions."""

    session: str
    project: str
    title: str
    title_en: str
    host: str
    stage: StageName


class RoomListingOut(ListingOut):
    """`seat`: the reader's own."""

    seat: str


class StageMarkOut(Out):
    """A stage of the procedure, with the time where it was reached."""

    stage: StageName
    entered_at: str | None = None


class VotesOut(Out):
    seat: str
    votes: int


class RoundOut(Out):
    """A round of the election; `votes` once everybody has voted in it."""

    round: int
    candidates: list[str]
    waiting: int
    votes: list[VotesOut] | None = None


class ElectionOut(Out):
    rounds: list[RoundOut]
    drawn: bool
    over: bool


class OverlayOut(Out):
    """The session stands still over the stage `over`; `until`: how long a fault may last."""

    stage: StageName
    over: StageName
    since: str
    broke_into: StageName | None = None
    reason: str | None = None
    order: str | None = None
    cause: str | None = None
    venue: str | None = None
    began: str | None = None
    until: str | None = None
    back_to: StageName | None = None
    requested_by: str | None = None


class EndedOut(Out):
    """The session ended early, in the stage `over`."""

    stage: StageName
    over: StageName
    since: str
    reason: str
    order: str | None = None


class RollbackOut(Out):
    """When the session went back, to where, why, on whose review, and what no longer counts."""

    at: str
    back_to: StageName
    reason: str
    order: str
    superseded: list[str]


class RollbackNoticeOut(RollbackOut):
    """The last rollback as a member is told of it, and whether it took note."""

    number: int
    acknowledged: bool


class ExtensionOut(Out):
    until: str
    reason: str
    at: str


class TimeOut(Out):
    """How many members want more time since the last extension, and the extensions there were."""

    asked: int
    members: int
    due: bool
    extensions: list[ExtensionOut]


class FindingOut(Out):
    """What was found about a flag."""

    by: str
    conspicuous: bool
    reason: str


class FlagOut(Out):
    """A flag of the score check, without any mark."""

    id: str
    level: Annotated[Level, Field(strict=False)]
    indicator: str
    name_zh: str
    name_en: str
    subject: dict[str, str]
    threshold: str
    reference: str
    reference_zh: str
    clue_only: bool
    settled: bool
    to_correct: bool
    acknowledged: FindingOut | None = None


class CellOut(Out):
    bidder: str
    item: str


class RoomFlagOut(FlagOut):
    """With its value and evidence; `own`: the reader's marks that it names, `mine`: whether the reader may find."""

    value: str
    evidence: dict[str, str]
    own: list[CellOut]
    mine: bool


class CorrectedMarkOut(Out):
    """A mark that was corrected, with the one that stood there; an abstention is no mark."""

    seat: str
    flag: str
    ground: Annotated[CorrectionGround, Field(strict=False)]
    bidder: str
    item: str
    before: int | None = None
    before_abstained: bool | None = None
    points: int | None = None
    abstained: bool | None = None
    reason: str | None = None


class DeskCheckOut(Out):
    """`corrections`: how many there were."""

    flags: list[FlagOut]
    corrections: int


class RoomCheckOut(Out):
    open: bool
    flags: list[RoomFlagOut]
    corrections: list[CorrectedMarkOut]


class RankingRowOut(Out):
    """Hundredths of a point by section, or the evaluated price in fen where the method gives no points."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, int | str] = Field(init=False)
    bidder: str
    credit: int | None = None
    price: int | None = None
    total: int | None = None
    evaluated_fen: int | None = None
