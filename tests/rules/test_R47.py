"""R47: what a program finds changes no mark and no order by itself (发改法规〔2026〕195号十一)."""

from tests.rules.test_R26 import checking, flags


def test_a_conspicuous_sheet_is_flagged_and_counts_as_it_was_given() -> None:
    room = checking(low=0)
    tally = room.session.state.tally()

    assert "A01 JN-5 B2" in flags(room)
    given = {sheet.seat: sheet.cells["B2", "T1"].points for sheet in tally.sheets}
    assert given == {"JN-1": 1200, "JN-2": 1200, "JN-3": 1200, "JN-4": 1200, "JN-5": 0}
    assert tally.ranking == ("B1", "B2")
