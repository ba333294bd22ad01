"""R11: who is on the committee stays secret until the result is decided (招标投标法37条; 87号令47条)."""

import json
from pathlib import Path

import pytest

from chain_gateway.disclosure import Form, form
from chain_gateway.evidence import archive, bundle
from records import facts
from records.facts import Moment

EVIDENCE = Path(__file__).parents[1] / "vectors" / "evidence"
NAMING = (
    facts.COMMITTEE_SEATS_NAMED,
    facts.SESSION_PREPARED,
    facts.ROOM_ENTRY_TAKEN,
    facts.ROOM_ENTRY_REFUSED,
    facts.REPORT_DRAFTED,
    facts.REPORT_SIGNATURE_APPLIED,
)
"""The entries that reveal who sits where, or what one member did."""


@pytest.mark.parametrize("moment", list(Moment))
@pytest.mark.parametrize("kind", NAMING)
def test_no_record_that_tells_of_a_member_is_ever_shown_to_the_public(kind: str, moment: Moment) -> None:
    assert form(kind, reached=moment) is Form.HIDDEN


def test_what_a_real_evaluation_disclosed_holds_nobodys_credential_or_key() -> None:
    members = archive.unpack(next(EVIDENCE.glob("*.evidence.zip")).read_bytes()).members
    shown = b"".join(content for name, content in members.items() if bundle.RECORD.fullmatch(name)).decode()
    bound = [
        one["entry"]["body"] for one in json.loads(members[bundle.ENTRIES]) if one["entry"]["kind"] == "seat-bound"
    ]

    secrets = [secret for body in bound for secret in (body["public_key"], body["credential"]["id"])]

    assert len(secrets) == 10
    assert [secret for secret in secrets if secret in shown] == []
