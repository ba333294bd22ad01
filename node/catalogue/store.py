"""The table of who sits where, for the seats of the own centre."""

from sqlmodel import Field, Session, SQLModel, col, delete, select

from records.ids import PersonId, ProjectId, SeatId


class SeatRow(SQLModel, table=True):
    __tablename__ = "committee_seat"
    project: str = Field(primary_key=True)
    seat: str = Field(primary_key=True)
    expert: str = Field(index=True)


def replace(db: Session, project: ProjectId, seats: dict[SeatId, PersonId]) -> None:
    db.exec(delete(SeatRow).where(col(SeatRow.project) == project))
    db.add_all([SeatRow(project=project, seat=seat, expert=expert) for seat, expert in seats.items()])


def of_project(db: Session, project: ProjectId) -> dict[SeatId, PersonId]:
    rows = db.exec(select(SeatRow).where(SeatRow.project == project))
    seats = {SeatId(row.seat): PersonId(row.expert) for row in rows}
    return dict(sorted(seats.items(), key=lambda item: int(item[0].partition("-")[2])))


def of_expert(db: Session, expert: PersonId) -> dict[ProjectId, SeatId]:
    rows = db.exec(select(SeatRow).where(SeatRow.expert == expert))
    return {ProjectId(row.project): SeatId(row.seat) for row in rows}
