"""The required signers of a room's report, with their certificates: from the room's entries, not from the file."""

from evaluation_room.session.session import Session
from node.evidence.room_evidence import certificates, excused
from records.ids import Digest, SeatId
from signing.pdf.verify import RequiredSigners
from signing.report.signature_page import expert_field, seal_field


def required_signers(session: Session, *, report: Digest | None, sealed: Digest | None = None) -> RequiredSigners:
    """All members except those who refused, then the centres' seals, the host's last."""
    definition = session.definition
    seats = tuple(expert_field(seat.id) for seat in definition.seats)
    seals = tuple(seal_field(centre.code) for centre in (*definition.guests, definition.host))
    return RequiredSigners(
        fields=(*seats, *seals),
        excused=frozenset(expert_field(SeatId(seat)) for seat in excused(session)),
        certificates=certificates(session),
        report_digest=report,
        sealed_digest=sealed,
    )
