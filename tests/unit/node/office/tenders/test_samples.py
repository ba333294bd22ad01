"""Tenders out of a sample directory: complete ones come in, anything else is named and refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from node.office.tenders import samples, tender
from node.office.tenders.documents import DocumentStore
from records.canonical import Value
from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError, TongpingError

Change = Callable[[dict[str, Any]], object]  # Any: the sample's JSON


def read(directory: Path) -> Value:
    store = DocumentStore(directory / "kept")
    return samples.read(directory, "one", lambda data, name: store.put(data, name=name))


def sample(directory: Path, change: Change = lambda _: None) -> Path:
    shutil.copytree("samples/jinan-lighting", directory / "one")
    path = directory / "one" / "tender.json"
    value = json.loads(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(json.dumps(value), encoding="utf-8")
    return directory


def test_a_sample_is_read_with_its_documents_described(tmp_path: Path) -> None:
    registered = tender.parse(read(sample(tmp_path)))

    assert registered.project == "E3701000076012346001"
    assert len(registered.documents) == 3
    assert set(registered.public) == {
        "title",
        "title_en",
        "tenderer",
        "control_price_fen",
        "opening_at",
        "method",
    }


def test_what_is_public_of_a_tender_says_nothing_about_bidders(tmp_path: Path) -> None:
    registered = tender.parse(read(sample(tmp_path)))
    public = json.dumps(registered.public, ensure_ascii=False)

    for bidder in registered.bidders:
        assert str(bidder["name"]) not in public
        assert str(bidder["price_fen"]) not in public


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda value: value.pop("title"), "tender-incomplete"),
        (lambda value: value.update(control_price_fen=-1), "tender-invalid"),
        (lambda value: value.update(control_price_fen=1.5), "float-not-allowed"),
        (lambda value: value.update(title=None), "null-not-allowed"),
        (lambda value: value.update(opening_at="tomorrow"), "bad-instant"),
        (lambda value: value.update(project="../E1"), "bad-project"),
        (lambda value: value.update(items={}), "tender-invalid"),
        (lambda value: value["method"]["price"].update(weight=1), "weights-not-100"),
        (lambda value: value["bidders"].pop(), "too-few-bidders"),
        (lambda value: value["bidders"][0].update(uscc="91370100MA3C00000X"), "uscc-check-digit"),
        (lambda value: value["bidders"][0].update(id="B2"), "bidder-repeated"),
        (lambda value: value["bidders"][0]["documents"][0].update(file="../tender.json"), "document-missing"),
        (lambda value: value["bidders"][0]["documents"][0].update(file="tender.json"), "not-a-pdf"),
    ],
)
def test_a_wrong_tender_is_refused_by_name(tmp_path: Path, change: Change, code: str) -> None:
    directory = sample(tmp_path, change)

    with pytest.raises(InvalidRecordError) as raised:
        tender.parse(read(directory))

    assert raised.value.code == code


def test_a_bid_file_that_is_not_the_one_listed_is_refused(tmp_path: Path) -> None:
    directory = sample(tmp_path)
    shutil.copy(directory / "one" / "B1.pdf", directory / "one" / "B2.pdf")

    with pytest.raises(EvidenceMismatchError):
        read(directory)


@pytest.mark.parametrize("name", ["none", "../one", "One", ""])
def test_an_unknown_sample_is_not_found(tmp_path: Path, name: str) -> None:
    directory = sample(tmp_path)

    with pytest.raises(NotFoundError):
        samples.read(directory, name, lambda data, file: DocumentStore(tmp_path / "kept").put(data, name=file))


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    directory = sample(tmp_path)
    (directory / "one" / "tender.json").write_text("{", encoding="utf-8")

    with pytest.raises(TongpingError) as raised:
        read(directory)

    assert raised.value.code == "malformed-json"
