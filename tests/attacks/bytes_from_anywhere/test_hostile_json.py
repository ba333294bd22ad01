"""No JSON, whoever wrote it, ends its reader or takes more memory than a text of its length may."""

import tracemalloc
from collections.abc import Callable

import pytest

from records import canonical, strict_json
from records.errors import InvalidRecordError
from records.strict_fields import read_object
from tests.attacks.bytes_from_anywhere.hostile_json import (
    ALL,
    DEEP,
    DOUBLED,
    FLAT,
    HALF_A_CHARACTER,
    HALF_A_KEY,
    HUGE,
    LONG,
    NAMES,
)

MEMORY = 128 << 20


@pytest.mark.parametrize(
    ("data", "record", "document"),
    [
        (FLAT, "too-many-values", "too-many-values"),
        (DEEP, "too-deep", "too-deep"),
        (HALF_A_CHARACTER, "lone-surrogate", "lone-surrogate"),
        (HALF_A_KEY, "duplicate-key", "lone-surrogate"),
        (HUGE, "float-not-allowed", "malformed-json"),
        (LONG, "integer-too-big", "malformed-json"),
        (DOUBLED, "duplicate-key", "named-twice"),
        (b"\xff\xfe[\x001\x00]\x00", "malformed-json", "malformed-json"),
    ],
    ids=[*NAMES, "utf-16"],
)
def test_hostile_json_is_refused_with_its_code(data: bytes, record: str, document: str) -> None:
    assert (_code(lambda: canonical.decode(data)), _code(lambda: strict_json.read(data))) == (record, document)


@pytest.mark.parametrize("data", ALL, ids=NAMES)
def test_every_document_of_hostile_json_is_refused_in_one_sentence(data: bytes) -> None:
    assert _code(lambda: read_object("trust", data)) == "document-not-json"


@pytest.mark.parametrize("read", [canonical.decode, strict_json.read, strict_json.read_by_hand])
def test_a_text_of_millions_of_values_is_refused_before_one_is_built(read: Callable[[bytes], object]) -> None:
    tracemalloc.start()
    try:
        assert _code(lambda: read(FLAT)) == "too-many-values"
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


def test_marks_inside_a_text_are_no_values() -> None:
    text = b'"' + b"[{," * (1 << 20) + b'"'

    assert canonical.decode(text) == "[{," * (1 << 20)
    assert strict_json.read(b"[" + text + b"]") == ["[{," * (1 << 20)]


def test_a_key_that_comes_twice_among_many_is_found_in_one_pass() -> None:
    many = b",".join(b'"%d":0' % number for number in range(200_000))

    assert _code(lambda: strict_json.read(b"{" + many + b',"199999":1}')) == "named-twice"


def _code(question: Callable[[], object]) -> str:
    with pytest.raises(InvalidRecordError) as caught:
        question()
    str(caught.value).encode()  # whoever prints it must be able to
    return caught.value.code
