"""Over the whole subset: one byte form, equal to RFC 8785's reference writer, and nothing else is read."""

import json
import unicodedata
from collections.abc import Callable
from typing import Any

import rfc8785
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from records.canonical import MAX_DEPTH, MAX_INTEGER, Value, decode, decode_all, encode
from records.errors import InvalidRecordError

CALM = settings(deadline=None)  # a slow machine is not a fault
TEXT = st.text().map(lambda text: unicodedata.normalize("NFC", text))
KEYS = st.text(st.characters(max_codepoint=0x7F))
PLAIN: st.SearchStrategy[Value] = st.one_of(st.booleans(), st.integers(-MAX_INTEGER, MAX_INTEGER), TEXT)
VALUES: st.SearchStrategy[Value] = st.recursive(
    PLAIN,
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(KEYS, inner)),
    max_leaves=40,
)
JSON: st.SearchStrategy[Any] = st.recursive(  # Any: every value JSON has, inside the subset or not
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters())),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=20,
)


@CALM
@given(VALUES)
@example("".join(map(chr, range(0xA0))))
@example("\u2028\u2029\ufeff\uffff\U0010ffff</script>")
def test_the_fast_writer_writes_the_bytes_of_rfc_8785(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)


@CALM
@given(VALUES)
def test_what_is_written_is_read_back(value: Value) -> None:
    assert decode(encode(value)) == value


@CALM
@given(st.lists(st.one_of(VALUES.map(encode), st.binary(max_size=8), st.sampled_from([b"{ }", b"1.5", b"[1", b"2]"]))))
def test_many_texts_are_read_as_each_alone(many: list[bytes]) -> None:
    assert outcome(decode_all, many) == outcome(lambda texts: [decode(text) for text in texts], many)


def outcome(read: Callable[[list[bytes]], list[Value]], many: list[bytes]) -> list[Value] | str:
    try:
        return read(many)
    except InvalidRecordError as error:
        return str(error)


@CALM
@given(st.dictionaries(KEYS, PLAIN, min_size=2), st.randoms())
def test_the_order_of_building_does_not_matter(value: dict[str, Value], random: Any) -> None:
    keys = list(value)
    random.shuffle(keys)
    assert encode({key: value[key] for key in keys}) == encode(value)


@CALM
@given(JSON)
def test_a_value_is_written_and_read_back_or_refused_by_our_own_error(value: Any) -> None:
    try:
        data = encode(value)
    except InvalidRecordError:
        return
    assert decode(data) == value


@CALM
@given(value=JSON, ascii_only=st.booleans())
def test_bytes_of_any_json_writer_are_canonical_or_refused(value: Any, *, ascii_only: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        read = decode(data)
    except InvalidRecordError:
        return
    assert encode(read) == data


@CALM
@given(st.binary())
def test_no_bytes_raise_anything_but_our_own_error(data: bytes) -> None:
    try:
        read = decode(data)
    except InvalidRecordError:
        return
    assert encode(read) == data


@CALM
@given(VALUES, st.data())
def test_one_changed_byte_gives_another_value_or_is_refused(value: Value, data: st.DataObject) -> None:
    whole = encode(value)
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255))
    assume(other != whole[place])
    changed = whole[:place] + bytes([other]) + whole[place + 1 :]
    try:
        read = decode(changed)
    except InvalidRecordError:
        return
    assert encode(read) == changed != whole


@CALM
@given(st.integers(0, 200), st.integers(0, 200))
def test_depth_alone_decides_too_deep(arrays: int, objects: int) -> None:
    data = b"[" * arrays + b'{"":' * objects + b"0" + b"}" * objects + b"]" * arrays
    try:
        decode(data)
        code = ""
    except InvalidRecordError as error:
        code = error.code
    assert code == ("too-deep" if arrays + objects > MAX_DEPTH else "")


@CALM
@given(st.integers())
def test_integers_are_written_up_to_their_bound_and_no_further(number: int) -> None:
    try:
        written = encode(number).decode()
    except InvalidRecordError as error:
        written = error.code
    assert written == (str(number) if abs(number) <= MAX_INTEGER else "integer-too-big")
