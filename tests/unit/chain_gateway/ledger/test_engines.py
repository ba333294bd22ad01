"""The profiles of the engines, and what each of them holds."""

import pytest

from chain_gateway.ledger.engines import PROFILES, profile
from records.errors import InvalidRecordError

GWEI = 10**9


def test_the_engines_are_those_of_the_handbook() -> None:
    assert list(PROFILES) == ["ganache", "hardhat", "anvil", "geth-clique", "besu-qbft", "quorum-legacy"]


def test_an_unknown_engine_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidRecordError, match="unknown-engine: engine=fabric known=ganache, hardhat"):
        profile("fabric")


def test_clique_is_paid_more_than_its_sealer_asks_and_waited_for() -> None:
    clique = profile("geth-clique")
    assert clique.gas_price > 2 * GWEI
    assert 2 <= clique.confirmations <= 3
    assert clique.replaceable > clique.confirmations


@pytest.mark.parametrize("name", ["ganache", "hardhat", "anvil", "besu-qbft"])
def test_what_counts_on_an_engine_that_never_reorganises_is_final(name: str) -> None:
    assert (profile(name).confirmations, profile(name).replaceable) == (0, 0)


@pytest.mark.parametrize("name", ["besu-qbft", "quorum-legacy"])
def test_gas_costs_nothing_where_the_consortium_permits_its_accounts(name: str) -> None:
    assert profile(name).gas_price == 0


@pytest.mark.parametrize("name", PROFILES)
def test_every_engine_is_asked_in_windows_and_waited_for(name: str) -> None:
    found = profile(name)
    assert found.log_window >= 1
    assert found.receipt_seconds > found.poll_seconds > 0
