"""Which tables an audit compares with the records, and why it cannot compare the others."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select
from sqlmodel import Session

from journal.expected_rows import Row
from node.migrations.tables import METADATA
from node.office.stages import STAGES

_OFFICE: Final = {str(table.__tablename__): stage for stage in STAGES for table in stage.tables}
COMPARED: Final = (
    *(name for name, stage in _OFFICE.items() if name not in stage.unrecorded),
    "journal_entry",
    "journal_position",
    "room_entry",
    "signing_report",
    "signing_signature",
    "gateway_checkpoint",
    "gateway_witness",
    "gateway_cosignature",
    "gateway_fork",
    "explorer_record",
    "explorer_evaluation",
    "explorer_tender",
    "monitor_alarm",
)
"""Tables whose rows can be derived from the records, the notes or the log."""
NOT_DERIVABLE: Final = {
    **{name: reason for stage in STAGES for name, reason in stage.unrecorded.items()},
    "peer_nonce": "nonces of requests, kept for a minute",
    "journal_set_aside": "what a follower has set aside until it works; recorded by an alarm",
    "monitor_sweep": "how far the monitor's own walk over the records has come; it begins anew by itself",
    "signing_lock": "whose turn it is for a minute; empty between signatures",
    "signing_signer": "experts' keys, closed by their PINs; the certificates that signed are in the signatures",
}
"""Tables that cannot be derived, and why."""


def key(name: str) -> tuple[str, ...]:
    """The columns of a table's key."""
    return tuple(column.name for column in METADATA.tables[name].primary_key.columns)


def rows(db: Session, name: str) -> Iterator[Row]:
    """The rows of a table by column, in the order of their key."""
    table = METADATA.tables[name]
    for row in db.connection().execute(select(table).order_by(*table.primary_key.columns)).mappings():
        yield {str(column): value for column, value in row.items()}
