"""The evidence bundle of a sealed and anchored evaluation, assembled on request."""

from chain_gateway.checkpoints import AnchoredCheckpoint
from chain_gateway.evidence.bundle import write_bundle
from chain_gateway.evidence.gathering import gather_evidence
from evaluation_room.desk import RoomDesk
from journal import Journal, MerkleLog
from node.chain.gateway import Gateway
from records.errors import NotFoundError
from records.facts import SEALINGS
from records.ids import parse_session
from signing.desk import SigningDesk
from signing.keys.identity import certificate_pem, crl_pem

_ALL = 1_000_000


class EvidenceDesk:
    """The bundle uses the first checkpoint that covers the seal, so its proofs stay the same.

    Later it may have more cosignatures, and always the newest revocation list: without it nobody could verify years
    later that the outermost time-stamp's certificate was still good.
    """

    def __init__(
        self, *, journal: Journal, log: MerkleLog, room: RoomDesk, signing: SigningDesk, gateway: Gateway | None
    ) -> None:
        self._journal = journal
        self._log = log
        self._room = room
        self._signing = signing
        self._gateway = gateway

    def bundle(self, name: str) -> bytes:
        """Raises NotFoundError: session-unknown, report-not-sealed, report-not-anchored."""
        session = self._room.session(parse_session(name)).id
        sealed = [one for kind in SEALINGS for one in self._journal.find(type=kind, session=session)]
        if not sealed:
            raise NotFoundError("report-not-sealed", session=session)
        anchored = self._gateway.anchor.covering(sealed[0].index) if self._gateway else None
        if anchored is None:
            raise NotFoundError("report-not-anchored", session=session)
        evidence = gather_evidence(
            self._journal,
            self._log,
            anchored,
            session=session,
            report=self._signing.sealed(session),
            entries=self._room.entries_after(session, {}, _ALL),
            certificates=self._certificates(),
            revocations={"authority": crl_pem(self._signing.seal_identity.crls[0])},
            cosigned=self._cosigned(sealed[0].index, anchored),
        )
        return write_bundle(evidence)

    def _cosigned(self, index: int, anchored: AnchoredCheckpoint) -> AnchoredCheckpoint | None:
        """A later checkpoint, when that is the one that the other centres cosigned."""
        found = self._gateway.cosignatures.cosigned(index) if self._gateway else None
        return found if found is not None and found.size > anchored.size else None

    def _certificates(self) -> dict[str, str]:
        """Authority, seal and time-stamps of this centre; those of all signers are in the report itself."""
        seal, stamps = self._signing.seal_identity, self._signing.timestamp_identity
        return {
            "authority": certificate_pem(seal.chain[-1]),
            "seal": certificate_pem(seal.certificate),
            "timestamps": certificate_pem(stamps.certificate),
        }
