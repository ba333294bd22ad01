"""The evidence bundle of a sealed and anchored evaluation, put together when somebody asks for it."""

from chain_gateway.bundle import write_bundle
from chain_gateway.evidence import gather_evidence
from evaluation_room.desk import RoomDesk
from journal import Journal
from node.gateway import Gateway
from records.errors import NotFoundError
from records.facts import REPORT_SEALED
from records.ids import parse_session
from signing.desk import SigningDesk
from signing.identity import certificate_pem

_ALL = 1_000_000


class EvidenceDesk:
    """The same evaluation always gives the same bundle: it stands on the first checkpoint that covers the seal."""

    def __init__(self, *, journal: Journal, room: RoomDesk, signing: SigningDesk, gateway: Gateway | None) -> None:
        self._journal = journal
        self._room = room
        self._signing = signing
        self._gateway = gateway

    def bundle(self, name: str) -> bytes:
        """Raises NotFoundError: session-unknown, report-not-sealed, report-not-anchored."""
        session = self._room.session(parse_session(name)).id
        sealed = self._journal.find(type=REPORT_SEALED, session=session)
        if not sealed:
            raise NotFoundError("report-not-sealed", session=session)
        anchored = self._gateway.anchor.covering(sealed[0].index) if self._gateway else None
        if anchored is None:
            raise NotFoundError("report-not-anchored", session=session)
        evidence = gather_evidence(
            self._journal,
            anchored,
            session=session,
            report=self._signing.sealed(session),
            entries=self._room.entries_after(session, {}, _ALL),
            certificates=self._certificates(),
        )
        return write_bundle(evidence)

    def _certificates(self) -> dict[str, str]:
        """The authority and the seal of this centre; those of all signers stand in the report itself."""
        seal = self._signing.seal_identity
        return {"authority": certificate_pem(seal.chain[-1]), "seal": certificate_pem(seal.certificate)}
