"""Keys rotate by a vote: the registry's count beside the configured ones, each in its window."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chain_gateway.checkpoints import CentreEntry, PreviousKeys
from chain_gateway.witness.known_keys import FRESH, KnownKeys
from records.errors import UnavailableError
from tests.integration.ledger.consortium import DL, JN, XA, founder, vkey, witness_vkey

NOW = datetime(2026, 11, 25, tzinfo=UTC)
NEW_LOG, NEW_WITNESS = vkey(DL), witness_vkey(DL)
"""Any keys but those that are configured."""


class Registry:
    """Answers as set, and counts how often it was asked."""

    def __init__(self, *centres: CentreEntry) -> None:
        self.centres = centres
        self.silent = False
        self.asked = 0
        self.now = NOW

    def read(self) -> Sequence[CentreEntry]:
        self.asked += 1
        if self.silent:
            raise UnavailableError("chain-unreachable")
        return self.centres

    def keys(self) -> KnownKeys:
        return KnownKeys(
            log_keys={XA: vkey(XA), DL: ""},
            witness_keys={XA: witness_vkey(XA)},
            centres=self.read,
            clock=lambda: self.now,
        )


def rotated(**changes: object) -> CentreEntry:
    """Xi'an after a rotation that began yesterday; the earlier keys are good for one more hour."""
    old = founder(XA)
    previous = PreviousKeys(
        log_account=old.log_account,
        witness_account=old.witness_account,
        verifier_key=old.verifier_key,
        witness_key=old.witness_key,
        valid_from=old.valid_from,
        valid_until=NOW + timedelta(hours=1),
    )
    entry = replace(
        old,
        verifier_key=NEW_LOG,
        witness_key=NEW_WITNESS,
        valid_from=NOW - timedelta(days=1),
        valid_until=NOW + timedelta(days=365),
        previous=previous,
    )
    return replace(entry, **changes)  # type: ignore[arg-type] # fields by name


def test_a_key_that_was_voted_in_counts_beside_the_configured_one() -> None:
    keys = Registry(founder(JN), rotated()).keys()

    assert keys.of_log("xa.tongping") == [vkey(XA), NEW_LOG]
    assert keys.of_witness(XA) == [witness_vkey(XA), NEW_WITNESS]


def test_only_who_is_configured_is_followed_or_taken() -> None:
    keys = Registry(founder(JN), rotated(), founder(DL)).keys()

    assert keys.of_log("dl.tongping") == keys.of_log("jn.tongping") == []
    assert keys.of_witness(DL) == keys.of_witness(JN) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_from": NOW + timedelta(seconds=1)},
        {"valid_until": NOW},
        {"member": False},
        {"verifier_key": "xa.tongping+00000000+AAAA", "witness_key": ""},
    ],
    ids=["not yet", "no longer", "removed", "no key at all"],
)
def test_a_key_out_of_its_window_of_no_member_or_that_is_none_does_not_count(changes: dict[str, object]) -> None:
    keys = Registry(rotated(**changes)).keys()

    assert (keys.of_log("xa.tongping"), keys.of_witness(XA)) == ([vkey(XA)], [witness_vkey(XA)])


def test_a_silent_registry_leaves_what_it_said_last() -> None:
    registry = Registry(rotated())
    keys = registry.keys()
    keys.of_log("xa.tongping")

    registry.silent, registry.now = True, NOW + FRESH

    assert keys.of_log("xa.tongping") == [vkey(XA), NEW_LOG]
    assert Registry.keys(_silent()).of_log("xa.tongping") == [vkey(XA)]


def _silent() -> Registry:
    registry = Registry(rotated())
    registry.silent = True
    return registry


def test_the_registry_is_not_asked_at_every_look() -> None:
    registry = Registry(rotated())
    keys = registry.keys()
    for seconds in (0, 1, 59):
        registry.now = NOW + timedelta(seconds=seconds)
        keys.of_log("xa.tongping")
    assert registry.asked == 1

    registry.now = NOW - FRESH  # a clock that went back

    assert keys.of_witness(XA) == [witness_vkey(XA), NEW_WITNESS]
    assert registry.asked == 2
