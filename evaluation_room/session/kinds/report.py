"""The report's way to the seal: drafted, confirmed, consented to, signed and sealed."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from evaluation_room.session import guards
from evaluation_room.session.acts import ReportConsented, ReportDrafted, ReportSealed, ReportSigned
from evaluation_room.session.kinds.kind import AnyKind, Arrival, Kind, Place, Speaker, plain
from evaluation_room.session.parts import CentrePart, SeatPart, Signing, with_item
from evaluation_room.stages import Stage
from records.errors import ConflictError, EvidenceMismatchError, WrongStageError


def _draft(part: CentrePart, act: ReportDrafted, place: Place) -> CentrePart:
    return replace(part, report=act.digest, report_at=place.at)


def _check_consent(arrival: Arrival, act: ReportConsented) -> None:
    entry, seat = arrival.entry, arrival.seat
    if act.digest != arrival.state.report:
        raise EvidenceMismatchError("report-digest", author=entry.author)
    binding = arrival.state.binding(seat, entry.seq)
    assert binding is not None  # the entry is signed with this key
    arrival.checks.consent(entry.session, seat, act, binding.act)


def _consent(part: SeatPart, act: ReportConsented, place: Place) -> SeatPart:
    if part.consent is not None:
        raise ConflictError("already-consented", seat=part.seat)
    return replace(part, consent=act, consent_at=place.at)


def _check_signing(arrival: Arrival, act: ReportSigned) -> None:
    seat = arrival.definition.seat(act.seat)
    if seat is None or not arrival.state.signs(seat):
        raise WrongStageError("consent-missing", seat=act.seat)
    of_others = arrival.state.centres[seat.centre].signings
    if any(one.act.certificate == act.certificate for name, one in of_others.items() if name != seat.id):
        raise ConflictError("certificate-of-two", seat=act.seat)


def _sign(part: CentrePart, act: ReportSigned, place: Place) -> CentrePart:
    if act.seat in part.signings:
        raise ConflictError("already-signed", seat=act.seat)
    return replace(part, signings=with_item(part.signings, act.seat, Signing(act=act, at=place.at)))


def _check_sealing(arrival: Arrival, _act: ReportSealed) -> None:
    waiting = guards.waiting_for_next(arrival.state)
    missing = [one for one in waiting if one.what in {"consent-missing", "signature-missing"}]
    if missing:
        raise WrongStageError("stage-not-ready", who=missing[0].who, what=missing[0].what, blocked=len(missing))


def _seal(part: CentrePart, act: ReportSealed, place: Place) -> CentrePart:
    if part.sealed is not None:
        raise ConflictError("already-sealed")
    return replace(part, sealed=act, sealed_at=place.at)


KINDS: Mapping[str, AnyKind] = MappingProxyType(
    {
        "report-drafted": Kind(
            speaker=Speaker.HOST,
            stages=frozenset({Stage.REPORT_DRAFT}),
            read=plain(ReportDrafted.read),
            apply=_draft,
        ),
        "report-confirmed": Kind(
            speaker=Speaker.GUEST,
            stages=frozenset({Stage.REPORT_DRAFT}),
            read=plain(ReportDrafted.read),
            apply=_draft,
        ),
        "report-consented": Kind(
            speaker=Speaker.SEAT,
            stages=frozenset({Stage.SIGNING}),
            read=plain(ReportConsented.read),
            check=_check_consent,
            apply=_consent,
        ),
        "report-signed": Kind(
            speaker=Speaker.SEAT_CENTRE,
            stages=frozenset({Stage.SIGNING}),
            read=plain(ReportSigned.read),
            check_here=_check_signing,
            apply=_sign,
        ),
        "report-sealed": Kind(
            speaker=Speaker.HOST,
            stages=frozenset({Stage.SIGNING}),
            read=plain(ReportSealed.read),
            check_here=_check_sealing,
            apply=_seal,
        ),
    },
)
