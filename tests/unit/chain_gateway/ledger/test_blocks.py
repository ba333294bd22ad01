"""The recomputed header hash and receipts root are those of a real chain."""

import json
from pathlib import Path

import pytest

from chain_gateway.ledger import blocks
from records.errors import InvalidRecordError
from records.strict_fields import Reader

VECTORS = json.loads((Path(__file__).parents[3] / "vectors" / "chain_block.json").read_text())


@pytest.mark.parametrize("name", ["transfers", "logs"])
def test_the_header_hash_is_the_one_the_chain_gave(name: str) -> None:
    block = VECTORS[name]["block"]

    assert "0x" + blocks.header_hash(Reader("block", block)).hex() == block["hash"]


def test_the_receipts_root_of_plain_and_typed_transactions_is_the_one_in_the_header() -> None:
    vector = VECTORS["logs"]
    receipts = [Reader("receipt", receipt) for receipt in vector["receipts"]]

    assert "0x" + blocks.receipts_root(receipts).hex() == vector["block"]["receiptsRoot"]


def test_the_receipts_root_of_more_receipts_than_one_byte_counts_is_the_one_in_the_header() -> None:
    vector = VECTORS["transfers"]
    receipts = [
        Reader(
            "receipt",
            {
                "status": "0x1",
                "cumulativeGasUsed": hex(21000 * (place + 1)),
                "logsBloom": "0x" + "00" * 256,
                "logs": [],
            },
        )
        for place in range(vector["count"])
    ]

    assert "0x" + blocks.receipts_root(receipts).hex() == vector["block"]["receiptsRoot"]


def test_a_block_without_receipts_has_the_root_of_the_empty_trie() -> None:
    empty = "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"

    assert blocks.receipts_root([]).hex() == empty


@pytest.mark.parametrize("spoiled", ["", "12", "0x", "0xzz", 5])
def test_a_malformed_number_is_refused_by_the_name_of_its_field(spoiled: object) -> None:
    block = {**VECTORS["logs"]["block"], "number": spoiled}

    with pytest.raises(InvalidRecordError) as refused:
        blocks.header_hash(Reader("block", block))

    assert refused.value.values == {"document": "block", "key": "number"}
