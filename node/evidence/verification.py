"""`tongping verify`: one evidence bundle against one trust file, offline, as a list of named checks."""

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from chain_gateway.evidence import bundle
from chain_gateway.verifier.checks import Examined, examine, read_file
from chain_gateway.verifier.findings import Findings
from chain_gateway.verifier.trust import Trust, load_trust, parse_trust, read_trust
from evaluation_room.session.session import Session
from node.evidence import ranking_recomputed, room_evidence
from node.evidence.room_evidence import Claim
from node.evidence.signatories import required_signers
from records import canonical, facts
from records.canonical import Value
from records.errors import EvidenceMismatchError, InvalidRecordError, TongpingError
from records.ids import Digest, digest, instant, parse_digest, short_code
from records.proof import Check, Outcome, Verdict
from records.strict_fields import Reader
from signing.keys import certificate_papers
from signing.pdf import first_revision
from signing.pdf.validation import open_pdf
from signing.pdf.verify import ReportVerdict, RequiredSigners, judge_report

MARKS: Final[Mapping[Outcome, str]] = {Outcome.PASS: "✓", Outcome.FAIL: "✗", Outcome.ABSENT: "–"}
CLOCKS_DIFFER: Final = timedelta(minutes=5)
"""The greatest difference between the clocks of time-stamp authority, chain and centres."""
_DATA_DIGEST: Final = "record.data-digest"
_DAMAGED: Final = "the bundle is too damaged to look further"


def verify_evidence(path: Path, trust: Path, *, at: datetime | None = None) -> Verdict:
    """Run every check on a bundle file.

    `at`: the moment for which certificates are judged, the present by default. Raises a TongpingError when it could not
    run: bundle-unreadable, trust-file-unreadable, or the fault of the trust file.
    """
    return verify_bytes(read_file(path), load_trust(trust), at=at)


def verify_bytes(data: bytes, trust: Trust, *, at: datetime | None = None) -> Verdict:
    """Run every check on the bytes of a bundle; never raises, whatever the bytes are."""
    examined = examine(data, trust)
    if not examined.members:
        return Verdict((*examined.checks, Check(name="pdf.parse", outcome=Outcome.ABSENT, reason=_DAMAGED)))
    claim = stated_claim(examined.sealed)
    findings = Findings()
    session = room_evidence.check_room(findings, examined.members[bundle.ENTRIES], trust, claim)
    if session is not None:
        _check_people(findings, session, examined, trust)
    check_data(findings, session, examined.members[bundle.REPORT], claim)
    crls = own_papers(findings, examined.members, trust)
    required = _required(session, examined.sealed, claim, trust)
    report = _report(examined.members[bundle.REPORT], trust, required, at, crls)
    order = Findings()
    _check_order(order, examined, report.closed_at)
    return Verdict((*examined.checks, *findings.checks, *report.checks, *order.checks))


def own_papers(findings: Findings, members: Mapping[str, bytes], trust: Trust) -> tuple[str, ...]:
    """The revocation lists of the bundle that an authority of the trust file signed."""
    given = {name: content for name, content in members.items() if name.startswith("certificates/")}
    lists = {name: content for name, content in members.items() if name.startswith("revocation/")}
    roots = (*trust.ca, *trust.tsa)
    issuers = findings.put("certificate.issued", lambda: certificate_papers.check_certificates(given, roots))
    if not lists or issuers is None:
        findings.absent("certificate.revocation", "needs the certificates" if lists else "no newer list lies beside it")
        return ()
    return findings.put("certificate.revocation", lambda: certificate_papers.check_revocations(lists, issuers)) or ()


def _report(
    pdf: bytes, trust: Trust, required: RequiredSigners | None, at: datetime | None, crls: tuple[str, ...]
) -> ReportVerdict:
    """In its own thread: the checks of the PDF run an event loop, and the caller may be inside one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        asked = pool.submit(judge_report, pdf, roots=trust.ca, tsa_roots=trust.tsa, required=required, at=at, crls=crls)
        return asked.result()


def _check_order(findings: Findings, examined: Examined, closed_at: datetime | None) -> None:
    """The log's record of a report came after the report: a key that had expired by then cannot pretend otherwise.

    The time-stamp authority's time is the only one in a bundle that no centre and no validator sets.
    """
    if closed_at is None or examined.anchored_at is None:
        findings.absent("time.order", "needs the report's own time-stamp and the block")
        return
    block, cosigned = examined.anchored_at, examined.cosigned_at
    findings.put("time.order", lambda: _order(closed_at, block, cosigned))


def _order(closed_at: datetime, block: datetime, cosigned: tuple[datetime, ...]) -> tuple[None, str]:
    for code, moment in (("block-before-report", block), *(("cosigned-before-report", one) for one in cosigned)):
        if moment < closed_at - CLOCKS_DIFFER:
            raise EvidenceMismatchError(code, expected=instant(closed_at), found=instant(moment))
    return None, f"the report was closed at {instant(closed_at)}, before the block and every cosignature"


def stated_claim(sealed: Reader | None) -> Claim | None:
    """The content of the sealing's record, when it is well-formed."""
    if sealed is None:
        return None
    try:
        body = sealed.part("body")
        return Claim(
            session=sealed.text("session"),
            report=parse_digest(body.text("report_digest")),
            sealed=parse_digest(body.text("sealed_digest")),
            data=None if sealed.text("type") == facts.REPORT_SEALED_1 else parse_digest(body.text("data_digest")),
        )
    except InvalidRecordError:
        return None


