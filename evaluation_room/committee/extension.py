"""More time for the evaluation (延长评标时间): members request it, the tenderer extends it (R15, 条例48条)."""

from dataclasses import dataclass

from records import ids, strict_fields
from records.canonical import Value
from records.strict_fields import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeShort:
    """A member states that the time is too short. `after`: the extensions so far; each is requested anew."""

    after: int
    reason: str

    @classmethod
    def read(cls, body: Body) -> "TimeShort":
        strict_fields.fields(body, "after", "reason")
        return cls(
            after=strict_fields.integer(body, "after", minimum=0), reason=strict_fields.reason(body, needed=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExtended:
    """The tenderer's decision as recorded by the host: the committee's new deadline."""

    until: str
    reason: str

    @classmethod
    def read(cls, body: Body) -> "TimeExtended":
        strict_fields.fields(body, "until", "reason")
        return cls(
            until=ids.instant(ids.parse_instant(strict_fields.text(body, "until"))),
            reason=strict_fields.reason(body, needed=True),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An extension and when it was recorded."""

    act: TimeExtended
    at: str

    @property
    def value(self) -> Value:
        return {"until": self.act.until, "reason": self.act.reason, "at": self.at}


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """How many members have requested more time since the last extension, and the extensions so far."""

    asked: int
    members: int
    extensions: tuple[Extension, ...]

    @property
    def due(self) -> bool:
        """R15: whether more than a third of the members requested it; then the tenderer has to extend it (条例48条)."""
        return self.asked * 3 > self.members

    @property
    def value(self) -> dict[str, Value]:
        extensions: list[Value] = [one.value for one in self.extensions]
        return {"asked": self.asked, "members": self.members, "due": self.due, "extensions": extensions}
