"""The session as known at one venue: every author's part, the history of its stages, and the queries of the rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from evaluation_room.committee.election import Election, elect
from evaluation_room.committee.extension import Time
from evaluation_room.review.outcome import ReviewOutcome
from evaluation_room.scoring.score_check import ScoreCheck, flags_of
from evaluation_room.scoring.sheets import Key, Sheet
from evaluation_room.scoring.tally import Tally, tally
from evaluation_room.session.acts import Decision, SeatBound
from evaluation_room.session.occupancy import Binding, Replaced, present, void_below
from evaluation_room.session.parts import CentrePart, SeatPart, Signing
from evaluation_room.session.passages import Overlay, Passage
from evaluation_room.session.steps import StageEntered
from evaluation_room.stages import Stage
from evaluation_room.tender.definition import Definition, Seat
from records.ids import CentreCode, Digest, SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """The session went back (回退): why, on whose review, and all parts at that time, except keys."""

    at: str
    request: StageEntered
    review: StageEntered
    superseded: tuple[str, ...]
    seats: Mapping[SeatId, SeatPart]
    centres: Mapping[CentreCode, CentrePart]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The session as known here, with the queries of rules and pages."""

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
        """The passages that count: those not superseded by a rollback."""
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
        """The keys of the present member."""
        return present(self.bindings(seat), self.replacements(seat))

    def begins(self, seat: Seat) -> int:
        """The place in the seat's chain from which the present member's entries begin."""
        return self.centres[seat.centre].begins(seat.id)

    def binding(self, seat: Seat, seq: int) -> Binding | None:
        """The key that signs this place of the seat's chain; None while its binding is not here."""
        gone = seq < self.begins(seat)  # written by a member who was replaced, whose key signs nothing else
        keys = self.bindings(seat) if gone else self.present(seat)
        valid = [one for one in keys if one.act.from_seq <= seq]
        return valid[-1] if valid else None

    def void_below(self, seat: Seat) -> int:
        """The place in the seat's chain below which nothing counts: at most the present member's first."""
        return void_below(self.replacements(seat))

    def bound(self, seat: Seat) -> bool:
        return any(binding.counted for binding in self.present(seat))

    def expert(self, seat: Seat) -> SeatBound | None:
        """The present expert, as named by the centre in the seat's newest binding."""
        bindings = self.present(seat)
        return bindings[-1].act if bindings else None

    def signing(self, seat: Seat) -> Signing | None:
        return self.centres[seat.centre].signings.get(seat.id)

    @property
    def election(self) -> Election | None:
        """The election of the lead from everybody's ballots; None where the procedure has none."""
        if Stage.ELECTING not in self.definition.stages:
            return None
        seats = self.definition.seats
        experts = [seat.id for seat in seats if (bound := self.expert(seat)) is not None and bound.role == "expert"]
        return elect([seat.id for seat in seats], experts, {seat: part.ballots for seat, part in self.seats.items()})

    @property
    def lead(self) -> SeatId | None:
        """The lead (组长), elected or named by the tenderer; None before, and where the procedure has none."""
        election = self.election
        return self.definition.lead if election is None else election.lead

    @property
    def time(self) -> Time:
        """Which members have requested more time since the last extension, and the extensions."""
        given = self.host.extensions
        asked = sum(part.short is not None and part.short.after == len(given) for part in self.seats.values())
        return Time(asked=asked, members=len(self.seats), extensions=given)

    @property
    def review(self) -> ReviewOutcome:
        """The review from everybody's parts: conclusions, rejections, valid bids."""
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
            flags=flags_of(self.tally(), self.entered(Stage.DETAILED), locked),
            acts={seat: part.check for seat, part in self.seats.items()},
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
