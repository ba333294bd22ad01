"""The monitor's tables: open alarms (cleared ones are in the journal alone), and the progress of the sweep."""

from sqlalchemy import LargeBinary
from sqlmodel import Field, Session, SQLModel, col, select

from chain_gateway.monitor.alarms import Alarm, AlarmName
from chain_gateway.monitor.rolling import Frontier
from chain_gateway.store import CheckpointRow
from records.log.merkle import HASH_SIZE

_JOURNAL = "journal"


class AlarmRow(SQLModel, table=True):
    """One open alarm."""

    __tablename__ = "monitor_alarm"

    name: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    expected: str
    found: str
    first_seen: str
    last_seen: str
    entry: int
    acknowledged_by: str = ""
    acknowledged_at: str = ""
    reason: str = ""


class SweepRow(SQLModel, table=True):
    """How far the check of the whole journal has come, and the peaks of the tree over the entries read."""

    __tablename__ = "monitor_sweep"

    name: str = Field(primary_key=True)
    size: int
    peaks: bytes = Field(sa_type=LargeBinary)
    passes: int


def sweep(db: Session) -> tuple[Frontier, int]:
    """Where the sweep continues, and how many passes it has finished."""
    row = db.get(SweepRow, _JOURNAL)
    if row is None:
        return Frontier(), 0
    peaks = tuple(row.peaks[at : at + HASH_SIZE] for at in range(0, len(row.peaks), HASH_SIZE))
    return Frontier(size=row.size, peaks=peaks), row.passes


def keep_sweep(db: Session, frontier: Frontier, passes: int) -> None:
    db.merge(SweepRow(name=_JOURNAL, size=frontier.size, peaks=b"".join(frontier.peaks), passes=passes))


def anchored_roots(db: Session, start: int, end: int) -> dict[int, bytes]:
    """The roots of the own anchored checkpoints whose sizes lie above `start`, up to `end`."""
    query = select(CheckpointRow.size, CheckpointRow.root).where(
        CheckpointRow.size > start, CheckpointRow.size <= end, CheckpointRow.transaction != ""
    )
    return dict(db.exec(query).all())


def find(db: Session, name: AlarmName, subject: str, code: str) -> Alarm | None:
    row = db.get(AlarmRow, (name.value, subject, code))
    return _alarm(row) if row is not None else None


def numbered(db: Session, entry: int) -> Alarm | None:
    """The open alarm raised by this entry of the journal."""
    row = db.exec(select(AlarmRow).where(AlarmRow.entry == entry)).first()
    return _alarm(row) if row is not None else None


def of_subject(db: Session, name: AlarmName, subject: str) -> list[Alarm]:
    """The open alarms of one name about one subject, with any code."""
    query = select(AlarmRow).where(AlarmRow.name == name.value, AlarmRow.subject == subject)
    return [_alarm(row) for row in db.exec(query.order_by(col(AlarmRow.entry)))]


def every(db: Session) -> list[Alarm]:
    """All open alarms in the order in which they were raised."""
    return [_alarm(row) for row in db.exec(select(AlarmRow).order_by(col(AlarmRow.entry)))]


def keep(db: Session, alarm: Alarm) -> None:
    """Save an alarm, new or known."""
    values = {name: getattr(alarm, name) for name in AlarmRow.model_fields}
    db.merge(AlarmRow(**values | {"name": alarm.name.value}))


def drop(db: Session, alarm: Alarm) -> None:
    db.delete(db.get_one(AlarmRow, (alarm.name.value, alarm.subject, alarm.code)))


def _alarm(row: AlarmRow) -> Alarm:
    values = {name: getattr(row, name) for name in AlarmRow.model_fields}
    return Alarm(**values | {"name": AlarmName(row.name)})
