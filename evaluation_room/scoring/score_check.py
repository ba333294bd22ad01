"""The score check (评分核验): the faults that the locked sheets show before aggregation, and which are settled.

Findings are shown to the members; no program changes a mark (R47, 同号十一).

A BLOCK flag is a fault that must be corrected, a WARN flag a clue (线索) to be looked at, and not a verdict. After the
aggregation no score changes any more (R26, 87号令64条; R48, 发改法规〔2026〕195号第9项: checked by program, decided by
the experts).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Final

from evaluation_room.anomalies.bid_files import BidFiles
from evaluation_room.anomalies.catalogue import INDICATORS, find_all
from evaluation_room.anomalies.conduct import Clarification, Clarifications, Entries, Entry, Sitting, Sittings
from evaluation_room.anomalies.finding import Finding, Severity
from evaluation_room.anomalies.observations import first_place
from evaluation_room.anomalies.panel import Panel
from evaluation_room.anomalies.prices import Offers
from evaluation_room.anomalies.sheets import Marks
from evaluation_room.methods.case import given_price, live
from evaluation_room.methods.result import Remark
from evaluation_room.scoring.check_acts import CorrectionGround, MarkCorrected, WarningAcknowledged
from evaluation_room.scoring.sheets import Cell
from evaluation_room.scoring.tally import Tally, case_of
from records.canonical import Value
from records.errors import ConflictError, NotFoundError, NotPermittedError, WrongStageError
from records.ids import SeatId, parse_instant

_FILES_COMPARED_SINCE: Final = "2026-11-30T00:00:00.000Z"
"""Evaluations whose scoring began before were sealed without this flag, and verify as they were (ADR 0013)."""
_MILLISECOND: Final = timedelta(milliseconds=1)
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
    reference_zh: str
    value: str
    threshold: str
    evidence: Mapping[str, str]
    places: tuple[Place, ...]

    @property
    def seat(self) -> str:
        return self.subject.get("expert", "")

    @property
    def members(self) -> frozenset[str]:
        """The members whose marks or conduct it is about: nobody decides on their own."""
        return frozenset(self.subject[name] for name in ("expert", "other") if name in self.subject)

    @property
    def names_marks(self) -> bool:
        """Whether it names marks of one member, which can be found conspicuous and corrected."""
        return bool(self.seat and self.places)

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
class CorrectedMark:
    """A corrected mark, and the one it replaced."""

    act: MarkCorrected
    before: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberActs:
    """One member's acts in the check. `findings`: by the flag and its value at that time."""

    corrections: tuple[CorrectedMark, ...] = ()
    findings: Mapping[tuple[str, str], WarningAcknowledged] = field(default_factory=lambda: MappingProxyType({}))

    def corrected(self, flag: str) -> bool:
        return any(one.act.flag == flag for one in self.corrections)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCheck:
    """All flags of the sheets as they are now, with the findings on them. `lead`: None where there is none.

    A finding (认定) applies to the flag's value at that time: when the value has changed since, it is looked at again.
    A mark once found conspicuous must be corrected in any case.
    """

    flags: tuple[Flag, ...]
    acts: Mapping[SeatId, MemberActs]
    lead: SeatId | None

    def finders(self, flag: Flag) -> tuple[SeatId, ...]:
        """Who may decide on it: the lead, otherwise any member; on a member's own marks the others."""
        if self.lead is not None and self.lead not in flag.members:
            return (self.lead,)
        return tuple(seat for seat in self.acts if seat not in flag.members)

    def _findings(self, flag: Flag) -> Iterator[tuple[SeatId, WarningAcknowledged]]:
        """From all who may decide, in the order of the seats, at any value; conspicuous only where that is possible."""
        for seat in self.finders(flag):
            for (name, _value), act in self.acts[seat].findings.items():
                if name == flag.id and (flag.names_marks or not act.conspicuous):
                    yield seat, act

    def finding(self, flag: Flag) -> tuple[SeatId, WarningAcknowledged] | None:
        """The finding on the flag at its present value; a conspicuous one takes precedence."""
        present = [one for one in self._findings(flag) if one[1].value == flag.value]
        return next((one for one in present if one[1].conspicuous), present[0] if present else None)

    def to_correct(self, flag: Flag) -> bool:
        """Whether a mark was found conspicuous and has not changed since."""
        found = [act for _seat, act in self._findings(flag) if act.conspicuous]
        unchanged = any(act.value == flag.value for act in found)
        return unchanged or (bool(found) and not self.acts[SeatId(flag.seat)].corrected(flag.id))

    def open_points(self) -> Iterator[tuple[str, str]]:
        """(who, what) for every flag that is not settled."""
        for flag in self.flags:
            if flag.level is Level.BLOCK:
                yield "committee", "score-fault"
            elif self.to_correct(flag):
                yield flag.seat, "correction-missing"
            elif self.finding(flag) is None:
                finders = self.finders(flag)
                yield finders[0] if len(finders) == 1 else "committee", "warning-not-acknowledged"

    def settled(self, flag: Flag) -> bool:
        return flag.level is Level.WARN and self.finding(flag) is not None and not self.to_correct(flag)

    def _flag(self, name: str) -> Flag:
        found = next((one for one in self.flags if one.id == name), None)
        if found is None:
            raise NotFoundError("flag-unknown")
        return found

    def check_acknowledgement(self, seat: SeatId, act: WarningAcknowledged) -> None:
        """Only on a warning, at its present value, by a permitted member; conspicuous only for one member's marks."""
        flag = self._flag(act.flag)
        if seat in flag.members:
            raise NotPermittedError("own-marks", seat=seat)
        if seat not in self.finders(flag):
            raise NotPermittedError("not-the-lead", seat=seat)
        if flag.level is Level.BLOCK or (act.conspicuous and not flag.names_marks):
            raise WrongStageError("flag-needs-correction" if flag.level is Level.BLOCK else "flag-names-no-mark")
        if act.value != flag.value:
            raise ConflictError("flag-changed")

    def check_correction(self, seat: SeatId, act: MarkCorrected) -> None:
        """R26: a locked mark changes only on a legal ground, and only if a flag of this ground names it."""
        flag = self._flag(act.flag)
        if (seat, act.cell.bidder, act.cell.item) not in flag.places:
            raise NotPermittedError("mark-not-flagged", seat=seat, bidder=act.cell.bidder, item=act.cell.item)
        conspicuous = flag.level is Level.WARN and any(one.conspicuous for _seat, one in self._findings(flag))
        lawful = flag.level is Level.BLOCK if act.ground is CorrectionGround.OBJECTIVE else conspicuous
        if not lawful:
            raise WrongStageError("correction-without-ground", ground=act.ground.value)

    @property
    def corrections(self) -> list[Value]:
        """Every corrected mark with the one it replaced, whether or not its flag remains (87号令64条)."""
        return [
            {
                "seat": str(seat),
                "flag": one.act.flag,
                "ground": one.act.ground.value,
                **_before(one.before),
                **one.act.cell.value,
            }
            for seat, part in self.acts.items()
            for one in part.corrections
        ]

    @property
    def findings(self) -> list[Value]:
        """Every finding, with the flag's value at that time."""
        return [
            {
                "flag": one.flag,
                "value": one.value,
                "by": str(seat),
                "conspicuous": one.conspicuous,
                "reason": one.reason,
            }
            for seat, part in self.acts.items()
            for one in part.findings.values()
        ]


