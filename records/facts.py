"""Facts: the events that a centre writes to its journal, and the complete list of their types.

A wire type is never edited; additional content needs a new version beside the old one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import Author, ProjectId, SessionId

TENDER_REGISTERED: Final = "tender.registered.v1"  # 招标项目登记
INVITATION_ISSUED: Final = "invitation.issued.v1"  # 副场邀请发出
INVITATION_RECEIVED: Final = "invitation.received.v1"  # 副场邀请收到
INVITATION_CONFIRMED: Final = "invitation.confirmed.v1"  # 副场确认
INVITATION_REFUSED: Final = "invitation.refused.v1"  # 副场拒绝
COMMITTEE_SEATS_NAMED: Final = "committee.seats-named.v1"  # 席位指定
SESSION_PREPARED: Final = "session.prepared.v1"  # 评标会话就绪
ROOM_ENTRY_TAKEN: Final = "room.entry-taken.v1"  # 评标记录收到: body {"entry", "signature"}, stage of the entry
ROOM_ENTRY_REFUSED: Final = "room.entry-refused.v1"  # 评标记录拒收, without its content
EVALUATION_TALLY_COMPUTED: Final = "evaluation.tally-computed.v1"  # 汇总
REPORT_DRAFTED: Final = "report.drafted.v1"  # 评标报告草稿
REPORT_SIGNATURE_APPLIED: Final = "report.signature-applied.v1"  # 会签
REPORT_SEALED: Final = "report.sealed.v1"  # 电子签章
CHECKPOINT_ANCHORED: Final = "checkpoint.anchored.v1"  # 存证上链
CHECKPOINT_DISPLACED: Final = "checkpoint.displaced.v1"  # 链重组，须重新上链
CHECKPOINT_COSIGNED: Final = "checkpoint.cosigned.v1"  # 见证联署
MONITOR_ALARM_RAISED: Final = "monitor.alarm-raised.v1"  # 报警发出
MONITOR_ALARM_CLEARED: Final = "monitor.alarm-cleared.v1"  # 报警解除
MONITOR_ALARM_ACKNOWLEDGED: Final = "monitor.alarm-acknowledged.v1"  # 报警已知悉
JOURNAL_RECOVERED: Final = "journal.recovered.v1"  # 日志找回: body {"from", "to", "mirror", "root"}
RECORD_ERASED: Final = "journal.record-erased.v1"  # 记录销毁: body {"index", "reason"}

ALL_TYPES: Final[frozenset[str]] = frozenset(
    {
        TENDER_REGISTERED,
        INVITATION_ISSUED,
        INVITATION_RECEIVED,
        INVITATION_CONFIRMED,
        INVITATION_REFUSED,
        COMMITTEE_SEATS_NAMED,
        SESSION_PREPARED,
        ROOM_ENTRY_TAKEN,
        ROOM_ENTRY_REFUSED,
        EVALUATION_TALLY_COMPUTED,
        REPORT_DRAFTED,
        REPORT_SIGNATURE_APPLIED,
        REPORT_SEALED,
        CHECKPOINT_ANCHORED,
        CHECKPOINT_DISPLACED,
        CHECKPOINT_COSIGNED,
        MONITOR_ALARM_RAISED,
        MONITOR_ALARM_CLEARED,
        MONITOR_ALARM_ACKNOWLEDGED,
        JOURNAL_RECOVERED,
        RECORD_ERASED,
    },
)


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
