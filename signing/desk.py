"""Commands of signing: draft, certify, sign here or remotely, seal, keep; one transaction each.

All methods are synchronous, and pyHanko runs an event loop of its own inside them: call them from a worker thread.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from journal import Journal
from records.ids import Digest, PersonId, SeatId, SessionId
from signing.keys.identity import Identity
from signing.keys.keyring import Keyring
from signing.keys.software import PIN_COST
from signing.keys.timestamps import Timestamps
from signing.line import HostLine, Offer
from signing.pdf import inspection
from signing.pdf.intents import AGREED, Opinion
from signing.report.signature_page import expert_field, seal_field
from signing.signers import Signers


class ReportHost(Protocol):
    """Where the report is: this desk, or the host centre's desk behind the peers' HTTP."""

    def begin(self, session: SessionId, field: str, identity: Identity, opinion: Opinion) -> Offer: ...

    def finish(self, session: SessionId, field: str, signature: bytes) -> None: ...


class SigningDesk(HostLine):
    """The signing desk of one centre, host or guest: the line of its own reports, and its keys for any report."""

    def __init__(
        self,
        journal: Journal,
        *,
        keyring: Keyring,
        files: Path,
        fonts: Path,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes],
        timestamps: Timestamps | None = None,
        pin_cost: int = PIN_COST,
    ) -> None:
        """`timestamps`: an external authority; without it the centre's own. `pin_cost`: see PIN_COST."""
        super().__init__(
            journal,
            keyring=keyring,
            files=files,
            fonts=fonts,
            clock=clock,
            randomness=randomness,
            timestamps=timestamps,
        )
        self.signers = Signers(journal, keyring, clock=clock, randomness=randomness, pin_cost=pin_cost)

    @property
    def own_identities(self) -> dict[str, Identity]:
        """The own certificates, by use: seal and time-stamps."""
        return {"seal": self._keyring.seal.identity, "timestamps": self._keyring.timestamps.identity}

    def enrol_signer(self, person: PersonId, *, name: str, pin: str) -> Digest:
        """Make an own expert's signing key, protected by the PIN; return its certificate's fingerprint."""
        return self.signers.enrol(person, name=name, pin=pin)

    def sign_as(
        self,
        person: PersonId,
        pin: str,
        session: SessionId,
        seat: SeatId,
        *,
        host: ReportHost,
        opinion: Opinion = AGREED,
    ) -> Digest:
        """An own expert signs with the PIN; returns the certificate's fingerprint. `host` may be this desk itself.

        Another centre's document is signed only when it equals what this centre would have made (see inspection).
        """
        signer, field = self.signers.open(person, pin), expert_field(seat)
        offer = host.begin(session, field, signer.identity, opinion)
        if host is not self:
            self._inspect(session, field, signer.identity, opinion, offer)
        host.finish(session, field, signer.sign(offer.to_be_signed, document=offer.document, field=field))
        return signer.identity.fingerprint

    def sign_seal(self, session: SessionId, document: bytes, to_be_signed: bytes) -> bytes:
        """The guest's seal at the host's request: a signature, when the document is the report drafted here."""
        seal, field = self._keyring.seal, seal_field(self._journal.centre)
        self._inspect(session, field, seal.identity, AGREED, Offer(document=document, to_be_signed=to_be_signed))
        return seal.sign(to_be_signed, document=document, field=field)

    def _inspect(self, session: SessionId, field: str, identity: Identity, opinion: Opinion, offer: Offer) -> None:
        report = self._load(session)
        data = self._data(report)
        inspection.inspect(
            offer.document,
            offer.to_be_signed,
            field=field,
            prepared=self._prepared(report, data),
            remake=lambda pdf, at: self._begin_on(pdf, at, data=data, field=field, identity=identity, opinion=opinion),
            now=self._clock(),
        )
