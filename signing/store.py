"""Tables of signing: reports and their revisions, signatures, the one lock per report, experts' keys."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Field, Session, SQLModel, col, select, update

from records.errors import ConflictError, NotFoundError
from records.ids import Digest, PersonId, SessionId, b64u, unb64u
from signing.keys.identity import Identity
from signing.keys.software import MOST_FAILURES, SoftwareKey


class ReportRow(SQLModel, table=True):
    """One report. The files themselves lie beside the database under their digests."""

    __tablename__ = "signing_report"
    session: str = Field(primary_key=True)
    version: int
    data: str
    draft: str
    current: str
    sealed: str = ""
    excused: str = "[]"


class SignatureRow(SQLModel, table=True):
    __tablename__ = "signing_signature"
    session: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    place: int
    identity: str
    at: str


class SigningLockRow(SQLModel, table=True):
    """The one signature in progress on a report. `document` and `to_be_signed` are set once it has begun."""

    __tablename__ = "signing_lock"
    session: str = Field(primary_key=True)
    field: str
    token: str
    expires_at: str
    identity: str
    on_revision: str
    document: str = ""
    to_be_signed: str = ""
    hole_start: int = 0
    hole_end: int = 0


class SignerRow(SQLModel, table=True):
    """An expert's signing key, protected by a PIN. `failures`: wrong PINs since the last right one."""

    __tablename__ = "signing_signer"
    person: str = Field(primary_key=True)
    certificate: str
    encrypted: str
    salt: str
    failures: int = 0
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Digests of the data, the base report, the newest revision, and the sealed file once there is one."""

    session: SessionId
    version: int = 1
    data: Digest
    draft: Digest
    current: Digest
    sealed: Digest | None = None
    excused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A signature in the newest revision."""

    field: str
    identity: Identity
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The turn on a report: whose field, until when, on which revision, and the bytes to sign."""

    session: SessionId
    field: str
    token: str
    expires_at: str
    identity: Identity
    on_revision: Digest
    document: Digest | None = None
    to_be_signed: bytes = b""
    hole: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerKey:
    person: PersonId
    certificate: bytes
    key: SoftwareKey
    failures: int


def find_report(db: Session, session: SessionId) -> Report | None:
    row = db.get(ReportRow, session)
    if row is None:
        return None
    return Report(
        session=session,
        version=row.version,
        data=Digest(row.data),
        draft=Digest(row.draft),
        current=Digest(row.current),
        sealed=Digest(row.sealed) if row.sealed else None,
        excused=frozenset(json.loads(row.excused)),
    )


def load_report(db: Session, session: SessionId) -> Report:
    report = find_report(db, session)
    if report is None:
        raise NotFoundError("report-unknown", session=session)
    return report


def add_report(db: Session, report: Report) -> None:
    row = ReportRow(
        session=report.session,
        version=report.version,
        data=report.data,
        draft=report.draft,
        current=report.current,
        sealed=report.sealed or "",
        excused=_names(report.excused),
    )
    db.add(row)


def draft_report(db: Session, known: Report | None, drafted: Report) -> bool:
    """Save a draft, replacing `known` where the session went back; False when another process drafted meanwhile."""
    found = db.get(ReportRow, drafted.session)
    if found is None:
        add_report(db, drafted)
        return True
    if known is None or found.version != known.version:
        return False
    for row in db.exec(select(SignatureRow).where(SignatureRow.session == drafted.session)):
        db.delete(row)
    drop_lock(db, drafted.session)
    found.version, found.sealed, found.excused = found.version + 1, "", _names(frozenset())
    found.data, found.draft, found.current = drafted.data, drafted.draft, drafted.current
    db.add(found)
    return True


def save_report(db: Session, report: Report) -> None:
    """Write the next version over the one that was read; ConflictError("report-changed") when it has changed."""
    changed = db.exec(
        update(ReportRow)
        .where(col(ReportRow.session) == report.session, col(ReportRow.version) == report.version)
        .values(
            version=report.version + 1,
            current=report.current,
            sealed=report.sealed or "",
            excused=_names(report.excused),
        )
    )
    if changed.rowcount != 1:
        raise ConflictError("report-changed", session=report.session)


def applied(db: Session, session: SessionId) -> tuple[Applied, ...]:
    """The signatures on a report, in the order of their revisions."""
    query = select(SignatureRow).where(SignatureRow.session == session).order_by(col(SignatureRow.place))
    return tuple(Applied(field=row.field, identity=_identity(row.identity), at=row.at) for row in db.exec(query))


def add_applied(db: Session, session: SessionId, place: int, signature: Applied) -> None:
    row = SignatureRow(
        session=session,
        field=signature.field,
        place=place,
        identity=json.dumps(signature.identity.to_wire()),
        at=signature.at,
    )
    db.add(row)


def find_lock(db: Session, session: SessionId) -> Lock | None:
    row = db.get(SigningLockRow, session)
    if row is None:
        return None
    return Lock(
        session=session,
        field=row.field,
        token=row.token,
        expires_at=row.expires_at,
        identity=_identity(row.identity),
        on_revision=Digest(row.on_revision),
        document=Digest(row.document) if row.document else None,
        to_be_signed=unb64u(row.to_be_signed),
        hole=(row.hole_start, row.hole_end),
    )


def put_lock(db: Session, lock: Lock) -> None:
    """Take or change the lock; the caller has checked that it may."""
    row = SigningLockRow(
        session=lock.session,
        field=lock.field,
        token=lock.token,
        expires_at=lock.expires_at,
        identity=json.dumps(lock.identity.to_wire()),
        on_revision=lock.on_revision,
        document=lock.document or "",
        to_be_signed=b64u(lock.to_be_signed),
        hole_start=lock.hole[0],
        hole_end=lock.hole[1],
    )
    db.merge(row)


def drop_lock(db: Session, session: SessionId) -> None:
    row = db.get(SigningLockRow, session)
    if row is not None:
        db.delete(row)


def add_signer(db: Session, signer: SignerKey, *, created_at: str) -> None:
    row = SignerRow(
        person=signer.person,
        certificate=b64u(signer.certificate),
        encrypted=b64u(signer.key.encrypted),
        salt=b64u(signer.key.salt),
        created_at=created_at,
    )
    db.merge(row)


def find_signer(db: Session, person: PersonId) -> SignerKey | None:
    row = db.get(SignerRow, person)
    if row is None:
        return None
    key = SoftwareKey(encrypted=unb64u(row.encrypted), salt=unb64u(row.salt))
    return SignerKey(person=person, certificate=unb64u(row.certificate), key=key, failures=row.failures)


def count_try(db: Session, person: PersonId) -> bool:
    """Count one more try of a PIN; False when the key is locked. One statement, so no two tries share a number."""
    counted = db.exec(
        update(SignerRow)
        .where(col(SignerRow.person) == person, col(SignerRow.failures) < MOST_FAILURES)
        .values(failures=SignerRow.failures + 1)
    )
    return bool(counted.rowcount == 1)


def clear_failures(db: Session, person: PersonId) -> None:
    db.exec(update(SignerRow).where(col(SignerRow.person) == person).values(failures=0))


def sessions(db: Session) -> Sequence[SessionId]:
    return [SessionId(row) for row in db.exec(select(ReportRow.session))]


def _names(names: frozenset[str]) -> str:
    return json.dumps(sorted(names))


def _identity(text: str) -> Identity:
    return Identity.from_wire(json.loads(text))
