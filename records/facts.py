"""Facts: what a centre says in its journal, the whole vocabulary it may say it in, and when the public may read it.

A wire type is never edited; what must say more becomes a new version beside the old one. A new type is a constant and
its row in `TYPES`: nothing else has to know it but who writes it (CONTRIBUTING.md, "Recipes: a new record type").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import Author, ProjectId, SessionId

TENDER_REGISTERED: Final = "tender.registered.v1"
INVITATION_ISSUED: Final = "invitation.issued.v1"
INVITATION_RECEIVED: Final = "invitation.received.v1"
INVITATION_CONFIRMED: Final = "invitation.confirmed.v1"
INVITATION_REFUSED: Final = "invitation.refused.v1"
COMMITTEE_SEATS_NAMED: Final = "committee.seats-named.v1"
SESSION_PREPARED: Final = "session.prepared.v1"
ROOM_ENTRY_TAKEN: Final = "room.entry-taken.v1"
"""Body {"entry", "signature"}, stage of the entry."""
ROOM_ENTRY_REFUSED: Final = "room.entry-refused.v1"
"""Without its content."""
EVALUATION_TALLY_COMPUTED: Final = "evaluation.tally-computed.v1"
REPORT_DRAFTED: Final = "report.drafted.v1"
REPORT_SIGNATURE_APPLIED: Final = "report.signature-applied.v1"
REPORT_SEALED_1: Final = "report.sealed.v1"
"""Of before the record named the digest of the report's data; only read."""
REPORT_SEALED: Final = "report.sealed.v2"
SEALINGS: Final = (REPORT_SEALED_1, REPORT_SEALED)
"""Every version of the record of a sealing."""
CHECKPOINT_ANCHORED: Final = "checkpoint.anchored.v1"
CHECKPOINT_DISPLACED: Final = "checkpoint.displaced.v1"
CHECKPOINT_COSIGNED: Final = "checkpoint.cosigned.v1"
MONITOR_ALARM_RAISED: Final = "monitor.alarm-raised.v1"
MONITOR_ALARM_CLEARED: Final = "monitor.alarm-cleared.v1"
MONITOR_ALARM_ACKNOWLEDGED: Final = "monitor.alarm-acknowledged.v1"
JOURNAL_RECOVERED: Final = "journal.recovered.v1"
"""Body {"from", "to", "mirror", "root"}."""
RECORD_ERASED: Final = "journal.record-erased.v1"
"""Body {"index", "reason"}."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FactType:
    """What one type of record is called, and what the public may know of it.

    `opens`: the moment from which on its records are public; a type that says nothing is never shown, not even that
    there is a record of it. `reaches`: the moment that its project has reached once a record of it stands.
    `about_zh` and `about_en`: the sentence of the public pages, for every type that is ever public.
    """

    name_zh: str
    name_en: str
    opens: Moment = Moment.NEVER
    reaches: Moment | None = None
    about_zh: str = ""
    about_en: str = ""


TYPES: Final[Mapping[str, FactType]] = MappingProxyType(
    {
        TENDER_REGISTERED: FactType(
            name_zh="招标项目登记",
            name_en="Tender registered",
            opens=Moment.NOTICE,
            reaches=Moment.NOTICE,
            about_zh="本中心登记了这个招标项目。名称、招标人、控制价、开标时间和评标办法自公告之日起公开。",
            about_en="This centre registered the tender. "
            "Title, tenderer, control price, opening and method are public from the notice on.",
        ),
        INVITATION_ISSUED: FactType(name_zh="副场邀请发出", name_en="Invitation issued"),
        INVITATION_RECEIVED: FactType(name_zh="副场邀请收到", name_en="Invitation received"),
        INVITATION_CONFIRMED: FactType(
            name_zh="副场确认",
            name_en="Guest centre confirmed",
            opens=Moment.EVALUATED,
            about_zh="受邀的中心确认参加这次远程异地评标。评标结束之前，谁受到邀请是保密的。",
            about_en="The invited centre agreed to take part in this evaluation. "
            "Who is invited stays secret until the evaluation is over.",
        ),
        INVITATION_REFUSED: FactType(name_zh="副场拒绝", name_en="Guest centre refused"),
        COMMITTEE_SEATS_NAMED: FactType(name_zh="席位指定", name_en="Seats named"),  # the members stay unknown (R11)
        SESSION_PREPARED: FactType(name_zh="评标会话就绪", name_en="Session prepared"),
        ROOM_ENTRY_TAKEN: FactType(name_zh="评标记录收到", name_en="Room entry taken"),
        ROOM_ENTRY_REFUSED: FactType(name_zh="评标记录拒收", name_en="Room entry refused"),
        EVALUATION_TALLY_COMPUTED: FactType(
            name_zh="评分汇总",
            name_en="Scores tallied",
            opens=Moment.CANDIDATES,
            about_zh="各中心分别汇总评分并互相核对。",
            about_en="Each centre tallied the scores, and they compared their results.",
        ),
        REPORT_DRAFTED: FactType(name_zh="评标报告草稿", name_en="Report drafted"),
        REPORT_SIGNATURE_APPLIED: FactType(name_zh="会签", name_en="Report signed"),
        REPORT_SEALED_1: FactType(
            name_zh="评标报告签封",
            name_en="Report sealed",
            opens=Moment.EVALUATED,
            reaches=Moment.EVALUATED,
            about_zh="评标报告由成员签署、各中心签章后封存。这条记录写明了文件的摘要，任何人手中的报告都可以与它比对。",
            about_en="The report was signed by the members and sealed by the centres. "
            "This record names the digest of the file: whoever holds a report can compare it.",
        ),
        REPORT_SEALED: FactType(
            name_zh="评标报告签封",
            name_en="Report sealed",
            opens=Moment.EVALUATED,
            reaches=Moment.EVALUATED,
            about_zh="评标报告由成员签署、各中心签章后封存。这条记录写明了文件的摘要，以及印在每页页脚的数据摘要；"
            "任何人手中的报告，无论文件还是纸质件，都可以与它比对。",
            about_en="The report was signed by the members and sealed by the centres. "
            "This record names the digest of the file, and that of its data, which stands at the foot of every page: "
            "whoever holds a report, as a file or on paper, can compare it.",
        ),
        CHECKPOINT_ANCHORED: FactType(name_zh="存证上链", name_en="Checkpoint anchored"),
        CHECKPOINT_DISPLACED: FactType(name_zh="链重组", name_en="Checkpoint displaced"),
        CHECKPOINT_COSIGNED: FactType(name_zh="见证联署", name_en="Checkpoint cosigned"),
        # an alarm may name a project that is still sealed: only counts of them are public
        MONITOR_ALARM_RAISED: FactType(name_zh="报警发出", name_en="Alarm raised"),
        MONITOR_ALARM_CLEARED: FactType(name_zh="报警解除", name_en="Alarm cleared"),
        MONITOR_ALARM_ACKNOWLEDGED: FactType(name_zh="报警已知悉", name_en="Alarm acknowledged"),
        JOURNAL_RECOVERED: FactType(name_zh="日志找回", name_en="Journal recovered"),
        RECORD_ERASED: FactType(name_zh="记录销毁", name_en="Record erased"),
    },
)
ALL_TYPES: Final[frozenset[str]] = frozenset(TYPES)

NO_SESSION: Final = SessionId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An event, in the past tense. The journal adds centre, sequence, time and the previous hash.

    `project` may be empty for an event of no project (a checkpoint), `session` and `stage` where there is none.
    """

    type: str
    project: ProjectId
    author: Author
    body: Mapping[str, Value]
    session: SessionId = NO_SESSION
    stage: str = ""

    def __post_init__(self) -> None:
        if self.type not in ALL_TYPES:
            raise InvalidRecordError("unknown-fact-type")
