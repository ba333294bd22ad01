"""The result of a verification: named checks, each passed, failed or absent, with a reason a stranger can read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    ABSENT = "absent"
    """There was nothing to check: neither good nor bad, and stated as such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question and its answer. `name` is stable and dotted (`log.inclusion`)."""

    name: str
    outcome: Outcome
    reason: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks of one verification, in the order they ran."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Nothing failed, and at least one check passed."""
        outcomes = {check.outcome for check in self.checks}
        return Outcome.PASS in outcomes and Outcome.FAIL not in outcomes

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.outcome is Outcome.FAIL)
