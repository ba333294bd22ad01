"""The gateway's tables: own pending and anchored checkpoints, and what was seen of other centres' logs."""

from sqlalchemy import BigInteger, LargeBinary, delete, func
from sqlmodel import Field, Session, SQLModel, col, select

from chain_gateway.checkpoints import (
    Anchored,
    AnchoredCheckpoint,
    Cosigned,
    Cosigner,
    Delivery,
    Fork,
    Prepared,
    Seen,
    Signed,
)
from chain_gateway.ledger.reorganisation import Placed
from records.ids import CentreCode
from records.log.checkpoint import Checkpoint
from records.log.cosignature import add_lines
from records.log.merkle import EMPTY_ROOT


class CheckpointRow(SQLModel, table=True):
    """One checkpoint of the own log. It is pending until `transaction` is filled."""

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
    line: str = ""
    delivered: bool = False
    transaction: str = ""
    block_number: int = 0


class CosignatureRow(SQLModel, table=True):
    """The line by which another centre cosigned one checkpoint of the own log."""

    __tablename__ = "gateway_cosignature"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    witness: str = Field(primary_key=True)
    time: int = Field(sa_type=BigInteger)
    line: str


class ForkRow(SQLModel, table=True):
    """A note of another centre's log that contradicts what was known of it: evidence, never edited."""

    __tablename__ = "gateway_fork"

    origin: str = Field(primary_key=True)
    size: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    root: bytes = Field(primary_key=True, sa_type=LargeBinary)
    code: str
    at: str
    shown: str
    known: str


def prepared(db: Session, above: int) -> Prepared | None:
    """The pending checkpoint that is larger than the head."""
    query = select(CheckpointRow).where(CheckpointRow.size > above, CheckpointRow.transaction == "")
    row = db.exec(query.order_by(col(CheckpointRow.size)).limit(1)).first()
    return _prepared(row) if row is not None else None


def keep_prepared(db: Session, checkpoint: Checkpoint, note: str) -> Prepared:
    """Save a checkpoint before anything is sent."""
    row = CheckpointRow(size=checkpoint.size, origin=checkpoint.origin, root=checkpoint.root, note=note)
    db.add(row)
    return _prepared(row)


def keep_signed(db: Session, size: int, signed: Signed | None) -> None:
    """Save the transaction that is about to be sent; None forgets one that can no longer be mined."""
    row = db.get_one(CheckpointRow, size)
    row.signed_hash, row.signed_raw = (signed.hash, signed.raw) if signed else ("", b"")
    db.add(row)


def keep_anchored(db: Session, origin: str, note: str, anchored: Anchored) -> bool:
    """Save the chain's answer, and delete the pending checkpoints it supersedes. False when it was saved before."""
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
    return _anchored(db, row) if row is not None and row.transaction else None


def recent(db: Session, above_block: int) -> list[Placed]:
    """Where the checkpoints anchored above that block are, newest first."""
    query = select(CheckpointRow).where(CheckpointRow.transaction != "", CheckpointRow.block_number > above_block)
    return [
        Placed(size=row.size, transaction=row.transaction, block_number=row.block_number, block_hash=row.block_hash)
        for row in db.exec(query.order_by(col(CheckpointRow.size).desc()))
    ]


def unfinished(db: Session) -> bool:
    """Whether a checkpoint is pending."""
    return db.exec(select(CheckpointRow.size).where(CheckpointRow.transaction == "").limit(1)).first() is not None


def displace(db: Session, placed: Placed) -> bool:
    """Forget where a checkpoint was anchored: it is pending again. False when that was forgotten before."""
    row = db.get_one(CheckpointRow, placed.size)
    if row.block_hash != placed.block_hash or not row.transaction:
        return False
    for name in _ANSWERS:
        setattr(row, name, 0 if name in {"chain_id", "block_number"} else "")
    db.add(row)
    return True


def latest(db: Session) -> AnchoredCheckpoint | None:
    """The largest anchored checkpoint."""
    query = select(CheckpointRow).where(CheckpointRow.transaction != "").order_by(col(CheckpointRow.size).desc())
    row = db.exec(query.limit(1)).first()
    return _anchored(db, row) if row is not None else None


def covering(db: Session, index: int, *, cosignatures: int = 0) -> AnchoredCheckpoint | None:
    """The first anchored checkpoint that covers the entry at `index` and has this number of cosignatures."""
    query = select(CheckpointRow).where(CheckpointRow.size > index, CheckpointRow.transaction != "")
    if cosignatures:
        given = select(CosignatureRow.size).group_by(col(CosignatureRow.size)).having(func.count() >= cosignatures)
        query = query.where(col(CheckpointRow.size).in_(given))
    row = db.exec(query.order_by(col(CheckpointRow.size)).limit(1)).first()
    return _anchored(db, row) if row is not None else None


def keep_cosignature(db: Session, size: int, witness: CentreCode, *, time: int, line: str) -> bool:
    """Save a witness's line under a checkpoint of the own log. False when it gave one before."""
    if db.get(CosignatureRow, (size, witness)) is not None:
        return False
    db.add(CosignatureRow(size=size, witness=witness, time=time, line=line))
    return True


