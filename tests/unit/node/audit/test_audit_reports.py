"""The row of a report follows from its records: its data are those that the record of the sealing names."""

import pytest

from node.audit.reports import Reports
from records import canonical, facts

SESSION = "E3701000076012345001-1"
DRAFT, SEALED, DATA, OTHER = ("sha256:" + digit * 64 for digit in "abcd")


def data_of(kind: str, **named: str) -> object:
    """The data that the session's row must hold, after a draft of DATA and a sealing of this kind."""
    told = Reports()
    drafted: dict[str, canonical.Value] = {"report_digest": DRAFT, "data_digest": DATA}
    sealing: dict[str, canonical.Value] = {"report_digest": DRAFT, "sealed_digest": SEALED, **named}
    for index, (type_, body) in enumerate([(facts.REPORT_DRAFTED, drafted), (kind, sealing)]):
        told.derives[type_](index, canonical.encode({"type": type_, "session": SESSION, "body": body}), bytes(32))
    row = told.reports[(SESSION,)]
    assert (row.index, row.columns["sealed"]) == (1, SEALED)
    return row.columns["data"]


def test_the_sealing_names_the_data_of_the_row() -> None:
    assert data_of(facts.REPORT_SEALED, data_digest=DATA) == DATA
    assert data_of(facts.REPORT_SEALED, data_digest=OTHER) == OTHER


def test_a_sealing_of_the_first_version_leaves_the_data_of_the_draft() -> None:
    assert data_of(facts.REPORT_SEALED_1) == DATA


def test_a_sealing_that_should_name_the_data_and_does_not_is_malformed() -> None:
    with pytest.raises(KeyError, match="data_digest"):
        data_of(facts.REPORT_SEALED)
