"""The whole error tree: seven families, each error with a stable code and its values.

TongpingError
├── NotFoundError           not-found           what was named does not exist
├── NotPermittedError       not-permitted       the actor may not do this
├── WrongStageError         wrong-stage         right act, wrong moment
├── ConflictError           conflict            somebody or something was there first
├── InvalidRecordError      invalid-record      the input itself is wrong
├── EvidenceMismatchError   evidence-mismatch   two things that must agree do not: always an alarm, never retried
└── UnavailableError        unavailable         something outside did not answer: the only family worth retrying
"""

from collections.abc import Mapping
from typing import ClassVar


class TongpingError(Exception):
    """An error of ours. `code` is stable and kebab-case; `values` never hold a secret, a score or a person's name.

    `InvalidRecordError("score-out-of-range", item="T1", points=1200)`: the first argument is the code of this
    instance (a subclass may fix it instead as a class attribute), the keywords are its values.
    """

    family: ClassVar[str] = "error"
    code: str = "error"
    values: Mapping[str, str | int]

    def __init__(self, code: str | None = None, /, **values: str | int) -> None:
        super().__init__(code if code is not None else self.code)
        if code is not None:
            self.code = code
        self.values = values

    def __str__(self) -> str:
        if not self.values:
            return self.code
        return f"{self.code}: {' '.join(f'{name}={value}' for name, value in self.values.items())}"


class NotFoundError(TongpingError):
    family = code = "not-found"


class NotPermittedError(TongpingError):
    family = code = "not-permitted"


class WrongStageError(TongpingError):
    family = code = "wrong-stage"


class ConflictError(TongpingError):
    family = code = "conflict"


class InvalidRecordError(TongpingError):
    family = code = "invalid-record"


class EvidenceMismatchError(TongpingError):
    family = code = "evidence-mismatch"


class UnavailableError(TongpingError):
    family = code = "unavailable"
