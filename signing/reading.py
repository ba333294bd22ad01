"""Opens the report's data for reading: a missing or mistyped key is one clear error, "report-data"."""

from collections.abc import Mapping

from records.errors import InvalidRecordError
from records.strict_fields import Reader


def read(value: object, key: str = "") -> Reader:
    """The data as an object. Every getter of the reader raises InvalidRecordError("report-data", key=…)."""
    if not isinstance(value, Mapping):
        raise InvalidRecordError("report-data", key=key)
    return Reader("", value, _report_data)


def _report_data(_place: str, key: str, _fault: InvalidRecordError) -> InvalidRecordError:
    return InvalidRecordError("report-data", key=key)