def _before(cell: Cell) -> dict[str, Value]:
    """Abstained is not 0."""
    return {"before_abstained": True} if cell.points is None else {"before": cell.points}


def flags_of(tally: Tally, opened: str, locked: Mapping[SeatId, str]) -> tuple[Flag, ...]:
    """The flags of locked sheets: all those that the sheets, the prices and the times of locking give.

    `opened`: when scoring began; `locked`: when each seat locked. Both are the times of entries, so that every venue
    finds the same.
    """
    case = case_of(tally.definition, tally.sheets, tally.review)
    method = tally.definition.method
    offers = live(method, case)
    valid = [one.id for one in offers]
    marks = Marks(
        factors=case.factors,
        bidders=tuple(valid),
        sheets=case.marks,
        objective=frozenset(item.id for item in tally.definition.items if item.objective),
    )
    known: list[object] = [
        marks,
        Panel(totals=marks.totals, full=marks.full, first=partial(first_place, method, case)),
        Offers(bids={one.id: given_price(method, one) for one in offers}, ceiling=case.ceiling),
        Entries(_entries(tally, opened)),
        Sittings(_sittings(tally, opened, locked, valid), len(valid)),
        Clarifications(_asked(tally), len(valid)),
    ]
    if opened >= _FILES_COMPARED_SINCE:
        known.append(BidFiles({one.id: {file.sha256 for file in one.documents} for one in tally.definition.bidders}))
    remarks = (_of_remark(one, marks) for one in tally.result.remarks if not one.written)
    return (*(_of_finding(one, marks) for one in find_all(known)), *remarks)


