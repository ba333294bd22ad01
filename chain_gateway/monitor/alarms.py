"""An alarm: which forbidden condition occurred, about what, since when, the expected and the found value. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from records.canonical import Value
from records.facts import MONITOR_ALARM_ACKNOWLEDGED, MONITOR_ALARM_CLEARED, MONITOR_ALARM_RAISED, Fact
from records.ids import Author, ProjectId

LONGEST_SUBJECT = 160
LONGEST_VALUE = 240
_AUTHOR = Author("system:monitor")
_SOON = "key-expires-soon"
NEARLY_FULL = "disk-nearly-full"


class AlarmName(StrEnum):
    """The kind of an alarm; the names are stable."""

    FORK = "fork"
    """分叉: one log or one room shows two histories."""
    MISSED_ANCHOR = "missed-anchor"
    """漏锚: entries have waited too long for the chain."""
    UNWITNESSED = "unwitnessed"
    """未见证: another centre's log cannot be checked as it should be."""
    MISSING_SEQ = "missing-seq"
    """缺号: a chain of records has a gap."""
    ALTERED_RECORD = "altered-record"
    """篡改: a record, its leaf, tile or anchored root do not agree."""
    KEY_EXPIRY = "key-expiry"
    """密钥到期: a key or certificate has ended or soon will."""
    CLOCK = "clock"
    """时钟: the centre's clock has jumped, or differs from another centre's."""
    STORAGE = "storage"
    """存储: a folder cannot be written, or its disk is nearly full."""
    PROPOSAL = "proposal"
    """提案: a proposal of the centres' votes expired, or soon will, or their registry binds none."""
    STANDSTILL = "standstill"
    """停滞: the work on a session, or a whole follower, stands still at an error."""


class Severity(StrEnum):
    WARNING = "warning"
    """An operator should look soon; nothing is lost yet."""
    CRITICAL = "critical"
    """Evidence may be at stake: an operator must look now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One open alarm. Name, subject and code together are its identity.

    `subject` is one of: `log:<origin>`, `centre:<code>`, `project:<id>`, `room:<session>/<author or peer>`,
    `entries:<first>-<last>`, `checkpoint:<size>`, `key:<name>`, `clock`, `clock:<centre>`, `storage:<use>`,
    `proposal:<number>`, `registry`,
    `work:<follower>` or `work:<follower>/<session or project>`. `expected` and `found` hold sizes, digests, moments,
    paths or codes, never a score, a name or a secret. Times are texts in the records' format. `entry` is the index of
    the record that raised it.
    """

    name: AlarmName
    subject: str
    code: str
    expected: str
    found: str
    first_seen: str
    last_seen: str
    entry: int
    acknowledged_by: str = ""
    acknowledged_at: str = ""
    reason: str = ""

    @property
    def severity(self) -> Severity:
        return severity(self.name, self.code)


def severity(name: AlarmName, code: str) -> Severity:
    """How serious it is: a warning when it can still be repaired without loss."""
    waits = {AlarmName.MISSED_ANCHOR, AlarmName.UNWITNESSED, AlarmName.CLOCK}
    waits |= {AlarmName.STANDSTILL, AlarmName.PROPOSAL}
    return Severity.WARNING if name in waits or code in {_SOON, NEARLY_FULL} else Severity.CRITICAL


def raised_fact(name: AlarmName, subject: str, code: str, *, expected: str, found: str) -> Fact:
    body: dict[str, Value] = {
        "alarm": name.value,
        "subject": subject[:LONGEST_SUBJECT],
        "code": code,
        "severity": severity(name, code).value,
        "expected": expected[:LONGEST_VALUE],
        "found": found[:LONGEST_VALUE],
    }
    return Fact(type=MONITOR_ALARM_RAISED, project=ProjectId(""), author=_AUTHOR, body=body)


def cleared_fact(alarm: Alarm) -> Fact:
    body = _named(alarm) | {"severity": alarm.severity.value, "raised": alarm.entry}
    return Fact(type=MONITOR_ALARM_CLEARED, project=ProjectId(""), author=_AUTHOR, body=body)


def acknowledged_fact(alarm: Alarm, *, author: Author, reason: str) -> Fact:
    body = _named(alarm) | {"raised": alarm.entry, "reason": reason}
    return Fact(type=MONITOR_ALARM_ACKNOWLEDGED, project=ProjectId(""), author=author, body=body)


def _named(alarm: Alarm) -> dict[str, Value]:
    return {"alarm": alarm.name.value, "subject": alarm.subject, "code": alarm.code}
