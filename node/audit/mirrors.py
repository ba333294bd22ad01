"""The mirrors of other centres' logs against their notes, against the database, and against the chain."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from chain_gateway.checkpoints import Head
from journal.expected_rows import Row
from node.audit.log import LogAudit, read_checkpoint, signed
from records.alteration import ABSENT, Alteration
from records.errors import InvalidRecordError, TongpingError
from records.log import merkle
from records.log.checkpoint import Checkpoint
from records.log.tiles import ENTRIES, WIDTH, Tile, Tree, decode_bundle, tile_at

Outcome = tuple[str, Alteration | None]
"""A check and its alteration; None: it ran to its end."""


def compare(
    directory: Path, seen: Iterable[Row], heads: Mapping[str, Head], keys: Mapping[str, Sequence[str]]
) -> Iterator[Outcome]:
    """Every mirror under the directory, by its origin."""
    if not directory.is_dir():
        return
    known = {(row["origin"], row["size"]): row["root"] for row in seen}
    for mirror in sorted(directory.iterdir()):
        if mirror.is_dir() and not mirror.name.startswith("."):
            check = f"mirror.{mirror.name}"
            sizes = {size: root for (origin, size), root in known.items() if origin == mirror.name}
            head = heads.get(mirror.name)
            if head is not None:
                sizes.setdefault(head.size, head.root)
            yield from ((check, one) for one in _mirror(mirror, sizes, keys.get(mirror.name, ())))
            yield check, None


def _mirror(directory: Path, known: Mapping[int, bytes], keys: Sequence[str]) -> Iterator[Alteration]:
    origin, name = directory.name, f"mirrors/{directory.name}"
    checkpoint, error = read_checkpoint(directory, keys)
    if checkpoint is None:
        if error is not None:
            yield from signed(None, error, name=name, origin=origin, roots={})
        return
    alterations: list[Alteration] = []
    sizes = [size for size in known if size <= checkpoint.size]
    log = LogAudit(
        directory,
        durable=checkpoint.size,
        sizes=[*sizes, checkpoint.size],
        name=name,
        report=lambda _check, one: alterations.append(one),
    )
    bundles_are_right = not _tiles_hold(directory, checkpoint)
    for index in range(-(-checkpoint.size // WIDTH)):
        tile = tile_at(ENTRIES, index, checkpoint.size)
        assert tile is not None
        entries = _entries(directory, tile)
        if entries is None:
            where = f"{name}/{tile.path}"
            yield Alteration(where=where, index=index * WIDTH, field="file", expected="a bundle", found=ABSENT)
            return
        log.add(entries, [merkle.leaf_hash(one) for one in entries])
    log.end()
    yield from (one if bundles_are_right else _in_bundle(one) for one in alterations)
    if alterations:
        return
    yield from signed(checkpoint, None, name=name, origin=origin, roots=log.roots)
    for size in sizes:
        if log.roots.get(size) != known[size]:
            found = log.roots.get(size, b"").hex()
            where = f"{name} at {size}"
            yield Alteration(where=where, index=size - 1, field="root", expected=known[size].hex(), found=found)


def _tiles_hold(directory: Path, checkpoint: Checkpoint) -> bool:
    """Whether the tiles give the signed root; then a bundle differs, otherwise a tile."""
    tree = Tree(checkpoint.size, lambda tile: (directory / tile.path).read_bytes())
    try:
        for index in range(-(-checkpoint.size // WIDTH)):
            tree.leaf(index * WIDTH)
        return tree.root() == checkpoint.root
    except (OSError, TongpingError):
        return False


def _in_bundle(one: Alteration) -> Alteration:
    """The tile is right, so the fault is in the bundle."""
    path = one.where.replace("/tile/0/", "/tile/entries/")
    field = one.field.replace("leaf", "entry")
    return Alteration(where=path, index=one.index, field=field, expected=one.found, found=one.expected, rank=one.rank)


def _entries(directory: Path, tile: Tile) -> list[bytes] | None:
    """The entries of a bundle, from the partial file or from the full one that replaced it."""
    for held in (tile, Tile(ENTRIES, tile.index)):
        try:
            return decode_bundle(held, (directory / held.path).read_bytes())[: tile.width]
        except (OSError, InvalidRecordError):
            continue
    return None
