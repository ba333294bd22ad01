"""The reports of a centre: drafted from records, stored as files, read for signing and display."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from journal import Journal
from journal.work import Work
from records import canonical, facts
from records.canonical import Value
from records.errors import ConflictError, EvidenceMismatchError, WrongStageError
from records.facts import Fact
from records.ids import Author, Digest, SessionId, digest, session_project, short_code
from records.strict_fields import Reader
from signing import stages, store
from signing.files import Files
from signing.keys.identity import Identity
from signing.pdf import pades
from signing.pdf.first_revision import first_revision
from signing.pdf.intents import Opinion, intent_of
from signing.pdf.pades import Begun
from signing.pdf.validation import open_pdf
from signing.reading import read
from signing.report.document import NO_NAMES, DraftReport, draft, signature_places
from signing.report.signature_page import PLATFORM_FIELD, Place
from signing.store import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerState:
    """One line of the list of signers: a member's seat or a centre. `certificate`: the signer's, once signed."""

    field: str
    kind: str
    owner: str
    city_zh: str
    city_en: str
    excused: bool
    certificate: Digest | None

    @property
    def signed(self) -> bool:
        return self.certificate is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportState:
    """The state of a report in this centre; at a guest, signatures are known only from the room's entries."""

    session: SessionId
    title: str
    report_digest: Digest
    sealed_digest: Digest | None
    certified: bool
    signers: tuple[SignerState, ...]
    next: tuple[str, ...]

    @property
    def short_code(self) -> str:
        """For comparison by eye: 9F4C-71A2-0B3D-55E1."""
        return short_code(self.report_digest)


