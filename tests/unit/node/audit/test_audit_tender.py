"""Once a session was opened with a tender, every key that its definition took over is held to the definition."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from journal.expected_rows import text
from node.office.tenders.audit import TenderAudit
from records import canonical, facts
from records.canonical import Value
from records.ids import CentreCode
from tests.unit.evaluation_room.rooms import definition

PUBLIC: dict[str, Value] = {"title": "示例工程"}
OPENED = definition(minimum_seats=7, lead="JN-1", authorities=["示例监督机构"])
Draft = dict[str, Any]
"""Any: a tender that a case changes somewhere."""


def registered() -> Draft:
    """The row of the tender as the session took it over, with a key of its own."""
    own = ("host", "guests", "seats", "opened_at")
    return {**{name: value for name, value in OPENED.items() if name not in own}, "opening_at": OPENED["opened_at"]}


def expected(row: Mapping[str, Value]) -> object:
    tenders = TenderAudit(CentreCode("JN"))
    record: dict[str, Value] = {
        "type": facts.TENDER_REGISTERED,
        "project": OPENED["project"],
        "at": "2026-11-23T01:00:00.000Z",
        "author": "operator:JN-op",
        "body": PUBLIC,
    }
    tenders.derives[facts.TENDER_REGISTERED](1, canonical.encode(record), b"")
    tenders.opened(OPENED)
    want = tenders.rows["tender"]()[(OPENED["project"],)].columns["value"]
    assert callable(want)
    return want(text(row))


def test_a_tender_as_its_session_took_it_over_is_as_it_must_be() -> None:
    assert expected(registered()) == text(registered())


@pytest.mark.parametrize(
    "change",
    [
        lambda tender: tender.update(lead="JN-2"),
        lambda tender: tender.pop("lead"),
        lambda tender: tender.update(minimum_seats=3),
        lambda tender: tender["authorities"].clear(),
        lambda tender: tender.update(drawn={}),
        lambda tender: tender["bidders"][0].update(credit=10000),
    ],
    ids=["another lead", "no lead", "a smaller committee", "no authority", "a draw added", "a bidder's credit added"],
)
def test_a_key_of_the_definition_that_was_altered_in_the_tender_is_seen(change: Callable[[Draft], object]) -> None:
    altered = canonical.decode(canonical.encode(registered()))
    assert isinstance(altered, dict)
    change(altered)

    assert expected(altered) == text(registered()) != text(altered)