def _entries(tally: Tally, opened: str) -> list[Entry]:
    """The last time of every mark, in seconds from the opening of the stage."""
    start = parse_instant(opened)
    return [
        Entry(seat=sheet.seat, bidder=bidder, item=item, at=Fraction((parse_instant(at) - start) // _MILLISECOND, 1000))
        for sheet in tally.sheets
        for (bidder, item), at in sheet.written.items()
    ]


def _asked(tally: Tally) -> list[Clarification]:
    """The questions that went out; an unasked answer is never accepted (R19)."""
    asked = () if tally.review is None else tally.review.clarifications
    return [Clarification(id=one.id, bidder=one.bidder) for one in asked if one.relay.sent is not None]


def _sittings(tally: Tally, opened: str, locked: Mapping[SeatId, str], valid: Sequence[str]) -> list[Sitting]:
    start = parse_instant(opened)
    bids = [one for one in tally.definition.bidders if one.id in valid]
    pages = sum(document.pages for bid in bids for document in bid.documents)
    return [
        Sitting(seat=seat, opened=0, locked=int((parse_instant(at) - start).total_seconds()), pages=pages)
        for seat, at in locked.items()
    ]


def _of_finding(found: Finding, marks: Marks) -> Flag:
    rule = INDICATORS[found.indicator]
    subject = {("expert" if name == "seat" else name): one for name, one in found.subject.items()}
    block = found.severity is Severity.BLOCK
    return Flag(
        id=_id(found.indicator, subject, found.value if rule.by_value else ""),
        level=Level.BLOCK if block else Level.WARN,
        indicator=found.indicator,
        name_zh=rule.name_zh,
        name_en=rule.name_en,
        subject=subject,
        reference=rule.reference,
        reference_zh=rule.reference_zh,
        value=found.value,
        threshold=found.threshold,
        evidence=found.evidence,
        places=_places(subject, marks),
    )


def _of_remark(remark: Remark, marks: Marks) -> Flag:
    name_zh, name_en, source = _REMARKS[remark.rule]
    fields = {"expert": remark.expert, "bidder": remark.bidder, "item": remark.item}
    subject = {name: one for name, one in fields.items() if one}
    return Flag(
        id=_id(remark.rule, subject),
        level=Level.WARN,
        indicator=remark.rule,
        name_zh=name_zh,
        name_en=name_en,
        subject=subject,
        reference=source,
        reference_zh=source,
        value=remark.value,
        threshold=remark.threshold,
        evidence={},
        places=_places(subject, marks),
    )


def _id(indicator: str, subject: Mapping[str, str], more: str = "") -> str:
    """The same flag keeps its name after a correction elsewhere."""
    return " ".join([indicator, *subject.values(), *([more] if more else [])])


def _places(subject: Mapping[str, str], marks: Marks) -> tuple[Place, ...]:
    """The marks that a flag names: of at least one bidder; a flag on a person names no mark."""
    bidder = subject.get("bidder")
    if bidder is None or "other" in subject:
        return ()
    named = [subject["expert"]] if "expert" in subject else list(marks.sheets)
    factors = [one for one in marks.factors if subject.get("item") in {None, one.id, one.section}]
    if "expert" not in subject and "item" not in subject:
        return ()  # about a price, or a question
    return tuple((seat, bidder, factor.id) for seat in named for factor in factors)
