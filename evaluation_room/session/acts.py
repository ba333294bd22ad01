"""What can be said in the room: every kind of entry, who may say it, in which stages, and how its body reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from evaluation_room.committee.election import Ballot
from evaluation_room.committee.extension import TimeExtended, TimeShort
from evaluation_room.committee.replacement import MemberReplaced
from evaluation_room.review.ballots import AnswerVote, CompetitionVote, Drafted, Raised, ReadingFinished, RejectionVote
from evaluation_room.review.clarifications import Answered, Approval, Delivered, Sent, Unanswered
from evaluation_room.review.corrections import Correction, CorrectionAnswered
from evaluation_room.review.parts import ReviewAct
from evaluation_room.review.table import Mark, TableLocked
from evaluation_room.scoring.check_acts import MarkCorrected, WarningAcknowledged
from evaluation_room.scoring.sheets import Cell
from evaluation_room.session.steps import (
    RollbackAcknowledged,
    RollbackRequested,
    StageEntered,
    read_acknowledgement,
    read_request,
    read_step,
)
from evaluation_room.stages import LINE, OVERLAYS, PRELIMINARY, Stage
from evaluation_room.tender.definition import Definition
from records import ids, strict_fields
from records.errors import InvalidRecordError
from records.ids import Digest, SeatId
from records.room_entry import load_point
from records.strict_fields import Body


class Speaker(StrEnum):
    HOST = "host"
    GUEST = "guest"
    CENTRE = "centre"
    SEAT_CENTRE = "seat-centre"  # the centre in which the seat named in the body stands
    SEAT = "seat"


class Decision(StrEnum):
    AGREE = "agree"  # 同意
    DISSENT = "dissent"  # 持不同意见
    REFUSE = "refuse"  # 拒绝签字


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    definition: Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatBound:
    """A seat's key (席位密钥) is bound to the expert who checked in; it signs the seat's chain from `from_seq` on.

    The assertion was made by the expert's authenticator over key, seat and session; whoever takes the entry checks it.
    """

    seat: SeatId
    epoch: int
    from_seq: int
    public_key: str
    name: str
    specialty: str
    role: str
    credential_id: str
    credential_key: str
    nonce: str
    assertion: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaking:
    """承诺书 signed, or the seat recused itself (回避)."""

    text_digest: str
    recusal: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLocked:
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyComputed:
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDrafted:
    """The report as this centre itself drew it up: by the host, or confirmed by a guest."""

    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportConsented:
    """A member agrees, dissents in writing or refuses (条例53条), confirmed on the member's own authenticator."""

    digest: Digest
    decision: Decision
    reason: str
    nonce: str
    assertion: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSigned:
    seat: SeatId
    field: str
    certificate: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSealed:
    digest: Digest
    sealed: Digest


Act: TypeAlias = (
    SessionOpened
    | SeatBound
    | MemberReplaced
    | StageEntered
    | Undertaking
    | TimeShort
    | TimeExtended
    | Ballot
    | Cell
    | MarkCorrected
    | WarningAcknowledged
    | SheetLocked
    | TallyComputed
    | ReportDrafted
    | ReportConsented
    | ReportSigned
    | ReportSealed
    | RollbackRequested
    | RollbackAcknowledged
    | ReviewAct
)


def _object(body: Body, name: str) -> Body:
    found = body[name]
    if not isinstance(found, Mapping):
        raise InvalidRecordError("wrong-type", field=name, needs="object")
    return found


def read_opening(body: Body) -> SessionOpened:
    return SessionOpened(definition=Definition.read(strict_fields.fields(body, "definition")["definition"]))


