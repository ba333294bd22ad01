"""A member's review tables (评审表): PASS or FAIL per bidder and item, one table a stage, final once it is locked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

from evaluation_room.stages import PRELIMINARY, Stage
from evaluation_room.tender.definition import Definition
from evaluation_room.tender.review_items import Review
from records import canonical, ids, strict_fields
from records.canonical import Value
from records.errors import ConflictError, EvidenceMismatchError, InvalidRecordError, WrongStageError
from records.ids import Digest, SeatId
from records.strict_fields import Body

Key: TypeAlias = tuple[str, str]
"""(bidder, item)."""


def review_of(definition: Definition) -> Review:
    """The tender file's preliminary review; without one there is nothing to review and no ground of rejection."""
    if definition.review is None:
        raise InvalidRecordError("review-not-defined")
    return definition.review


def keys(definition: Definition, stage: Stage) -> tuple[Key, ...]:
    """Every (bidder, item) a member marks in a stage: there is no abstention."""
    items = () if definition.review is None else definition.review.of(stage)
    return tuple((bidder.id, item.id) for bidder in definition.bidders for item in items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One member's judgement of one item of one bid; a FAIL has its reason."""

    bidder: str
    item: str
    stage: Stage
    passed: bool
    reason: str = ""

    @property
    def value(self) -> dict[str, Value]:
        """The mark in the member's own form: the body of the entry, and the input of the table's digest."""
        written: dict[str, Value] = {"reason": self.reason} if self.reason else {}
        return {"bidder": self.bidder, "item": self.item, "passed": self.passed, **written}

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "Mark":
        """R13: only an item of the tender file can be marked (条例49条)."""
        strict_fields.fields(body, "bidder", "item", "passed", optional={"reason"})
        bidder, item = strict_fields.short_id(body, "bidder"), strict_fields.short_id(body, "item")
        found = review_of(definition).item(item)
        if found is None or bidder not in definition.prices:
            raise InvalidRecordError("unknown-cell", bidder=bidder, item=item)
        passed, reason = strict_fields.flag(body, "passed"), strict_fields.reason(body)
        if not passed and not reason.strip():
            raise InvalidRecordError("fail-without-reason", bidder=bidder, item=item)
        return cls(bidder=bidder, item=item, stage=found.stage, passed=passed, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLocked:
    stage: Stage
    digest: Digest

    @classmethod
    def read(cls, body: Body) -> "TableLocked":
        strict_fields.fields(body, "stage", "table_digest")
        stage = strict_fields.choice(body, "stage", Stage)
        if stage not in PRELIMINARY:
            raise InvalidRecordError("unknown-stage")
        return cls(stage=stage, digest=ids.parse_digest(body["table_digest"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All marks of one seat in one stage. A mark may be written again until the lock."""

    seat: SeatId
    stage: Stage
    marks: Mapping[Key, Mark] = field(default_factory=lambda: MappingProxyType({}))
    locked: bool = False
    locked_at: str = ""

    @property
    def digest(self) -> Digest:
        """The digest that the lock names: of all marks in the order of bidder, then item."""
        marks: list[Value] = [self.marks[key].value for key in sorted(self.marks)]
        return ids.digest(canonical.encode({"marks": marks, "stage": self.stage.value}))

    def write(self, mark: Mark) -> "Table":
        self._open()
        return replace(self, marks=MappingProxyType({**self.marks, (mark.bidder, mark.item): mark}))

    def lock(self, digest: Digest, definition: Definition, at: str) -> "Table":
        """Final: every bidder and item marked, and the digest the member signed is this table's."""
        self._open()
        missing = [key for key in keys(definition, self.stage) if key not in self.marks]
        if missing:
            raise WrongStageError("unreviewed-cells", seat=self.seat, missing=len(missing))
        if digest != self.digest:
            raise EvidenceMismatchError("review-digest", seat=self.seat)
        return replace(self, locked=True, locked_at=at)

    def _open(self) -> None:
        if self.locked:
            raise ConflictError("review-locked", seat=self.seat, stage=self.stage.value)
