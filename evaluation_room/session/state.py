"""What a session has come to: one part per author, each a fold of that author's chain alone.

No part looks into another, so the order in which the chains of different authors arrive cannot change anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from evaluation_room.anomalies.catalogue import Thresholds
from evaluation_room.committee.election import Ballot, Election, elect
from evaluation_room.committee.extension import Extension, Time, TimeExtended, TimeShort
from evaluation_room.committee.replacement import MemberReplaced
from evaluation_room.review.outcome import ReviewOutcome
from evaluation_room.review.parts import CentreReview, SeatReview
from evaluation_room.scoring.check_acts import MarkCorrected, WarningAcknowledged
from evaluation_room.scoring.score_check import CorrectedMark, Said, ScoreCheck, flags_of
from evaluation_room.scoring.sheets import Cell, Key, Sheet
from evaluation_room.scoring.tally import Tally, tally
from evaluation_room.session.acts import (
    Act,
    Decision,
    ReportConsented,
    ReportDrafted,
    ReportSealed,
    ReportSigned,
    SeatBound,
    SheetLocked,
    TallyComputed,
    Undertaking,
)
from evaluation_room.session.occupancy import Binding, Replaced, begins, present, void_below
from evaluation_room.session.passages import Overlay, Passage
from evaluation_room.session.steps import RollbackAcknowledged, RollbackRequested, StageEntered
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Definition, Seat
from records.canonical import Value
from records.errors import ConflictError, InvalidRecordError
from records.ids import CentreCode, Digest, SeatId

_K = TypeVar("_K")
_V = TypeVar("_V")


def _with(mapping: Mapping[_K, _V], key: _K, value: _V) -> Mapping[_K, _V]:
    return MappingProxyType({**mapping, key: value})


def _if_any(name: str, value: Value) -> dict[str, Value]:
    """What older sessions never held stands in a digest only where there is some."""
    return {name: value} if value else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPart:
    """What one seat has said, as far as it counts."""

    seat: SeatId
    sheet: Sheet
    undertaking: Undertaking | None = None
    ballots: Mapping[int, Ballot] = field(default_factory=lambda: MappingProxyType({}))
    locked_at: str = ""
    check: Said = field(default_factory=Said)
    consent: ReportConsented | None = None
    consent_at: str = ""
    request: RollbackRequested | None = None
    acknowledged: int = 0
    short: TimeShort | None = None
    review: SeatReview

    @classmethod
    def empty(cls, seat: SeatId) -> "SeatPart":
        return cls(seat=seat, sheet=Sheet(seat=seat), review=SeatReview(seat=seat))

    def apply(self, act: Act, at: str, cells: Iterable[Key], definition: Definition) -> "SeatPart":
        """The part after this act, or the error of the rule it breaks. `cells`: what a sheet must hold to be locked."""
        match act:
            case Undertaking():
                self._once(self.undertaking, "already-undertaken")
                return replace(self, undertaking=act)
            case Ballot():
                return replace(self, ballots=self._cast(act))
            case Cell():
                return replace(self, sheet=self.sheet.write(act, at))
            case SheetLocked():
                return replace(self, sheet=self.sheet.lock(act.digest, cells, definition), locked_at=at)
            case ReportConsented():
                self._once(self.consent, "already-consented")
                return replace(self, consent=act, consent_at=at)
        return self._besides(act)

    def _checked(self, act: MarkCorrected | WarningAcknowledged) -> "SeatPart":
        if isinstance(act, MarkCorrected):
            sheet = self.sheet.correct(act.cell)
            correction = CorrectedMark(act=act, before=self.sheet.cells[act.cell.bidder, act.cell.item])
            check = replace(self.check, corrections=(*self.check.corrections, correction))
            return replace(self, sheet=sheet, check=check)
        seen = (act.flag, act.value)
        if seen in self.check.findings:
            raise ConflictError("already-acknowledged", seat=self.seat)
        return replace(self, check=replace(self.check, findings=_with(self.check.findings, seen, act)))

    def _cast(self, ballot: Ballot) -> Mapping[int, Ballot]:
        """One ballot in every round, and the rounds in their order."""
        if ballot.round <= len(self.ballots):
            raise ConflictError("already-voted", seat=self.seat)
        if ballot.round > len(self.ballots) + 1:
            raise InvalidRecordError("number-out-of-order", seat=self.seat, expected=len(self.ballots) + 1)
        return _with(self.ballots, ballot.round, ballot)

    def _besides(self, act: Act) -> "SeatPart":
        """What not every procedure comes to: more time, the score check, and going back."""
        match act:
            case TimeShort():
                if self.short is not None and self.short.after >= act.after:
                    raise ConflictError("already-asked", seat=self.seat)
                return replace(self, short=act)
            case MarkCorrected() | WarningAcknowledged():
                return self._checked(act)
            case RollbackRequested():
                return replace(self, request=act)
            case RollbackAcknowledged():
                return replace(self, acknowledged=act.rollback)
        return self

    def _once(self, said: object, code: str) -> None:
        if said is not None:
            raise ConflictError(code, seat=self.seat)

    @property
    def value(self) -> Value:
        """For comparing: what of this part decides anything."""
        return {
            "cells": [self.sheet.cells[key].value for key in sorted(self.sheet.cells)],
            "locked": self.sheet.locked,
            "undertaking": "" if self.undertaking is None else f"{self.undertaking.recusal}",
            "consent": "" if self.consent is None else f"{self.consent.decision.value} {self.consent.digest}",
            "rollback": ["" if self.request is None else self.request.back_to.value, self.acknowledged],
            **_if_any("corrected", [one.before.value for one in self.check.corrections]),
            **_if_any("found", [list(seen) for seen in sorted(self.check.findings)]),
            **_if_any("short", "" if self.short is None else f"{self.short.after} {self.short.reason}"),
            **_if_any("ballots", [str(one.candidate) for one in self.ballots.values()]),
            **_if_any("review", self.review.value),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    act: ReportSigned
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CentrePart:
    """What one centre has said, as far as it counts; bindings always stand, because keys are checked by them."""

    centre: CentreCode
    bindings: Mapping[SeatId, tuple[Binding, ...]] = field(default_factory=lambda: MappingProxyType({}))
    replacements: Mapping[SeatId, tuple[Replaced, ...]] = field(default_factory=lambda: MappingProxyType({}))
    tally: Digest | None = None
    tally_at: str = ""
    report: Digest | None = None
    report_at: str = ""
    signings: Mapping[SeatId, Signing] = field(default_factory=lambda: MappingProxyType({}))
    sealed: ReportSealed | None = None
    sealed_at: str = ""
    extensions: tuple[Extension, ...] = ()
    review: CentreReview = field(default_factory=CentreReview)

    def bind(self, act: SeatBound, at: str, *, counted: bool) -> "CentrePart":
        """Bind the seat's next key. The expert stays the same, unless the member was replaced (R09, 条例48条)."""
        before = self.bindings.get(act.seat, ())
        if act.epoch != len(before) + 1:
            raise ConflictError("epoch-out-of-order", seat=act.seat, epoch=act.epoch, expected=len(before) + 1)
        if before:
            last = before[-1].act
            replaced = not present(before, self.replacements.get(act.seat, ()))
            same = (act.name, act.specialty, act.role) == (last.name, last.specialty, last.role)
            if not replaced and not same:
                raise ConflictError("expert-changed", seat=act.seat)
            if replaced and act.credential_id == last.credential_id:  # not by name: two people may bear one
                raise ConflictError("expert-replaced", seat=act.seat)
            if act.from_seq < max(last.from_seq, self.begins(act.seat)):
                raise ConflictError("epoch-out-of-order", seat=act.seat, epoch=act.epoch)
        binding = Binding(act=act, at=at, counted=counted)
        return replace(self, bindings=_with(self.bindings, act.seat, (*before, binding)))

    def replace_member(self, act: MemberReplaced, seq: int, *, counted: bool) -> "CentrePart":
        """The seat's present member speaks no more, and what it said is void where the replacement counts."""
        one = Replaced(act=act, seq=seq, epoch=len(self.bindings.get(act.seat, ())), counted=counted)
        all_ = (*self.replacements.get(act.seat, ()), one)
        return replace(self, replacements=_with(self.replacements, act.seat, all_))

    def heard(self, seq: int) -> "CentrePart":
        """The part without replacements behind that place of the chain."""
        known = {seat: tuple(one for one in all_ if one.seq <= seq) for seat, all_ in self.replacements.items()}
        return replace(self, replacements=MappingProxyType(known))

    def begins(self, seat: SeatId) -> int:
        """The place in the seat's chain from which on the present member speaks."""
        return begins(self.replacements.get(seat, ()))

    def apply(self, act: Act, at: str) -> "CentrePart":
        match act:
            case TallyComputed():
                return replace(self, tally=act.digest, tally_at=at)
            case TimeExtended():
                return replace(self, extensions=(*self.extensions, Extension(act=act, at=at)))
            case ReportDrafted():
                return replace(self, report=act.digest, report_at=at)
            case ReportSigned():
                if act.seat in self.signings:
                    raise ConflictError("already-signed", seat=act.seat)
                return replace(self, signings=_with(self.signings, act.seat, Signing(act=act, at=at)))
            case ReportSealed():
                if self.sealed is not None:
                    raise ConflictError("already-sealed")
                return replace(self, sealed=act, sealed_at=at)
        return self

    @property
    def value(self) -> Value:
        bindings = {str(seat): [one.act.public_key for one in all_] for seat, all_ in self.bindings.items()}
        replaced = {str(seat): [one.counted for one in all_] for seat, all_ in self.replacements.items()}
        return {
            "bindings": bindings,
            "tally": self.tally or "",
            "report": self.report or "",
            "signings": {str(seat): one.act.certificate for seat, one in self.signings.items()},
            "sealed": "" if self.sealed is None else self.sealed.sealed,
            **_if_any("extensions", [one.value for one in self.extensions]),
            **_if_any("replaced", replaced),
            **_if_any("review", self.review.value),
        }


