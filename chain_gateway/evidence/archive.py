"""A strict zip container: every byte is content, stored twice, or listed below as meaningless.

Not authenticated, because packers differ and no reader uses it: the time and date of a member (but both copies must
agree), the packer's version and its file attributes. Everything else that does not fit is refused: gaps, a preface or
an epilogue, comments, extra fields, encryption, data descriptors, zip64, other methods than stored and deflated,
doubled names.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from records.errors import InvalidRecordError

MAXIMUM_SIZE: Final = 256 << 20
"""Of the file, and of all its content once unpacked."""
MAXIMUM_MEMBER: Final = 128 << 20
"""Of a member, unless the reader allows less for its name."""
SMALL: Final = 4096
"""Bytes that any member may have, whatever its name: no reader allows less."""
MAXIMUM_MEMBERS: Final = 4096
MAXIMUM_NAME: Final = 200

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_SHARED_FROM: Final = 6
_SHARED_UNTIL: Final = 30
"""The fields that a directory line shares with the local header, in the same order: version to length."""
_STORED: Final = 0
_DEFLATED: Final = 8
_UTF8_NAME: Final = 0x800
_PACKED_AT: Final = (0, 0x21)
"""1980-01-01 00:00: the same content gives the same bytes."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_NAMES: Final = re.compile(rf"(?:{_NAME.pattern}\n)++")
_STORED_LINE: Final = re.compile(
    rb"(PK\x01\x02..[\n\x14]\0\0[\0\x08]\0\0.{18}\0{6}[\0\x01]\0.{8})([A-Za-z0-9._/-]+)(?=PK[\x01\x05][\x02\x06])",
    re.DOTALL,
)
"""A directory line of a stored member: everything before its name, and the name."""
_NUMBERS: Final = struct.Struct("<16xIIIH12xI")
"""In such a line: checksum, packed size, size, length of the name, offset of the local header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The members in their order, and the names of those whose own checksum does not match their bytes."""

    members: Mapping[str, bytes]
    damaged: tuple[str, ...]


class _Member(NamedTuple):
    """One line of the central directory. `header`: the local header that must agree with it."""

    name: str
    header: bytes
    method: int
    checksum: int
    packed: int
    size: int
    offset: int


