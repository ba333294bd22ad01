"""Bid files as people send them: with a password, with matter around the PDF, the same file from two bidders."""

import io
import json
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from evaluation_room.anomalies.observations import of_session
from evaluation_room.scoring.score_check import Flag
from evaluation_room.stages import REQUIRED, Stage
from node.office.tenders import samples
from node.office.tenders.documents import DocumentStore, describe
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import digest
from tests.unit.evaluation_room.rooms import Venue, definition, play

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
def test_a_file_with_bytes_before_its_header_is_taken(before: bytes) -> None:
    assert describe(before + PLAIN, name="B1.pdf").digest == digest(before + PLAIN)


@pytest.mark.parametrize("behind", [b"x", b"-- \r\nsent by mail %%EOF", b"PK\x05\x06" + bytes(18), b"y" * 4096])
def test_a_file_with_matter_behind_its_end_is_taken(behind: bytes) -> None:
    assert describe(PLAIN + behind, name="B1.pdf").pages == describe(PLAIN, name="B1.pdf").pages


@pytest.mark.parametrize(("before", "behind"), [(b"", b""), (b"MZ\x90\x00", b""), (b"", b"x"), (b"\r\n", b"y" * 4096)])
def test_bytes_around_a_file_do_not_hide_its_password(before: bytes, behind: bytes) -> None:
    assert refused(before + encrypted("secret") + behind)[0] == "document-encrypted"


@pytest.mark.parametrize("padding", [b"\r\n", b"\n\n", bytes(2048)])
def test_a_file_padded_with_white_space_is_taken(padding: bytes) -> None:
    assert describe(PLAIN.rstrip() + padding, name="B1.pdf").pages > 0


def test_every_sample_file_is_taken() -> None:
    files = sorted(Path("samples").glob("*/*.pdf"))

    assert [describe(path.read_bytes(), name=path.name).size for path in files] == [one.stat().st_size for one in files]


# --- one file from two bidders ----------------------------------------------------------------------------------------

SEATS = [f"JN-{number}" for number in range(1, 6)]
SHARED = digest(b"one file")
PROCEDURE: list[Value] = [stage.value for stage in Stage if stage in REQUIRED or stage is Stage.SCORE_CHECK]


def checking(day: str, *, shared: bool = True) -> Venue:
    """A room in its score check whose scoring began on that day; the two bidders share a file, or do not."""
    defined = definition(seats=SEATS, stages=PROCEDURE)
    for bidder in defined["bidders"] if shared else []:  # type: ignore[union-attr]  # a list of objects, as made there
        bidder["documents"].append({"name": "附件", "sha256": SHARED, "size": 8, "pages": 1})  # type: ignore[index,call-overload,union-attr]
    room = Venue.opened(defined)
    room.clock = (f"{day}T06:{second // 60:02}:{second % 60:02}.000Z" for second in range(3600))
    play([room], Stage.SCORE_CHECK)
    return room


def shared_files(room: Venue) -> list[Flag]:
    check = room.session.state.score_check
    assert check is not None
    return [flag for flag in check.flags if flag.indicator == "A15"]


def test_one_file_from_two_bidders_is_shown_to_the_committee_as_a_clue_and_rejects_nobody() -> None:
    room = checking("2026-12-01")

    (flag,) = shared_files(room)
    assert (flag.id, flag.level, flag.subject) == ("A15 B1 B2", "WARN", {"bidder": "B1", "other": "B2"})
    assert (flag.value, flag.threshold, flag.evidence, flag.places) == ("1", "0", {"digest": SHARED}, ())
    assert room.session.state.tally().result.excluded == ()


def test_a_shared_file_is_settled_as_any_clue_by_a_reason() -> None:
    room = checking("2026-12-01")
    body: dict[str, Value] = {"flag": "A15 B1 B2", "value": "1", "conspicuous": False, "reason": "同一份产品样本"}

    room.write(f"seat:{SEATS[0]}", "warning-acknowledged", body)

    check = room.session.state.score_check
    assert check is not None
    assert [check.settled(flag) for flag in shared_files(room)] == [True]


def test_files_of_their_own_are_no_clue() -> None:
    assert shared_files(checking("2026-12-01", shared=False)) == []


def test_an_evaluation_that_began_before_the_clue_existed_is_computed_as_it_was() -> None:
    assert shared_files(checking("2026-11-29")) == []


def test_a_file_of_observations_may_name_the_digests() -> None:
    other = digest(b"another")
    bidders: list[Value] = [
        {"id": "A", "files": [SHARED, other]},
        {"id": "B", "files": [SHARED]},
        {"id": "C", "files": [digest(b"third")]},
        {"id": "D"},
    ]

    (found,) = of_session({"bidders": bidders}).found

    assert (found.indicator, dict(found.subject), found.severity) == ("A15", {"bidder": "A", "other": "B"}, "RED")
