"""Collects an audit's findings, check by check, and gives its verdict: the first alteration, and how many more."""

from typing import Final

from records.alteration import Alteration
from records.proof import Check, Outcome, Verdict

FIRST: Final = "audit.first"


class Found:
    """Alterations by the check they fail. The first is that of the lowest record, and there the most specific."""

    def __init__(self) -> None:
        self._first: dict[str, Alteration] = {}
        self._count: dict[str, int] = {}
        self._passed: dict[str, str] = {}
        self._absent: dict[str, str] = {}

    def report(self, check: str, alteration: Alteration) -> None:
        known = self._first.get(check)
        if known is None or _place(alteration) < _place(known):
            self._first[check] = alteration
        self._count[check] = self._count.get(check, 0) + 1

    def checked(self, check: str, reason: str) -> None:
        """The check ran to its end; it passes unless an alteration was reported."""
        self._passed[check] = reason

    def absent(self, check: str, reason: str) -> None:
        self._absent[check] = reason

    def verdict(self) -> Verdict:
        names = list(dict.fromkeys([*self._passed, *self._first, *self._absent]))
        checks = [self._check(name) for name in names]
        if self._first:
            first = min(self._first.values(), key=_place)
            total = sum(self._count.values())
            checks.insert(0, _failed(FIRST, first, total - 1))
        return Verdict(tuple(checks))

    def _check(self, name: str) -> Check:
        if name in self._first:
            return _failed(name, self._first[name], self._count[name] - 1)
        if name in self._passed:
            return Check(name=name, outcome=Outcome.PASS, reason=self._passed[name])
        return Check(name=name, outcome=Outcome.ABSENT, reason=self._absent[name])


def _place(alteration: Alteration) -> tuple[bool, int, int]:
    return alteration.index is None, alteration.index or 0, alteration.rank


def _failed(name: str, first: Alteration, more: int) -> Check:
    values: dict[str, str | int] = {
        "code": "altered",
        "where": first.where,
        "field": first.field,
        "expected": first.expected,
        "found": first.found,
        "more": more,
    }
    if first.index is not None:
        values["record"] = first.index
    others = f"; {more:,} more" if more else ""
    return Check(name=name, outcome=Outcome.FAIL, reason=f"{first}{others}", values=values)
