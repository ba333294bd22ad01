"""The log on disk against the journal: bundles, tiles of every level, roots at every signed size."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from records.alteration import ABSENT, Alteration
from records.errors import TongpingError
from records.log import merkle
from records.log.checkpoint import Checkpoint, open_note
from records.log.tiles import ENTRIES, HEIGHT, WIDTH, Tile, inner_rows, tile_at

CHECKPOINT: Final = "checkpoint"
_COMMITMENT, _LEAF = 8, 9
"""Columns of a journal row in the order in which the audit reads them."""
_HASH: Final = merkle.HASH_SIZE
_PREFIX: Final = _HASH.to_bytes(2, "big")


class LogAudit:
    """Takes the journal's rows: compares the files on disk with them, and computes the roots.

    `durable`: how many entries the checkpoint on disk covers; their tiles must all exist. Tiles beyond are compared
    when they exist. `sizes`: where a root is needed. `name`: of the log, for the findings (`mirrors/xa.tongping`).
    """

    def __init__(
        self,
        directory: Path | None,
        *,
        durable: int,
        sizes: Iterable[int],
        name: str,
        report: Callable[[str, Alteration], None],
        checks: tuple[str, str] = ("log.entries", "log.tiles"),
    ) -> None:
        self._directory = directory
        self._durable = durable
        self._wanted = sorted(set(sizes), reverse=True)
        self._name = name
        self._report = report
        self._entries, self._tiles = checks
        self._leaves: list[bytes] = []
        self._commitments: list[bytes] = []
        self._levels: list[list[bytes]] = [[]]
        self._done: list[int] = [0]
        self.roots: dict[int, bytes] = {0: merkle.EMPTY_ROOT}
        self.compared = 0

    def feed(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """The next rows of the journal. Any: as the driver gives them."""
        self.add([row[_COMMITMENT] for row in rows], [row[_LEAF] for row in rows])

    def add(self, commitments: Sequence[bytes], leaves: Sequence[bytes]) -> None:
        self._commitments += commitments
        self._leaves += leaves
        start = 0
        while len(self._leaves) - start >= WIDTH:
            end = start + WIDTH
            self._chunk(self._commitments[start:end], self._leaves[start:end])
            start = end
        if start:
            del self._commitments[:start], self._leaves[:start]

    def end(self) -> None:
        """The right edge."""
        if self._leaves:
            self._chunk(self._commitments, self._leaves)
        for level in range(1, len(self._levels)):
            if self._levels[level]:
                self._compare(level, self._levels[level])

    def _chunk(self, commitments: Sequence[bytes], leaves: Sequence[bytes]) -> None:
        start = self._done[0] * WIDTH
        while self._wanted and self._wanted[-1] <= start + len(leaves):
            size = self._wanted.pop()
            if size > start:
                self.roots[size] = self._root(leaves[: size - start])
        in_bundle = self._bundle(commitments) if self._directory else None
        if self._directory:
            self._compare(0, leaves, in_bundle)
        if len(leaves) == WIDTH:
            self._done[0] += 1
            self._rise(1, inner_rows(leaves)[HEIGHT][0])

    def _rise(self, level: int, full: bytes) -> None:
        """A full tile's hash is in the tile above it."""
        if len(self._levels) == level:
            self._levels.append([])
            self._done.append(0)
        hashes = self._levels[level]
        hashes.append(full)
        if len(hashes) == WIDTH:
            self._compare(level, hashes)
            self._done[level] += 1
            self._levels[level] = []
            self._rise(level + 1, inner_rows(hashes)[HEIGHT][0])

    def _root(self, leaves: Sequence[bytes]) -> bytes:
        """The root when these leaves follow all full tiles so far."""
        root = merkle.root(leaves)
        for hashes in self._levels[1:]:
            if hashes:
                root = merkle.root([*hashes, root])
        return root

    def _bundle(self, commitments: Sequence[bytes]) -> int | None:
        """Compare the bundle; return the place of the first entry that differs, None when none does."""
        index, first = self._done[0], None
        for tile, data in self._files(ENTRIES, index, len(commitments)):
            if data == _PREFIX + _PREFIX.join(commitments[: tile.width]):
                continue
            place = next(
                (
                    place
                    for place, one in enumerate(commitments[: tile.width])
                    if data[place * (_HASH + 2) : (place + 1) * (_HASH + 2)] != _PREFIX + one
                ),
                tile.width,
            )
            first = place if first is None else min(first, place)
            found = data[place * (_HASH + 2) + 2 : (place + 1) * (_HASH + 2)].hex() or ABSENT
            expected = commitments[place].hex() if place < len(commitments) else ABSENT
            self._differs(self._entries, tile, "entry", index * WIDTH + place, expected, found)
        return first

    def _compare(self, level: int, hashes: Sequence[bytes], in_bundle: int | None = None) -> None:
        if not self._directory:
            return
        index = self._done[level]
        for tile, data in self._files(level, index, len(hashes)):
            if data == b"".join(hashes[: tile.width]):
                continue
            place = next(
                (at for at in range(tile.width) if data[at * _HASH : (at + 1) * _HASH] != hashes[at]), tile.width
            )
            found = data[place * _HASH : (place + 1) * _HASH].hex() or ABSENT
            expected = hashes[place].hex() if place < len(hashes) else ABSENT
            number = index * WIDTH + place
            if level == 0 and place == in_bundle:
                self._rewritten(number, expected, found)
            else:
                self._differs(self._tiles, tile, "leaf" if level == 0 else "hash", number, expected, found, level)

    def _rewritten(self, index: int, expected: str, found: str) -> None:
        """Tile and bundle agree, and the journal differs from both: the journal was rewritten."""
        self._report(
            self._tiles,
            Alteration(where=f"record {index}", index=index, field="leaf", expected=found, found=expected, rank=2),
        )

    def _differs(  # noqa: PLR0917 - built in one place
        self, check: str, tile: Tile, field: str, number: int, expected: str, found: str, level: int = 0
    ) -> None:
        index = number if level == 0 else number << HEIGHT * level
        where = f"{self._name}/{tile.path}"
        self._report(
            check,
            Alteration(where=where, index=index, field=f"{field} {number}", expected=expected, found=found),
        )

    def _files(self, level: int, index: int, width: int) -> Iterator[tuple[Tile, bytes]]:
        """The tile's file, or files: full or partial, those that must exist and those that do."""
        assert self._directory is not None
        needed = tile_at(level, index, self._durable)
        whole = Tile(level, index)
        held = {whole} if (self._directory / whole.path).exists() else set()
        partial = self._directory / f"{whole.path}.p"
        if partial.is_dir():  # also beside a full one: a published size always needs them
            held |= {Tile(level, index, width) for width in map(_width, partial.iterdir()) if width}
        if needed is not None and not any(tile.width >= needed.width for tile in held):
            check = self._entries if level == ENTRIES else self._tiles
            at = (index * WIDTH) << HEIGHT * max(level, 0)
            where = f"{self._name}/{needed.path}"
            self._report(check, Alteration(where=where, index=at, field="file", expected="a tile", found=ABSENT))
        for tile in sorted(held):
            if tile.width <= width:
                self.compared += 1
                yield tile, (self._directory / tile.path).read_bytes()


