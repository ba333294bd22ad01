"""The table of registered tenders."""

from sqlmodel import Field, Session, SQLModel, col, select

from node.office.tenders.tender import Tender, parse
from records import canonical
from records.errors import NotFoundError
from records.ids import ProjectId


class TenderRow(SQLModel, table=True):
    """`value` is the tender's canonical JSON."""

    __tablename__ = "tender"
    project: str = Field(primary_key=True)
    value: str
    registered_at: str = Field(index=True)


def add(db: Session, tender: Tender, registered_at: str) -> None:
    value = canonical.encode(dict(tender.value)).decode()
    db.add(TenderRow(project=tender.project, value=value, registered_at=registered_at))


def exists(db: Session, project: ProjectId) -> bool:
    return db.get(TenderRow, project) is not None


def load(db: Session, project: ProjectId) -> Tender:
    row = db.get(TenderRow, project)
    if row is None:
        raise NotFoundError("tender-unknown", project=project)
    return _tender(row)


def load_all(db: Session) -> list[Tender]:
    return [_tender(row) for row in db.exec(select(TenderRow).order_by(col(TenderRow.registered_at)))]


def _tender(row: TenderRow) -> Tender:
    return parse(canonical.decode(row.value.encode()))
