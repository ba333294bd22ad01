"""The table of invitations, the same at both centres."""

from sqlmodel import Field, Session, SQLModel, col, select

from node.office.invitation.invitation import Invitation, State, parse_terms
from records import canonical
from records.errors import InvalidRecordError, NotFoundError
from records.ids import ProjectId


class InvitationRow(SQLModel, table=True):
    """`terms` and `history` are canonical JSON; the other columns only find the row."""

    __tablename__ = "invitation"
    id: str = Field(primary_key=True)
    project: str = Field(index=True)
    issued_at: str
    terms: str
    history: str
    reason_code: str = ""


def save(db: Session, invitation: Invitation) -> None:
    terms = invitation.terms
    history = [{"state": state.value, "at": at} for state, at in invitation.history]
    db.merge(
        InvitationRow(
            id=terms.id,
            project=terms.project,
            issued_at=invitation.history[0][1],
            terms=canonical.encode(terms.value()).decode(),
            history=canonical.encode(history).decode(),
            reason_code=invitation.reason_code,
        )
    )


def find(db: Session, id: str) -> Invitation | None:
    row = db.get(InvitationRow, id)
    return None if row is None else _invitation(row)


def load(db: Session, id: str) -> Invitation:
    found = find(db, id)
    if found is None:
        raise NotFoundError("invitation-unknown", id=id)
    return found


def load_all(db: Session, project: ProjectId | None = None) -> list[Invitation]:
    query = select(InvitationRow).order_by(col(InvitationRow.issued_at), col(InvitationRow.id))
    if project is not None:
        query = query.where(InvitationRow.project == project)
    return [_invitation(row) for row in db.exec(query)]


def _invitation(row: InvitationRow) -> Invitation:
    history = canonical.decode(row.history.encode())
    if not isinstance(history, list):
        raise InvalidRecordError("invitation-malformed")
    steps = [(State(str(step["state"])), str(step["at"])) for step in history if isinstance(step, dict)]
    return Invitation(
        terms=parse_terms(canonical.decode(row.terms.encode())), history=tuple(steps), reason_code=row.reason_code
    )
