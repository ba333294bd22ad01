"""Checks the room behind a report from its signed entries alone: the authors, the result, the members' consents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from chain_gateway.verifier.findings import Findings
from chain_gateway.verifier.trust import Trust
from evaluation_room.report.data import report_data
from evaluation_room.session.acts import Decision, ReportConsented, SeatBound
from evaluation_room.session.entry_times import CLOCKS_DIFFER
from evaluation_room.session.session import Checks, Session
from evaluation_room.tender.definition import Definition, Seat
from records import canonical
from records.canonical import Value
from records.errors import EvidenceMismatchError, InvalidRecordError
from records.ids import Digest, instant, parse_instant, unb64u
from records.room_entry import SignedEntry
from records.strict_fields import read_object
from signing.factors import challenges, webauthn

_NEEDS: Final = "needs the entries of the room"
_COMPLETE: Final = "tally and report of this room are not there yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The journal's record of this room's report. `data` is None where a record of the first version names none."""

    session: str
    report: Digest
    sealed: Digest
    data: Digest | None = None


def check_room(findings: Findings, entries: bytes, trust: Trust, claim: Claim | None) -> Session | None:
    """Run every check on the room; return the session from its entries, when they are sound."""
    session = findings.put("room.entries", lambda: _session_of(entries, trust))
    names = ("room.session", "room.seats", "room.tally", "room.report")
    if session is None:
        for name in names:
            findings.absent(name, _NEEDS)
        return None
    findings.put("room.session", lambda: _session(session, claim))
    findings.put("room.seats", lambda: _seats(session, trust))
    findings.put("room.tally", lambda: _tally(session))
    findings.put("room.report", lambda: _report(session, claim))
    return session


def check_consents(findings: Findings, session: Session, trust: Trust) -> None:
    """One check for every member: the consent is the member's own passkey's answer over this report."""
    for seat in session.definition.seats:
        findings.put(f"consent.{seat.id}", lambda seat=seat: _consent(session, seat, trust))  # type: ignore[misc]


def check_report_data(findings: Findings, session: Session, attached: Value) -> None:
    """The data inside the report equal those computed from the entries."""
    findings.put("room.report-data", lambda: _report_data(session, attached))


def _session_of(entries: bytes, trust: Trust) -> tuple[Session, str]:
    """Take every entry as a venue would: signature, chain, seat, stage and rule of each."""
    wires = canonical.decode(entries)
    if not isinstance(wires, list) or not wires:
        raise InvalidRecordError("entries-missing")
    session = _taken([SignedEntry.from_wire(wire) for wire in wires], trust)
    authors = len(session.chains)
    return session, f"{len(wires)} entries by {authors} authors: every signature, chain, stage and rule holds"


def _taken(signed: Sequence[SignedEntry], trust: Trust) -> Session:
    began = parse_instant(signed[0].entry.at)
    checks = Checks(
        definition=lambda definition: _check_centres(definition, trust, began),
        clock_back=CLOCKS_DIFFER,  # centres of before the rule did not hold authors to it
    )
    session = Session.open(signed[0], checks=checks)
    for one in signed[1:]:
        session, _ = session.take(one, checks=checks, direct=False)
    return session


def _check_centres(definition: Definition, trust: Trust, began: datetime) -> None:
    """The room's centres are those of the trust file, under the same keys, when the session began."""
    for centre in definition.centres:
        known = trust.centre(centre.code)
        if known is None:
            raise EvidenceMismatchError("centre-not-trusted", centre=centre.code)
        if all(one.key != centre.entry_key for one in known.entry_keys):
            raise EvidenceMismatchError("centre-key-differs", centre=centre.code)
        if not known.counts(known.entry_keys, centre.entry_key, began):
            raise EvidenceMismatchError("key-not-valid-then", centre=centre.code, at=instant(began))


def _session(session: Session, claim: Claim | None) -> tuple[None, str]:
    if claim is None:
        raise EvidenceMismatchError("report-record-missing")
    if session.id != claim.session:
        raise EvidenceMismatchError("manifest-session", expected=claim.session, found=session.id)
    return None, f"the room is that of session {session.id}"


def _bound(session: Session, seat: Seat) -> SeatBound:
    act = session.state.expert(seat)
    if act is None:
        raise EvidenceMismatchError("seat-not-bound", seat=seat.id)
    return act


def _bindings(session: Session) -> Iterator[tuple[Seat, SeatBound]]:
    for seat in session.definition.seats:
        _bound(session, seat)
        for binding in session.state.bindings(seat):
            yield seat, binding.act


def _seats(session: Session, trust: Trust) -> tuple[None, str]:
    """Every key of every seat was confirmed by the passkey that its centre names."""
    bindings = list(_bindings(session))
    for seat, act in bindings:
        challenge = challenges.seat_binding(session.id, seat.id, act.public_key, nonce=unb64u(act.nonce))
        _answered(seat, act, dict(act.assertion), challenge.value, trust)
    return None, f"{len(bindings)} key(s) of {len(session.definition.seats)} seats, each confirmed by a passkey"