def _bound(body: Body) -> SeatBound:
    names = ("seat", "epoch", "public_key", "expert", "credential", "nonce", "assertion")
    strict_fields.fields(body, *names, optional={"from_seq"})
    expert = strict_fields.fields(body["expert"], "name", "specialty", "role")
    credential = strict_fields.fields(body["credential"], "id", "public_key")
    role = strict_fields.text(expert, "role")
    if role not in {"expert", "tenderer"}:
        raise InvalidRecordError("unknown-role")
    epoch = strict_fields.integer(body, "epoch", minimum=1)
    if epoch > 1 and "from_seq" not in body:
        raise InvalidRecordError("missing-field", field="from_seq")
    public_key = strict_fields.text(body, "public_key")
    load_point(public_key)
    return SeatBound(
        seat=ids.parse_seat(body["seat"]),
        epoch=epoch,
        from_seq=strict_fields.integer(body, "from_seq", minimum=1) if "from_seq" in body else 1,
        public_key=public_key,
        name=strict_fields.text(expert, "name"),
        specialty=strict_fields.text(expert, "specialty"),
        role=role,
        credential_id=strict_fields.text(credential, "id", longest=4000),
        credential_key=strict_fields.text(credential, "public_key", longest=4000),
        nonce=strict_fields.text(body, "nonce"),
        assertion=_object(body, "assertion"),
    )


def _undertaking(body: Body) -> Undertaking:
    strict_fields.fields(body, "recusal", optional={"text_digest", "reason"})
    recusal, reason = strict_fields.flag(body, "recusal"), strict_fields.reason(body)
    if recusal and not reason:
        raise InvalidRecordError("missing-field", field="reason")
    if not recusal:
        strict_fields.fields(body, "text_digest", "recusal")
    text = ids.parse_digest(body["text_digest"]) if "text_digest" in body else ""
    return Undertaking(text_digest=text, recusal=recusal, reason=reason)


def _digest(body: Body, name: str) -> Digest:
    return ids.parse_digest(strict_fields.fields(body, name)[name])


def _consented(body: Body) -> ReportConsented:
    strict_fields.fields(body, "report_digest", "decision", "nonce", "assertion", optional={"reason"})
    decision, reason = strict_fields.text(body, "decision"), strict_fields.reason(body)
    if decision not in set(Decision):
        raise InvalidRecordError("unknown-decision")
    if decision == Decision.DISSENT and not reason:
        raise InvalidRecordError("dissent-without-reason")
    return ReportConsented(
        digest=ids.parse_digest(body["report_digest"]),
        decision=Decision(decision),
        reason=reason,
        nonce=strict_fields.text(body, "nonce"),
        assertion=_object(body, "assertion"),
    )


def _signed(body: Body) -> ReportSigned:
    strict_fields.fields(body, "seat", "field", "certificate")
    return ReportSigned(
        seat=ids.parse_seat(body["seat"]),
        field=strict_fields.text(body, "field", longest=64),
        certificate=ids.parse_digest(body["certificate"]),
    )


