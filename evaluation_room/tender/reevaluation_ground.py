"""The earlier evaluation that a new one repeats (复议): its session, its sealed report, and the legal ground."""

from dataclasses import dataclass
from enum import StrEnum

from records import ids, strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import Digest, SessionId


class ReevaluationGround(StrEnum):
    """Why the law requires a project to be evaluated again; named by the rule, R10 the first of them."""

    R10 = "R10"  # a member was set or changed against the law: the conclusion is void (条例70条)
    R26 = "R26"  # an error of 87号令64条 was found after signing: the original committee evaluates again
    R30 = "R30"  # the first candidate changed or broke the law: the original committee reviews (条例56条)
    REFORMED = "REFORMED"  # the committee had to be formed anew (87号令49条; local rule art. 21)


ANOTHER_COMMITTEE = frozenset({ReevaluationGround.R10, ReevaluationGround.REFORMED})
"""Where the seats may differ; otherwise the original committee sits again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """`sealed`: the digest of the sealed report, which remains; None where the committee was formed anew."""

    session: SessionId
    sealed: Digest | None
    ground: ReevaluationGround
    reason: str

    @classmethod
    def read(cls, value: Value) -> "Previous":
        body = strict_fields.fields(value, "session", "ground", "reason", optional={"sealed_digest"})
        ground = strict_fields.choice(body, "ground", ReevaluationGround)
        if ("sealed_digest" in body) is (ground is ReevaluationGround.REFORMED):
            field = "unknown-field" if ground is ReevaluationGround.REFORMED else "missing-field"
            raise InvalidRecordError(field, field="sealed_digest")
        return cls(
            session=ids.parse_session(body["session"]),
            sealed=ids.parse_digest(body["sealed_digest"]) if "sealed_digest" in body else None,
            ground=ground,
            reason=strict_fields.text(body, "reason", longest=strict_fields.LONGEST_REASON),
        )

    @property
    def next(self) -> SessionId:
        """The session that follows: the next version of the same project."""
        project, _, version = self.session.rpartition("-")
        return SessionId(f"{project}-{int(version) + 1}")
