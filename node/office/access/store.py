"""Tables of access: people, their enrolment codes and passkeys, running ceremonies, open logins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, delete, select

from node.office.access.passkeys import Passkey
from records.actors import Role
from records.errors import NotFoundError
from records.ids import PersonId, b64u, instant, unb64u


class PersonRow(SQLModel, table=True):
    """A person who may sign in here. The name never leaves the centre except in records that need it."""

    __tablename__ = "access_person"
    id: str = Field(primary_key=True)
    name: str
    role: str


class EnrolmentRow(SQLModel, table=True):
    __tablename__ = "access_enrolment"
    code_digest: str = Field(primary_key=True)
    person: str = Field(index=True)
    expires_at: str
    used_at: str = ""


class PasskeyRow(SQLModel, table=True):
    __tablename__ = "access_passkey"
    credential: str = Field(primary_key=True)
    person: str = Field(index=True)
    public_key: str
    sign_count: int
    created_at: str


class CeremonyRow(SQLModel, table=True):
    """A challenge that waits for its one answer. `purpose`: what it was issued for."""

    __tablename__ = "access_ceremony"
    id: str = Field(primary_key=True)
    purpose: str
    person: str
    challenge: str = Field(index=True)
    detail: str
    expires_at: str = Field(index=True)


class LoginRow(SQLModel, table=True):
    """`token_digest`: the cookie itself is stored nowhere."""

    __tablename__ = "access_login"
    token_digest: str = Field(primary_key=True)
    person: str = Field(index=True)
    expires_at: str = Field(index=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: PersonId
    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    id: str
    purpose: str
    person: PersonId
    challenge: bytes
    detail: str


def save_person(db: Session, person: Person) -> None:
    db.merge(PersonRow(id=person.id, name=person.name, role=person.role.value))


def person(db: Session, id: PersonId) -> Person:
    row = db.get(PersonRow, id)
    if row is None:
        raise NotFoundError("person-unknown", person=id)
    return Person(id=PersonId(row.id), name=row.name, role=Role(row.role))


def add_enrolment(db: Session, *, code_digest: str, person: PersonId, expires_at: datetime) -> None:
    db.add(EnrolmentRow(code_digest=code_digest, person=person, expires_at=instant(expires_at)))


def open_enrolment(db: Session, code_digest: str, now: datetime) -> PersonId:
    """The owner of a code. Raises NotFoundError for an unknown, used or expired one, without telling which."""
    row = db.get(EnrolmentRow, code_digest)
    if row is None or row.used_at or row.expires_at <= instant(now):
        raise NotFoundError("enrolment-code-unknown")
    return PersonId(row.person)


def use_enrolment(db: Session, code_digest: str, now: datetime) -> PersonId:
    holder = open_enrolment(db, code_digest, now)
    row = db.get_one(EnrolmentRow, code_digest)
    row.used_at = instant(now)
    db.add(row)
    return holder


def passkeys(db: Session, person: PersonId) -> Sequence[Passkey]:
    rows = db.exec(select(PasskeyRow).where(PasskeyRow.person == person).order_by(PasskeyRow.created_at))
    return [_passkey(row) for row in rows]


def passkey(db: Session, credential: bytes) -> Passkey:
    row = db.get(PasskeyRow, b64u(credential))
    if row is None:
        raise NotFoundError("passkey-unknown")
    return _passkey(row)


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(
        id=unb64u(row.credential),
        person=PersonId(row.person),
        public_key=unb64u(row.public_key),
        sign_count=row.sign_count,
    )


def save_passkey(db: Session, passkey: Passkey, now: datetime) -> None:
    row = db.get(PasskeyRow, b64u(passkey.id))
    if row is None:
        row = PasskeyRow(
            credential=b64u(passkey.id),
            person=passkey.person,
            public_key=b64u(passkey.public_key),
            sign_count=0,
            created_at=instant(now),
        )
    row.sign_count = passkey.sign_count
    db.add(row)


def open_ceremony(db: Session, ceremony: Ceremony, *, now: datetime, expires_at: datetime) -> None:
    db.exec(delete(CeremonyRow).where(col(CeremonyRow.expires_at) <= instant(now)))
    db.add(
        CeremonyRow(
            id=ceremony.id,
            purpose=ceremony.purpose,
            person=ceremony.person,
            challenge=b64u(ceremony.challenge),
            detail=ceremony.detail,
            expires_at=instant(expires_at),
        )
    )


def take_ceremony(db: Session, id: str, purpose: str, now: datetime) -> Ceremony:
    """The ceremony, which ends with this: no challenge is answered twice."""
    row = db.get(CeremonyRow, id)
    if row is None or row.purpose != purpose or row.expires_at <= instant(now):
        raise NotFoundError("ceremony-unknown")
    db.delete(row)
    return Ceremony(
        id=row.id,
        purpose=row.purpose,
        person=PersonId(row.person),
        challenge=unb64u(row.challenge),
        detail=row.detail,
    )


def asked(db: Session, *, purpose: str, person: PersonId, challenge: bytes, now: datetime) -> bool:
    query = select(CeremonyRow).where(CeremonyRow.challenge == b64u(challenge), CeremonyRow.purpose == purpose)
    row = db.exec(query).first()
    return row is not None and row.person == person and row.expires_at > instant(now)


def open_login(db: Session, *, token_digest: str, person: PersonId, now: datetime, expires_at: datetime) -> None:
    db.exec(delete(LoginRow).where(col(LoginRow.expires_at) <= instant(now)))
    db.add(LoginRow(token_digest=token_digest, person=person, expires_at=instant(expires_at)))


def login(db: Session, token_digest: str, now: datetime) -> Person | None:
    row = db.get(LoginRow, token_digest)
    if row is None or row.expires_at <= instant(now):
        return None
    return person(db, PersonId(row.person))


def close_login(db: Session, token_digest: str) -> None:
    row = db.get(LoginRow, token_digest)
    if row is not None:
        db.delete(row)
