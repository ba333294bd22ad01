"""The record of a sealing is the golden one: it names the file, the draft, and the data whose code stands on paper."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel

from journal import Journal, open_engine
from records import canonical, facts
from records.facts import Fact
from records.ids import CentreCode, Digest, SessionId, digest, parse_instant, short_code
from signing.reading import read
from signing.reports import sealing_body
from signing.store import Report

VECTORS = Path(__file__).parents[3] / "vectors"
GOLDEN: dict[str, Any] = json.loads((VECTORS / "report_sealing.json").read_text("utf-8"))  # Any: of several shapes
CASES = pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])


def test_the_data_have_the_golden_digest_and_short_code() -> None:
    written = canonical.encode(GOLDEN["data"])

    found = (written.hex(), digest(written), short_code(digest(written)))

    assert found == (GOLDEN["data_hex"], GOLDEN["data_digest"], GOLDEN["short_code"])


@CASES
def test_a_sealing_says_what_the_golden_record_says(case: dict[str, Any]) -> None:
    draft = Digest(GOLDEN["report_digest"])
    report = Report(
        session=SessionId(GOLDEN["data"]["session"]),
        data=digest(canonical.encode(GOLDEN["data"])),
        draft=draft,
        current=draft,
        excused=frozenset(case["excused"]),
    )

    body = sealing_body(report, read(GOLDEN["data"]), sealed=Digest(GOLDEN["sealed_digest"]), size=GOLDEN["size"])

    assert (facts.REPORT_SEALED, body) == (case["fact"]["type"], case["fact"]["body"])


@CASES
def test_the_record_has_the_golden_bytes(case: dict[str, Any], tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'golden.db'}")
    SQLModel.metadata.create_all(engine)
    at, salt = parse_instant(case["at"]), bytes.fromhex(case["salt"])
    journal = Journal(engine, CentreCode("JN"), clock=lambda: at, randomness=lambda _: salt)
    with journal.work() as work:
        work.record(Fact(**case["fact"]))

    entry = journal.read(0)

    assert entry.value == case["record"]
    assert (entry.record.hex(), entry.digest) == (case["hex"], case["digest"])
    assert (entry.commitment.hex(), entry.leaf.hex()) == (case["commitment"], case["leaf"])
    engine.dispose()
