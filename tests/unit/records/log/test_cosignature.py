"""Cosignatures: our own vectors, the format's published example, and everything refused."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records.errors import InvalidRecordError, TongpingError
from records.log import cosignature
from records.log.checkpoint import open_note, parse_verifier_key
from records.log.cosignature import Cosignature, add_lines, cosign, cosignatures, cosigned_message, cosigner_key
from records.log.note import parse_note

VECTORS = Path(__file__).parents[3] / "vectors"
GOLDEN: dict[str, Any] = json.loads((VECTORS / "cosignature.json").read_text("utf-8"))  # Any: values of several shapes
LOG_KEY: str = json.loads((VECTORS / "checkpoint.json").read_text("utf-8"))["vkey"]
EXAMPLE = json.loads((VECTORS / "published" / "c2sp" / "cosignature-example.json").read_text("utf-8"))
KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(GOLDEN["seed"]))
AT = datetime.fromtimestamp(int(GOLDEN["time"]), UTC)


def test_a_checkpoint_is_cosigned_by_exactly_this_line() -> None:
    line = cosign(GOLDEN["note"], name=GOLDEN["name"], key=KEY, at=AT)

    assert line == GOLDEN["line"]
    assert add_lines(GOLDEN["note"], [line]) == GOLDEN["cosigned"]
    assert cosigner_key(GOLDEN["name"], KEY.public_key()) == GOLDEN["vkey"]


def test_what_is_signed_is_the_time_and_the_whole_text() -> None:
    assert cosigned_message(parse_note(GOLDEN["note"]).text, int(GOLDEN["time"])).decode() == GOLDEN["message"]


def test_the_published_example_has_the_message_that_the_format_says() -> None:
    note = parse_note(EXAMPLE["note"])
    line = next(line for line in note.lines if line.name == EXAMPLE["cosigner"])

    assert cosigned_message(note.text, int.from_bytes(line.signature[:8], "big")).decode() == EXAMPLE["message"]
    assert (int.from_bytes(line.signature[:8], "big"), len(line.signature)) == (int(EXAMPLE["time"]), 72)
    assert str(note) == EXAMPLE["note"]


@pytest.mark.parametrize("case", GOLDEN["opens"], ids=lambda case: case["name"])
def test_the_lines_of_known_cosigners_are_read_and_others_ignored(case: dict[str, Any]) -> None:
    expected = [Cosignature(key=one["key"], time=int(one["time"]), line=one["line"]) for one in case["cosignatures"]]

    assert list(cosignatures(case["note"], case["vkeys"])) == expected


@pytest.mark.parametrize("case", GOLDEN["refuses"], ids=lambda case: case["name"])
def test_any_other_line_of_a_known_cosigner_is_refused_with_its_code(case: dict[str, Any]) -> None:
    with pytest.raises(TongpingError) as caught:
        cosignatures(case["note"], case["vkeys"])
    assert caught.value.code == case["code"]


def test_a_cosigned_note_still_opens_with_the_key_of_its_log() -> None:
    assert open_note(GOLDEN["cosigned"], [LOG_KEY]) == open_note(GOLDEN["note"], [LOG_KEY])


def test_a_line_is_added_once_and_a_later_one_of_the_same_key_not_at_all() -> None:
    later = cosign(GOLDEN["note"], name=GOLDEN["name"], key=KEY, at=datetime(2030, 1, 1, tzinfo=UTC))

    assert add_lines(GOLDEN["cosigned"], [GOLDEN["line"], later]) == GOLDEN["cosigned"]
    assert add_lines(GOLDEN["note"], [GOLDEN["line"], GOLDEN["line"]]) == GOLDEN["cosigned"]
    assert add_lines(GOLDEN["note"], []) == GOLDEN["note"]


@pytest.mark.parametrize("line", ["", "— a b", "— a+b AAAA", GOLDEN["line"] + "\n", "— a AAAAAA==", "- a AAAAAAA="])
def test_what_is_no_line_is_never_added(line: str) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        add_lines(GOLDEN["note"], [line])
    assert caught.value.code == "malformed-note"


def test_a_note_that_would_grow_too_long_takes_no_more_lines() -> None:
    lines = [cosign(GOLDEN["note"], name=f"w{n}.example", key=KEY, at=AT) for n in range(1001)]

    with pytest.raises(InvalidRecordError) as caught:
        add_lines(GOLDEN["note"], lines)
    assert caught.value.code == "malformed-note"


def test_a_time_before_1970_cannot_be_said() -> None:
    with pytest.raises(InvalidRecordError) as caught:
        cosign(GOLDEN["note"], name=GOLDEN["name"], key=KEY, at=datetime(1969, 1, 1, tzinfo=UTC))
    assert caught.value.code == "cosignature-malformed"


def test_a_cosigner_key_is_never_taken_for_the_key_of_a_log() -> None:
    with pytest.raises(InvalidRecordError):
        parse_verifier_key(GOLDEN["vkey"])
    assert str(cosignature.parse_cosigner_key(GOLDEN["vkey"])) == GOLDEN["vkey"]


def test_a_changed_byte_of_the_cosigned_text_or_line_is_noticed() -> None:
    note, others = GOLDEN["cosigned"], GOLDEN["note"].rindex("\n\n") + 2
    line = note.index(GOLDEN["line"])
    for place in [*range(others - 1), *range(line + len("— ") + len(GOLDEN["name"]) + 1, len(note) - 1)]:
        changed = note[:place] + chr(ord(note[place]) ^ 1) + note[place + 1 :]
        try:
            assert cosignatures(changed, [GOLDEN["vkey"]]) == ()  # another key's id: a line of somebody unknown
        except TongpingError:
            continue
