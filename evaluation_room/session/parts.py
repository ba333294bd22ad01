"""Each author's entries as far as they count: one part per author, each a fold of that author's chain alone.

No part looks into another, so the order in which the chains of different authors arrive cannot change anything. How an
entry changes its author's part is defined with its kind (session/kinds).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeVar

from evaluation_room.committee.election import Ballot
from evaluation_room.committee.extension import Extension, TimeShort
from evaluation_room.committee.undertaking import Undertaking
from evaluation_room.review.parts import CentreReview, SeatReview
from evaluation_room.scoring.score_check import MemberActs
from evaluation_room.scoring.sheets import Sheet
from evaluation_room.session.acts import ReportConsented, ReportSealed, ReportSigned
from evaluation_room.session.occupancy import Binding, Replaced, begins
from evaluation_room.session.steps import RollbackRequested
from records.canonical import Value
from records.ids import CentreCode, Digest, SeatId

_K = TypeVar("_K")
_V = TypeVar("_V")


def with_item(mapping: Mapping[_K, _V], key: _K, value: _V) -> Mapping[_K, _V]:
    """The mapping with one item added or replaced."""
    return MappingProxyType({**mapping, key: value})


def _if_any(name: str, value: Value) -> dict[str, Value]:
    """Fields that older sessions never had are in a digest only where they are not empty."""
    return {name: value} if value else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPart:
    """One seat's own."""

    seat: SeatId
    sheet: Sheet
    undertaking: Undertaking | None = None
    ballots: Mapping[int, Ballot] = field(default_factory=lambda: MappingProxyType({}))
    locked_at: str = ""
    check: MemberActs = field(default_factory=MemberActs)
    consent: ReportConsented | None = None
    consent_at: str = ""
    request: RollbackRequested | None = None
    acknowledged: int = 0
    short: TimeShort | None = None
    review: SeatReview

    @classmethod
    def empty(cls, seat: SeatId) -> "SeatPart":
        return cls(seat=seat, sheet=Sheet(seat=seat), review=SeatReview(seat=seat))

    @property
    def value(self) -> Value:
        """For comparing: the deciding content of this part."""
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
    """One centre's own; bindings always stand, because keys are checked by them."""

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

    def known_up_to(self, seq: int) -> "CentrePart":
        """The part without replacements behind that place of the chain."""
        known = {seat: tuple(one for one in all_ if one.seq <= seq) for seat, all_ in self.replacements.items()}
        return replace(self, replacements=MappingProxyType(known))

    def begins(self, seat: SeatId) -> int:
        """The place in the seat's chain from which the present member's entries begin."""
        return begins(self.replacements.get(seat, ()))

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
