"""Checks a bundle against a trust file, offline: from the report through record, log and checkpoint to the chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from chain_gateway.evidence import archive, bundle
from chain_gateway.verifier import log_checks
from chain_gateway.verifier.bundle_records import Disclosed, check_inclusion, open_records
from chain_gateway.verifier.chain_checks import Receipt, check_contract, check_event, check_receipt, check_transaction
from chain_gateway.verifier.findings import Findings
from chain_gateway.verifier.log_checks import SignedLog
from chain_gateway.verifier.posix_time import moment
from chain_gateway.verifier.trust import Trust
from records import gc_pause
from records.errors import EvidenceMismatchError, TongpingError, UnavailableError
from records.log.cosignature import Cosignature
from records.proof import Check, Verdict
from records.strict_fields import Reader

_NEEDS_CHECKPOINT: Final = "needs the signed checkpoint"
_BLOCK_KNOWN: Final = "offline it is unknown whether the chain still holds this block: the explorer asks your node"


def verify_bundle(path: Path, trust: Trust) -> Verdict:
    """Check a bundle file. Raises UnavailableError("bundle-unreadable") when there is no file to check."""
    return Verdict(check_bundle(read_file(path), trust))


def read_file(path: Path) -> bytes:
    """Read a bundle file, no more than a bundle may have."""
    try:
        with path.open("rb") as file:
            return file.read(archive.MAXIMUM_SIZE + 1)
    except OSError as error:
        raise UnavailableError("bundle-unreadable", file=path.name) from error


def check_bundle(data: bytes, trust: Trust) -> tuple[Check, ...]:
    """Check the bytes of a bundle; never raises, whatever the bytes are."""
    return examine(data, trust).checks


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The checks of a bundle, with the input for further checks: its members, and the body of the sealing's record.

    `sealed` is None, and `members` empty, when the bundle is too damaged to hold them; `anchored_at` is the block's
    time, `cosigned_at` the times of the cosignatures that count. None of it is more trustworthy than the checks.
    """

    checks: tuple[Check, ...]
    members: Mapping[str, bytes]
    sealed: Reader | None
    anchored_at: datetime | None = None
    cosigned_at: tuple[datetime, ...] = ()


def examine(data: bytes, trust: Trust) -> Examined:
    """Check the bytes of a bundle and keep its content; never raises, whatever the bytes are."""
    with gc_pause.at_rest():
        return _examined(data, trust)


def _examined(data: bytes, trust: Trust) -> Examined:
    findings = Findings()
    found = findings.put("bundle.layout", lambda: _layout(data))
    if found is None:
        found = _salvaged(data)
    if found is None:
        return Examined(checks=findings.checks, members={}, sealed=None)
    examination = _Examination(findings, found, trust)
    sealed = examination.run()
    return Examined(
        checks=findings.checks,
        members=found.members,
        sealed=sealed,
        anchored_at=examination.receipt.at if examination.receipt else None,
        cosigned_at=tuple(moment(one.time) for one in examination.cosignatures),
    )


def _layout(data: bytes) -> tuple[archive.Archive, str]:
    found = bundle.unpack(data)
    bundle.check_layout(found)
    return found, f"{len(found.members)} members and nothing else in the file"


def _salvaged(data: bytes) -> archive.Archive | None:
    """Return the members of a badly laid out bundle, so that later checks can still name their faults."""
    try:
        found = bundle.unpack(data)
    except TongpingError:
        return None
    return found if set(bundle.REQUIRED) <= set(found.members) else None


