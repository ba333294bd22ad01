"""Recusal (回避) found by the program: an expert's ties to a bidder, the tenderer or an authority (pure).

The sources: 招标投标法37条, 条例46条 (R07, R08), 政府采购法实施条例9条, 87号令47条. An expert's own declarations belong
to the undertaking; this module uses the file kept by the expert's centre.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from evaluation_room.tender.definition import Definition
from records import strict_fields
from records.canonical import Value
from records.ids import check_uscc, parse_instant
from records.text import names

TENDERER = "tenderer"
AUTHORITY = "authority"
_YEARS = 3


class Relation(StrEnum):
    """The kind of tie between a person and a party."""

    EMPLOYED = "employed"  # 劳动关系, 三年内
    OFFICER = "officer"  # 董事、监事, 三年内
    SHAREHOLDER = "shareholder"  # 控股股东、实际控制人, 三年内
    KIN = "kin"  # 与负责人有夫妻、直系血亲、三代以内旁系血亲或近姻亲关系
    INTEREST = "interest"  # 其他经济利益关系
    ADVISER = "adviser"  # 参与编制招标文件或者为投标人提供咨询


_PASSES = frozenset({Relation.EMPLOYED, Relation.OFFICER, Relation.SHAREHOLDER})
"""Ties that count for three years after their end; the others always count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party: a bidder by its id, the tenderer, or an authority that supervises the project."""

    id: str
    name: str
    uscc: str = ""

    @property
    def bids(self) -> bool:
        return self.id not in {TENDERER, AUTHORITY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """`until`: an instant, empty while it lasts. `uscc`: the party's code (统一社会信用代码), if in the file."""

    relation: Relation
    party: str
    uscc: str = ""
    until: str = ""

    @classmethod
    def read(cls, value: Value) -> "Tie":
        """One tie of an expert's file, written as `records.text.names` keeps it; InvalidRecordError names the field."""
        body = strict_fields.fields(value, "relation", "party", optional={"uscc", "until"})
        until = strict_fields.text(body, "until") if "until" in body else ""
        if until:
            parse_instant(until)
        return cls(
            relation=strict_fields.choice(body, "relation", Relation),
            party=names.clean(strict_fields.text(body, "party"), field="party"),
            uscc=check_uscc(names.clean_code(strict_fields.text(body, "uscc"))) if "uscc" in body else "",
            until=until,
        )

    def to(self, party: Party) -> bool:
        """By the code where both have one, else by the name, both compared folded: they are written in many ways."""
        if self.uscc and party.uscc:
            return names.folded_code(self.uscc) == names.folded_code(party.uscc)
        return names.folded(self.party) == names.folded(party.name)

    def near(self, party: Party) -> bool:
        """Whether it may be to this party in spite of what is written: one firm under two names, or a code mistyped."""
        if self.to(party):
            return False
        mistyped = bool(self.uscc and party.uscc) and names.near_code(self.uscc, party.uscc)
        namesake = names.folded(self.party) == names.folded(party.name)
        return mistyped or namesake or names.near(self.party, party.name)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class NearTie:
    """A tie that may be to a party under another name: shown when seats are named, never a verdict."""

    relation: Relation
    written: str
    party: str
    name: str


def parties(definition: Definition) -> tuple[Party, ...]:
    """Every party to which an expert of this evaluation may be tied."""
    bidders = (Party(id=one.id, name=one.name, uscc=one.uscc) for one in definition.bidders)
    return everybody(bidders, tenderer=definition.tenderer, authorities=definition.authorities)


def everybody(bidders: Iterable[Party], *, tenderer: str, authorities: Iterable[str]) -> tuple[Party, ...]:
    """The parties of a project: who bids, who calls the tender, who supervises it."""
    return (
        *bidders,
        Party(id=TENDERER, name=tenderer),
        *(Party(id=AUTHORITY, name=name) for name in authorities),
    )


def conflicts(
    ties: Iterable[Tie], among: Iterable[Party], *, represents_tenderer: bool, at: datetime
) -> tuple[Conflict, ...]:
    """R08, R07: why a person with these ties may not sit in this evaluation; empty when the file shows no reason.

    Every tie to a bidder counts. To the tenderer and to an authority only present employment counts: an expert does not
    sit in a project of its own unit unless as the tenderer's representative (87号令47条), and staff of an authority in
    none that it supervises. `at`: the opening of the bids, from which the three years are counted back.
    """
    counting = _counting(tuple(ties), among, represents_tenderer=represents_tenderer, at=at)
    return tuple(Conflict(relation=tie.relation, party=party.id) for tie, party in counting if tie.to(party))


def near_ties(
    ties: Iterable[Tie], among: Iterable[Party], *, represents_tenderer: bool, at: datetime
) -> tuple[NearTie, ...]:
    """What looks like a conflict but for how a name or a code is written; the arguments are those of `conflicts`."""
    counting = _counting(tuple(ties), among, represents_tenderer=represents_tenderer, at=at)
    return tuple(
        NearTie(relation=tie.relation, written=tie.party, party=party.id, name=party.name)
        for tie, party in counting
        if tie.near(party)
    )


def _counting(
    ties: tuple[Tie, ...], among: Iterable[Party], *, represents_tenderer: bool, at: datetime
) -> Iterator[tuple[Tie, Party]]:
    """Every tie with every party to which it would be a reason to recuse."""
    for party in among:
        if party.id == TENDERER and represents_tenderer:
            continue
        for tie in ties:
            counts = party.bids or (tie.relation is Relation.EMPLOYED and not tie.until)
            if counts and tie.stands(at):
                yield tie, party


def _years_later(moment: datetime) -> datetime:
    """The same day three years later; from a leap day the last of February."""
    try:
        return moment.replace(year=moment.year + _YEARS)
    except ValueError:
        return moment.replace(year=moment.year + _YEARS, day=28)
