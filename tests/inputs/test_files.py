"""Bid files as people send them: with a password, with matter around the PDF, the same file from two bidders."""

import io
import json
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from node.office.tenders import samples
from node.office.tenders.documents import DocumentStore, describe
from records.errors import InvalidRecordError
from records.ids import digest

PLAIN = Path("samples/jinan-lighting/B1.pdf").read_bytes()


def encrypted(user: str) -> bytes:
    """The bid as a word processor saves it with a password; "" hinders printing alone, and opens for everybody."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(PLAIN)))
    writer.encrypt(user_password=user, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def refused(data: bytes) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(InvalidRecordError) as raised:
        describe(data, name="B1.pdf")
    return raised.value.code, dict(raised.value.values)


def registered(folder: Path, data: bytes) -> object:
    """Register a tender whose first bid file has these bytes."""
    shutil.copytree("samples/jinan-lighting", folder / "one")
    path = folder / "one" / "tender.json"
    tender = json.loads(path.read_text("utf-8"))
    document = tender["bidders"][0]["documents"][0]
    document.pop("sha256", None)
    (folder / "one" / document["file"]).write_bytes(data)
    path.write_text(json.dumps(tender), "utf-8")
    store = DocumentStore(folder / "kept")
    return samples.read(folder, "one", lambda content, name: store.put(content, name=name))


@pytest.mark.parametrize("user", ["secret", ""])
def test_a_file_with_a_password_is_refused_by_name(user: str) -> None:
    assert refused(encrypted(user)) == ("document-encrypted", {"name": "B1.pdf"})


def test_a_file_whose_trailer_spells_encryption_otherwise_is_refused_too() -> None:
    assert refused(encrypted("secret").replace(b"/Encrypt ", b"/#45ncrypt "))[0] == "document-encrypted"


def test_a_file_whose_offsets_are_wrong_is_still_known_as_encrypted() -> None:
    head, _, tail = encrypted("secret").rpartition(b"startxref")

    assert refused(head + b"startxref\n3\n" + tail[tail.index(b"%%EOF") :])[0] == "document-encrypted"


def test_a_file_that_only_speaks_of_encryption_is_taken() -> None:
    at = int(PLAIN.rpartition(b"startxref")[2].split()[0])
    words = (
        b"9999 0 obj\n<< /Length 50 >>\nstream\ntrailer << /Encrypt 1 0 R >> startxref 0 is a lock\nendstream\nendobj\n"
    )
    spoken = PLAIN[:at] + words + PLAIN[at:].replace(b"startxref\n%d" % at, b"startxref\n%d" % (at + len(words)))

    assert b"startxref\n%d" % (at + len(words)) in spoken
    assert describe(spoken, name="B1.pdf").size == len(spoken)


def test_a_tender_with_an_encrypted_bid_is_not_registered(tmp_path: Path) -> None:
    data = encrypted("secret")

    with pytest.raises(InvalidRecordError) as raised:
        registered(tmp_path, data)

    assert (raised.value.code, raised.value.values) == ("document-encrypted", {"name": "B1.pdf"})
    assert [path.name for path in (tmp_path / "kept").iterdir()] == []


def test_an_encrypted_file_that_a_peer_sends_is_refused_and_not_kept(tmp_path: Path) -> None:
    data, store = encrypted("secret"), DocumentStore(tmp_path)

    with pytest.raises(InvalidRecordError, match="document-encrypted"):
        store.put_as(digest(data), data)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf", b"MZ\x90\x00", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_file_with_matter_before_its_header_is_refused(before: bytes) -> None:
    assert refused(before + PLAIN) == ("document-matter-around", {"name": "B1.pdf", "where": "before"})


@pytest.mark.parametrize("behind", [b"x", b"<script>alert(1)</script>", b"PK\x05\x06" + bytes(18), b"y" * 4096])
def test_a_file_with_matter_behind_its_end_is_refused(behind: bytes) -> None:
    assert refused(PLAIN + behind) == ("document-matter-around", {"name": "B1.pdf", "where": "behind"})


@pytest.mark.parametrize("padding", [b"\r\n", b"\n\n", bytes(2048)])
def test_a_file_padded_with_white_space_is_taken(padding: bytes) -> None:
    assert describe(PLAIN.rstrip() + padding, name="B1.pdf").pages > 0


def test_every_sample_file_is_taken() -> None:
    files = sorted(Path("samples").glob("*/*.pdf"))

    assert [describe(path.read_bytes(), name=path.name).size for path in files] == [one.stat().st_size for one in files]
