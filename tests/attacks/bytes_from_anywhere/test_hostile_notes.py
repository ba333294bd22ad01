"""A signed note made to stop or mislead its reader is refused, and one with many large signatures is taken."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from records.errors import InvalidRecordError
from records.log.checkpoint import Checkpoint, open_note, parse_verifier_key, sign_note, verifier_key
from records.log.cosignature import add_lines, cosignatures, parse_cosigner_key
from records.log.note import b64, parse_line, parse_note

KEY = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
HEAD = Checkpoint(origin="jn.tongping", size=33, root=bytes(range(32)))
NOTE = sign_note(HEAD, name="jn.tongping", key=KEY)
VKEY = verifier_key("jn.tongping", KEY.public_key())


def signed_by_others(sizes: list[int]) -> str:
    """The note with signatures of other kinds, of these sizes, after its own."""
    return NOTE + "".join(f"— w{place}.example {b64(bytes(4 + size))}\n" for place, size in enumerate(sizes))


@pytest.mark.parametrize("size", [0, -1, -4])
def test_a_signature_that_is_none_makes_the_note_malformed(size: int) -> None:
    assert refused(signed_by_others([64, size])) == "malformed-note"


def test_a_signature_of_one_byte_is_a_line_of_another_kind() -> None:
    assert open_note(signed_by_others([1]), [VKEY]) == HEAD


def test_sixteen_signatures_of_the_largest_kind_are_taken() -> None:
    note = signed_by_others([16_384] * 16)

    assert open_note(note, [VKEY]) == HEAD
    assert cosignatures(note, []) == ()
    assert open_note(add_lines(NOTE, note.splitlines()[-16:]), [VKEY]) == HEAD


def test_a_note_of_a_thousand_lines_is_taken_and_of_more_is_not() -> None:
    assert open_note(signed_by_others([64] * 999), [VKEY]) == HEAD
    assert refused(signed_by_others([64] * 1000)) == "malformed-note"


@pytest.mark.parametrize("half", [chr(0xD800), chr(0xDFFF)])
@pytest.mark.parametrize("place", ["jn", "33", "— jn", "\n\n"])
def test_half_a_character_anywhere_makes_the_note_malformed(place: str, half: str) -> None:
    assert refused(NOTE.replace(place, place + half)) == "malformed-note"


@pytest.mark.parametrize("line", ["— a\ud800b AAAAAAA=", "— a AAAAAAA=\udfff", "— a\x01 AAAAAAA=", "— a AAAAAA=="])
def test_a_line_that_no_note_holds_is_not_added(line: str) -> None:
    with pytest.raises(InvalidRecordError, match="malformed-note"):
        parse_line(line)


@pytest.mark.parametrize("text", ["\ud800+00000000+AQ==", "", "+", "a\ud800+" + VKEY.partition("+")[2], "a+b+\ud800"])
def test_a_key_whose_name_has_no_bytes_is_no_key(text: str) -> None:
    for read in (parse_verifier_key, parse_cosigner_key):
        with pytest.raises(InvalidRecordError, match="bad-verifier-key"):
            read(text)


def refused(note: str) -> str:
    with pytest.raises(InvalidRecordError) as caught:
        parse_note(note)
    return caught.value.code