def _check_people(findings: Findings, session: Session, examined: Examined, trust: Trust) -> None:
    """The members' consents."""
    room_evidence.check_consents(findings, session, trust)
    findings.put("room.consents", lambda: consent_files(session, examined.members))


def check_data(findings: Findings, session: Session | None, pdf: bytes, claim: Claim | None) -> None:
    """The data inside the report: they follow from the room, and are those that the record of the sealing names.

    Their short code is told whatever the record names: it is what a report on paper can be compared by.
    """
    names = ("room.report-data", _DATA_DIGEST) if session is not None else (_DATA_DIGEST,)
    try:
        attached = _attached(pdf)
    except TongpingError as error:
        for name in names:
            findings.absent(name, f"the data inside the report cannot be read ({error.code})")
        return
    if session is not None:
        room_evidence.check_report_data(findings, session, attached)
    found = digest(canonical.encode(attached))
    code = f"the code at the foot of every page is {short_code(found)}"
    if claim is None:
        findings.absent(_DATA_DIGEST, f"needs the record of the sealing; {code}")
    elif claim.data is None:
        findings.absent(_DATA_DIGEST, f"a record of the first version does not name the data; {code}")
    else:
        findings.put(_DATA_DIGEST, lambda: _named_data(expected=claim.data, found=found, code=code))


def _named_data(*, expected: Digest | None, found: Digest, code: str) -> tuple[None, str]:
    if expected != found:
        raise EvidenceMismatchError("data-digest-differs", expected=str(expected), found=found)
    return None, f"the record names the data inside the report; {code}"


def consent_files(session: Session, members: Mapping[str, bytes]) -> tuple[None, str]:
    """The consents stored in the bundle as files are those of the room, no more and no fewer."""
    given = {name: content for name, content in members.items() if name.startswith("consents/")}
    expected = {
        f"consents/{seat.id}.json": canonical.encode(signed.to_wire())
        for seat in session.definition.seats
        for signed in session.chain(seat.author).entries
        if signed.entry.kind == "report-consented"
    }
    for name in sorted({*given, *expected}):
        if given.get(name) != expected.get(name):
            raise EvidenceMismatchError("consent-file-differs", member=name)
    return None, f"{len(expected)} consents lie in the bundle as they stand in the room"


def _attached(pdf: bytes) -> Value:
    """The data inside the report's first revision."""
    try:
        return first_revision.attached_data(first_revision.first_revision(open_pdf(pdf), pdf))
    except TongpingError:
        raise
    except Exception as error:  # a hostile file may break the parser anywhere
        raise EvidenceMismatchError("report-data-unreadable") from error


def _required(
    session: Session | None, sealed: Reader | None, claim: Claim | None, trust: Trust
) -> RequiredSigners | None:
    """The required signers: by the room's entries, otherwise by the record, otherwise by the report itself."""
    report, whole = (claim.report, claim.sealed) if claim else (None, None)
    if session is None:
        fields = _fields(sealed)
        return RequiredSigners(fields=fields, report_digest=report, sealed_digest=whole) if fields else None
    return required_signers(session, report=report, sealed=whole, trust=trust)


def _fields(sealed: Reader | None) -> tuple[str, ...]:
    try:
        return sealed.part("body").texts("signatures") if sealed is not None else ()
    except InvalidRecordError:
        return ()


def lines(verdict: Verdict) -> Iterable[str]:
    """The verdict for people: the first failure, then every check, then the sum."""
    for check in (*verdict.failed, *(check for check in verdict.checks if check.outcome is not Outcome.FAIL)):
        yield f"{MARKS[check.outcome]} {check.name}  {check.reason}".rstrip()
    passed = sum(check.outcome is Outcome.PASS for check in verdict.checks)
    absent = sum(check.outcome is Outcome.ABSENT for check in verdict.checks)
    yield f"{len(verdict.failed)} failed, {passed} passed, {absent} not checked"


def as_json(verdict: Verdict, also: Mapping[str, Value] | None = None) -> str:
    """The verdict for programs; `also`: further output besides the checks."""
    checks = [
        {"name": check.name, "outcome": check.outcome.value, "reason": check.reason, "values": dict(check.values)}
        for check in verdict.checks
    ]
    return json.dumps({"ok": verdict.ok, "checks": checks, **(also or {})}, ensure_ascii=False, indent=2)


def verify(path: Path, trust: Path, *, for_programs: bool, say: Callable[[str], object], ranking: bool = False) -> bool:
    """Verify a bundle and print the findings, line by line; return whether it is good.

    The trust file is named first, with its digest: a verdict is worth as much as the keys it rests on. `ranking`: also
    print the ranking recomputed from the revealed scores, with the trace of every figure. Raises a TongpingError when
    it could not run: the trust file or the bundle cannot be read.
    """
    data, pinned = read_file(path), read_trust(trust)
    trusted = parse_trust(pinned)
    verdict = verify_bytes(data, trusted)
    counted = ranking_recomputed.recompute(data, trusted) if ranking else None
    if for_programs:
        used: dict[str, Value] = {"trust": {"file": str(trust), "digest": digest(pinned)}}
        say(as_json(verdict, used | ({"ranking": ranking_recomputed.as_value(counted)} if ranking else {})))
        return verdict.ok
    say(f"trust file {trust}  {digest(pinned)}")
    for line in (*lines(verdict), *(("", *ranking_recomputed.lines(counted)) if ranking else ())):
        say(line)
    return verdict.ok
