"""The stages of an evaluation session (评标会话状态) and the table of the steps between them."""

import re
from collections.abc import Mapping
from enum import StrEnum
from itertools import combinations
from types import MappingProxyType
from typing import Final, Self

from records.canonical import Value
from records.errors import InvalidRecordError


class Stage(StrEnum):
    """A stage by its name in every record; `word` is its Chinese name in the report."""

    word: str

    def __new__(cls, name: str, word: str = "") -> Self:  # a look-up by name alone is typed as this call too
        stage = str.__new__(cls, name)
        stage._value_, stage.word = name, word
        return stage

    PREPARED = "PREPARED", "待开始"
    CHECK_IN = "CHECK_IN", "签到核验"
    BRIEFING = "BRIEFING", "纪律与承诺"
    ELECTING = "ELECTING", "推选组长"
    READING = "READING", "熟悉文件"
    PRELIM_FORM = "PRELIM_FORM", "形式评审"
    PRELIM_QUAL = "PRELIM_QUAL", "资格评审"
    PRELIM_RESP = "PRELIM_RESP", "响应性评审"
    PRELIM_DONE = "PRELIM_DONE", "初步评审结论"
    DETAILED = "DETAILED", "详细评审"
    PRICE = "PRICE", "报价评分"
    SCORE_CHECK = "SCORE_CHECK", "评分核验"
    AGGREGATED = "AGGREGATED", "汇总排序"
    RECOMMENDED = "RECOMMENDED", "推荐候选人"
    REPORT_DRAFT = "REPORT_DRAFT", "报告起草"
    SIGNING = "SIGNING", "报告签署"
    SEALED = "SEALED", "已签封"
    CLOSED = "CLOSED", "已结束"
    # overlays: the session stands still and comes back to where it was
    CLARIFYING = "CLARIFYING", "澄清中"
    PAUSED = "PAUSED", "暂停"
    INTERRUPTED = "INTERRUPTED", "故障中断"
    SUSPENDED = "SUSPENDED", "监督暂停"
    ROLLBACK_REQ = "ROLLBACK_REQ", "回退申请"
    # terminals
    FAILED = "FAILED", "流标"
    REJECT_ALL = "REJECT_ALL", "否决全部"
    REFORMED = "REFORMED", "重组评委会"
    ABORTED = "ABORTED", "中止"


LINE: tuple[Stage, ...] = tuple(Stage)[: tuple(Stage).index(Stage.CLOSED) + 1]
"""The stages in the order of every procedure; a tender's own procedure leaves some out, never changes the order."""
WORDS: Mapping[str, str] = MappingProxyType({stage.value: stage.word for stage in Stage})
"""What the report calls each stage."""
OVERLAYS = frozenset(
    {Stage.CLARIFYING, Stage.PAUSED, Stage.INTERRUPTED, Stage.SUSPENDED, Stage.ROLLBACK_REQ},
)
STANDSTILL = OVERLAYS - {Stage.CLARIFYING}
"""The overlays during which nobody works; during a clarification the others read and score on."""
TERMINALS = frozenset({Stage.FAILED, Stage.REJECT_ALL, Stage.REFORMED, Stage.ABORTED})
ENDED = TERMINALS | {Stage.CLOSED}
"""Where only reading is possible."""
REQUIRED: tuple[Stage, ...] = (
    Stage.PREPARED,
    Stage.CHECK_IN,
    Stage.BRIEFING,
    Stage.DETAILED,
    Stage.PRICE,
    Stage.AGGREGATED,
    Stage.REPORT_DRAFT,
    Stage.SIGNING,
    Stage.SEALED,
    Stage.CLOSED,
)
"""The stages every procedure must have."""
UNATTENDED = LINE[LINE.index(Stage.DETAILED) : LINE.index(Stage.SEALED)]
"""Where the host continues by itself as soon as nobody blocks the next stage."""
SITTING = LINE[LINE.index(Stage.CHECK_IN) : LINE.index(Stage.SEALED)]
"""While the committee sits; the stages that may be interrupted."""
EVALUATING = LINE[LINE.index(Stage.READING) : LINE.index(Stage.PRICE)]
"""Where members read, review and score."""
PRELIMINARY = (Stage.PRELIM_FORM, Stage.PRELIM_QUAL, Stage.PRELIM_RESP)
"""The three reviews (初步评审); a procedure with any of them has PRELIM_DONE too, which decides."""


