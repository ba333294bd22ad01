"""The certificate authorities this centre accepts in a report: its own and those of its trust file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from chain_gateway.verifier.trust import load_trust
from signing.desk import SigningDesk
from signing.keys.identity import Identity, certificate_pem, require_issued


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorities:
    desk: SigningDesk
    trust: Path | None
    clock: Callable[[], datetime]

    def roots(self) -> tuple[list[str], list[str]]:
        """The authorities behind certificates and behind timestamps (PEM)."""
        own = certificate_pem(self.desk.seal_identity.chain[-1])
        if self.trust is None:
            return [own], [own]
        trust = load_trust(self.trust)
        return [own, *trust.ca], [own, *trust.tsa]

    def admit(self, identity: Identity) -> None:
        """Another centre may sign with this certificate; an untrusted signature would spoil the report.

        Raises NotPermittedError("certificate-not-trusted").
        """
        require_issued(identity, self.roots()[0], at=self.clock())