def _width(path: Path) -> int:
    """The width in the name of a partial tile's file, 0 when it is none."""
    return int(path.name) if path.name.isdigit() and 0 < int(path.name) < WIDTH else 0


def read_checkpoint(directory: Path, keys: Sequence[str]) -> tuple[Checkpoint | None, TongpingError | None]:
    """The checkpoint on disk, or its fault; neither when there is none."""
    try:
        return open_note((directory / CHECKPOINT).read_text(encoding="utf-8"), keys), None
    except FileNotFoundError:
        return None, None
    except (OSError, UnicodeDecodeError):
        return None, TongpingError("malformed-note")
    except TongpingError as error:
        return None, error


def signed(
    checkpoint: Checkpoint | None, error: TongpingError | None, *, name: str, origin: str, roots: Mapping[int, bytes]
) -> Iterator[Alteration]:
    """The fault of the checkpoint on disk: in its signature, its origin or its root."""
    where = f"{name}/{CHECKPOINT}"
    if error is not None:
        yield Alteration(where=where, field="note", expected=f"signed by {origin}", found=error.code)
    if checkpoint is None:
        return
    if checkpoint.origin != origin:
        yield Alteration(where=where, field="origin", expected=origin, found=checkpoint.origin)
    root = roots.get(checkpoint.size)
    if root is None:
        yield Alteration(
            where=where, field="size", expected=f"at most {max(roots)}", found=str(checkpoint.size), index=max(roots)
        )
    elif root != checkpoint.root:
        yield Alteration(where=where, field="root", expected=root.hex(), found=checkpoint.root.hex())
