"""Room entries: golden bytes, hashes and signatures, and everything that is no entry."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from records import room_entry
from records.canonical import decode, encode
from records.errors import EvidenceMismatchError, InvalidRecordError
from records.ids import b64u, unb64u
from records.room_entry import RoomEntry, SignedEntry

VECTORS = Path(__file__).parents[2] / "vectors"
GOLDEN: dict[str, Any] = json.loads((VECTORS / "room_entry.json").read_text("utf-8"))  # Any: values of several shapes
KEY = ec.derive_private_key(int(GOLDEN["private_key"], 16), ec.SECP256R1())
FIRST = RoomEntry(**GOLDEN["entries"][0]["entry"])


@pytest.mark.parametrize("case", GOLDEN["entries"], ids=lambda case: case["entry"]["kind"])
def test_an_entry_has_exactly_these_bytes_and_this_hash(case: dict[str, Any]) -> None:
    entry = RoomEntry(**case["entry"])
    assert entry.encode().hex() == case["hex"]
    assert entry.hash == case["hash"]
    assert decode(entry.encode()) == case["entry"]


@pytest.mark.parametrize("case", GOLDEN["entries"], ids=lambda case: case["entry"]["kind"])
def test_a_golden_signature_holds_and_travels(case: dict[str, Any]) -> None:
    wire = {"entry": case["entry"], "signature": case["signature"]}
    signed = SignedEntry.from_wire(wire)
    signed.verify(GOLDEN["public_key"])
    assert signed.to_wire() == wire
    assert SignedEntry.from_wire(decode(encode(signed.to_wire()))) == signed


def test_the_golden_entries_are_one_chain() -> None:
    entries = [RoomEntry(**case["entry"]) for case in GOLDEN["entries"]]
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]


def test_what_is_signed_here_verifies_here() -> None:
    signed = room_entry.sign(FIRST, KEY)
    assert len(signed.signature) == 64
    assert room_entry.public_point(KEY.public_key()) == GOLDEN["public_key"]
    signed.verify(GOLDEN["public_key"])


@pytest.mark.parametrize("case", GOLDEN["bad_signatures"], ids=lambda case: case["name"])
def test_a_signature_that_does_not_hold_is_a_mismatch(case: dict[str, Any]) -> None:
    with pytest.raises(EvidenceMismatchError) as caught:
        SignedEntry.from_wire(case["wire"]).verify(case["public_key"])
    assert caught.value.code == "bad-signature"


@pytest.mark.parametrize("case", GOLDEN["refuses"], ids=lambda case: case["name"])
def test_what_is_no_entry_is_refused_with_its_code(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        SignedEntry.from_wire(case["wire"])
    assert caught.value.code == case["code"]


@pytest.mark.parametrize("junk", [None, 1, "x", [], {}, {"entry": None}, {"entry": {}, "signature": ""}, object()])
def test_junk_is_refused_and_never_crashes(junk: Any) -> None:
    with pytest.raises(InvalidRecordError):
        SignedEntry.from_wire(junk)


@pytest.mark.parametrize("junk", [None, 1, 1.5, True, [], {}, b"x"])
@pytest.mark.parametrize("key", sorted(GOLDEN["entries"][0]["entry"]))
def test_junk_in_any_member_is_refused(key: str, junk: Any) -> None:
    if (key, junk) in (("body", {}), ("seq", True)):
        junk = None
    case = GOLDEN["entries"][0]
    with pytest.raises(InvalidRecordError):
        SignedEntry.from_wire({"entry": {**case["entry"], key: junk}, "signature": case["signature"]})


def test_an_entry_may_be_as_large_as_a_message_and_no_larger() -> None:
    room = room_entry.MAX_SIZE - len(replace(FIRST, body={"reason": ""}).encode())
    assert len(replace(FIRST, body={"reason": "x" * room}).encode()) == room_entry.MAX_SIZE
    with pytest.raises(InvalidRecordError) as caught:
        replace(FIRST, body={"reason": "x" * (room + 1)}).encode()
    assert caught.value.code == "entry-too-large"


@pytest.mark.parametrize(
    "point",
    [
        b64u(unb64u(GOLDEN["public_key"])[:-1]),
        b64u(b"\x02" + unb64u(GOLDEN["public_key"])[1:33]),
        b64u(b"\x04" + bytes(64)),
        b64u(b"\x04" + b"\xff" * 64),
        "",
        "AA==",
        None,
        7,
    ],
)
def test_a_key_that_is_no_uncompressed_point_of_the_curve_is_refused(point: object) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        room_entry.load_point(point)
    assert caught.value.code in {"bad-public-key", "bad-base64url"}


def test_the_signature_leaves_nothing_of_the_entry_free() -> None:
    signed = SignedEntry.from_wire({key: GOLDEN["entries"][1][key] for key in ("entry", "signature")})
    others: dict[str, Any] = {
        "session": "E3701000076012345001-2",
        "author": "seat:JN-2",
        "seq": 3,
        "previous": signed.entry.hash,
        "at": "2026-11-23T06:02:22.124Z",
        "stage": "PRICE",
        "kind": "score-entere",
        "body": {},
    }
    for name, value in others.items():
        changed = replace(signed, entry=replace(signed.entry, **{name: value}))
        with pytest.raises(EvidenceMismatchError):
            changed.verify(GOLDEN["public_key"])
