"""The explorer's tables: the records the disclosure policy will open, with the bytes only of those already open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, LargeBinary, and_, func
from sqlmodel import Field, Session, SQLModel, col, literal, or_, select

from chain_gateway.explorer.search import Hex
from chain_gateway.store import CheckpointRow
from journal import Entry


class PublishedRow(SQLModel, table=True):
    """One record that is public, or will be. `record` and `salt` stay empty until its lawful time has come."""

    __tablename__ = "explorer_record"

    index: int = Field(primary_key=True, sa_column_kwargs={"name": "entry_index", "autoincrement": False})
    type: str
    project: str = Field(index=True)
    session: str = Field(index=True)
    at: str
    record: bytes = Field(default=b"", sa_type=LargeBinary)
    salt: bytes = Field(default=b"", sa_type=LargeBinary)


class EvaluationRow(SQLModel, table=True):
    """One evaluation whose report is sealed: the fields for lists and searches, and the digest people look up."""

    __tablename__ = "explorer_evaluation"

    session: str = Field(primary_key=True)
    project: str = Field(index=True)
    index: int = Field(index=True, sa_column_kwargs={"name": "entry_index"})
    title: str
    title_en: str
    sealed_at: str = Field(index=True)
    sealed_digest: str = Field(index=True)
    report_digest: str = Field(index=True)
    data_digest: str = Field(default="", index=True)
    centres: str
    """The codes of the centres, the host first, separated by spaces."""


_DIGESTS: Final = (EvaluationRow.sealed_digest, EvaluationRow.report_digest, EvaluationRow.data_digest)
"""By which a report is found."""


class TenderRow(SQLModel, table=True):
    """One public tender: the fields for searches."""

    __tablename__ = "explorer_tender"

    project: str = Field(primary_key=True)
    index: int = Field(sa_column_kwargs={"name": "entry_index"})
    title: str
    title_en: str
    tenderer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRecord:
    """A record the public may know of; without bytes and salt it is still sealed."""

    index: int
    type: str
    project: str
    session: str
    at: str
    record: bytes
    salt: bytes

    @property
    def opened(self) -> bool:
        return bool(self.record)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEvaluation:
    """A line in a list of evaluations."""

    session: str
    project: str
    index: int
    title: str
    title_en: str
    sealed_at: str
    sealed_digest: str
    report_digest: str
    data_digest: str
    centres: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTender:
    """A line in a list of tenders."""

    project: str
    index: int
    title: str
    title_en: str
    tenderer: str


def note(db: Session, record: PublishedRecord) -> None:
    """Note a record that the policy opens some day; what is already open stays open."""
    if db.get(PublishedRow, record.index) is None:
        row = PublishedRow(
            index=record.index, type=record.type, project=record.project, session=record.session, at=record.at
        )
        db.add(row)
        db.flush()


def open_record(db: Session, entry: Entry) -> None:
    """Give a noted record its bytes and salt: from now on it is public."""
    row = db.get_one(PublishedRow, entry.index)
    row.record, row.salt = entry.record, entry.salt
    db.add(row)


def keep_evaluation(db: Session, listed: ListedEvaluation) -> None:
    db.merge(
        EvaluationRow(
            session=listed.session,
            project=listed.project,
            index=listed.index,
            title=listed.title,
            title_en=listed.title_en,
            sealed_at=listed.sealed_at,
            sealed_digest=listed.sealed_digest,
            report_digest=listed.report_digest,
            data_digest=listed.data_digest,
            centres=" ".join(listed.centres),
        )
    )


def keep_tender(db: Session, listed: ListedTender) -> None:
    db.merge(
        TenderRow(
            project=listed.project,
            index=listed.index,
            title=listed.title,
            title_en=listed.title_en,
            tenderer=listed.tenderer,
        )
    )


def records_of(db: Session, project: str) -> list[PublishedRecord]:
    """All noted records of a project, in the journal's order."""
    query = select(PublishedRow).where(PublishedRow.project == project).order_by(col(PublishedRow.index))
    return [_record(row) for row in db.exec(query)]


def record(db: Session, index: int) -> PublishedRecord | None:
    row = db.get(PublishedRow, index)
    return _record(row) if row is not None else None


def evaluation(db: Session, session: str) -> ListedEvaluation | None:
    row = db.get(EvaluationRow, session)
    return _evaluation(row) if row is not None else None


def evaluation_of_document(db: Session, digest: str) -> ListedEvaluation | None:
    """The evaluation whose sealed report, or whose draft before the signatures, has this digest."""
    either = or_(EvaluationRow.sealed_digest == digest, EvaluationRow.report_digest == digest)
    row = db.exec(select(EvaluationRow).where(either).limit(1)).first()
    return _evaluation(row) if row is not None else None


def evaluations_by_digest(db: Session, digits: Hex, limit: int) -> list[ListedEvaluation]:
    """The evaluations whose report, sealed or draft, or whose report's data have a digest with these digits."""
    form = f"sha256:{digits.begins}%{digits.ends}"
    named = or_(*(col(one).like(form) for one in _DIGESTS))
    query = select(EvaluationRow).where(named).order_by(col(EvaluationRow.index).desc())
    return [_evaluation(row) for row in db.exec(query.limit(limit))]


