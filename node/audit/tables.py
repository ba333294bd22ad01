"""Which tables an audit compares with the records, and why it cannot compare the others."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select
from sqlmodel import Session

from node.audit.expected_rows import Row
from node.migrations.tables import METADATA

COMPARED: Final = (
    "journal_entry",
    "journal_position",
    "tender",
    "invitation",
    "committee_seat",
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
    "access_person": "who may sign in is not part of a project: no record covers it",
    "access_enrolment": "one-time codes, kept as digests and used up; no record covers them",
    "access_passkey": "public keys of browsers and their counters; no record covers them",
    "access_ceremony": "challenges that live for minutes",
    "access_login": "sessions of browsers, kept as digests and for hours",
    "peer_nonce": "nonces of requests, kept for a minute",
    "journal_set_aside": "what a follower has set aside until it works; recorded by an alarm",
    "monitor_sweep": "how far the monitor's own walk over the records has come; it begins anew by itself",
    "signing_lock": "whose turn it is for a minute; empty between signatures",
    "signing_signer": "experts' keys, closed by their PINs; the certificates that signed are in the signatures",
}
"""Tables that cannot be derived, and why."""


def rows(db: Session, name: str) -> Iterator[Row]:
    """The rows of a table by column, in the order of their key."""
    table = METADATA.tables[name]
    for row in db.connection().execute(select(table).order_by(*table.primary_key.columns)).mappings():
        yield {str(column): value for column, value in row.items()}
