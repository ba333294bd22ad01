"""A centre opens its ledger by its configuration alone, and never without knowing the chain's first block."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from node.chain.ledger import open_ledger
from node.config import ChainConfig, Config
from records.errors import InvalidRecordError, NotFoundError
from tests.unit.chain_gateway import made_evidence as made
from tests.unit.node.one_centre import centre_config

CHAIN = ChainConfig(rpc="http://127.0.0.1:1", anchor=made.ANCHOR, registry="0x" + "b2" * 20)


def configured(directory: Path, chain: ChainConfig = CHAIN, *, trust: Path | None = None) -> Config:
    return replace(centre_config(directory), chain=chain, trust=trust)


def test_a_centre_without_a_chain_has_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="chain-not-configured"):
        open_ledger(configured(tmp_path, ChainConfig()))


def test_a_chain_whose_first_block_nobody_named_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(InvalidRecordError) as refused:
        open_ledger(configured(tmp_path))
    assert str(refused.value) == "empty-field: field=chain.genesis"


def test_the_configured_first_block_is_the_one_that_counts(tmp_path: Path) -> None:
    ledger = open_ledger(configured(tmp_path, replace(CHAIN, genesis="0x" + "AB" * 32)))
    assert ledger.genesis == "0x" + "ab" * 32


def test_without_one_the_trust_file_names_it(tmp_path: Path) -> None:
    trust = tmp_path / "trust.json"
    trust.write_text(json.dumps(made.trust_value()), encoding="utf-8")
    assert open_ledger(configured(tmp_path, trust=trust)).genesis == "0x" + "00" * 32
