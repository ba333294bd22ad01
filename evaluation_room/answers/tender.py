"""How answers say what a tender file holds: bidders, items, method and what the preliminary review asks."""

from typing import Annotated, Literal

from pydantic import Field

from evaluation_room.methods.document import Name, ProcurementKind, Quote
from evaluation_room.methods.factor import FactorKind, Reasons
from evaluation_room.methods.pricing import Second
from evaluation_room.stages import Stage
from records.answers import Out

StageName = Annotated[Stage, Field(strict=False)]
"""Stages are written as their names."""


class BidDocumentOut(Out):
    """A file of a bid; `size` in bytes."""

    name: str
    sha256: str
    size: int | None = None
    pages: int | None = None


class BidderOut(Out):
    """Price in fen. The optional fields are what some methods need besides it; adjustments in fen."""

    id: str
    name: str
    uscc: str
    price_fen: int
    duration_days: int
    documents: list[BidDocumentOut]
    small: bool | None = None
    credit: int | None = None
    credit_snapshot: str | None = None
    adjustments: dict[str, int] | None = None


class ItemOut(Out):
    """One thing to score, in hundredths of a point. `values`: the only marks there are; `reasons`: who wants one."""

    id: str
    section: str
    name_zh: str
    name_en: str
    minimum: int
    maximum: int
    step: int
    kind: Annotated[FactorKind, Field(strict=False)] | None = None
    values: list[int] | None = None
    reasons: Annotated[Reasons, Field(strict=False)] | None = None
    objective: bool | None = None


class SectionOut(Out):
    """A part of the score that experts mark; weights in hundredths of a point."""

    id: str
    weight: int
    aggregate: str
    trim_above: int | None = None
    full_mark: int | None = None
    factor_places: int | None = None


class PriceRuleOut(Out):
    """How prices become points; a method that compares by evaluated price has none."""

    weight: int
    variant: str | None = None
    e1: int | None = None
    e2: int | None = None
    offset_places: int | None = None
    freeze_base: bool | None = None
    highest_from: int | None = None
    lowest_from: int | None = None
    reductions: list[int] | None = None
    ceiling_factors: list[int] | None = None
    ceiling_weights: list[int] | None = None
    second: Annotated[Second, Field(strict=False)] | None = None


class CreditOut(Out):
    weight: int
    full_mark: int | None = None


class LowPriceOut(Out):
    """Share in hundredths of a per cent."""

    share: int
    against: Literal["mean-of-others", "ceiling"] | None = None
    leave_out_of_base: bool | None = None


class FloorOut(Out):
    share: int | None = None
    spared: list[str] | None = Field(None, alias="except")


class DeviationOut(Out):
    share: int | None = None
    reading: Literal["mean-of-all", "mean-of-others"] | None = Field(None, alias="from")


class MethodOut(Out):
    """The method (评标办法) as the tender file has it; docs/interface.md says which method has which field."""

    name: Annotated[Name, Field(strict=False)]
    version: int
    title: str | None = None
    title_en: str | None = None
    kind: Annotated[ProcurementKind, Field(strict=False)] | None = None
    quote: Annotated[Quote, Field(strict=False)] | None = None
    sections: list[SectionOut] | None = None
    price: PriceRuleOut | None = None
    credit: CreditOut | None = None
    deduction: int | None = None
    low_price: LowPriceOut | None = None
    adjustments: list[str] | None = None
    floor: FloorOut | None = None
    deviation: DeviationOut | None = None
    nine_members: int | None = None
    ties: list[str] | None = None
    lot: bool | None = None
    fewest: int | None = None
    candidates: int | None = None
    ranked: bool | None = None


class ReviewItemOut(Out):
    """One thing to pass or fail. `clause`: where the tender file says so; `ground`: what a bid that fails it meets."""

    id: str
    stage: StageName
    name_zh: str
    name_en: str
    clause: str
    ground: str


class OwnGroundOut(Out):
    """A ground of rejection that the tender file adds."""

    code: str
    name_zh: str
    name_en: str
    clause: str


class BidderNameOut(Out):
    id: str
    name: str
