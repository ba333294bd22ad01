"""The table of who sits where, for the seats of the own centre."""

from dataclasses import dataclass

from sqlmodel import Field, Session, SQLModel, col, delete, select

from evaluation_room.tender.selection import Selection
from records import canonical
from records.canonical import Value
from records.ids import PersonId, ProjectId, SeatId


class SeatRow(SQLModel, table=True):
    __tablename__ = "committee_seat"
    project: str = Field(primary_key=True)
    seat: str = Field(primary_key=True)
    expert: str = Field(index=True)
    selection: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """The person on a seat and how the person was selected: `selection` is None for the tenderer's own representative.

    `reason`: why the centre seats an expert whose file lacks a legal requirement (R05); empty when nothing is lacking.
    """

    expert: PersonId
    selection: Selection | None
    reason: str = ""

    def body(self) -> dict[str, Value]:
        """The form in the record, beside its seat."""
        found: dict[str, Value] = {"expert": self.expert}
        if self.selection is not None:
            found["selection"] = self.selection.body()
        if self.reason:
            found["reason"] = self.reason
        return found


def replace(db: Session, project: ProjectId, seats: dict[SeatId, Seating]) -> None:
    db.exec(delete(SeatRow).where(col(SeatRow.project) == project))
    db.add_all([_row(project, seat, one) for seat, one in seats.items()])


def of_project(db: Session, project: ProjectId) -> dict[SeatId, Seating]:
    rows = db.exec(select(SeatRow).where(SeatRow.project == project))
    seats = {SeatId(row.seat): _seating(row) for row in rows}
    return dict(sorted(seats.items(), key=lambda item: int(item[0].partition("-")[2])))


def of_expert(db: Session, expert: PersonId) -> dict[ProjectId, SeatId]:
    rows = db.exec(select(SeatRow).where(SeatRow.expert == expert))
    return {ProjectId(row.project): SeatId(row.seat) for row in rows}


def _row(project: ProjectId, seat: SeatId, one: Seating) -> SeatRow:
    selection = canonical.encode(one.selection.body()).decode() if one.selection is not None else ""
    return SeatRow(project=project, seat=seat, expert=one.expert, selection=selection, reason=one.reason)


def _seating(row: SeatRow) -> Seating:
    return Seating(expert=PersonId(row.expert), selection=_selection(row.selection), reason=row.reason)


def _selection(text: str) -> Selection | None:
    body = canonical.decode(text.encode()) if text else None
    return Selection.read(body) if isinstance(body, dict) else None
