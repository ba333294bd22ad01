"""The score check (评分核验): what the locked sheets show before they are aggregated, and what of it is settled.

What is found is put to the members; no program changes a mark (R47, 同号十一).

A BLOCK flag is a fault that must be corrected, a WARN flag a clue (线索) to be looked at, and not a verdict. After the
aggregation nothing of a score changes (R26, 87号令64条; R48, 发改法规〔2026〕195号第9项: checked by program, decided by
the experts).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from evaluation_room.anomalies import conduct, prices, scores, sheets
from evaluation_room.anomalies.catalogue import Thresholds
from evaluation_room.anomalies.conduct import Sitting
from evaluation_room.anomalies.finding import Finding, Severity
from evaluation_room.anomalies.observations import first_place
from evaluation_room.anomalies.panel import Panel
from evaluation_room.anomalies.sheets import Marks
from evaluation_room.check_acts import Ground, MarkCorrected, WarningAcknowledged
from evaluation_room.methods.case import Case
from evaluation_room.methods.result import Remark
from evaluation_room.tally import Tally, case_of
from records.canonical import Value
from records.errors import NotFoundError, NotPermittedError, WrongStageError
from records.ids import SeatId, parse_instant

Place = tuple[str, str, str]
"""(seat, bidder, item)."""
_REMARKS: Final = MappingProxyType(
    {
        "DEVIATION": ("打分偏离均值", "deviation from the mean", "招标文件约定"),
        "FLOOR": ("低于评审项下限", "below the floor of the item", "招标文件约定"),
        "LOW": ("报价异常偏低", "abnormally low price", "暂行规定21条"),
    },
)


class Level(StrEnum):
    BLOCK = "BLOCK"
    WARN = "WARN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One flag. `places`: the marks it names; `seat`: whose marks, when they are one member's."""

    id: str
    level: Level
    indicator: str
    name_zh: str
    name_en: str
    subject: Mapping[str, str]
    reference: str
    value: str
    threshold: str
    evidence: Mapping[str, str]
    places: tuple[Place, ...]

    @property
    def seat(self) -> str:
        return self.subject.get("expert", "")

    @property
    def outline(self) -> dict[str, Value]:
        """Without any mark."""
        return {
            "id": self.id,
            "level": self.level.value,
            "indicator": self.indicator,
            "name_zh": self.name_zh,
            "name_en": self.name_en,
            "subject": dict(self.subject),
            "threshold": self.threshold,
            "reference": self.reference,
            "clue_only": self.level is Level.WARN,
        }

    @property
    def as_value(self) -> dict[str, Value]:
        return {**self.outline, "value": self.value, "evidence": dict(self.evidence)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one member has said in the check."""

    corrections: tuple[MarkCorrected, ...] = ()
    acknowledgements: Mapping[str, WarningAcknowledged] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCheck:
    """All flags of the sheets as they stand now, with what was said about them. `lead`: who acknowledges, None: all."""

    flags: tuple[Flag, ...]
    said: Mapping[SeatId, Said]
    lead: SeatId | None

    def acknowledgement(self, flag: str) -> tuple[SeatId, WarningAcknowledged] | None:
        """The lead's, or without a lead the first member's in the order of the seats."""
        heard = self.said if self.lead is None else {self.lead: self.said[self.lead]}
        return next(
            ((seat, one.acknowledgements[flag]) for seat, one in heard.items() if flag in one.acknowledgements), None
        )

    def blocking(self) -> Iterator[tuple[str, str]]:
        """(who, what) for every flag that is not settled."""
        for flag in self.flags:
            found = self.acknowledgement(flag.id)
            if flag.level is Level.BLOCK:
                yield "committee", "score-fault"
            elif found is None:
                yield self.lead or "committee", "warning-not-acknowledged"
            elif found[1].conspicuous and not self._corrected(flag):
                yield flag.seat or "committee", "correction-missing"

    def _corrected(self, flag: Flag) -> bool:
        said = self.said.get(SeatId(flag.seat))
        return said is not None and any(one.flag == flag.id for one in said.corrections)

    def settled(self, flag: Flag) -> bool:
        found = self.acknowledgement(flag.id)
        return flag.level is Level.WARN and found is not None and (not found[1].conspicuous or self._corrected(flag))

    def _flag(self, name: str) -> Flag:
        found = next((one for one in self.flags if one.id == name), None)
        if found is None:
            raise NotFoundError("flag-unknown")
        return found

    def check_acknowledgement(self, seat: SeatId, act: WarningAcknowledged) -> None:
        """Only the lead, only a warning, and conspicuous only where a flag names one member's marks."""
        flag = self._flag(act.flag)
        if self.lead is not None and seat != self.lead:
            raise NotPermittedError("not-the-lead", seat=seat)
        if flag.level is Level.BLOCK or (act.conspicuous and not flag.places):
            raise WrongStageError("flag-needs-correction" if flag.level is Level.BLOCK else "flag-names-no-mark")

    def check_correction(self, seat: SeatId, act: MarkCorrected) -> None:
        """R26: a locked mark changes on a legal ground alone, and only one that a flag of this ground names."""
        flag = self._flag(act.flag)
        if (seat, act.cell.bidder, act.cell.item) not in flag.places:
            raise NotPermittedError("mark-not-flagged", seat=seat, bidder=act.cell.bidder, item=act.cell.item)
        found = self.acknowledgement(flag.id)
        conspicuous = flag.level is Level.WARN and found is not None and found[1].conspicuous
        lawful = flag.level is Level.BLOCK if act.ground is Ground.OBJECTIVE else conspicuous
        if not lawful:
            raise WrongStageError("correction-without-ground", ground=act.ground.value)


def flags_of(tally: Tally, opened: str, locked: Mapping[SeatId, str], limits: Thresholds) -> tuple[Flag, ...]:
    """The flags of locked sheets: everything they, the prices and the times of locking show by themselves.

    `opened`: when scoring began; `locked`: when each seat locked. Both are the times of entries, so that every venue
    finds the same.
    """
    case = case_of(tally.definition, tally.sheets, tally.review)
    valid = [one.id for one in case.offers if one.rejected is None]
    marks = Marks(
        factors=case.factors,
        bidders=tuple(valid),
        sheets=case.marks,
        objective=frozenset(item.id for item in tally.definition.items if item.objective),
    )
    found: list[Finding] = sheets.of_marks(marks, limits)
    found += scores.of_panel(_panel(tally, case, marks), limits)
    found += prices.of_bids(
        {one.id: one.price for one in case.offers if one.rejected is None}, limits, ceiling=case.ceiling
    )
    found += conduct.a11_haste(_sittings(tally, opened, locked, valid), len(valid), limits)
    remarks = (_of_remark(one, marks) for one in tally.result.remarks if not one.written)
    return (*(_of_finding(one, marks) for one in sorted(found, key=lambda one: one.order)), *remarks)


def _panel(tally: Tally, case: Case, marks: Marks) -> Panel:
    """The members' totals over all subjective items, in points."""
    items = [factor for factor in marks.factors if factor.id not in marks.objective]
    totals: dict[tuple[str, str], Fraction] = {}
    for seat, sheet in marks.sheets.items():
        for bidder in marks.bidders:
            given = [sheet.get((bidder, factor.id)) for factor in items]
            known = [mark for mark in given if mark is not None]
            if known and len(known) == len(given):
                totals[seat, bidder] = Fraction(sum(known), 100)
    full = Fraction(sum(factor.maximum for factor in items), 100)
    method = tally.definition.method
    return Panel(totals=totals, full=full, first=lambda without: first_place(method, case, without))


def _sittings(tally: Tally, opened: str, locked: Mapping[SeatId, str], valid: Sequence[str]) -> list[Sitting]:
    start = parse_instant(opened)
    bids = [one for one in tally.definition.bidders if one.id in valid]
    pages = sum(document.pages for bid in bids for document in bid.documents)
    return [
        Sitting(seat=seat, opened=0, locked=int((parse_instant(at) - start).total_seconds()), pages=pages)
        for seat, at in locked.items()
    ]


def _of_finding(found: Finding, marks: Marks) -> Flag:
    value = found.as_value
    subject = {("expert" if name == "seat" else name): one for name, one in found.subject.items()}
    block = found.severity is Severity.BLOCK
    return Flag(
        id=_id(found.indicator, subject, found.value if found.indicator == "A24" else ""),
        level=Level.BLOCK if block else Level.WARN,
        indicator=found.indicator,
        name_zh=str(value["name_zh"]),
        name_en=str(value["name_en"]),
        subject=subject,
        reference=str(value["reference"]),
        value=found.value,
        threshold=found.threshold,
        evidence=found.evidence,
        places=_places(subject, marks),
    )


def _of_remark(remark: Remark, marks: Marks) -> Flag:
    name_zh, name_en, source = _REMARKS[remark.rule]
    said = {"expert": remark.expert, "bidder": remark.bidder, "item": remark.item}
    subject = {name: one for name, one in said.items() if one}
    return Flag(
        id=_id(remark.rule, subject),
        level=Level.WARN,
        indicator=remark.rule,
        name_zh=name_zh,
        name_en=name_en,
        subject=subject,
        reference=source,
        value=remark.value,
        threshold=remark.threshold,
        evidence={},
        places=_places(subject, marks),
    )


def _id(indicator: str, subject: Mapping[str, str], more: str = "") -> str:
    """The same flag has the same name after a correction elsewhere."""
    return " ".join([indicator, *subject.values(), *([more] if more else [])])


def _places(subject: Mapping[str, str], marks: Marks) -> tuple[Place, ...]:
    """The marks that a flag names: of one bidder at least; who is flagged as a person has no mark named."""
    bidder = subject.get("bidder")
    if bidder is None or "other" in subject:
        return ()
    named = [subject["expert"]] if "expert" in subject else list(marks.sheets)
    factors = [one for one in marks.factors if subject.get("item") in {None, one.id, one.section}]
    if "expert" not in subject and "item" not in subject:
        return ()  # about a price
    return tuple((seat, bidder, factor.id) for seat in named for factor in factors)


def made_corrections(said: Iterable[tuple[SeatId, Said]]) -> list[Value]:
    """All corrections, for the report: who, which flag, on which ground, and why."""
    return [
        {"seat": str(seat), "flag": one.flag, "ground": one.ground.value, **one.cell.value}
        for seat, part in said
        for one in part.corrections
    ]