def pack(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Write members, stored, in the given order; the same members give the same bytes."""
    body, directory, count = bytearray(), bytearray(), 0
    for name, content in members:
        encoded = name.encode("ascii")
        checksum, size = zlib.crc32(content), len(content)
        shared = (20, 0, _STORED, *_PACKED_AT, checksum, size, size, len(encoded))
        directory += _CENTRAL.pack(b"PK\x01\x02", 20, *shared, 0, 0, 0, 0, 0, len(body)) + encoded
        body += _LOCAL.pack(b"PK\x03\x04", *shared, 0) + encoded + content
        count += 1
    return bytes(body + directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0))


def at_most(_: str) -> int:
    """The size that a member may have when its name says nothing."""
    return MAXIMUM_MEMBER


def unpack(data: bytes, limit: Callable[[str], int] = at_most) -> Archive:
    """Read a container. Raises InvalidRecordError, code archive-*, when it is not exactly as described above.

    `limit`: the bytes that the member of a name may have, at least SMALL; what announces more is not unpacked.
    """
    if len(data) > MAXIMUM_SIZE:
        raise InvalidRecordError("archive-too-large", size=len(data), maximum=MAXIMUM_SIZE)
    start, count = _end(data)
    found = _unpack_at_once(data, start, count, limit)
    return found if found is not None else _unpack_each(data, start, count, limit)


def _end(data: bytes) -> tuple[int, int]:
    """Return the offset of the central directory and its number of lines."""
    end = len(data) - _END.size
    if end < 0:
        raise InvalidRecordError("archive-truncated", size=len(data))
    mark, disk, start_disk, here, count, size, start, comment = _END.unpack_from(data, end)
    if mark != b"PK\x05\x06" or (disk, start_disk, comment) != (0, 0, 0) or here != count or start + size != end:
        raise InvalidRecordError("archive-end-invalid", size=len(data))
    if count > MAXIMUM_MEMBERS:
        raise InvalidRecordError("archive-too-many-members", count=count, maximum=MAXIMUM_MEMBERS)
    return start, count


def _unpack_at_once(data: bytes, start: int, count: int, limit: Callable[[str], int]) -> Archive | None:
    """The result of `_unpack_each`, in columns, when every member is stored and nothing is wrong; otherwise None."""
    directory = len(data) - _END.size - start
    lines = _STORED_LINE.findall(data, start) if directory <= count * (_CENTRAL.size + MAXIMUM_NAME) else []
    if not lines or len(lines) != count:
        return None
    fixed, raw = zip(*lines, strict=True)
    shared = b"".join(fixed)
    checksums, packed, sizes, widths, places = zip(*_NUMBERS.iter_unpack(shared), strict=True)
    if list(map(len, raw)) != [*widths] or len(shared) + sum(widths) != directory or packed != sizes:
        return None
    text = b"\n".join([*raw, b""]).decode("ascii")
    names, alike = text.split("\n")[:-1], set(text.lower().split("\n")[:-1])
    if max(widths) > MAXIMUM_NAME or not _NAMES.fullmatch(text) or len(alike) != count:
        return None
    contents_at = [place + _LOCAL.size + width for place, width in zip(places, widths, strict=True)]
    ends = [at + size for at, size in zip(contents_at, sizes, strict=True)]
    fits = all(size <= SMALL or size <= limit(name) for name, size in zip(names, sizes, strict=True))
    if [*places, start] != [0, *ends] or not fits:
        return None
    headers = b"".join([data[place : place + _LOCAL.size] for place in places])
    found = [data[at - width : at] for at, width in zip(contents_at, widths, strict=True)]
    if found != [*raw] or not _headers_match(headers, shared, count):
        return None
    contents = [data[at:end] for at, end in zip(contents_at, ends, strict=True)]
    sums = zip(names, map(zlib.crc32, contents), checksums, strict=True)
    damaged = tuple([name for name, computed, checksum in sums if computed != checksum])
    return Archive(members=MappingProxyType(dict(zip(names, contents, strict=True))), damaged=damaged)


def _headers_match(headers: bytes, lines: bytes, count: int) -> bool:
    """Whether each local header matches its directory line, byte by byte, in columns of `count`."""
    shift = _SHARED_FROM - len(b"PK\x03\x04")
    expected = [
        *(bytes([mark]) * count for mark in b"PK\x03\x04"),
        *(lines[at :: _CENTRAL.size] for at in range(_SHARED_FROM, _SHARED_UNTIL)),
        *(bytes(count) for _ in range(_SHARED_UNTIL - shift, _LOCAL.size)),
    ]
    return [headers[at :: _LOCAL.size] for at in range(_LOCAL.size)] == expected


def _unpack_each(data: bytes, start: int, count: int, limit: Callable[[str], int]) -> Archive:
    """Read one member after the other, and raise at the first fault."""
    found = _directory(data, start, count, limit)
    announced = sum(member.size for member in found)
    if announced > MAXIMUM_SIZE:
        raise InvalidRecordError("archive-too-large", size=announced, maximum=MAXIMUM_SIZE)
    members: dict[str, bytes] = {}
    damaged: list[str] = []
    place = 0
    for member in found:
        content, place = _content(data, member, place, start)
        members[member.name] = content
        if zlib.crc32(content) != member.checksum:
            damaged.append(member.name)
    if place != start:
        raise InvalidRecordError("archive-gap", offset=place)
    return Archive(members=MappingProxyType(members), damaged=tuple(damaged))


def _directory(data: bytes, start: int, count: int, limit: Callable[[str], int]) -> list[_Member]:
    """Return the lines of the central directory."""
    members, place, end = list[_Member](), start, len(data) - _END.size
    for _ in range(count):
        member, place = _line(data, place, end)
        most = max(limit(member.name), SMALL)
        if member.packed > most or member.size > most:
            raise InvalidRecordError("archive-member-too-large", member=member.name, maximum=most)
        members.append(member)
    if place != end:
        raise InvalidRecordError("archive-gap", offset=place)
    _refuse_doubles(members)
    return members


def _line(data: bytes, place: int, end: int) -> tuple[_Member, int]:
    """Read the directory line at `place`; return it and the offset of the next one."""
    name_at = place + _CENTRAL.size
    if name_at > end:
        raise InvalidRecordError("archive-truncated", size=len(data))
    line = _CENTRAL.unpack_from(data, place)
    mark, _, needed, flags, method, _, _, checksum, packed, size, length, extra, comment, disk, kind, _, at = line
    if mark != b"PK\x01\x02" or (extra, comment, disk) != (0, 0, 0) or kind > 1:
        raise InvalidRecordError("archive-directory-invalid", offset=place)
    if needed not in {10, 20} or flags not in {0, _UTF8_NAME} or method not in {_STORED, _DEFLATED}:
        raise InvalidRecordError("archive-method-unknown", offset=place)
    raw = data[name_at : name_at + length]
    name = _checked_name(raw)
    header = b"PK\x03\x04" + data[place + _SHARED_FROM : place + _SHARED_UNTIL] + b"\0\0" + raw
    return _Member(name, header, method, checksum, packed, size, at), name_at + length


def _checked_name(raw: bytes) -> str:
    """Accept only plain relative ASCII paths, which cannot leave a directory or look like another name."""
    name = raw.decode("ascii", "replace")
    if len(name) > MAXIMUM_NAME or not _NAME.fullmatch(name):
        raise InvalidRecordError("archive-name-invalid", length=len(raw))
    return name


def _refuse_doubles(members: list[_Member]) -> None:
    if len({member.name.lower() for member in members}) == len(members):
        return
    seen: set[str] = set()
    for member in members:
        if member.name.lower() in seen:
            raise InvalidRecordError("archive-name-doubled", member=member.name)
        seen.add(member.name.lower())


def _content(data: bytes, member: _Member, place: int, start: int) -> tuple[bytes, int]:
    """Return a member's bytes and the offset after them; it must start at `place` and match its directory line."""
    content_at = place + len(member.header)
    behind = content_at + member.packed
    if member.offset != place or behind > start:
        raise InvalidRecordError("archive-gap", offset=place)
    if data[place:content_at] != member.header:
        raise InvalidRecordError("archive-headers-differ", member=member.name)
    packed = data[content_at:behind]
    if member.method == _DEFLATED:
        return _inflated(packed, member), behind
    if member.packed != member.size:
        raise InvalidRecordError("archive-stream-invalid", member=member.name)
    return packed, behind


def _inflated(packed: bytes, member: _Member) -> bytes:
    """Decompress at most the announced size; a stream that yields more is refused."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = stream.decompress(packed, member.size + 1)
    except zlib.error as error:
        raise InvalidRecordError("archive-stream-invalid", member=member.name) from error
    if len(content) != member.size or not stream.eof or stream.unused_data or stream.unconsumed_tail:
        raise InvalidRecordError("archive-stream-invalid", member=member.name)
    return content
