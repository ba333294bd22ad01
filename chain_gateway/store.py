"""The gateway's tables: own checkpoints on their way to the chain, and what was seen of other centres' logs."""

from sqlalchemy import LargeBinary, delete
from sqlmodel import Field, Session, SQLModel, col, select

from chain_gateway.anchoring import Anchored, AnchoredCheckpoint, Cosigned, Prepared, Seen, Signed
from records.checkpoint import Checkpoint
from records.merkle import EMPTY_ROOT


class CheckpointRow(SQLModel, table=True):
    """One checkpoint of the own log. Until `transaction` is filled it is on its way."""

    __tablename__ = "gateway_checkpoint"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    origin: str
    root: bytes = Field(sa_type=LargeBinary)
    note: str
    signed_hash: str = ""
    signed_raw: bytes = Field(default=b"", sa_type=LargeBinary)
    chain_id: int = 0
    contract: str = ""
    transaction: str = ""
    block_number: int = 0
    block_hash: str = ""
    transaction_json: str = ""
    receipt_json: str = ""
    block_json: str = ""
    receipts_json: str = ""


class WitnessRow(SQLModel, table=True):
    """One checkpoint seen of another centre's log, found consistent with all before it."""

    __tablename__ = "gateway_witness"

    origin: str = Field(primary_key=True)
    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    root: bytes = Field(sa_type=LargeBinary)
    note: str
    transaction: str = ""
    block_number: int = 0


def prepared(db: Session, above: int) -> Prepared | None:
    """The checkpoint on its way to the chain that is larger than the head."""
    query = select(CheckpointRow).where(CheckpointRow.size > above, CheckpointRow.transaction == "")
    row = db.exec(query.order_by(col(CheckpointRow.size)).limit(1)).first()
    return _prepared(row) if row is not None else None


def keep_prepared(db: Session, checkpoint: Checkpoint, note: str) -> Prepared:
    """Keep a checkpoint before anything is sent."""
    row = CheckpointRow(size=checkpoint.size, origin=checkpoint.origin, root=checkpoint.root, note=note)
    db.add(row)
    return _prepared(row)


def keep_signed(db: Session, size: int, signed: Signed | None) -> None:
    """Keep the transaction that is about to be sent; None forgets one that can no longer be mined."""
    row = db.get_one(CheckpointRow, size)
    row.signed_hash, row.signed_raw = (signed.hash, signed.raw) if signed else ("", b"")
    db.add(row)


def keep_anchored(db: Session, origin: str, note: str, anchored: Anchored) -> bool:
    """Keep what the chain answered, and drop what it overtook. False when it was kept before."""
    row = db.get(CheckpointRow, anchored.size)
    if row is None:
        row = CheckpointRow(size=anchored.size, origin=origin, root=anchored.root, note=note)
    if row.transaction:
        return False
    for name in _ANSWERS:
        setattr(row, name, getattr(anchored, name))
    db.add(row)
    overtaken = (col(CheckpointRow.size) < anchored.size, col(CheckpointRow.transaction) == "")
    db.exec(delete(CheckpointRow).where(*overtaken))
    return True


def anchored(db: Session, size: int) -> AnchoredCheckpoint | None:
    """The anchored checkpoint of exactly this size."""
    row = db.get(CheckpointRow, size)
    return _anchored(row) if row is not None and row.transaction else None


def latest(db: Session) -> AnchoredCheckpoint | None:
    """The largest anchored checkpoint."""
    query = select(CheckpointRow).where(CheckpointRow.transaction != "").order_by(col(CheckpointRow.size).desc())
    row = db.exec(query.limit(1)).first()
    return _anchored(row) if row is not None else None


def covering(db: Session, index: int) -> AnchoredCheckpoint | None:
    """The first anchored checkpoint that covers the entry at `index`."""
    query = select(CheckpointRow).where(CheckpointRow.size > index, CheckpointRow.transaction != "")
    row = db.exec(query.order_by(col(CheckpointRow.size)).limit(1)).first()
    return _anchored(row) if row is not None else None


def seen(db: Session, origin: str) -> Seen:
    """The largest checkpoint seen of another centre's log."""
    query = select(WitnessRow).where(WitnessRow.origin == origin).order_by(col(WitnessRow.size).desc())
    row = db.exec(query.limit(1)).first()
    if row is None:
        return Seen(size=0, root=EMPTY_ROOT)
    return Seen(size=row.size, root=row.root)


def keep_seen(db: Session, checkpoint: Checkpoint, note: str) -> None:
    """Keep a checkpoint that was found consistent."""
    db.add(WitnessRow(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root, note=note))


def cosigned(db: Session, checkpoint: Checkpoint) -> Cosigned | None:
    """How this checkpoint of another centre was cosigned; None when it was not."""
    row = db.get(WitnessRow, (checkpoint.origin, checkpoint.size))
    if row is None or row.root != checkpoint.root or not row.transaction:
        return None
    return Cosigned(transaction=row.transaction, block_number=row.block_number)


def keep_cosigned(db: Session, checkpoint: Checkpoint, given: Cosigned) -> bool:
    """Keep that it was cosigned. False when that was kept before."""
    row = db.get_one(WitnessRow, (checkpoint.origin, checkpoint.size))
    if row.transaction:
        return False
    row.transaction, row.block_number = given.transaction, given.block_number
    db.add(row)
    return True


_ANSWERS = (
    "chain_id",
    "contract",
    "transaction",
    "block_number",
    "block_hash",
    "transaction_json",
    "receipt_json",
    "block_json",
    "receipts_json",
)


def _prepared(row: CheckpointRow) -> Prepared:
    signed = Signed(hash=row.signed_hash, raw=row.signed_raw) if row.signed_hash else None
    return Prepared(size=row.size, root=row.root, note=row.note, signed=signed)


def _anchored(row: CheckpointRow) -> AnchoredCheckpoint:
    answers = {name: getattr(row, name) for name in _ANSWERS}
    return AnchoredCheckpoint(size=row.size, root=row.root, origin=row.origin, note=row.note, **answers)