Part: TypeAlias = SeatPart | CentrePart


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """The session went back (回退): why, on whose review, and all that had been said as it then stood, keys aside."""

    at: str
    request: StageEntered
    review: StageEntered
    superseded: tuple[str, ...]
    seats: Mapping[SeatId, SeatPart]
    centres: Mapping[CentreCode, CentrePart]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The session as of what is known here, with the questions that rules and pages ask it."""

    definition: Definition
    history: tuple[Passage, ...]
    seats: Mapping[SeatId, SeatPart]
    centres: Mapping[CentreCode, CentrePart]
    overlays: tuple[Overlay, ...] = ()
    rollbacks: tuple[Rollback, ...] = ()

    @property
    def stage(self) -> Stage:
        """Where the session is: the overlay while one lasts."""
        return self.passage.stage if self.overlay is None else self.overlay.stage

    @property
    def passage(self) -> Passage:
        """The open passage, whether an overlay lies over it or not."""
        return self.history[-1]

    @property
    def overlay(self) -> Overlay | None:
        return self.overlays[-1] if self.overlays and not self.overlays[-1].until else None

    @property
    def entered_at(self) -> str:
        return self.passage.entered_at

    @property
    def standing(self) -> tuple[Passage, ...]:
        """The passages that count: those no rollback superseded."""
        return tuple(passage for passage in self.history if not passage.superseded)

    def entered(self, stage: Stage) -> str:
        """When the stage was entered; empty when it was not."""
        return next((passage.entered_at for passage in self.standing if passage.stage is stage), "")

    def reached(self, stage: Stage) -> bool:
        return any(passage.stage is stage for passage in self.standing)

    def place(self, label: str) -> int | None:
        """The place of a passage in the history, None when it is not reached yet."""
        return next((place for place, passage in enumerate(self.history) if passage.label == label), None)

    @property
    def host(self) -> CentrePart:
        return self.centres[self.definition.host.code]

    def bindings(self, seat: Seat) -> tuple[Binding, ...]:
        return self.centres[seat.centre].bindings.get(seat.id, ())

    def replacements(self, seat: Seat) -> tuple[Replaced, ...]:
        return self.centres[seat.centre].replacements.get(seat.id, ())

    def present(self, seat: Seat) -> tuple[Binding, ...]:
        """The keys of the member who sits there now."""
        return present(self.bindings(seat), self.replacements(seat))

    def begins(self, seat: Seat) -> int:
        """The place in the seat's chain from which on the present member speaks."""
        return self.centres[seat.centre].begins(seat.id)

    def void_below(self, seat: Seat) -> int:
        """The place in the seat's chain below which nothing counts: at most where the present member begins."""
        return void_below(self.replacements(seat))

    def bound(self, seat: Seat) -> bool:
        return any(binding.counted for binding in self.present(seat))

    def expert(self, seat: Seat) -> SeatBound | None:
        """Who sits there, as the centre said when it bound the seat's newest key."""
        bindings = self.present(seat)
        return bindings[-1].act if bindings else None

    def signing(self, seat: Seat) -> Signing | None:
        return self.centres[seat.centre].signings.get(seat.id)

    @property
    def election(self) -> Election | None:
        """The election of the lead out of everybody's ballots; None where the procedure has none."""
        if Stage.ELECTING not in self.definition.stages:
            return None
        seats = self.definition.seats
        experts = [seat.id for seat in seats if (bound := self.expert(seat)) is not None and bound.role == "expert"]
        return elect([seat.id for seat in seats], experts, {seat: part.ballots for seat, part in self.seats.items()})

    @property
    def lead(self) -> SeatId | None:
        """The lead (组长), elected or named by the tenderer; None before, and where nobody asked for one."""
        election = self.election
        return self.definition.lead if election is None else election.lead

    @property
    def time(self) -> Time:
        """Who wants more time since the last extension, and what was given."""
        given = self.host.extensions
        asked = sum(part.short is not None and part.short.after == len(given) for part in self.seats.values())
        return Time(asked=asked, members=len(self.seats), extensions=given)

    @property
    def review(self) -> ReviewOutcome:
        """The review out of everybody's parts: conclusions, rejections, valid bids."""
        seats = MappingProxyType({seat: part.review for seat, part in self.seats.items()})
        return ReviewOutcome(definition=self.definition, seats=seats, host=self.host.review)

    @property
    def cells(self) -> tuple[Key, ...]:
        """Every (bidder, item) a member has to score: of the bids that are not rejected."""
        if self.definition.review is None:
            return self.definition.cells
        valid = self.review.valid
        return tuple(key for key in self.definition.cells if key[0] in valid)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(self.seats[seat.id].sheet for seat in self.definition.seats)

    @property
    def all_locked(self) -> bool:
        return all(sheet.locked for sheet in self.sheets)

    def tally(self) -> Tally:
        """The result; WrongStageError while a sheet is open."""
        return tally(self.definition, self.sheets, self.review)

    @property
    def score_check(self) -> ScoreCheck | None:
        """The check of the locked sheets; None before its stage and where the procedure has none."""
        if not self.reached(Stage.SCORE_CHECK) or not self.all_locked:
            return None
        locked = {seat: part.locked_at for seat, part in self.seats.items()}
        return ScoreCheck(
            flags=flags_of(self.tally(), self.entered(Stage.DETAILED), locked, Thresholds()),
            said={seat: part.check for seat, part in self.seats.items()},
            lead=self.lead,
        )

    @property
    def report(self) -> Digest | None:
        """The digest of the report all centres agreed on: the host's, once it is counted."""
        return self.host.report if self.reached(Stage.SIGNING) else None

    def signs(self, seat: Seat) -> bool:
        """Whether this member's signature belongs on the report: consented, with or without dissent."""
        consent = self.seats[seat.id].consent
        return consent is not None and consent.decision is not Decision.REFUSE
