"""The container is read strictly: nothing hides in it and nothing leaves it."""

import io
import zipfile
from collections.abc import Callable

import pytest

from chain_gateway.evidence import archive
from records.errors import InvalidRecordError

MEMBERS = [("mimetype", b"a"), ("records/1.json", b"{}"), ("report.pdf", b"%PDF" * 50)]


def zipped(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        for name, content in members:
            file.writestr(name, content)
    return stream.getvalue()


def test_what_is_packed_comes_back() -> None:
    assert dict(archive.unpack(archive.pack(MEMBERS)).members) == dict(MEMBERS)


def test_the_same_members_give_the_same_bytes() -> None:
    assert archive.pack(MEMBERS) == archive.pack(list(MEMBERS))


def test_an_ordinary_zip_tool_reads_what_we_pack() -> None:
    with zipfile.ZipFile(io.BytesIO(archive.pack(MEMBERS))) as file:
        assert file.testzip() is None
        assert [(name, file.read(name)) for name in file.namelist()] == MEMBERS


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_bundle_packed_again_by_an_ordinary_zip_tool_is_read(method: int) -> None:
    assert dict(archive.unpack(zipped(MEMBERS, method)).members) == dict(MEMBERS)


@pytest.mark.parametrize(
    "name", ["../escape", "/etc/passwd", "a//b", "a/../b", ".hidden", "C:\\x", "folder/", "文件", "a\x00b", "x" * 201]
)
def test_a_name_that_could_leave_the_bundle_is_refused(name: str) -> None:
    data = zipped([(name.replace("\x00", "\n"), b"x")])

    with pytest.raises(InvalidRecordError, match="archive-"):
        archive.unpack(data)


@pytest.mark.parametrize("second", ["report.pdf", "Report.PDF"])
def test_a_name_that_stands_twice_is_refused(second: str) -> None:
    with pytest.raises(InvalidRecordError, match="archive-name-doubled"):
        archive.unpack(archive.pack([("report.pdf", b"true"), (second, b"false")]))


@pytest.mark.parametrize("spoil", [lambda data: b"x" + data, lambda data: data + b"x", lambda data: data[:-1]])
def test_bytes_before_behind_or_missing_are_refused(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InvalidRecordError, match="archive-"):
        archive.unpack(spoil(archive.pack(MEMBERS)))


def test_a_comment_is_refused() -> None:
    stream = io.BytesIO(zipped(MEMBERS))
    with zipfile.ZipFile(stream, "a") as file:
        file.comment = b"hello"

    with pytest.raises(InvalidRecordError, match="archive-"):
        archive.unpack(stream.getvalue())


def test_bytes_between_two_members_are_refused() -> None:
    data = bytearray(archive.pack([("a", b"1"), ("b", b"2")]))
    second_at = data.index(b"PK\x03\x04", 4)
    data[second_at:second_at] = b"hidden"

    with pytest.raises(InvalidRecordError, match="archive-"):
        archive.unpack(bytes(data))


def test_a_stream_that_swells_beyond_its_announced_size_is_refused() -> None:
    data = bytearray(zipped([("bomb", bytes(1_000_000))]))
    size = (1_000_000).to_bytes(4, "little")
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = (10).to_bytes(4, "little")

    with pytest.raises(InvalidRecordError, match="archive-stream-invalid"):
        archive.unpack(bytes(data))


def announcing(members: list[tuple[str, bytes]], size: int) -> bytes:
    """A deflated archive each of whose members says it becomes so large."""
    data = bytearray(zipped(members))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + place : at + place + 4] = size.to_bytes(4, "little")
    return bytes(data)


def test_members_that_are_small_one_by_one_and_huge_together_are_refused_before_they_are_unpacked() -> None:
    members = [(f"records/{place}.json", bytes(100)) for place in range(9)]

    with pytest.raises(InvalidRecordError, match="archive-too-large"):
        archive.unpack(announcing(members, archive.MAXIMUM_SIZE // 8))


@pytest.mark.parametrize("size", [archive.MAXIMUM_MEMBER + 1, 2**31, 2**32 - 1])
def test_a_member_that_announces_too_much_is_refused(size: int) -> None:
    with pytest.raises(InvalidRecordError, match="archive-member-too-large"):
        archive.unpack(announcing([("report.pdf", b"x")], size))


def test_too_many_members_are_refused() -> None:
    many = [(f"records/{place}.salt", b"") for place in range(archive.MAXIMUM_MEMBERS + 1)]

    with pytest.raises(InvalidRecordError, match="archive-too-many-members"):
        archive.unpack(archive.pack(many))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_was_cut_off_anywhere_is_refused(share: float) -> None:
    data = archive.pack(MEMBERS)

    with pytest.raises(InvalidRecordError, match="archive-"):
        archive.unpack(data[: int(len(data) * share)])


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(archive.pack([("a", b"1")]))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] = 1

    with pytest.raises(InvalidRecordError, match="archive-method-unknown"):
        archive.unpack(bytes(data))


def test_a_member_whose_bytes_were_changed_is_named() -> None:
    data = bytearray(archive.pack(MEMBERS))
    data[data.index(b"%PDF") + 100] ^= 1

    assert archive.unpack(bytes(data)).damaged == ("report.pdf",)


def test_two_headers_that_contradict_each_other_are_refused() -> None:
    data = bytearray(archive.pack(MEMBERS))
    data[data.index(b"PK\x03\x04") + 10] ^= 1

    with pytest.raises(InvalidRecordError, match="archive-headers-differ"):
        archive.unpack(bytes(data))


def test_nothing_is_no_bundle() -> None:
    with pytest.raises(InvalidRecordError, match="archive-truncated"):
        archive.unpack(b"")
