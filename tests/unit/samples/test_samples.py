"""The sample tenders are complete, lawful in form and made from the facts in generate.py, byte for byte."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from records.ids import check_uscc
from samples import generate

SAMPLES = Path(__file__).parent.parent.parent.parent / "samples"
TENDERS = sorted(generate.TENDERS)


def _tender(name: str) -> Any:  # Any: JSON, looked at key by key
    return json.loads((SAMPLES / name / "tender.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TENDERS)
def test_every_bidder_has_a_valid_credit_code_and_its_documents(name: str) -> None:
    for bidder in _tender(name)["bidders"]:
        assert check_uscc(bidder["uscc"]) == bidder["uscc"]
        for document in bidder["documents"]:
            data = (SAMPLES / name / document["file"]).read_bytes()
            assert data.startswith(b"%PDF-")
            assert document["sha256"] == "sha256:" + hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", TENDERS)
def test_items_and_price_add_up_to_a_hundred_points(name: str) -> None:
    tender = _tender(name)
    weights = {section["id"]: section["weight"] for section in tender["method"].get("sections", [])}
    maxima = {key: sum(i["maximum"] for i in tender["items"] if i["section"] == key) for key in weights}

    assert maxima == weights
    if weights:  # a method of evaluated prices gives no points
        assert sum(weights.values()) + tender["method"]["price"]["weight"] == 10_000


def test_the_public_facts_of_the_practice_are_those_published() -> None:
    tender = _tender("jinan-10kv")

    assert tender["control_price_fen"] == 9_743_220_000
    assert [bidder["price_fen"] for bidder in tender["bidders"]][1] == 8_758_220_000


@pytest.mark.parametrize("name", TENDERS)
def test_a_bid_is_set_again_to_the_same_bytes(name: str) -> None:
    facts = generate.TENDERS[name]
    bids, items = facts["bids"], facts["items"]
    assert isinstance(bids, tuple)
    assert isinstance(items, list)

    made = generate.bid_pdf(str(facts["title"]), str(facts["tenderer"]), bids[0], items)

    assert made == (SAMPLES / name / "B1.pdf").read_bytes()