class _Examination:
    """One run over the members of a bundle."""

    def __init__(self, findings: Findings, found: archive.Archive, trust: Trust) -> None:
        self._findings = findings
        self._found = found
        self._members = found.members
        self._trust = trust
        self._digests = bundle.digests(found)
        self.cosignatures: tuple[Cosignature, ...] = ()
        self.receipt: Receipt | None = None

    def run(self) -> Reader | None:
        """Run every check; return the record of the sealing, when there is one."""
        put, absent = self._findings.put, self._findings.absent
        session = put("bundle.manifest", self._manifest)
        disclosed = put("record.commitment", self._records)
        if disclosed is None:
            absent("record.document-digest", "needs the disclosed records")
        else:
            put("record.document-digest", lambda: self._document(disclosed, session))
        signed = put("log.checkpoint-signature", lambda: log_checks.check_signature(self._members, self._trust))
        if disclosed is None or signed is None:
            absent("log.inclusion", "needs the disclosed records and the signed checkpoint")
        else:
            put("log.inclusion", lambda: self._inclusion(disclosed, signed))
        self.cosignatures = self._cosigned(signed, disclosed)
        self.receipt = self._chain(signed)
        return _sealing(disclosed)

    def _manifest(self) -> tuple[str, str]:
        session = bundle.check_manifest(self._found, self._digests)
        return session, f"session {session}; every member has the digest that the manifest names"

    def _records(self) -> tuple[Disclosed, str]:
        found = open_records(self._members)
        return found, f"{len(found.indices)} disclosed record(s), each with its salt the one that was committed to"

    def _document(self, disclosed: Disclosed, session: str | None) -> tuple[None, str]:
        """The record of the sealing names exactly the report in this bundle, for the session of the manifest."""
        index, sealed = disclosed.sealing()
        expected, found = sealed.part("body").text("sealed_digest"), self._digests[bundle.REPORT]
        if expected != found:
            raise EvidenceMismatchError("report-digest", expected=expected, found=found)
        if session is not None and sealed.text("session") != session:
            raise EvidenceMismatchError("manifest-session", expected=session, found=sealed.text("session"))
        return None, f"record {index} names this report, {found}"

    def _inclusion(self, disclosed: Disclosed, signed: SignedLog) -> tuple[None, str]:
        check_inclusion(disclosed, signed)
        return None, f"{len(disclosed.indices)} disclosed record(s) lead to the root of the checkpoint"

    def _cosigned(self, signed: SignedLog | None, disclosed: Disclosed | None) -> tuple[Cosignature, ...]:
        """The cosignatures are on the anchored checkpoint, or on another one proven to be of the same log."""
        put, absent, trust = self._findings.put, self._findings.absent, self._trust
        if signed is None:
            absent("log.consistency", _NEEDS_CHECKPOINT)
            absent("log.cosignatures", _NEEDS_CHECKPOINT)
            return ()
        notes = [signed]
        if bundle.COSIGNED in self._members or bundle.CONSISTENCY in self._members:
            other = put("log.consistency", lambda: log_checks.check_consistency(self._members, trust, signed))
            notes += [other] if other is not None else []
        else:
            absent("log.consistency", "one checkpoint is all there is: nothing to join")
        if trust.cosignatures == 0 and not log_checks.names_cosigner(trust, notes):
            absent("log.cosignatures", "the policy of the trust file asks for none")
            return ()
        last = max(disclosed.indices) if disclosed is not None else 0
        return put("log.cosignatures", lambda: log_checks.check_cosignatures(trust, notes, last)) or ()

    def _chain(self, signed: SignedLog | None) -> Receipt | None:
        put, absent, chain = self._findings.put, self._findings.absent, self._trust.chain
        if bundle.ANCHOR in self._members:
            put("chain.contract", lambda: check_contract(self._members, chain))
        else:
            absent("chain.contract", "a bundle of the first format does not name them apart from the transaction")
        receipt = put("chain.receipt", lambda: check_receipt(self._members))
        if receipt is None:
            absent("chain.transaction", "needs the receipt")
        else:
            put("chain.transaction", lambda: check_transaction(self._members, receipt, chain))
        if receipt is None or signed is None:
            absent("chain.anchor-event", "needs the receipt and the signed checkpoint")
            absent("log.key-validity", "needs the receipt and the signed checkpoint")
        else:
            put("chain.anchor-event", lambda: check_event(receipt, signed.checkpoint, chain))
            put("log.key-validity", lambda: log_checks.check_key(signed, receipt))
        absent("chain.block-known", _BLOCK_KNOWN)
        return receipt


def _sealing(disclosed: Disclosed | None) -> Reader | None:
    try:
        return disclosed.sealing()[1] if disclosed is not None else None
    except TongpingError:
        return None
