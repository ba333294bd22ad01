"""How answers show a session to one of its members, and what a seat needs to take part."""

from typing import Any, Literal

from evaluation_room.answers.review import RoomReviewOut
from evaluation_room.answers.session import (
    CentreNameOut,
    ElectionOut,
    EndedOut,
    OverlayOut,
    RankingRowOut,
    RollbackNoticeOut,
    RoomCheckOut,
    StageMarkOut,
    TimeOut,
)
from evaluation_room.answers.tender import BidderOut, ItemOut, MethodOut, StageName
from records.answers import Out


class MeOut(Out):
    """The reader's own seat. `ballots`: in how many rounds of the election it has voted."""

    seat: str
    bound: bool
    epoch: int
    locked: bool
    consented: bool
    signed: bool
    ballots: int | None = None


class RoomSeatOut(Out):
    """The name among those who checked in, the lock only to who has locked."""

    seat: str
    centre: str
    city_zh: str
    city_en: str
    present: bool
    name: str | None = None
    locked: bool | None = None


class RoomOut(Out):
    """The room as one member may see it now. `label`: how entries name the present stage."""

    session: str
    project: str
    title: str
    title_en: str
    tenderer: str
    control_price_fen: int
    method: MethodOut
    host: CentreNameOut
    guests: list[CentreNameOut]
    bidders: list[BidderOut]
    items: list[ItemOut]
    stage: StageName
    label: str
    stages: list[StageMarkOut]
    me: MeOut
    seats: list[RoomSeatOut]
    overlay: OverlayOut | None = None
    ended: EndedOut | None = None
    rollback: RollbackNoticeOut | None = None
    review: RoomReviewOut | None = None
    lead: str | None = None
    election: ElectionOut | None = None
    score_check: RoomCheckOut | None = None
    time: TimeOut | None = None
    ranking: list[RankingRowOut] | None = None


class EntryOut(Out):
    """What one author said. Any: the body of each kind stands in docs/interface.md."""

    session: str
    author: str
    seq: int
    previous: str
    at: str
    stage: str
    kind: str
    body: dict[str, Any]


class SignedEntryOut(Out):
    """An entry and its author's signature (ES256, base64url)."""

    entry: EntryOut
    signature: str


class OwnChainOut(Out):
    """`after`: how many entries are those of a member who was replaced, which are left out."""

    entries: list[SignedEntryOut]
    head: str
    seq: int
    after: int


class CheckInOptionsOut(Out):
    """Any: what the browser's WebAuthn call takes as it is; its challenge follows from the nonce."""

    ceremony: str
    nonce: str
    publicKey: dict[str, Any]  # noqa: N815 - WebAuthn's name


class BoundOut(Out):
    """Which binding of the seat this is."""

    epoch: int


class SignalOut(Out):
    """WebRTC's answer to an offer."""

    type: Literal["answer"]
    sdp: str
