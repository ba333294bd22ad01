"""The gateway's rows that are in no record yet, column by column, and records of displacing by the log they name."""

from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from node.audit import gateway
from node.audit.gateway import Anchorings
from records import canonical, facts
from records.canonical import Value
from records.log.checkpoint import Checkpoint, sign_note, verifier_key

OWN, OTHER = "jn.tongping", "xa.tongping"
SIZE, ROOT = 5, b"\x02" * 32
LOG_KEY = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)
KEYS = {origin: (verifier_key(origin, LOG_KEY.public_key()),) for origin in (OWN, OTHER)}
CHAIN: dict[str, Value] = {"chain_id": 1337, "contract": "0x01"}
PLACE: dict[str, Value] = {"size": SIZE, "transaction": "0xaa", "block": 9}


def note_of(origin: str) -> str:
    return sign_note(Checkpoint(origin=origin, size=SIZE, root=ROOT), name=origin, key=LOG_KEY)


ON_ITS_WAY = {
    "size": SIZE,
    "origin": OWN,
    "root": ROOT,
    "note": note_of(OWN),
    "signed_hash": "",
    "signed_raw": b"",
    **gateway.UNANSWERED,
}
SEEN = {"origin": OTHER, "size": SIZE, "root": ROOT, "note": note_of(OTHER), "line": "", **gateway.UNCOSIGNED}


def other(value: object) -> object:
    if isinstance(value, int):
        return value + 1
    return b"\x03" * 32 if isinstance(value, bytes) else f"{value}x"


def said(*records: tuple[str, Mapping[str, Value]]) -> Anchorings:
    told = Anchorings()
    for index, (kind, body) in enumerate(records):
        told.derives[kind](index, canonical.encode({"body": dict(body)}), bytes(32))
    return told


def own(row: Mapping[str, Any], told: Anchorings) -> list[tuple[str, int | None]]:
    found = gateway.checkpoints([dict(row)], told, origin=OWN, keys=KEYS[OWN], root={SIZE: ROOT}.get)
    return [(one.field, one.index) for one in found]


def others(row: Mapping[str, Any], told: Anchorings) -> list[tuple[str, int | None]]:
    return [(one.field, one.index) for one in gateway.witnessed([dict(row)], told, keys=KEYS, own=())]


def test_rows_that_no_record_tells_yet_are_sound() -> None:
    assert own(ON_ITS_WAY, said()) == []
    assert others(SEEN, said()) == []


@pytest.mark.parametrize("column", sorted({*ON_ITS_WAY} - {"size"}))
def test_no_column_of_a_checkpoint_on_its_way_changes_unseen(column: str) -> None:
    told = {"signed_raw": "signed_hash"}.get(column, column)

    assert (told, None) in own({**ON_ITS_WAY, column: other(ON_ITS_WAY[column])}, said())


@pytest.mark.parametrize("column", sorted({*SEEN} - {"line"}))
def test_no_column_of_a_checkpoint_that_was_seen_changes_unseen(column: str) -> None:
    assert (column, None) in others({**SEEN, column: other(SEEN[column])}, said())


def test_a_cosignature_that_the_chain_gave_up_is_not_missed_and_the_own_anchoring_of_that_size_still_is() -> None:
    anchored: dict[str, Value] = {**PLACE, **CHAIN, "origin": OWN, "root": f"sha256:{ROOT.hex()}"}
    cosigned: dict[str, Value] = {**anchored, "origin": OTHER}
    told = said(
        (facts.CHECKPOINT_ANCHORED, anchored),
        (facts.CHECKPOINT_COSIGNED, cosigned),
        (facts.CHECKPOINT_DISPLACED, {**PLACE, "origin": OTHER}),
    )

    assert others(SEEN, told) == []
    assert ("transaction", 0) in own(ON_ITS_WAY, told)


def test_an_anchoring_that_the_chain_gave_up_is_not_missed_and_a_cosignature_of_that_size_still_is() -> None:
    cosigned: dict[str, Value] = {**PLACE, **CHAIN, "origin": OTHER, "root": f"sha256:{ROOT.hex()}"}
    anchored: dict[str, Value] = {**cosigned, "origin": OWN}
    told = said(
        (facts.CHECKPOINT_ANCHORED, anchored),
        (facts.CHECKPOINT_COSIGNED, cosigned),
        (facts.CHECKPOINT_DISPLACED, {**PLACE, "origin": OWN}),
    )

    assert own(ON_ITS_WAY, told) == []
    assert others(SEEN, told) == [("transaction", 1), ("block_number", 1)]
