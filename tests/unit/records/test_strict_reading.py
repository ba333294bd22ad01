"""The one strict reader: JSON and TOML text as it may be, and objects asked field by field."""

import json
from collections.abc import Callable

import pytest

from records import strict_json, strict_text
from records.errors import InvalidRecordError
from records.strict_fields import Reader, read_object, read_objects

OBJECT = {"name": "甲", "count": 3, "below": -1, "yes": True, "list": ["a"], "part": {"x": 1}, "null": None}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "malformed-json"),
        (b"{", "malformed-json"),
        (b"{} {}", "malformed-json"),
        (b"\xff", "malformed-json"),
        (b"\xef\xbb\xbf{}", "malformed-json"),
        (b"[NaN]", "malformed-json"),
        (b"[-Infinity]", "malformed-json"),
        (b"[" * 100_000, "too-deep"),
        (b"[" + b"9" * 5000 + b"]", "malformed-json"),
        (b"[" * 65 + b"]" * 65, "too-deep"),
        (b'{"a": 1, "a": 1}', "named-twice"),
        (b'{"b": {"a": 1, "\\u0061": 1}}', "named-twice"),
        (b'["\\ud800"]', "lone-surrogate"),
        (b'{"\\udc00": 1}', "lone-surrogate"),
        (b'"' + b"a" * 100 + b'"', "file-too-large"),
    ],
)
def test_what_is_no_strict_json_is_refused_with_its_code(data: bytes, code: str) -> None:
    with pytest.raises(InvalidRecordError) as raised:
        strict_json.read(data, largest=100 if code == "file-too-large" else strict_json.LARGEST)

    assert raised.value.code == code


def test_a_text_in_bounds_is_read_with_its_fractions_and_nulls() -> None:
    value = {"a": [1, 1.5, None, True, "𠮷"], "b": {}}

    assert strict_json.read(json.dumps(value, indent=1).encode()) == value
    assert strict_json.read(b"[" * 64 + b"]" * 64) != []


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_a_person_saved_is_read_with_or_without_its_mark(coding: str) -> None:
    assert strict_json.read_by_hand('{"名": "甲"}'.encode(coding)) == {"名": "甲"}
    assert strict_text.read_toml('名 = "甲"\r\n'.replace("名", '"名"').encode(coding)) == {"名": "甲"}


def test_another_coding_is_refused_unless_it_is_named() -> None:
    data = "甲乙".encode("gb18030")

    assert strict_text.decode(data, otherwise="gb18030") == "甲乙"
    with pytest.raises(InvalidRecordError, match="not-unicode"):
        strict_text.decode(data)


@pytest.mark.parametrize("text", ["a = 1\na = 2", "[a", "a = " + "[" * 100_000, "#" * (strict_text.LARGEST_TOML + 1)])
def test_what_is_no_toml_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(InvalidRecordError) as raised:
        strict_text.read_toml(text)

    assert (raised.value.code, bool(raised.value.values["reason"])) == ("malformed-toml", True)


def test_a_reader_answers_with_the_type_that_is_asked_for() -> None:
    part = Reader("file", OBJECT)

    assert (part.text("name"), part.number("count"), part.integer("below"), part.flag("yes")) == ("甲", 3, -1, True)
    assert (part.texts("list"), part.part("part").number("x"), part.names) == (("a",), 1, list(OBJECT))
    assert (part.text_or("none", "乙"), part.texts_or("none"), part.rows("none"), part.flag("none")) == (
        "乙",
        (),
        (),
        False,
    )


@pytest.mark.parametrize(
    ("ask", "place", "key"),
    [
        (lambda part: part.text("count"), "file", "count"),
        (lambda part: part.text("none"), "file", "none"),
        (lambda part: part.number("below"), "file", "below"),
        (lambda part: part.number("yes"), "file", "yes"),
        (lambda part: part.integer("null"), "file", "null"),
        (lambda part: part.flag("count"), "file", "count"),
        (lambda part: part.texts("name"), "file", "name"),
        (lambda part: part.integers("list"), "file", "list"),
        (lambda part: part.parts("list"), "file", "list"),
        (lambda part: part.part("part").text("x"), "file.part", "x"),
        (lambda part: part.moment("name"), "file", "name"),
        (lambda part: part.only("name"), "file", "count"),
    ],
)
def test_a_reader_refuses_by_document_and_key(ask: Callable[[Reader], object], place: str, key: str) -> None:
    with pytest.raises(InvalidRecordError) as raised:
        ask(Reader("file", OBJECT))

    assert (raised.value.code, raised.value.values) == ("document-invalid", {"document": place, "key": key})


def test_an_entrance_may_refuse_in_its_own_words() -> None:
    def refusal(place: str, key: str, fault: InvalidRecordError) -> InvalidRecordError:
        return InvalidRecordError("card-invalid", key=f"{place}/{key}", fault=fault.code)

    rows = Reader("card", {"rows": [{"a": 1}, {"a": "b"}]}, refusal).parts("rows")

    with pytest.raises(InvalidRecordError) as raised:
        [row.number("a") for row in rows]
    assert raised.value.values == {"key": "card.rows[1]/a", "fault": "wrong-type"}


def test_a_document_is_an_object_or_a_list_of_objects() -> None:
    assert read_object("file", b'{"a": 1}').number("a") == 1
    assert [one.number("a") for one in read_objects("file", b'[{"a": 1}, {"a": 2}]')] == [1, 2]
    with pytest.raises(InvalidRecordError, match="document-not-json"):
        read_object("file", b"[]")
    with pytest.raises(InvalidRecordError, match="document-invalid"):
        read_objects("file", b"{}")
