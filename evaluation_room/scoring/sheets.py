"""Score sheets (评分表): one expert's mark for each bidder and item, and the lock that makes the sheet final."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

from evaluation_room.tender.definition import Definition
from records import canonical, ids, strict_fields
from records.canonical import Value
from records.errors import ConflictError, EvidenceMismatchError, InvalidRecordError, WrongStageError
from records.ids import Digest, SeatId
from records.strict_fields import Body

Key: TypeAlias = tuple[str, str]
"""(bidder, item)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One mark in hundredths of a point; None means abstained, which is not 0 and not an empty cell."""

    bidder: str
    item: str
    points: int | None
    reason: str = ""

    @property
    def value(self) -> dict[str, Value]:
        """The cell in the expert's own form: the body of its entry, and the input of the sheet's digest."""
        mark: dict[str, Value] = {"abstained": True} if self.points is None else {"points": self.points}
        written: dict[str, Value] = {"reason": self.reason} if self.reason else {}
        return {"bidder": self.bidder, "item": self.item, **mark, **written}

    def unexplained(self, definition: Definition) -> bool:
        """Whether the mark lacks a written reason that the item requires."""
        item = definition.item(self.item)
        wanted = item is not None and self.points is not None and item.wants_reason(self.points)
        return wanted and not self.reason.strip()

    @classmethod
    def read(cls, body: Body, definition: Definition) -> "Cell":
        """Check a mark against the item's range and step; an abstention needs its written reason."""
        strict_fields.fields(body, "bidder", "item", optional={"points", "abstained", "reason"})
        bidder, item = strict_fields.short_id(body, "bidder"), strict_fields.short_id(body, "item")
        if (bidder, item) not in definition.cells:
            raise InvalidRecordError("unknown-cell", bidder=bidder, item=item)
        if "points" in body and "abstained" in body:
            raise InvalidRecordError("scored-and-abstained", bidder=bidder, item=item)
        reason = strict_fields.reason(body)
        if "abstained" in body:
            if not strict_fields.flag(body, "abstained") or not reason:
                raise InvalidRecordError("abstention-without-reason", bidder=bidder, item=item)
            return cls(bidder=bidder, item=item, points=None, reason=reason)
        strict_fields.fields(body, "bidder", "item", "points", optional={"reason"})
        return cls(bidder=bidder, item=item, points=_points(body, item, definition), reason=reason)


def _points(body: Body, name: str, definition: Definition) -> int:
    """The points when the item allows them; an error never repeats them."""
    item = definition.item(name)
    if item is None:
        raise InvalidRecordError("unknown-item", item=name)
    points = strict_fields.integer(body, "points")
    item.check(points)
    return points


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLocked:
    """The member's own sheet is final, as it stands under this digest."""

    digest: Digest

    @classmethod
    def read(cls, body: Body) -> "SheetLocked":
        strict_fields.fields(body, "sheet_digest")
        return cls(digest=ids.parse_digest(body["sheet_digest"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All cells of one seat. A cell may be written again until the lock; a locked sheet is final (87号令62条)."""

    seat: SeatId
    cells: Mapping[Key, Cell] = field(default_factory=lambda: MappingProxyType({}))
    locked: bool = False
    written: Mapping[Key, str] = field(default_factory=lambda: MappingProxyType({}))
    """When each cell was last written; not part of the digest."""

    @property
    def digest(self) -> Digest:
        """The digest that the lock names: of all cells in the order of bidder, then item."""
        cells: list[Value] = [self.cells[key].value for key in sorted(self.cells)]
        return ids.digest(canonical.encode({"cells": cells}))

    def write(self, cell: Cell, at: str = "") -> "Sheet":
        """The sheet with this cell replacing the earlier one. `at`: the time of the entry."""
        self._open()
        key = (cell.bidder, cell.item)
        written = MappingProxyType({**self.written, key: at}) if at else self.written
        return replace(self, cells=MappingProxyType({**self.cells, key: cell}), written=written)

    def check_whole(self, cells: Iterable[Key], definition: Definition) -> None:
        """Each of these cells is scored or abstained from, with its reason where the item requires one."""
        wanted = tuple(cells)
        unscored = sum(key not in self.cells for key in wanted)
        if unscored:
            raise WrongStageError("unscored-cells", seat=self.seat, missing=unscored)
        unexplained = sum(self.cells[key].unexplained(definition) for key in wanted)
        if unexplained:
            raise WrongStageError("reason-missing", seat=self.seat, missing=unexplained)

    def lock(self, digest: Digest, cells: Iterable[Key], definition: Definition) -> "Sheet":
        """Final: these cells are complete, and the digest that the expert signed is this sheet's."""
        self._open()
        self.check_whole(cells, definition)
        if digest != self.digest:
            raise EvidenceMismatchError("sheet-digest", seat=self.seat)
        return replace(self, locked=True)

    def correct(self, cell: Cell) -> "Sheet":
        """The locked sheet with a mark corrected (R26)."""
        before = self.cells.get((cell.bidder, cell.item))
        if not self.locked or before is None:
            raise WrongStageError("sheet-not-locked", seat=self.seat)
        cells = MappingProxyType({**self.cells, (cell.bidder, cell.item): cell})
        return replace(self, cells=cells)

    def _open(self) -> None:
        if self.locked:
            raise ConflictError("already-locked", seat=self.seat)
