"""The signing line at the host: certification, one signature after another under one lock, seals, long-term data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from journal import Journal
from journal.work import Work
from records import facts
from records.errors import ConflictError, InvalidRecordError, NotFoundError, NotPermittedError, WrongStageError
from records.ids import CentreCode, Digest, SessionId, b64u, instant, parse_instant
from records.strict_fields import Reader
from signing import stages, store
from signing.keys.identity import Identity, Signer
from signing.keys.keyring import Keyring
from signing.keys.software import SoftwareSigner
from signing.keys.timestamps import Timestamps
from signing.pdf import pades
from signing.pdf.intents import AGREED, Opinion
from signing.pdf.pades import Begun
from signing.report.document import signature_places
from signing.report.signature_page import PLATFORM_FIELD, seal_field
from signing.reports import Reports
from signing.store import Applied, Lock, Report

TURN = timedelta(seconds=60)
"""How long one signer may hold a report: two signatures on one revision would fork it."""
_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A signer's input: the whole document with an empty place, and the bytes to sign."""

    document: bytes
    to_be_signed: bytes


class HostLine(Reports):
    """The host's steps on a report between its draft and its sealed form."""

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
    ) -> None:
        """`timestamps`: an external authority; without it the centre's own."""
        super().__init__(journal, files=files, fonts=fonts, clock=clock)
        self._keyring = keyring
        self._randomness = randomness
        self._timestamps = timestamps or self.timestamp

    def timestamp(self, request: bytes) -> bytes:
        """Answer a TimeStampReq (RFC 3161) as this centre's own authority."""
        return self._keyring.timestamps.respond(request, at=self._clock())

    @property
    def timestamp_identity(self) -> Identity:
        """The certificate of the embedded time-stamping authority."""
        return self._keyring.timestamps.identity

    @property
    def seal_identity(self) -> Identity:
        """The certificate of this centre's seal, with a new revocation list."""
        return self._keyring.authority.identity(self._keyring.seal.identity.certificate, now=self._clock())

    def certify(self, session: SessionId) -> None:
        """Add all fields and certify the content (DocMDP P=2) with this centre's seal; once, however often called."""
        if not self.state(session).certified:
            self.apply(session, PLATFORM_FIELD, self._seal())

    def begin(self, session: SessionId, field: str, identity: Identity, opinion: Opinion = AGREED) -> Offer:
        """Take the report's turn for this field and write everything but the signature.

        Raises ConflictError("report-busy") while another field holds the turn, ConflictError("already-signed"),
        ConflictError("certificate-of-two"), WrongStageError("signature-not-yet"),
        InvalidRecordError("revocation-list-missing").
        """
        if not identity.crls:
            raise InvalidRecordError("revocation-list-missing", field=field)
        lock, report, data = self._take_turn(session, field, identity)
        first = report.current == report.draft
        pdf = self._prepared(report, data) if first else self._files.get(report.current)
        begun = self._begin_on(pdf, self._clock(), data=data, field=field, identity=identity, opinion=opinion)
        document = self._files.put(begun.document)
        with self._journal.work() as work:
            self._require_own_turn(work, lock)
            full = replace(lock, document=document, to_be_signed=begun.to_be_signed, hole=begun.hole)
            store.put_lock(work.db, full)
        return Offer(document=begun.document, to_be_signed=begun.to_be_signed)

    def finish(self, session: SessionId, field: str, signature: bytes) -> None:
        """Put the signature and a timestamp over it into the report.

        Raises EvidenceMismatchError("signature-invalid"), ConflictError("signature-not-begun") when the turn was
        lost, UnavailableError("timestamp-unavailable").
        """
        with self._journal.reading() as db:
            lock = store.find_lock(db, session)
        if lock is None or lock.field != field or lock.document is None:
            raise ConflictError("signature-not-begun", field=field)
        try:
            document = self._files.get(lock.document)
        except NotFoundError as error:  # begun anew meanwhile
            raise ConflictError("signature-not-begun", field=field) from error
        begun = Begun(
            field=field, identity=lock.identity, document=document, to_be_signed=lock.to_be_signed, hole=lock.hole
        )
        revision = self._files.put(pades.finish(begun, signature, timestamps=self._timestamps))
        with self._journal.work() as work:
            self._require_own_turn(work, lock)
            self._keep_signature(work, lock, revision)
        self._files.drop(lock.document)

    def apply(self, session: SessionId, field: str, signer: Signer, opinion: Opinion = AGREED) -> None:
        """Begin, get the signature, finish."""
        offer = self.begin(session, field, signer.identity, opinion)
        self.finish(session, field, signer.sign(offer.to_be_signed, document=offer.document, field=field))

    def seal(
        self, session: SessionId, guests: Mapping[CentreCode, Signer], *, excused: frozenset[str] = stages.NOBODY
    ) -> Digest:
        """Guests' seals, this centre's seal over everything, then the long-term data; returns the sealed file's digest.

        The work of an earlier call is kept, so it may be called again after any failure. `excused`: fields of members
        who refused to sign; the report is sealed without them (条例53条). Raises WrongStageError("signature-not-yet")
        when another member's signature is missing, NotPermittedError("seal-missing") when a guest's signer is.
        """
        self._excuse(session, excused)
        state = self.state(session)
        if state.sealed_digest is not None:
            return state.sealed_digest
        for one in state.signers:
            if one.kind == "seal" and not one.signed:
                self.apply(session, one.field, self._sealer(CentreCode(one.owner), guests))
        return self._keep_for_years(session)

    def _excuse(self, session: SessionId, fields: frozenset[str]) -> None:
        with self._journal.work() as work:
            report = store.load_report(work.db, session)
            members = {place.field for place in signature_places(self._data(report)) if place.kind == "expert"}
            signed = {one.field for one in store.applied(work.db, session)}
            added = (fields & members) - signed - report.excused
            if added and report.sealed is None:
                store.save_report(work.db, replace(report, excused=report.excused | added))

    def _sealer(self, centre: CentreCode, guests: Mapping[CentreCode, Signer]) -> Signer:
        if centre == self._journal.centre:
            return self._seal()
        if centre not in guests:
            raise NotPermittedError("seal-missing", field=seal_field(centre))
        return guests[centre]

    def _seal(self) -> SoftwareSigner:
        return SoftwareSigner(self.seal_identity, self._keyring.seal.key)

    def _keep_for_years(self, session: SessionId) -> Digest:
        with self._journal.reading() as db:
            report, signatures = store.load_report(db, session), store.applied(db, session)
        if self.state(session).next:
            raise WrongStageError("signature-not-yet", session=session)
        time = self._keyring.authority.identity(self._keyring.timestamps.identity.certificate, now=self._clock())
        identities = [time, *(one.identity for one in signatures)]
        pdf = pades.keep_for_years(self._files.get(report.current), identities, timestamps=self._timestamps)
        sealed = self._files.put(pdf)
        with self._journal.work() as work:
            self._keep_sealed(work, report, sealed, len(pdf))
        return sealed

    def _take_turn(self, session: SessionId, field: str, identity: Identity) -> tuple[Lock, Report, Reader]:
        """The lock on the report, for this field alone, if it is this field's turn."""
        token = b64u(self._randomness(_TOKEN_BYTES))
        with self._journal.work() as work:
            report = store.load_report(work.db, session)
            data = self._data(report)
            applied = store.applied(work.db, session)
            signed = {one.field for one in applied}
            places = signature_places(data)
            stages.require_turn(places, signed, field, report.excused)
            self._require_own_key(field, identity, applied)
            held = store.find_lock(work.db, session)
            others = stages.next_fields(places, signed, report.excused) != (field,)
            lock = Lock(
                session=session,
                field=field,
                token=token,
                expires_at=turn_ends(held, field, work.now, others=others),
                identity=identity,
                on_revision=report.current,
            )
            store.put_lock(work.db, lock)
        if held is not None and held.document is not None:
            self._files.drop(held.document)
        return lock, report, data

    def _require_own_key(self, field: str, identity: Identity, signed: Sequence[Applied]) -> None:
        """One certificate signs for one person (R37); the host's seal alone signs twice, as it certified the report."""
        own_seal = {PLATFORM_FIELD, seal_field(self._journal.centre)}
        for one in signed:
            same_holder = one.field == field or {one.field, field} == own_seal
            if not same_holder and one.identity.public_key == identity.public_key:
                raise ConflictError("certificate-of-two", field=field, other=one.field)

    def _require_own_turn(self, work: Work, lock: Lock) -> None:
        """The turn is still ours: nobody took it over, and the report is still the one we began on."""
        held = store.find_lock(work.db, lock.session)
        current = store.load_report(work.db, lock.session).current
        if held is None or held.token != lock.token or current != lock.on_revision:
            raise ConflictError("signature-not-begun", field=lock.field)

    def _keep_signature(self, work: Work, lock: Lock, revision: Digest) -> None:
        report = store.load_report(work.db, lock.session)
        place = len(store.applied(work.db, lock.session))
        signature = Applied(field=lock.field, identity=lock.identity, at=instant(work.now))
        store.add_applied(work.db, lock.session, place, signature)
        store.save_report(work.db, replace(report, current=revision))
        store.drop_lock(work.db, lock.session)
        body = {
            "report_digest": report.draft,
            "field": lock.field,
            "certificate": lock.identity.fingerprint,
            "revision": revision,
        }
        self._say(work, facts.REPORT_SIGNATURE_APPLIED, lock.session, "SIGNING", body)


def turn_ends(held: Lock | None, field: str, now: datetime, *, others: bool) -> str:
    """When the turn that this field takes now ends. Raises ConflictError("report-busy") while it may not take it.

    A turn is not prolonged by beginning again. Whoever let one pass stands back for as long, while `others` may sign.
    """
    if held is None:
        return instant(now + TURN)
    running = held.expires_at > instant(now)
    if held.field != field:
        if running:
            raise ConflictError("report-busy", field=held.field)
        return instant(now + TURN)
    if running:
        return held.expires_at
    if others and parse_instant(held.expires_at) + TURN > now:
        raise ConflictError("report-busy", field=field)
    return instant(now + TURN)
