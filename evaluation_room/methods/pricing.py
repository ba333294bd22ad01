"""How prices become points: the part of a method document with the base price and the formula."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from records import strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError
from records.strict_fields import Body

_PER_CENT_100: Final = 10000
_NEVER: Final = 10**6


class Second(StrEnum):
    """The inputs of the second average of B5."""

    NOT_ABOVE_MEAN = "not-above-mean"
    BOTH_MEANS = "both-means"
    MEAN_AND_LOWEST = "mean-and-lowest"


_TRIM: Final = frozenset({"highest_from", "lowest_from"})
VARIANTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "B1": frozenset(),
        "B2": _TRIM,
        "B3": _TRIM | {"reductions"},
        "B4": _TRIM | {"ceiling_factors", "ceiling_weights"},
        "B5": frozenset({"second"}),
        "B6": frozenset(),
        "B7": frozenset(),
    },
)
"""The variants of the base price (评标基准价) and the parameters of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """Full mark in hundredths; e1, e2: hundredths of a point for each per cent above and below the base price.

    One highest price is left out of the base from `highest_from` prices on, one lowest from `lowest_from` on. Lists are
    the options of a draw at the opening (hundredths of a per cent); one entry needs no draw. `offset_places`: the
    decimal places of the ratio (p−C)/C, None for no rounding. `freeze_base`: a bidder rejected after the preliminary
    review still counts in the base. `low_price_first`: base / price × weight, not the linear deduction.
    """

    weight: int
    variant: str
    e1: int = 0
    e2: int = 0
    offset_places: int | None = None
    highest_from: int = _NEVER
    lowest_from: int = _NEVER
    reductions: tuple[int, ...] = ()
    ceiling_factors: tuple[int, ...] = ()
    ceiling_weights: tuple[int, ...] = ()
    second: Second = Second.NOT_ABOVE_MEAN
    freeze_base: bool = True
    low_price_first: bool = False


def read_price(value: Value, *, full_mark: int) -> PriceRule:
    """The linear rule of a comprehensive evaluation."""
    body = strict_fields.fields(
        value, "weight", "variant", "e1", "e2",
        optional={"offset_places", "freeze_base"}.union(*VARIANTS.values()),
    )  # fmt: skip
    variant = strict_fields.text(body, "variant")
    if variant not in VARIANTS:
        raise InvalidRecordError("unknown-variant", variant=variant[:32])
    _only_its_own(body, variant)
    trims = "highest_from" in body or "lowest_from" in body or variant == "B2"
    return PriceRule(
        weight=strict_fields.integer(body, "weight", minimum=0, maximum=full_mark),
        variant=variant,
        e1=strict_fields.integer(body, "e1", minimum=0, maximum=full_mark),
        e2=strict_fields.integer(body, "e2", minimum=0, maximum=full_mark),
        offset_places=strict_fields.integer(body, "offset_places", minimum=3, maximum=8)
        if "offset_places" in body
        else None,
        highest_from=_from(body, "highest_from") if trims else _NEVER,
        lowest_from=_from(body, "lowest_from") if trims else _NEVER,
        reductions=_drawn_from(body, "reductions", variant == "B3"),
        ceiling_factors=_drawn_from(body, "ceiling_factors", variant == "B4"),
        ceiling_weights=_drawn_from(body, "ceiling_weights", variant == "B4"),
        second=strict_fields.choice(body, "second", Second) if "second" in body else Second.NOT_ABOVE_MEAN,
        freeze_base=strict_fields.flag(body, "freeze_base") if "freeze_base" in body else True,
    )


def _only_its_own(body: Body, variant: str) -> None:
    """A parameter of another variant would be read and never used: refused."""
    for name in sorted(frozenset[str]().union(*VARIANTS.values()) - VARIANTS[variant]):
        if name in body:
            raise InvalidRecordError("unknown-field", field=name)


def _from(body: Body, name: str) -> int:
    """Leaving three of three prices out would leave none: at least four."""
    return strict_fields.integer(body, name, minimum=4, maximum=_NEVER) if name in body else 4


def _drawn_from(body: Body, name: str, needed: bool) -> tuple[int, ...]:  # noqa: FBT001 - a flag beside its name
    if not needed:
        return ()
    if name not in body:
        raise InvalidRecordError("missing-field", field=name)
    shares = tuple(
        strict_fields.integer({name: one}, name, minimum=0, maximum=_PER_CENT_100)
        for one in strict_fields.array(body, name)
    )
    if not shares:
        raise InvalidRecordError("empty-field", field=name)
    return shares
