"""Canonical bytes against the golden vectors and the published ones of RFC 8785."""

import json
from collections import OrderedDict
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from records.canonical import MAX_DEPTH, decode, encode
from records.errors import InvalidRecordError

VECTORS = Path(__file__).parents[2] / "vectors"
CASES: dict[str, list[dict[str, Any]]] = json.loads((VECTORS / "canonical.json").read_text("utf-8"))  # Any: any JSON
JCS = VECTORS / "published" / "jcs"


def names(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", CASES["encode"], ids=names)
def test_a_value_has_exactly_these_bytes(case: dict[str, Any]) -> None:
    assert encode(case["value"]).hex() == case["hex"]


@pytest.mark.parametrize("case", CASES["encode"], ids=names)
def test_the_bytes_give_the_value_back(case: dict[str, Any]) -> None:
    assert decode(bytes.fromhex(case["hex"])) == case["value"]


@pytest.mark.parametrize("case", CASES["decode_refuses"], ids=names)
def test_other_bytes_are_refused_with_their_code(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        decode(bytes.fromhex(case["hex"]))
    assert caught.value.code == case["code"]


@pytest.mark.parametrize("case", CASES["encode_refuses"], ids=names)
def test_values_outside_the_subset_are_refused_with_their_code(case: dict[str, Any]) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        encode(case["value"])
    assert caught.value.code == case["code"]


class Word(StrEnum):
    A = "a"


class Number(int):
    pass


@pytest.mark.parametrize(
    "value",
    [b"bytes", bytearray(b"x"), Word.A, Number(1), OrderedDict(a=1), {1, 2}, object(), {1: 1}, {Word.A: 1}, 1j],
    ids=lambda value: type(value).__name__,
)
def test_a_type_beside_the_subset_is_refused_even_when_it_looks_alike(value: Any) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        encode([value])
    assert caught.value.code == "wrong-type"


def test_a_tuple_is_written_as_the_array_it_is_read_back_as() -> None:
    assert decode(encode({"bidders": ("B1", "B2")})) == {"bidders": ["B1", "B2"]}


def test_true_and_one_stay_apart() -> None:
    assert encode([True, 1, False, 0]) == b"[true,1,false,0]"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1.0, -0.0])
def test_no_float_is_ever_written(value: Any) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        encode({"points": value})
    assert caught.value.code == "float-not-allowed"


def test_a_value_inside_itself_is_too_deep_and_not_a_crash() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(InvalidRecordError) as caught:
        encode(value)
    assert caught.value.code == "too-deep"


@pytest.mark.parametrize("data", ["{}", None, bytearray(b"{}"), memoryview(b"{}")])
def test_only_bytes_are_read(data: Any) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        decode(data)
    assert caught.value.code == "wrong-type"


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":[', b'"\\"[', b"[1,"])
def test_however_deep_the_input_no_recursion_error_comes(opening: bytes) -> None:
    with pytest.raises(InvalidRecordError):
        decode(opening * 200_000)


def test_brackets_inside_strings_are_not_depth() -> None:
    text = "[{" * 1000
    assert decode(encode([text])) == [text]
    with pytest.raises(InvalidRecordError) as caught:
        decode(b" " + encode([text]))
    assert caught.value.code == "not-canonical"


def test_a_refusal_never_repeats_what_was_refused() -> None:
    for value in ({"秘密": 1}, {"a": "e\u0301"}, {"a": 97.5}):
        with pytest.raises(InvalidRecordError) as caught:
            encode(value)  # type: ignore[arg-type]  # a float, on purpose
        assert caught.value.values == {}


def test_depth_counts_objects_and_arrays_alike() -> None:
    value: Any = "core"
    for level in range(MAX_DEPTH):
        value = {"a": value} if level % 2 else [value]
    assert decode(encode(value)) == value


@pytest.mark.parametrize("name", ["arrays", "french", "values"])
def test_the_reference_writer_agrees_with_the_published_bytes(name: str) -> None:
    value = json.loads((JCS / "input" / f"{name}.json").read_text("utf-8"))
    assert rfc8785.dumps(value) == bytes.fromhex((JCS / "outhex" / f"{name}.txt").read_text("ascii"))


@pytest.mark.parametrize(
    ("name", "code"),
    [("arrays", "null-not-allowed"), ("french", "key-not-ascii"), ("values", "float-not-allowed")],
)
def test_published_inputs_outside_our_subset_are_refused(name: str, code: str) -> None:
    for part in ("input", "output"):
        with pytest.raises(InvalidRecordError) as caught:
            decode((JCS / part / f"{name}.json").read_bytes())
        assert caught.value.code == code


def test_the_published_string_is_written_as_published() -> None:
    value = json.loads((JCS / "input" / "values.json").read_text("utf-8"))["string"]
    assert b'"string":' + encode(value) in (JCS / "output" / "values.json").read_bytes()
