"""Recusal (回避) that is found by program: what ties an expert to a bidder, the tenderer or the authority (pure).

The sources: 招标投标法37条, 条例46条 (R07, R08), 政府采购法实施条例9条, 87号令47条. What an expert declares by itself
belongs to the undertaking; here is what the centre that keeps the expert's file knows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from evaluation_room.tender.definition import Definition
from records import strict_fields
from records.canonical import Value
from records.ids import parse_instant

TENDERER = "tenderer"
AUTHORITY = "authority"
_YEARS = 3


class Relation(StrEnum):
    """What ties a person to a party."""

    EMPLOYED = "employed"  # 劳动关系, 三年内
    OFFICER = "officer"  # 董事、监事, 三年内
    SHAREHOLDER = "shareholder"  # 控股股东、实际控制人, 三年内
    KIN = "kin"  # 与负责人有夫妻、直系血亲、三代以内旁系血亲或近姻亲关系
    INTEREST = "interest"  # 其他经济利益关系
    ADVISER = "adviser"  # 参与编制招标文件或者为投标人提供咨询


_PASSES = frozenset({Relation.EMPLOYED, Relation.OFFICER, Relation.SHAREHOLDER})
"""What counts for three years after its end; the others count always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who takes part: a bidder by its id, the tenderer, or an authority that supervises the project."""

    id: str
    name: str
    uscc: str = ""

    @property
    def bids(self) -> bool:
        return self.id not in {TENDERER, AUTHORITY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """`until`: an instant, empty while it lasts. `uscc`: the party's code (统一社会信用代码), where the file has it."""

    relation: Relation
    party: str
    uscc: str = ""
    until: str = ""

    @classmethod
    def read(cls, value: Value) -> "Tie":
        """One tie of an expert's file; InvalidRecordError names the field."""
        body = strict_fields.fields(value, "relation", "party", optional={"uscc", "until"})
        until = strict_fields.text(body, "until") if "until" in body else ""
        if until:
            parse_instant(until)
        return cls(
            relation=strict_fields.choice(body, "relation", Relation),
            party=strict_fields.text(body, "party"),
            uscc=strict_fields.text(body, "uscc") if "uscc" in body else "",
            until=until,
        )

    def to(self, party: Party) -> bool:
        """By the code where both have one: names are written in many ways."""
        return self.uscc == party.uscc if self.uscc and party.uscc else self.party == party.name

    def stands(self, at: datetime) -> bool:
        """Whether it still counts at that time: an office that ended three years ago or earlier does not."""
        if not self.until or self.relation not in _PASSES:
            return True
        return _years_later(parse_instant(self.until)) > at


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Why an expert must recuse."""

    relation: Relation
    party: str


def parties(definition: Definition) -> tuple[Party, ...]:
    """Everybody an expert of this evaluation may be tied to."""
    return (
        *(Party(id=one.id, name=one.name, uscc=one.uscc) for one in definition.bidders),
        Party(id=TENDERER, name=definition.tenderer),
        *(Party(id=AUTHORITY, name=name) for name in definition.authorities),
    )


def conflicts(
    ties: Iterable[Tie], among: Iterable[Party], *, represents_tenderer: bool, at: datetime
) -> tuple[Conflict, ...]:
    """R08, R07: why a person with these ties may not sit in this evaluation; empty when nothing is known against it.

    Every tie to a bidder counts. To the tenderer and to an authority it is present employment: an expert does not sit
    in a project of its own unit unless as the tenderer's representative (87号令47条), and staff of an authority in none
    that it supervises.
    `at`: the opening of the bids, from which the three years are counted back.
    """
    known = tuple(ties)
    return tuple(_found(known, tuple(among), represents_tenderer=represents_tenderer, at=at))


def _found(
    ties: tuple[Tie, ...], among: tuple[Party, ...], *, represents_tenderer: bool, at: datetime
) -> Iterator[Conflict]:
    for party in among:
        if party.id == TENDERER and represents_tenderer:
            continue
        for tie in ties:
            counts = party.bids or (tie.relation is Relation.EMPLOYED and not tie.until)
            if counts and tie.to(party) and tie.stands(at):
                yield Conflict(relation=tie.relation, party=party.id)


def _years_later(moment: datetime) -> datetime:
    """Three years after; of a leap day the last of February."""
    try:
        return moment.replace(year=moment.year + _YEARS)
    except ValueError:
        return moment.replace(year=moment.year + _YEARS, day=28)
