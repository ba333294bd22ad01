"""The acts about a session itself, its seats and its report; other acts are in the module of their subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evaluation_room.tender.definition import Definition
from records import ids, strict_fields
from records.errors import InvalidRecordError
from records.ids import Digest, SeatId
from records.room_entry import load_point
from records.strict_fields import Body

_SECOND: Final = 2


class Decision(StrEnum):
    AGREE = "agree"  # 同意
    DISSENT = "dissent"  # 持不同意见
    REFUSE = "refuse"  # 拒绝签字


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOpened:
    definition: Definition

    @classmethod
    def read(cls, body: Body) -> "SessionOpened":
        return cls(definition=Definition.read(strict_fields.fields(body, "definition")["definition"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatBound:
    """A seat's key (席位密钥) is bound to the expert who checked in; it signs the seat's chain from `from_seq` on.

    The assertion was made by the expert's authenticator over key, seat and session; every venue that takes the entry
    checks it.
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

    @classmethod
    def read(cls, body: Body) -> "SeatBound":
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
        return cls(
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDrafted:
    """The report this centre drew up itself: as host, or confirmed as guest."""

    digest: Digest

    @classmethod
    def read(cls, body: Body) -> "ReportDrafted":
        strict_fields.fields(body, "report_digest")
        return cls(digest=ids.parse_digest(body["report_digest"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportConsented:
    """A member agrees, dissents in writing or refuses (条例53条), confirmed on the member's own authenticator.

    `challenge_version`: which challenge the assertion answers. The first did not cover the decision; no venue takes it.
    """

    digest: Digest
    decision: Decision
    reason: str
    nonce: str
    assertion: Body
    challenge_version: int = 1

    @classmethod
    def read(cls, body: Body) -> "ReportConsented":
        optional = {"reason", "challenge_version"}
        strict_fields.fields(body, "report_digest", "decision", "nonce", "assertion", optional=optional)
        decision, reason = strict_fields.text(body, "decision"), strict_fields.reason(body)
        if decision not in set(Decision):
            raise InvalidRecordError("unknown-decision")
        if decision == Decision.DISSENT and not reason:
            raise InvalidRecordError("dissent-without-reason")
        return cls(
            digest=ids.parse_digest(body["report_digest"]),
            decision=Decision(decision),
            reason=reason,
            nonce=strict_fields.text(body, "nonce"),
            assertion=_object(body, "assertion"),
            challenge_version=_challenge_version(body),
        )


def _challenge_version(body: Body) -> int:
    """Absent in entries of before the second version."""
    if "challenge_version" not in body:
        return 1
    version = strict_fields.integer(body, "challenge_version", minimum=1)
    if version != _SECOND:
        raise InvalidRecordError("challenge-version", version=version)
    return version


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSigned:
    seat: SeatId
    field: str
    certificate: Digest

    @classmethod
    def read(cls, body: Body) -> "ReportSigned":
        strict_fields.fields(body, "seat", "field", "certificate")
        return cls(
            seat=ids.parse_seat(body["seat"]),
            field=strict_fields.text(body, "field", longest=64),
            certificate=ids.parse_digest(body["certificate"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSealed:
    digest: Digest
    sealed: Digest

    @classmethod
    def read(cls, body: Body) -> "ReportSealed":
        strict_fields.fields(body, "report_digest", "sealed_digest")
        return cls(digest=ids.parse_digest(body["report_digest"]), sealed=ids.parse_digest(body["sealed_digest"]))


def _object(body: Body, name: str) -> Body:
    found = body[name]
    if not isinstance(found, Mapping):
        raise InvalidRecordError("wrong-type", field=name, needs="object")
    return found