def _sealed(body: Body) -> ReportSealed:
    strict_fields.fields(body, "report_digest", "sealed_digest")
    return ReportSealed(digest=ids.parse_digest(body["report_digest"]), sealed=ids.parse_digest(body["sealed_digest"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of entry. `read` checks the body by itself and, where marks are concerned, against the definition.

    `during`: the overlays in which it may still be said; the entry then names the stage that the overlay lies over.
    """

    speaker: Speaker
    stages: frozenset[Stage]
    read: Callable[[Body, Definition], Act]
    during: frozenset[Stage] = frozenset({Stage.CLARIFYING})


def _kind(speaker: Speaker, read: Callable[[Body], Act], *stages: Stage) -> Kind:
    return Kind(speaker=speaker, stages=frozenset(stages), read=lambda body, _definition: read(body))


def _ruled(speaker: Speaker, read: Callable[[Body, Definition], Act], *stages: Stage) -> Kind:
    return Kind(speaker=speaker, stages=frozenset(stages), read=read)


_CORRECTING = (Stage.READING, *PRELIMINARY, Stage.PRELIM_DONE)
_REJECTING = (*PRELIMINARY, Stage.PRELIM_DONE, Stage.DETAILED)
_ASKING = (Stage.READING, *_REJECTING)
_SITTING = LINE[LINE.index(Stage.CHECK_IN) : LINE.index(Stage.SEALED)]
EVALUATING = LINE[LINE.index(Stage.READING) : LINE.index(Stage.PRICE)]
"""Where members read, review and score."""

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "session-opened": _kind(Speaker.HOST, read_opening, Stage.PREPARED),
        "seat-bound": replace(_kind(Speaker.SEAT_CENTRE, _bound, *_SITTING), during=OVERLAYS),
        "member-replaced": _kind(Speaker.SEAT_CENTRE, MemberReplaced.read, Stage.CHECK_IN, Stage.BRIEFING),
        "stage-entered": _kind(Speaker.HOST, read_step, *Stage),
        "rollback-requested": _kind(Speaker.SEAT, read_request, *_SITTING),
        "rollback-acknowledged": _kind(Speaker.SEAT, read_acknowledgement, *_SITTING),
        "undertaking-signed": _kind(Speaker.SEAT, _undertaking, Stage.BRIEFING),
        "time-short": _kind(Speaker.SEAT, TimeShort.read, *EVALUATING),
        "time-extended": _kind(Speaker.HOST, TimeExtended.read, *EVALUATING),
        "ballot-cast": _kind(Speaker.SEAT, Ballot.read, Stage.ELECTING),
        "reading-finished": _kind(Speaker.SEAT, ReadingFinished.read, Stage.READING),
        "review-marked": _ruled(Speaker.SEAT, Mark.read, *PRELIMINARY),
        "review-locked": _kind(Speaker.SEAT, TableLocked.read, *PRELIMINARY),
        "rejection-raised": _ruled(Speaker.SEAT, Raised.read, *_REJECTING),
        "rejection-voted": _ruled(Speaker.SEAT, RejectionVote.read, *_REJECTING),
        "competition-voted": _ruled(Speaker.SEAT, CompetitionVote.read, Stage.PRELIM_DONE, Stage.DETAILED),
        "correction-recorded": _ruled(Speaker.HOST, Correction.read, *_CORRECTING),
        "correction-answered": _ruled(Speaker.HOST, CorrectionAnswered.read, *_CORRECTING),
        "clarification-drafted": _ruled(Speaker.SEAT, Drafted.read, *_ASKING),
        "clarification-approved": _ruled(Speaker.HOST, Approval.read, *_ASKING),
        "clarification-sent": _ruled(Speaker.HOST, Sent.read, *_ASKING),
        "clarification-delivered": _ruled(Speaker.HOST, Delivered.read, *_ASKING),
        "clarification-answered": _ruled(Speaker.HOST, Answered.read, *_ASKING),
        "clarification-unanswered": _ruled(Speaker.HOST, Unanswered.read, *_ASKING),
        "answer-judged": _ruled(Speaker.SEAT, AnswerVote.read, *_ASKING),
        "score-entered": Kind(speaker=Speaker.SEAT, stages=frozenset({Stage.DETAILED}), read=Cell.read),
        "sheet-locked": _kind(
            Speaker.SEAT,
            lambda body: SheetLocked(digest=_digest(body, "sheet_digest")),
            Stage.DETAILED,
        ),
        "tally-computed": _kind(
            Speaker.CENTRE,
            lambda body: TallyComputed(digest=_digest(body, "digest")),
            Stage.PRICE,
            Stage.SCORE_CHECK,
        ),
        "score-corrected": _ruled(Speaker.SEAT, MarkCorrected.read, Stage.SCORE_CHECK),
        "warning-acknowledged": _kind(Speaker.SEAT, WarningAcknowledged.read, Stage.SCORE_CHECK),
        "report-drafted": _kind(
            Speaker.HOST,
            lambda body: ReportDrafted(digest=_digest(body, "report_digest")),
            Stage.REPORT_DRAFT,
        ),
        "report-confirmed": _kind(
            Speaker.GUEST,
            lambda body: ReportDrafted(digest=_digest(body, "report_digest")),
            Stage.REPORT_DRAFT,
        ),
        "report-consented": _kind(Speaker.SEAT, _consented, Stage.SIGNING),
        "report-signed": _kind(Speaker.SEAT_CENTRE, _signed, Stage.SIGNING),
        "report-sealed": _kind(Speaker.HOST, _sealed, Stage.SIGNING),
    },
)


def kind(name: str) -> Kind:
    found = KINDS.get(name)
    if found is None:
        raise InvalidRecordError("unknown-kind")
    return found
