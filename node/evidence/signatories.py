"""The required signers of a room's report, and whose certificates they show: from the room's entries, not the file."""

from chain_gateway.verifier.trust import Trust
from evaluation_room.session.session import Session
from evaluation_room.tender.definition import Centre, Seat
from node.evidence.room_evidence import certificates, excused
from records.errors import NotPermittedError
from records.ids import CentreCode, Digest, SeatId
from signing.keys.authority import Profile
from signing.keys.holders import Holder, Pins
from signing.keys.identity import certificates_der
from signing.pdf.verify import RequiredSigners
from signing.report.signature_page import PLATFORM_FIELD, expert_field, seal_field


def required_signers(
    session: Session, *, report: Digest | None, sealed: Digest | None = None, trust: Trust | None = None
) -> RequiredSigners:
    """All members except those who refused, then the centres' seals, the host's last."""
    definition = session.definition
    seats = tuple(expert_field(seat.id) for seat in definition.seats)
    centres = (*definition.guests, definition.host)
    seals = tuple(seal_field(centre.code) for centre in centres)
    members = {expert_field(seat.id): expert_of(session, seat, trust) for seat in definition.seats}
    return RequiredSigners(
        fields=(*seats, *seals),
        excused=frozenset(expert_field(SeatId(seat)) for seat in excused(session)),
        certificates=certificates(session),
        holders={
            PLATFORM_FIELD: seal_of(definition.host, trust),
            **{field: holder for field, holder in members.items() if holder is not None},
            **{seal_field(centre.code): seal_of(centre, trust) for centre in centres},
        },
        report_digest=report,
        sealed_digest=sealed,
    )


def expert_of(session: Session, seat: Seat, trust: Trust | None) -> Holder | None:
    """The present member of a seat, as the centre named them when they checked in; None before that."""
    bound, centre = session.state.expert(seat), session.definition.centre(seat.centre)
    if bound is None or centre is None:
        return None
    return Holder(
        profile=Profile.EXPERT,
        name=bound.name,
        centre=centre.code,
        organisation=_name(centre, trust),
        pins=pins_of(centre.code, trust),
    )


def member_of(session: Session, name: SeatId, trust: Trust | None) -> Holder:
    """The same, where somebody sits. Raises NotPermittedError("seat-not-bound")."""
    seat = session.definition.seat(name)
    holder = None if seat is None else expert_of(session, seat, trust)
    if holder is None:
        raise NotPermittedError("seat-not-bound", seat=name)
    return holder


def seal_of(centre: Centre, trust: Trust | None) -> Holder:
    """The seal of a centre, in its name."""
    name = _name(centre, trust)
    return Holder(
        profile=Profile.SEAL, name=name, centre=centre.code, organisation=name, pins=pins_of(centre.code, trust)
    )


def _name(centre: Centre, trust: Trust | None) -> str:
    """As the trust file names the centre, otherwise as the host did when it opened the session."""
    known = trust.centre(centre.code) if trust is not None else None
    return centre.name_zh if known is None else known.name_zh


def pins_of(code: CentreCode, trust: Trust | None) -> Pins:
    """What the trust file says of this centre's certificates."""
    known = trust.centre(code) if trust is not None else None
    if known is None:
        return Pins()
    issues = known.issues
    return Pins(
        authorities=certificates_der(issues.ca),
        organisations=issues.organisations,
        policies={Profile.EXPERT: issues.expert_policies, Profile.SEAL: issues.seal_policies},
        seals=issues.seals,
    )