def cosigners(db: Session) -> tuple[Cosigner, ...]:
    """Every centre that cosigned the own log, with the largest size it cosigned."""
    query = select(CosignatureRow.witness, func.max(CosignatureRow.size)).group_by(col(CosignatureRow.witness))
    found = db.exec(query.order_by(col(CosignatureRow.witness))).all()
    return tuple(Cosigner(witness=CentreCode(witness), size=size) for witness, size in found)


def seen(db: Session, origin: str) -> Seen:
    """The largest checkpoint seen of another centre's log."""
    query = select(WitnessRow).where(WitnessRow.origin == origin).order_by(col(WitnessRow.size).desc())
    row = db.exec(query.limit(1)).first()
    if row is None:
        return Seen(size=0, root=EMPTY_ROOT, note="")
    return Seen(size=row.size, root=row.root, note=row.note)


def keep_fork(db: Session, fork: Fork) -> bool:
    """Save a contradiction. False when the same one was saved before."""
    if db.get(ForkRow, (fork.origin, fork.size, fork.root)) is not None:
        return False
    db.add(
        ForkRow(
            origin=fork.origin,
            size=fork.size,
            root=fork.root,
            code=fork.code,
            at=fork.at,
            shown=fork.shown,
            known=fork.known,
        )
    )
    return True


def forks(db: Session, origin: str) -> tuple[Fork, ...]:
    """All saved forks of this log, by size."""
    rows = db.exec(select(ForkRow).where(ForkRow.origin == origin).order_by(col(ForkRow.size), col(ForkRow.root)))
    return tuple(
        Fork(
            origin=row.origin,
            size=row.size,
            root=row.root,
            code=row.code,
            at=row.at,
            shown=row.shown,
            known=row.known,
        )
        for row in rows
    )


def seen_root(db: Session, origin: str, size: int) -> bytes | None:
    """The root that another centre showed for exactly this size; None when it showed none."""
    row = db.get(WitnessRow, (origin, size))
    return row.root if row is not None else None


def keep_seen(db: Session, checkpoint: Checkpoint, note: str) -> None:
    """Save a checkpoint that was found consistent."""
    db.add(WitnessRow(origin=checkpoint.origin, size=checkpoint.size, root=checkpoint.root, note=note))


def line_of(db: Session, checkpoint: Checkpoint) -> str:
    """The line by which this centre cosigned another centre's checkpoint; empty when it did not."""
    row = db.get(WitnessRow, (checkpoint.origin, checkpoint.size))
    return row.line if row is not None and row.root == checkpoint.root else ""


def cosigned_note(db: Session, origin: str) -> str:
    """The newest note of another centre's log that this centre cosigned, with its line; empty before the first."""
    query = select(WitnessRow).where(WitnessRow.origin == origin, WitnessRow.line != "")
    row = db.exec(query.order_by(col(WitnessRow.size).desc()).limit(1)).first()
    return add_lines(row.note, [row.line]) if row is not None else ""


def keep_line(db: Session, origin: str, size: int, line: str) -> str:
    """Save the line before it is sent, and return the one that counts: the first."""
    row = db.get_one(WitnessRow, (origin, size))
    row.line = row.line or line
    db.add(row)
    return row.line


def undelivered(db: Session, origin: str) -> tuple[Delivery, ...]:
    """The lines that the log's centre has not confirmed yet, smallest first."""
    query = select(WitnessRow).where(
        WitnessRow.origin == origin, WitnessRow.line != "", col(WitnessRow.delivered).is_(False)
    )
    rows = db.exec(query.order_by(col(WitnessRow.size))).all()
    return tuple(Delivery(origin=row.origin, size=row.size, line=row.line) for row in rows)


def mark_delivered(db: Session, delivery: Delivery) -> None:
    """Mark the line as received by the log's centre."""
    row = db.get_one(WitnessRow, (delivery.origin, delivery.size))
    row.delivered = row.line == delivery.line
    db.add(row)


def drop_line(db: Session, delivery: Delivery) -> None:
    """Forget a line that the log's centre refused, so that another one is made."""
    row = db.get_one(WitnessRow, (delivery.origin, delivery.size))
    if row.line == delivery.line:
        row.line = ""
        db.add(row)


def cosigned(db: Session, checkpoint: Checkpoint) -> Cosigned | None:
    """How this checkpoint of another centre was cosigned; None when it was not."""
    row = db.get(WitnessRow, (checkpoint.origin, checkpoint.size))
    if row is None or row.root != checkpoint.root or not row.transaction:
        return None
    return Cosigned(transaction=row.transaction, block_number=row.block_number)


def forget_cosigned(db: Session, checkpoint: Checkpoint) -> None:
    """The chain has lost the cosignature or moved it: it must be given or read again."""
    row = db.get_one(WitnessRow, (checkpoint.origin, checkpoint.size))
    row.transaction, row.block_number = "", 0
    db.add(row)


def keep_cosigned(db: Session, checkpoint: Checkpoint, given: Cosigned) -> bool:
    """Save that it was cosigned. False when that was saved before."""
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


def _anchored(db: Session, row: CheckpointRow) -> AnchoredCheckpoint:
    """With every cosignature received so far in its note."""
    answers = {name: getattr(row, name) for name in _ANSWERS}
    lines = db.exec(
        select(CosignatureRow.line).where(CosignatureRow.size == row.size).order_by(col(CosignatureRow.witness))
    ).all()
    note = add_lines(row.note, lines) if lines else row.note
    return AnchoredCheckpoint(size=row.size, root=row.root, origin=row.origin, note=note, **answers)
