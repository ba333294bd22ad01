"""Messages to text and back: the golden examples, what is refused, and that nothing else can come out."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation_room.replication.messages import Entries, Refused
from evaluation_room.replication.wire import BATCH_LIMIT, MESSAGE_LIMIT, batches, read, write
from records import canonical
from records.errors import InvalidRecordError
from records.room_entry import MAX_SIZE
from tests.unit.evaluation_room.replication.memory_room import GUEST, HOST_SEAT, chain, entry

# Any: JSON of a file in the repository
VECTORS: dict[str, Any] = json.loads(Path("tests/vectors/messages.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", VECTORS["messages"], ids=lambda example: example["name"])
def test_every_example_reads_and_writes_the_same(example: dict[str, Any]) -> None:
    message = read(example["text"])
    assert message.value() == example["value"]
    assert write(message) == example["text"]


@pytest.mark.parametrize("bad", VECTORS["refused"], ids=lambda bad: bad["name"])
def test_what_is_no_message_is_refused_with_its_code(bad: dict[str, str]) -> None:
    with pytest.raises(InvalidRecordError) as caught:
        read(bad["text"])
    assert caught.value.code == bad["code"]


@pytest.mark.parametrize("text", [b'{"m":"ping","n":1}', None, 7])
def test_only_text_is_read(text: object) -> None:
    with pytest.raises(InvalidRecordError, match="message-not-text"):
        read(text)


@pytest.mark.parametrize("text", ["x" * (MESSAGE_LIMIT + 1), "评" * (MESSAGE_LIMIT // 3 + 1)])
def test_what_is_too_long_is_refused_before_it_is_parsed(text: str) -> None:
    with pytest.raises(InvalidRecordError, match="message-too-large"):
        read(text)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(InvalidRecordError):
        read('{"code":"\ud800","m":"bye"}')


def test_an_entry_of_wrong_form_is_named_and_does_not_spoil_the_others() -> None:
    wires = [signed.to_wire() for signed in chain(HOST_SEAT, 2)]
    wires[1]["signature"] = "AAAA"
    message = read(canonical.encode({"m": "entries", "entries": wires}).decode())
    assert message == Entries(
        entries=(chain(HOST_SEAT, 1)[0],),
        unreadable=(Refused(author=HOST_SEAT, seq=2, code="bad-entry", values={}),),
    )


def test_the_largest_entry_fits_into_a_message_of_its_own() -> None:
    empty = len(entry(GUEST, 1, body={"text": ""}).entry.encode())
    largest = entry(GUEST, 1, body={"text": "x" * (MAX_SIZE - empty)})
    (batch,) = batches([largest])
    assert len(write(batch)) <= MESSAGE_LIMIT
    assert read(write(batch)) == batch


@given(st.lists(st.integers(0, 30_000), max_size=12))
def test_batches_keep_every_entry_in_order_and_within_the_limit(sizes: list[int]) -> None:
    signed = chain(HOST_SEAT, 1)[0]
    entries = [replace(signed, entry=replace(signed.entry, body={"text": "x" * size})) for size in sizes]
    found = batches(entries)
    assert [one for batch in found for one in batch.entries] == entries
    assert all(len(write(batch)) <= BATCH_LIMIT for batch in found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**54) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@given(st.text(max_size=300))
def test_arbitrary_text_is_read_or_refused(text: str) -> None:
    _read_or_refuse(text)


@given(st.sampled_from(VECTORS["messages"]), st.data())
def test_a_message_with_one_wrong_part_is_read_or_refused(example: dict[str, Any], data: st.DataObject) -> None:
    value = json.loads(example["text"])
    place = value
    while isinstance(place, dict | list) and place and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if isinstance(place[key], dict | list) and place[key]:
            place = place[key]
        else:
            place[key] = data.draw(JSON)
    _read_or_refuse(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True))


def _read_or_refuse(text: str) -> None:
    try:
        message = read(text)
    except InvalidRecordError:
        return
    if not (isinstance(message, Entries) and message.unreadable):
        assert write(message) == text


def test_every_example_of_the_documentation_is_a_golden_one() -> None:
    text = Path("docs/interface.md").read_text(encoding="utf-8")
    section = text.partition("## Replication protocol")[2].partition("\n## ")[0]
    examples = [line for block in re.findall(r"```json\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]
    golden = {example["text"] for example in VECTORS["messages"]}
    assert len(examples) == 10
    assert set(examples) <= golden
