"""Notes, entries and text forms from any source: written values are read back, junk is refused by our error."""

from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from records import ids
from records.errors import InvalidRecordError, TongpingError
from records.log.checkpoint import Checkpoint, open_note, parse_verifier_key, sign_note, verifier_key
from records.room_entry import SignedEntry

CALM = settings(deadline=None)  # a slow machine is not a fault
MEMBERS = st.sampled_from(["entry", "signature", "seq"])
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VKEY = verifier_key("jn.tongping", KEY.public_key())
READERS = [
    ids.parse_centre,
    ids.parse_project,
    ids.parse_session,
    ids.parse_seat,
    ids.parse_person,
    ids.parse_author,
    ids.parse_digest,
    ids.parse_instant,
    ids.unb64u,
    ids.check_uscc,
]


@CALM
@given(st.integers(0, 2**64 - 1), st.binary(min_size=32, max_size=32))
def test_a_signed_checkpoint_opens_as_itself(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin="jn.tongping", size=size, root=root)
    assert open_note(sign_note(checkpoint, name="jn.tongping", key=KEY), [VKEY]) == checkpoint


@CALM
@given(st.text())
def test_text_that_nobody_signed_never_opens(text: str) -> None:
    for note in (text, text + "\n\n— jn.tongping AAAA\n", f"{text}\n1\nAA==\n\n{text}"):
        try:
            open_note(note, [VKEY])
        except TongpingError:
            continue
        raise AssertionError(note)


@CALM
@given(st.text())
def test_text_is_a_verifier_key_or_refused(text: str) -> None:
    for key in (text, f"{text}+00000000+{text}", VKEY + text):
        try:
            assert str(parse_verifier_key(key)) == key
        except InvalidRecordError:
            continue


@CALM
@given(st.sampled_from(READERS), st.one_of(st.text(), st.none(), st.integers(), st.binary()))
def test_a_reader_takes_its_form_or_refuses(read: Any, text: Any) -> None:
    try:
        read(text)
    except InvalidRecordError:
        return
    assert isinstance(text, str)


@CALM
@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_comes_back_to_the_millisecond(moment: datetime) -> None:
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert ids.parse_instant(ids.instant(moment)) == whole


@CALM
@given(st.binary())
def test_binary_comes_back(data: bytes) -> None:
    assert ids.unb64u(ids.b64u(data)) == data


@CALM
@given(st.text("AB_-=+/Q", max_size=12))
def test_binary_has_one_spelling(text: str) -> None:
    try:
        assert ids.b64u(ids.unb64u(text)) == text
    except InvalidRecordError:
        return


@CALM
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
        lambda inner: st.one_of(st.lists(inner), st.dictionaries(MEMBERS, inner)),
    )
)
def test_no_junk_is_an_entry(junk: Any) -> None:
    try:
        SignedEntry.from_wire(junk)
    except InvalidRecordError:
        return
    raise AssertionError(junk)
