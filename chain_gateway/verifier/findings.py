"""Collects named checks: a returned result passes, an error fails, and a check that cannot run is absent."""

from collections.abc import Callable
from typing import Final, TypeVar

from chain_gateway.verifier.fault_sentences import sentence
from records.errors import InvalidRecordError, TongpingError
from records.proof import Check, Outcome

T = TypeVar("T")

_LONGEST: Final = 120
"""Characters of a value that a check repeats; values may come from the author of the bundle."""


class Findings:
    """The checks of one examination in the order in which they ran."""

    def __init__(self) -> None:
        self._checks: list[Check] = []

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(self._checks)

    def put(self, name: str, question: Callable[[], tuple[T, str]]) -> T | None:
        """Run a check that returns its result and a sentence; None when it failed.

        A fault that nobody foresaw is a failed check as well ("check-broke"): a bundle must not end its verification.
        """
        try:
            established, reason = question()
        except TongpingError as error:
            self._checks.append(failed(name, error))
            return None
        except Exception as error:  # noqa: BLE001 - hostile bytes may break what we call anywhere: it does not verify
            self._checks.append(failed(name, InvalidRecordError("check-broke", kind=type(error).__name__)))
            return None
        self._checks.append(Check(name=name, outcome=Outcome.PASS, reason=reason))
        return established

    def absent(self, name: str, reason: str) -> None:
        self._checks.append(Check(name=name, outcome=Outcome.ABSENT, reason=reason))


def failed(name: str, error: TongpingError) -> Check:
    """Return the failed check for an error, with a sentence and the error's values."""
    values = {key: value[:_LONGEST] if isinstance(value, str) else value for key, value in error.values.items()}
    return Check(
        name=name, outcome=Outcome.FAIL, reason=sentence(error.code, values), values={"code": error.code, **values}
    )