class Guard(StrEnum):
    """The condition of a step; its check is in session/guards.py under the same name.

    `holds`: the condition in words. `codes`: the possible blocks, as the cockpit names them.
    """

    holds: str
    codes: tuple[str, ...]

    def __new__(cls, name: str, holds: str = "", *codes: str) -> Self:
        guard = str.__new__(cls, name)
        guard._value_, guard.holds, guard.codes = name, holds, codes
        return guard

    NONE = "none"
    # CHECK_IN
    SEATED = (
        "seated",
        "every seat is bound, the committee odd and big enough",
        "seat-not-bound",
        "committee-too-small",
        "committee-even",
        "too-few-experts",
        "lead-of-the-tenderer",
    )
    # BRIEFING
    UNDERTAKEN = (
        "undertaken",
        "every member signed the undertaking, nobody recused, who was replaced is here",
        "undertaking-missing",
        "recused",
        "seat-not-bound",
    )
    # ELECTING
    ELECTED = "elected", "every member voted, and the lead is found", "ballot-missing"
    # READING
    READ = "read", "every member has read the tender file and the bids", "reading-not-finished"
    # a preliminary review
    REVIEWED = "reviewed", "every member locked its table, all bids and items", "review-not-locked"
    # PRELIM_DONE; 暂行规定27条
    PRELIMINARY_DONE = (
        "preliminary-done",
        "motions, corrections and questions settled; three valid bids, or fewer that compete",
        "rejection-vote-missing",
        "correction-not-confirmed",
        "clarification-open",
        "answer-not-judged",
        "no-valid-bidder",
        "too-few-valid-bidders",
        "competition-vote-missing",
        "competition-lacking",
    )
    # DETAILED; 87号令62条
    SHEETS_LOCKED = (
        "sheets-locked",
        "every sheet is locked; with a review, what `preliminary-done` asks for holds again",
        "sheet-not-locked",
        "sheet-incomplete",
        "section-without-scores",
    )
    # PRICE
    TALLIES_EQUAL = (
        "tallies-equal",
        "every centre computed the tally, and all the same",
        "tally-missing",
        "tally-differs",
    )
    # SCORE_CHECK; 87号令64条
    SCORES_CHECKED = (
        "scores-checked",
        "faults corrected, warnings looked at, and the tallies equal again",
        "score-fault",
        "warning-not-acknowledged",
        "correction-missing",
        "tally-missing",
        "tally-differs",
    )
    # REPORT_DRAFT
    REPORT_CONFIRMED = (
        "report-confirmed",
        "every guest drafted the host's report, byte for byte",
        "report-not-drafted",
        "report-not-confirmed",
        "report-differs",
    )
    # SIGNING
    SIGNED = (
        "signed",
        "everybody consented and signed, or refused; the report is sealed",
        "consent-missing",
        "signature-missing",
        "report-not-sealed",
        "report-differs",
    )
    # out of CLARIFYING
    CLARIFIED = "clarified", "every question is answered, timed out or refused", "clarification-open"
    # out of INTERRUPTED
    IN_TIME = "in-time", "the fault was over within its limit, by the times of the host's entries"
    # out of SUSPENDED and ROLLBACK_REQ
    ORDERED = "ordered", "the supervisor's order that ends it, or the supervisor's review"
    # to REJECT_ALL; 招标投标法42条
    ALL_REJECTED = (
        "all-rejected",
        "every bid is rejected, or competition is lacking",
        "competition-vote-missing",
        "bids-still-compete",
        "enough-valid-bidders",
    )
    # to FAILED behind the preliminary review; 87号令43条
    TOO_FEW = "too-few", "procurement with fewer than three valid bids", "enough-valid-bidders"


