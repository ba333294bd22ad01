"""Marks and their lock, the tally that every centre computes, and the score check before it is final."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from evaluation_room.scoring.check_acts import MarkCorrected, WarningAcknowledged
from evaluation_room.scoring.score_check import CorrectedMark, ScoreCheck
from evaluation_room.scoring.sheets import Cell, SheetLocked
from evaluation_room.scoring.tally import TallyComputed
from evaluation_room.session.kinds.kind import AnyKind, Arrival, Kind, Place, Speaker, plain
from evaluation_room.session.kinds.review import check_not_rejected
from evaluation_room.session.parts import CentrePart, SeatPart, with_item
from evaluation_room.stages import Stage
from records.errors import ConflictError


def _check_bid_left(arrival: Arrival, act: Cell) -> None:
    if arrival.definition.review is not None:
        check_not_rejected(arrival, act.bidder)


def _write(part: SeatPart, act: Cell, place: Place) -> SeatPart:
    return replace(part, sheet=part.sheet.write(act, place.at))


def _check_sheet(arrival: Arrival, _act: SheetLocked) -> None:
    """A sheet is complete when every remaining bid is scored or abstained from; a rejected bid needs no marks."""
    if arrival.definition.review is not None:
        arrival.state.seats[arrival.seat.id].sheet.check_whole(arrival.state.cells, arrival.definition)


def _lock(part: SeatPart, act: SheetLocked, place: Place) -> SeatPart:
    """The cells to mark follow from one chain alone only where no review rejects bids.

    Otherwise the member's own centre checks when the lock comes (`_check_sheet`), and the guard of the stage for
    everybody.
    """
    cells = place.definition.cells if place.definition.review is None else ()
    return replace(part, sheet=part.sheet.lock(act.digest, cells, place.definition), locked_at=place.at)


def _compute(part: CentrePart, act: TallyComputed, place: Place) -> CentrePart:
    return replace(part, tally=act.digest, tally_at=place.at)


def _score_check(arrival: Arrival) -> ScoreCheck:
    found = arrival.state.score_check
    assert found is not None  # the stage is entered with all sheets locked
    return found


def _check_correction(arrival: Arrival, act: MarkCorrected) -> None:
    _score_check(arrival).check_correction(arrival.seat.id, act)


def _correct(part: SeatPart, act: MarkCorrected, _place: Place) -> SeatPart:
    sheet = part.sheet.correct(act.cell)
    correction = CorrectedMark(act=act, before=part.sheet.cells[act.cell.bidder, act.cell.item])
    check = replace(part.check, corrections=(*part.check.corrections, correction))
    return replace(part, sheet=sheet, check=check)


def _check_acknowledgement(arrival: Arrival, act: WarningAcknowledged) -> None:
    _score_check(arrival).check_acknowledgement(arrival.seat.id, act)


def _acknowledge(part: SeatPart, act: WarningAcknowledged, _place: Place) -> SeatPart:
    seen = (act.flag, act.value)
    if seen in part.check.findings:
        raise ConflictError("already-acknowledged", seat=part.seat)
    return replace(part, check=replace(part.check, findings=with_item(part.check.findings, seen, act)))


KINDS: Mapping[str, AnyKind] = MappingProxyType(
    {
        "score-entered": Kind(
            speaker=Speaker.SEAT,
            stages=frozenset({Stage.DETAILED}),
            read=Cell.read,
            check_here=_check_bid_left,
            apply=_write,
        ),
        "sheet-locked": Kind(
            speaker=Speaker.SEAT,
            stages=frozenset({Stage.DETAILED}),
            read=plain(SheetLocked.read),
            check_here=_check_sheet,
            apply=_lock,
        ),
        "tally-computed": Kind(
            speaker=Speaker.CENTRE,
            stages=frozenset({Stage.PRICE, Stage.SCORE_CHECK}),
            read=plain(TallyComputed.read),
            apply=_compute,
        ),
        "score-corrected": Kind(
            speaker=Speaker.SEAT,
            stages=frozenset({Stage.SCORE_CHECK}),
            read=MarkCorrected.read,
            check_here=_check_correction,
            apply=_correct,
        ),
        "warning-acknowledged": Kind(
            speaker=Speaker.SEAT,
            stages=frozenset({Stage.SCORE_CHECK}),
            read=plain(WarningAcknowledged.read),
            check_here=_check_acknowledgement,
            apply=_acknowledge,
        ),
    },
)