class Reports:
    """Drafting, storing and showing; the common base of the host's line and the guest's inspection."""

    def __init__(self, journal: Journal, *, files: Path, fonts: Path, clock: Callable[[], datetime]) -> None:
        self._journal = journal
        self._files = Files(files)
        self._fonts = fonts
        self._clock = clock
        self._prepare = lru_cache(maxsize=4)(pades.prepare)

    def state(self, session: SessionId) -> ReportState:
        """Raises NotFoundError("report-unknown")."""
        with self._journal.reading() as db:
            report, signatures = store.load_report(db, session), store.applied(db, session)
        data = self._data(report)
        places = signature_places(data)
        certificates = {one.field: one.identity.fingerprint for one in signatures}
        return ReportState(
            session=session,
            title=data.text("title"),
            report_digest=report.draft,
            sealed_digest=report.sealed,
            certified=PLATFORM_FIELD in certificates,
            signers=tuple(_signer_state(data, place, report, certificates.get(place.field)) for place in places),
            next=stages.next_fields(places, certificates, report.excused),
        )

    def sessions(self) -> list[SessionId]:
        """Sessions with a report here."""
        with self._journal.reading() as db:
            return list(store.sessions(db))

    def report(self, session: SessionId) -> bytes:
        """The base report, as every centre drafts it and every member consents to it."""
        return self._files.get(self._load(session).draft)

    def sealed(self, session: SessionId) -> bytes:
        """Raises WrongStageError("report-not-sealed")."""
        report = self._load(session)
        if report.sealed is None:
            raise WrongStageError("report-not-sealed", session=session)
        return self._files.get(report.sealed)

    def take_draft(
        self,
        session: SessionId,
        report_data: Value,
        *,
        stage_names: Mapping[str, str] = NO_NAMES,
        anew: bool = False,
    ) -> Digest:
        """Draft the report of these data and keep it; the digest all centres must agree on.

        The same data again change nothing; other data are ConflictError("report-already-drafted"), unless the session
        went back and drafts `anew`: then the earlier draft, with its signatures, no longer counts. Its files stay.
        """
        written = canonical.encode(report_data)
        with self._journal.reading() as db:
            known = store.find_report(db, session)
        if known is not None and known.data == digest(written):
            return known.draft
        if known is not None and (known.sealed is not None or not anew):
            raise ConflictError("report-already-drafted", session=session)
        made = draft(report_data, fonts=self._fonts, stage_names=stage_names)
        data, base = self._files.put(written), self._files.put(made.pdf)
        with self._journal.work() as work:
            if store.draft_report(work.db, known, Report(session=session, data=data, draft=base, current=base)):
                body: dict[str, Value] = {
                    "report_digest": base,
                    "data_digest": data,
                    "size": len(made.pdf),
                    "title": made.title,
                }
                self._say(work, facts.REPORT_DRAFTED, session, "REPORT_DRAFT", body)
        return base

    def take_sealed(self, session: SessionId, pdf: bytes, *, excused: frozenset[str] = stages.NOBODY) -> Digest:
        """Store, at a guest, the sealed file the host made of the report drafted here.

        `excused`: fields of members who refused to sign, according to the room. Raises
        EvidenceMismatchError("not-our-report"). The caller has verified it (signing.pdf.verify).
        """
        report = self._load(session)
        if first_revision(open_pdf(pdf), pdf) != self._files.get(report.draft):
            raise EvidenceMismatchError("not-our-report", session=session)
        sealed = self._files.put(pdf)
        if report.sealed is None:
            with self._journal.work() as work:
                self._keep_sealed(work, replace(report, excused=report.excused | excused), sealed, len(pdf))
        elif report.sealed != sealed:
            raise ConflictError("report-already-sealed", session=session)
        return sealed

    def _keep_sealed(self, work: Work, report: Report, sealed: Digest, size: int) -> None:
        store.save_report(work.db, replace(report, current=sealed, sealed=sealed))
        body = sealing_body(report, self._data(report), sealed=sealed, size=size)
        self._say(work, facts.REPORT_SEALED, report.session, "SEALED", body)

    def _load(self, session: SessionId) -> Report:
        with self._journal.reading() as db:
            return store.load_report(db, session)

    def _data(self, report: Report) -> Reader:
        return read(canonical.decode(self._files.get(report.data)))

    def _prepared(self, report: Report, data: Reader) -> bytes:
        """The draft with its empty fields."""
        base = self._files.get(report.draft)
        places = signature_places(data)
        return self._prepare(DraftReport(pdf=base, digest=report.draft, places=places, title=data.text("title")))

    def _begin_on(
        self, pdf: bytes, at: datetime, *, data: Reader, field: str, identity: Identity, opinion: Opinion
    ) -> Begun:
        """Begin a signature on this revision: the same bytes in every centre."""
        place = next((one for one in signature_places(data) if one.field == field), None)
        intent = intent_of(data, place, opinion, identity, at=at, fonts=self._fonts)
        return pades.begin(pdf, field, identity, intent, at=at)

    def _say(self, work: Work, type_: str, session: SessionId, stage: str, body: Mapping[str, Value]) -> None:
        author = Author(f"centre:{self._journal.centre}")
        project = session_project(session)
        work.record(Fact(type=type_, project=project, author=author, body=body, session=session, stage=stage))


def sealing_body(report: Report, data: Reader, *, sealed: Digest, size: int) -> dict[str, Value]:
    """The record of a sealing: the file, the draft consented to, and the data whose code stands on the paper."""
    fields = [place.field for place in signature_places(data)]
    body: dict[str, Value] = {
        "sealed_digest": sealed,
        "report_digest": report.draft,
        "data_digest": report.data,
        "size": size,
        "signatures": [field for field in fields if field not in report.excused],
        "host": data.part("host").text("code"),
        "guests": [guest.text("code") for guest in data.rows("guests")],
        "title": data.text("title"),
    }
    return body | ({"excused": sorted(report.excused)} if report.excused else {})


def _signer_state(data: Reader, place: Place, report: Report, certificate: Digest | None) -> SignerState:
    if place.kind == "expert":
        member = next(row for row in data.rows("committee") if row.text("seat") == place.owner)
        zh, en = member.text("city_zh"), member.text("city_en")
    else:
        centres = [*data.rows("guests"), data.part("host")]
        centre = next(row for row in centres if row.text("code") == place.owner)
        zh, en = centre.text("name_zh"), centre.text("name_en")
    return SignerState(
        field=place.field,
        kind=place.kind,
        owner=place.owner,
        city_zh=zh,
        city_en=en,
        excused=place.field in report.excused,
        certificate=certificate,
    )