ALWAYS_ASKED = ("rollback-not-acknowledged", "replaced-late")
"""Further blocks of every step along the line, besides its guard."""
_LEAVING: dict[Stage, Guard] = {
    Stage.PREPARED: Guard.NONE,
    Stage.CHECK_IN: Guard.SEATED,
    Stage.BRIEFING: Guard.UNDERTAKEN,
    Stage.ELECTING: Guard.ELECTED,
    Stage.READING: Guard.READ,
    Stage.PRELIM_FORM: Guard.REVIEWED,
    Stage.PRELIM_QUAL: Guard.REVIEWED,
    Stage.PRELIM_RESP: Guard.REVIEWED,
    Stage.PRELIM_DONE: Guard.PRELIMINARY_DONE,
    Stage.DETAILED: Guard.SHEETS_LOCKED,
    Stage.PRICE: Guard.TALLIES_EQUAL,
    Stage.SCORE_CHECK: Guard.SCORES_CHECKED,
    Stage.AGGREGATED: Guard.NONE,
    Stage.RECOMMENDED: Guard.NONE,
    Stage.REPORT_DRAFT: Guard.REPORT_CONFIRMED,
    Stage.SIGNING: Guard.SIGNED,
    Stage.SEALED: Guard.NONE,
}
"""The guard of leaving each stage of the line."""
_CLARIFIABLE = LINE[LINE.index(Stage.PRELIM_FORM) : LINE.index(Stage.AGGREGATED)]
_RETURNING: dict[Stage, Guard] = {
    Stage.CLARIFYING: Guard.CLARIFIED,
    Stage.PAUSED: Guard.NONE,
    Stage.INTERRUPTED: Guard.IN_TIME,
    Stage.SUSPENDED: Guard.ORDERED,
    Stage.ROLLBACK_REQ: Guard.ORDERED,
}


def _table() -> dict[tuple[Stage, Stage], Guard]:
    return _along_the_line() | _standing_still() | _ending()


def _along_the_line() -> dict[tuple[Stage, Stage], Guard]:
    return {(origin, target): _LEAVING[origin] for origin, target in combinations(LINE, 2)}


def _standing_still() -> dict[tuple[Stage, Stage], Guard]:
    """Into every overlay and back; a pause, a suspension and a fault also break into a clarification."""
    steps = {(Stage.PAUSED, Stage.SUSPENDED): Guard.NONE, (Stage.SUSPENDED, Stage.PAUSED): Guard.ORDERED}
    under = dict.fromkeys(STANDSTILL, (*SITTING, Stage.CLARIFYING))
    under |= {Stage.ROLLBACK_REQ: SITTING, Stage.CLARIFYING: _CLARIFIABLE}
    for overlay, below in under.items():
        for origin in below:
            steps[origin, overlay] = Guard.NONE
            steps[overlay, origin] = _RETURNING[overlay]
    return steps


def _ending() -> dict[tuple[Stage, Stage], Guard]:
    steps: dict[tuple[Stage, Stage], Guard] = {}
    for origin in (*LINE[: LINE.index(Stage.SEALED)], *OVERLAYS):
        steps[origin, Stage.ABORTED] = Guard.NONE
    for origin in (Stage.PREPARED, Stage.CHECK_IN):
        steps[origin, Stage.FAILED] = Guard.NONE
    for origin in (Stage.PRELIM_DONE, Stage.DETAILED):
        steps[origin, Stage.FAILED] = Guard.TOO_FEW
    for origin in (Stage.PRELIM_DONE, Stage.DETAILED, Stage.SCORE_CHECK):
        steps[origin, Stage.REJECT_ALL] = Guard.ALL_REJECTED
    for origin in (Stage.INTERRUPTED, Stage.SUSPENDED, Stage.CHECK_IN):
        steps[origin, Stage.REFORMED] = Guard.NONE
    return steps


TRANSITIONS: Mapping[tuple[Stage, Stage], Guard] = MappingProxyType(_table())
"""Every lawful step and its guard.

Along the line the target must also be the procedure's next stage; out of an overlay the stage below it, or the
clarification it broke into; only an approved rollback leads from ROLLBACK_REQ to the requested earlier stage.
"""

_LABEL: Final = re.compile(r"([A-Z_]+)(?:-([2-9]|[1-9][0-9]{1,3}))?")


def label(stage: Stage, passage: int) -> str:
    """How entries name their stage: without a number the first time, then with the number of the passage."""
    return stage.value if passage == 1 else f"{stage.value}-{passage}"


def read_label(value: str) -> Stage:
    """The stage of an entry's label."""
    found = _LABEL.fullmatch(value)
    return read_stage(found[1] if found else "")


def read_stage(value: Value) -> Stage:
    if not isinstance(value, str) or value not in Stage.__members__:
        raise InvalidRecordError("unknown-stage")
    return Stage(value)
