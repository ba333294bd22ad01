"""Bid files: only a PDF comes in, and it is found again by its digest."""

from pathlib import Path

import pytest

from node.office.tenders.documents import LIMIT_BYTES, DocumentStore, describe
from records.errors import EvidenceMismatchError, InvalidRecordError, NotFoundError
from records.ids import Digest, digest

SAMPLE = Path("samples/jinan-10kv/B1.pdf")


def test_a_bid_file_is_described_and_kept(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    data = SAMPLE.read_bytes()

    kept = store.put(data, name="B1.pdf")

    assert (kept.digest, kept.size, kept.pages) == (digest(data), len(data), 9)
    assert store.path(kept.digest).read_bytes() == data
    assert store.put(data, name="again.pdf") == kept
    assert [path.name for path in tmp_path.iterdir()] == [f"{kept.digest.partition(':')[2]}.pdf"]


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"%PDF-1.7\nno end", b"%PDF-1.7\nstartxref\n0", b"%PDF-9.9\nstartxref\n0\n%%EOF"],
)
def test_what_is_no_pdf_is_refused_and_not_kept(tmp_path: Path, data: bytes) -> None:
    store = DocumentStore(tmp_path)

    with pytest.raises(InvalidRecordError) as raised:
        store.put(data, name="B1.pdf")

    assert raised.value.code == "not-a-pdf"
    assert list(tmp_path.iterdir()) == []


def test_a_file_too_large_is_refused() -> None:
    with pytest.raises(InvalidRecordError) as raised:
        describe(bytes(LIMIT_BYTES + 1), name="B1.pdf")

    assert raised.value.code == "document-too-large"


def test_a_file_from_a_peer_must_be_the_one_asked_for(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)

    with pytest.raises(EvidenceMismatchError):
        store.put_as(Digest("sha256:" + "0" * 64), SAMPLE.read_bytes())

    assert list(tmp_path.iterdir()) == []


def test_an_unknown_digest_is_not_found_and_a_path_is_no_digest(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)

    with pytest.raises(NotFoundError):
        store.path(Digest("sha256:" + "0" * 64))
    with pytest.raises(InvalidRecordError):
        store.path(Digest("sha256:../../etc/passwd"))
