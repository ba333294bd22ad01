"""Checkpoints as signed notes: our own, the published log's, the format's example, and everything refused."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records.errors import InvalidRecordError, TongpingError
from records.log.checkpoint import Checkpoint, open_note, parse_verifier_key, sign_note, verifier_key

VECTORS = Path(__file__).parents[3] / "vectors"
PUBLISHED = VECTORS / "published"
GOLDEN: dict[str, Any] = json.loads((VECTORS / "checkpoint.json").read_text("utf-8"))  # Any: values of several shapes
KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(GOLDEN["seed"]))


def checkpoint(value: dict[str, str]) -> Checkpoint:
    return Checkpoint(origin=value["origin"], size=int(value["size"]), root=bytes.fromhex(value["root"]))


def test_a_checkpoint_is_signed_as_exactly_this_note() -> None:
    assert sign_note(checkpoint(GOLDEN["checkpoint"]), name=GOLDEN["name"], key=KEY) == GOLDEN["note"]
    assert verifier_key(GOLDEN["name"], KEY.public_key()) == GOLDEN["vkey"]


@pytest.mark.parametrize("case", GOLDEN["opens"], ids=lambda case: case["name"])
def test_a_note_of_a_known_key_opens(case: dict[str, Any]) -> None:
    assert open_note(case["note"], case["vkeys"]) == checkpoint(case["checkpoint"])


@pytest.mark.parametrize("case", GOLDEN["refuses"], ids=lambda case: case["name"])
def test_any_other_note_is_refused_with_its_code(case: dict[str, Any]) -> None:
    with pytest.raises(TongpingError) as caught:
        open_note(case["note"], case["vkeys"])
    assert caught.value.code == case["code"]
    family = "evidence-mismatch" if case["code"].startswith("note-") else "invalid-record"
    assert caught.value.family == family


@pytest.mark.parametrize("size", range(16))
def test_the_published_log_opens_with_its_published_key(size: int) -> None:
    log = json.loads((PUBLISHED / "tlog" / "vkey.json").read_text("utf-8"))
    found = open_note((PUBLISHED / "tlog" / f"checkpoint.{size}").read_text("utf-8"), [log["vkey"]])
    assert (found.origin, found.size) == (log["origin"], size)


def test_the_example_of_the_format_verifies() -> None:
    example = json.loads((PUBLISHED / "c2sp" / "signed-note-example.json").read_text("utf-8"))
    key = parse_verifier_key(example["vkey"])
    text, _, line = example["note"].rpartition("\n\n")
    signature = base64.b64decode(line.split(" ")[2])
    assert str(key) == example["vkey"]
    assert signature[:4] == key.id
    assert key.verify(signature[4:], text + "\n")
    assert not key.verify(signature[4:], text)


def test_a_changed_byte_anywhere_is_noticed() -> None:
    note = GOLDEN["note"]
    for place in range(len(note)):
        changed = note[:place] + chr(ord(note[place]) ^ 1) + note[place + 1 :]
        with pytest.raises(TongpingError):
            open_note(changed, [GOLDEN["vkey"]])


def test_an_endless_note_is_refused_before_it_is_read() -> None:
    with pytest.raises(InvalidRecordError) as caught:
        open_note(GOLDEN["note"] + GOLDEN["note"].splitlines()[-1] * 1000 + "\n", [GOLDEN["vkey"]])
    assert caught.value.code == "malformed-note"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b"])
def test_a_key_name_with_space_or_plus_is_refused(name: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        sign_note(checkpoint(GOLDEN["checkpoint"]), name=name, key=KEY)
    assert caught.value.code == "bad-verifier-key"


@pytest.mark.parametrize("origin", ["", "two\nlines", "a\0b"])
def test_an_origin_of_more_than_a_line_is_refused(origin: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        Checkpoint(origin=origin, size=0, root=bytes(32))
    assert caught.value.code == "bad-origin"