def latest_evaluations(db: Session, limit: int) -> list[ListedEvaluation]:
    query = select(EvaluationRow).order_by(col(EvaluationRow.sealed_at).desc(), col(EvaluationRow.index).desc())
    return [_evaluation(row) for row in db.exec(query.limit(limit))]


def count_evaluations(db: Session) -> int:
    return db.exec(select(func.count()).select_from(EvaluationRow)).one()


def cities(db: Session) -> set[str]:
    """The codes of all centres that took part in an evaluation."""
    return {code for codes in db.exec(select(EvaluationRow.centres).distinct()) for code in codes.split()}


def tender(db: Session, project: str) -> ListedTender | None:
    row = db.get(TenderRow, project)
    return _tender(row) if row is not None else None


def find_tenders(db: Session, words: Sequence[str], limit: int) -> list[ListedTender]:
    """Tenders with every word in title or tenderer, or as the beginning of their code; `words` are folded."""
    texts = (TenderRow.title, TenderRow.title_en, TenderRow.tenderer)
    conditions = [or_(_begins(TenderRow.project, word), *(_contains(one, word) for one in texts)) for word in words]
    query = select(TenderRow).where(*conditions).order_by(col(TenderRow.index).desc())
    return [_tender(row) for row in db.exec(query.limit(limit))]


def find_evaluations(db: Session, words: Sequence[tuple[str, Collection[str]]], limit: int) -> list[ListedEvaluation]:
    """The latest evaluations that have every word: in title, tenderer or code, or as a name of a centre of theirs.

    `words`: each folded, with the codes of the centres that it names.
    """
    texts = (EvaluationRow.title, EvaluationRow.title_en, TenderRow.tenderer)
    centres = literal(" ") + col(EvaluationRow.centres) + literal(" ")
    conditions = [
        or_(
            _begins(EvaluationRow.session, word),
            *(_contains(one, word) for one in texts),
            *(centres.contains(f" {code} ", autoescape=True) for code in codes),
        )
        for word, codes in words
    ]
    query = select(EvaluationRow).join(TenderRow, col(TenderRow.project) == EvaluationRow.project, isouter=True)
    query = query.where(*conditions).order_by(col(EvaluationRow.sealed_at).desc())
    return [_evaluation(row) for row in db.exec(query.limit(limit))]


_ALIKE: Final = (("\uff08", "("), ("\uff09", ")"), ("\u3010", "("), ("\u3011", ")"), ("\u3014", "("), ("\u3015", ")"),
                 ("\u2014", "-"), ("\u2013", "-"), ("\uff0d", "-"), ("\u2019", "'"), ("\u00b7", "."), ("\u3000", ""),
                 (" ", ""))  # fmt: skip
"""What a folded word has lost and a title may hold; letters and digits in titles are narrow as a rule."""


def _contains(text: str, word: str) -> ColumnElement[bool]:
    """Whether a column's text, folded as far as the database can, contains a folded word."""
    plain: ColumnElement[str] = func.lower(col(text))
    for sign, other in _ALIKE:
        plain = func.replace(plain, sign, other)
    return plain.contains(word, autoescape=True)


def _begins(code: str, word: str) -> ColumnElement[bool]:
    return col(code).startswith(word.upper(), autoescape=True)


def _record(row: PublishedRow) -> PublishedRecord:
    return PublishedRecord(
        index=row.index,
        type=row.type,
        project=row.project,
        session=row.session,
        at=row.at,
        record=row.record,
        salt=row.salt,
    )


def _evaluation(row: EvaluationRow) -> ListedEvaluation:
    return ListedEvaluation(
        session=row.session,
        project=row.project,
        index=row.index,
        title=row.title,
        title_en=row.title_en,
        sealed_at=row.sealed_at,
        sealed_digest=row.sealed_digest,
        report_digest=row.report_digest,
        data_digest=row.data_digest,
        centres=tuple(row.centres.split()),
    )


def _tender(row: TenderRow) -> ListedTender:
    return ListedTender(
        project=row.project, index=row.index, title=row.title, title_en=row.title_en, tenderer=row.tenderer
    )


def checkpoint_by_digits(db: Session, digits: Hex) -> int | None:
    """The size of the anchored checkpoint whose transaction, block or root has these digits, as the pages show them."""
    form = f"0x{digits.begins}%{digits.ends}"
    even = len(digits.begins) % 2
    first = bytes.fromhex(digits.begins + "0" * even)
    last = bytes.fromhex(digits.begins + "f" * even) + b"\xff" * 32
    either = or_(
        *(func.lower(col(one)).like(form) for one in (CheckpointRow.transaction, CheckpointRow.block_hash)),
        and_(col(CheckpointRow.root) >= first, col(CheckpointRow.root) <= last),
    )
    query = select(CheckpointRow.size).where(CheckpointRow.transaction != "", either)
    return db.exec(query.order_by(col(CheckpointRow.size)).limit(1)).first()


def checkpoint_of_block(db: Session, block: int) -> int | None:
    """The size of the checkpoint anchored in this block."""
    query = select(CheckpointRow.size).where(CheckpointRow.transaction != "", CheckpointRow.block_number == block)
    return db.exec(query.limit(1)).first()
