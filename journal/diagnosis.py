"""Names the altered field of a journal's row that does not fit: by the columns, the chain, and the digest beside it.

The commitment only shows that bytes differ. A row holds most values twice: the leaf, the digest and the next record's
`previous` bind the same bytes, and the columns repeat fields of the record. A field is named with certainty when
correcting it gives exactly the bytes that the digest binds; otherwise the differing field, or `record` as a whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from records import canonical
from records.alteration import Alteration, decoded, differences, field_at, repaired, shown
from records.canonical import Value
from records.commitment import SALT_SIZE, commit
from records.ids import CentreCode, digest
from records.log import merkle


class Row(NamedTuple):
    """A row of journal_entry as the driver gives it."""

    number: int
    type: str
    project: str
    session: str
    seq: int | None
    digest: str | None
    record: bytes | None
    salt: bytes | None
    commitment: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the tables and chain around a row know of it. `body`: what another table holds of its body, canonical."""

    centre: CentreCode
    seq: int
    previous: str
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The alterations of a row, each with the check it fails, and the record as it was written, if that is known."""

    found: tuple[tuple[str, Alteration], ...]
    record: bytes | None


def diagnose(row: Row, around: Around) -> Diagnosis:
    """What is altered in one row that has its content."""
    assert row.record is not None
    assert row.salt is not None
    committed = commit(row.salt, row.record) if len(row.salt) == SALT_SIZE else b""
    fits = digest(row.record) == row.digest
    if not fits and committed != row.commitment and merkle.leaf_hash(committed) != row.leaf:
        alteration, record = _record(row, around, row.record)
        return Diagnosis((("records.commitment", alteration),), record)
    return Diagnosis(tuple(_beside_record(row, around, row.record, row.salt)), row.record)


def _beside_record(row: Row, around: Around, record: bytes, salt: bytes) -> Iterator[tuple[str, Alteration]]:
    """The record is intact; a value that binds it, or a column, is not."""
    own = digest(record)
    committed = commit(salt, record) if len(salt) == SALT_SIZE else b""
    binds = {
        "commitment": committed == row.commitment,
        "leaf": committed != b"" and merkle.leaf_hash(committed) == row.leaf,
        "digest": own == row.digest,
    }
    if all(binds.values()):
        yield from _columns(row, around, record)
    elif binds["commitment"] or binds["leaf"]:  # the record and its salt are what one of them binds: the others changed
        rightly = {"commitment": committed.hex(), "leaf": merkle.leaf_hash(committed).hex(), "digest": str(own)}
        found = {"commitment": row.commitment.hex(), "leaf": row.leaf.hex(), "digest": str(row.digest)}
        for name in (name for name, fits in binds.items() if not fits):
            yield "records.commitment", _altered(row, name, rightly[name], found[name], rank=0)
    else:  # the chain knows these bytes, so only the salt can differ
        yield "records.commitment", _altered(row, "salt", row.commitment.hex(), committed.hex(), rank=0)


def _record(row: Row, around: Around, record: bytes) -> tuple[Alteration, bytes | None]:
    """The record itself was altered: its field, if that can be known, and the bytes that were written."""
    value = decoded(record)
    beside = list(_beside(row, around, value)) if isinstance(value, dict) else []
    if isinstance(value, dict):
        for path, right, wrong in beside:
            written = canonical.encode({**value, path: right})
            if digest(written) == row.digest:
                return _masked(row, *_first(path, right, wrong), rank=0), written
    mended = repaired(record, _raw(row.digest))
    if mended is not None:
        return _mended(row, record, *mended), mended[1]
    for path, right, wrong in beside:
        return _masked(row, *_first(path, right, wrong)), None
    return _altered(row, "record", str(row.digest), digest(record), rank=2), None


def _first(path: str, right: Value, wrong: Value | None) -> tuple[str, Value | None, Value | None]:
    """The first difference inside a field."""
    return next(differences(right, wrong, path), (path, right, wrong)) if wrong is not None else (path, right, wrong)


def _mended(row: Row, record: bytes, position: int, mended: bytes) -> Alteration:
    """One byte was changed: the field it lies in, and both values of that field."""
    right, wrong = decoded(mended), decoded(record)
    if right is None:
        return _altered(row, "record", str(row.digest), digest(record), rank=2)
    if wrong is not None:
        for path, one, other in differences(right, wrong):
            return _masked(row, path, one, other, rank=0)
    path = field_at(right, position).removeprefix(".") or "record"
    return _altered(row, path, str(row.digest), digest(record), rank=0)


def _columns(row: Row, around: Around, record: bytes) -> Iterator[tuple[str, Alteration]]:
    """The record matches its commitment; a column, or its place in the chain, does not match the record."""
    value = decoded(record)
    if not isinstance(value, dict):
        yield "records.chain", _altered(row, "record", "canonical bytes", "others", rank=0)
        return
    columns = {"type": row.type, "project": row.project, "session": row.session, "seq": row.seq}
    for name, found in columns.items():
        expected = value.get(name, "")
        if expected != found:
            yield "records.columns", _altered(row, name, str(expected), str(found), rank=0)
    if value.get("project") != row.project:
        return  # it was put into another chain, where none of its values fit
    for name, wanted in (("seq", around.seq), ("previous", around.previous), ("centre", around.centre)):
        if value.get(name) != wanted:
            yield "records.chain", _altered(row, name, str(wanted), str(value.get(name)), rank=0)


def _beside(row: Row, around: Around, value: dict[str, Value]) -> Iterator[tuple[str, Value, Value | None]]:
    """Where the record differs from its columns."""
    says: dict[str, Value] = {
        "type": row.type,
        "project": row.project,
        "seq": around.seq,
        "previous": around.previous,
        "centre": around.centre,
        "version": 1,
    }
    if row.session:
        says["session"] = row.session
    body = decoded(around.body) if around.body is not None else None
    if body is not None:
        says["body"] = body
    for name, right in says.items():
        if value.get(name) != right:
            yield name, right, value.get(name)


def _raw(digest: str | None) -> bytes:
    """The bytes of a digest that may have been altered itself."""
    try:
        return bytes.fromhex(str(digest).removeprefix("sha256:"))
    except ValueError:
        return b""


def _masked(row: Row, path: str, right: Value | None, wrong: Value | None, rank: int = 1) -> Alteration:
    salt = row.salt or b""
    return _altered(row, path, shown(path, right, salt=salt), shown(path, wrong, salt=salt), rank=rank)


def _altered(row: Row, field: str, expected: str, found: str, *, rank: int) -> Alteration:
    return Alteration(
        where=f"record {row.number}", index=row.number, field=field, expected=expected, found=found, rank=rank
    )
