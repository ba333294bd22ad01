"""Whose certificates this centre accepts in a report: from which authorities, and of which person or centre."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from chain_gateway.verifier.trust import Trust, load_trust
from evaluation_room.session.session import Session
from evaluation_room.tender.definition import Centre
from node.evidence.signatories import member_of, seal_of
from records.ids import SeatId
from signing.desk import SigningDesk
from signing.keys.holders import Holder, require_holder
from signing.keys.identity import Identity, certificate_pem, require_issued
from signing.report.signature_page import expert_field, seal_field


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorities:
    desk: SigningDesk
    trust: Path | None
    clock: Callable[[], datetime]

    def roots(self) -> tuple[list[str], list[str]]:
        """The authorities behind certificates and behind timestamps (PEM)."""
        own = certificate_pem(self.desk.seal_identity.chain[-1])
        trust = self.pinned()
        if trust is None:
            return [own], [own]
        return [own, *trust.ca], [own, *trust.tsa]

    def pinned(self) -> Trust | None:
        """The trust file, where there is one."""
        return None if self.trust is None else load_trust(self.trust)

    def admit_member(self, identity: Identity, session: Session, seat: SeatId) -> None:
        """The member of this seat may sign with this certificate; another's signature would spoil the report.

        Raises NotPermittedError: certificate-not-trusted, certificate-of-another, certificate-of-another-centre,
        certificate-profile, certificate-issuer, seat-not-bound.
        """
        self._admit(identity, member_of(session, seat, self.pinned()), expert_field(seat))

    def admit_seal(self, identity: Identity, centre: Centre) -> None:
        """Let this centre seal with this certificate. Raises as above, or NotPermittedError("seal-not-pinned")."""
        self._admit(identity, seal_of(centre, self.pinned()), seal_field(centre.code))

    def _admit(self, identity: Identity, holder: Holder, field: str) -> None:
        require_issued(identity, self.roots()[0], at=self.clock())
        require_holder(identity, holder, field=field)
