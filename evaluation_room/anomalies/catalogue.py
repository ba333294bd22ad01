"""All indicators that need one session's data alone, by id, and the function that runs them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from evaluation_room.anomalies import bid_files, conduct, prices, scores, sheets
from evaluation_room.anomalies.finding import Finding
from evaluation_room.anomalies.indicator import Indicator, Thresholds
from records import strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError

_DECLARED: Final[tuple[Indicator[Any], ...]] = (  # Any: each takes its own kind of input
    *scores.INDICATORS,
    *sheets.INDICATORS,
    *conduct.INDICATORS,
    *prices.INDICATORS,
    *bid_files.INDICATORS,
)
INDICATORS: Final = MappingProxyType({one.id: one for one in sorted(_DECLARED, key=lambda one: one.id)})
DEFAULTS: Final = Thresholds()


def find_all(known: Sequence[object], thresholds: Thresholds = DEFAULTS) -> tuple[Finding, ...]:
    """The findings of every indicator on the given data (panels, marks, offers, entries …), the most serious first."""
    found = (finding for one in INDICATORS.values() for finding in one.findings(known, thresholds))
    return in_order(found)


def in_order(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The most serious first."""
    return tuple(sorted(found, key=lambda one: one.order))


def as_value(finding: Finding) -> dict[str, Value]:
    """A finding with the texts of its indicator."""
    rule = INDICATORS[finding.indicator]
    return {
        "indicator": finding.indicator,
        "name_zh": rule.name_zh,
        "name_en": rule.name_en,
        "subject": dict(finding.subject),
        "value": finding.value,
        "threshold": finding.threshold,
        "severity": finding.severity.value,
        "evidence": dict(finding.evidence),
        "reference": rule.reference,
        "clue_only": True,
    }


def read_thresholds(value: Value) -> Thresholds:
    """Limits by name as decimal texts: {"deviation_red": "0.25"}."""
    names = {limit.name for one in INDICATORS.values() for limit in one.limits}
    body = strict_fields.fields(value, optional=names)
    return Thresholds({name: _decimal(strict_fields.text(body, name), name) for name in body})


def _decimal(text: str, name: str) -> Fraction:
    try:
        amount = Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise InvalidRecordError("wrong-type", field=name, needs="decimal") from error
    if amount < 0:
        raise InvalidRecordError("out-of-range", field=name)
    return amount