def _consent(session: Session, seat: Seat, trust: Trust) -> tuple[None, str]:
    act = session.state.seats[seat.id].consent
    if act is None:
        raise EvidenceMismatchError("consent-missing", seat=seat.id)
    if act.digest != session.state.report:
        raise EvidenceMismatchError("consent-to-another-report", seat=seat.id, found=act.digest)
    _answered(seat, _bound(session, seat), dict(act.assertion), _consent_challenge(session, seat, act), trust)
    if act.challenge_version != challenges.CONSENT_VERSION:
        return (
            None,
            f"{_words(act)}; the member's own passkey signed which report, by the first version, not the decision",
        )
    return None, f"{_words(act)}, confirmed by the member's own passkey, which signed this decision"


def _consent_challenge(session: Session, seat: Seat, act: ReportConsented) -> bytes:
    nonce = unb64u(act.nonce)
    if act.challenge_version != challenges.CONSENT_VERSION:
        return challenges.first_report_consent(act.digest, nonce)
    return challenges.report_consent(
        session.id, seat.id, report=act.digest, decision=act.decision.value, reason=act.reason, nonce=nonce
    ).value


def _words(act: ReportConsented) -> str:
    return {
        Decision.AGREE: "agrees to the report",
        Decision.DISSENT: "dissents in writing",
        Decision.REFUSE: "refuses to sign",
    }[act.decision]


def _answered(seat: Seat, bound: SeatBound, assertion: dict[str, object], challenge: bytes, trust: Trust) -> None:
    if assertion.get("id") != bound.credential_id:
        raise EvidenceMismatchError("passkey-of-another-seat", seat=seat.id)
    centre = trust.centre(seat.centre)
    webauthn.verify_assertion(
        assertion,
        challenge=challenge,
        rp_id=(centre.rp_id if centre else "") or _site(assertion),
        credential_public_key=unb64u(bound.credential_key),
    )


def _site(assertion: dict[str, object]) -> str:
    """The site named in the signed answer itself, when the trust file pins none."""
    response = assertion.get("response")
    client_data = unb64u(response.get("clientDataJSON") if isinstance(response, dict) else None)
    try:
        return urlsplit(read_object("assertion", client_data).text("origin")).hostname or ""
    except ValueError as error:  # a host that is none: "https://["
        raise InvalidRecordError("assertion-malformed") from error


def _tally(session: Session) -> tuple[None, str]:
    """The result recomputed from the members' locked sheets is the one that every centre stated."""
    if not session.state.all_locked:
        raise EvidenceMismatchError("sheet-not-locked")
    result = session.state.tally()
    for centre in session.definition.centres:
        stated = session.state.centres[centre.code].tally
        if stated != result.digest:
            raise EvidenceMismatchError(
                "tally-differs", centre=centre.code, expected=result.digest, found=stated or "none"
            )
    ranking = ", ".join(result.ranking)
    return None, f"recomputed from the locked sheets, equal at {len(session.definition.centres)} centres: {ranking}"


def _report(session: Session, claim: Claim | None) -> tuple[None, str]:
    """The report that all centres drew up is the one in the record, and the host's seal names the sealed file."""
    if claim is None:
        raise EvidenceMismatchError("report-record-missing")
    for centre in session.definition.centres:
        drawn = session.state.centres[centre.code].report
        if drawn != claim.report:
            raise EvidenceMismatchError(
                "report-differs", centre=centre.code, expected=claim.report, found=drawn or "none"
            )
    seal = session.state.host.sealed
    if seal is not None and seal.sealed != claim.sealed:
        raise EvidenceMismatchError("seal-differs", expected=claim.sealed, found=seal.sealed)
    return None, f"drawn up equally at {len(session.definition.centres)} centres: {claim.report}"


def _report_data(session: Session, attached: Value) -> tuple[None, str]:
    expected = report_data(session)
    if expected != attached:
        given = attached if isinstance(attached, dict) else {}
        fields = sorted(key for key in {*expected, *given} if expected.get(key) != given.get(key))
        raise EvidenceMismatchError("report-data-differs", fields=", ".join(fields) or "everything")
    return None, "every figure in the report follows from the signed entries"


def excused(session: Session) -> frozenset[str]:
    """The seats whose members refused to sign."""
    consents = {seat: part.consent for seat, part in session.state.seats.items()}
    return frozenset(str(seat) for seat, act in consents.items() if act and act.decision is Decision.REFUSE)


def certificates(session: Session) -> dict[str, Digest]:
    """The certificate that each member's signature must show, as its centre stated it."""
    signings = [session.state.signing(seat) for seat in session.definition.seats]
    return {one.act.field: one.act.certificate for one in signings if one is not None}
