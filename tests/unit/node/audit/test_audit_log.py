"""The log on disk, and mirrors of other logs: a changed byte in any file is reported by its file and record."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chain_gateway.checkpoints import Head
from journal.tiles import TileLog
from node.audit import mirrors
from node.audit.log import LogAudit, read_checkpoint, signed
from records.alteration import Alteration
from records.log import merkle
from records.log.checkpoint import Checkpoint, sign_note, verifier_key

SIZE = 600
ORIGIN = "xa.tongping"
KEY = Ed25519PrivateKey.from_private_bytes(b"\x05" * 32)
KEYS = (verifier_key(ORIGIN, KEY.public_key()),)
COMMITMENTS = [hashlib.sha256(str(number).encode()).digest() for number in range(SIZE)]
LEAVES = [merkle.leaf_hash(one) for one in COMMITMENTS]
ROWS: list[tuple[Any, ...]] = [(*(None,) * 8, one, leaf) for one, leaf in zip(COMMITMENTS, LEAVES, strict=True)]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of 600 entries, published at 500 and at its end: full tiles, partial ones, and earlier partial ones."""
    directory = tmp_path_factory.mktemp("log") / ORIGIN
    log = TileLog(directory)
    for size in (500, SIZE):
        log.extend(log.size, COMMITMENTS[log.size : size])
        log.publish(note(size))
    return directory


@pytest.fixture
def directory(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "mirrors" / ORIGIN))


def note(size: int, root: bytes | None = None) -> str:
    return sign_note(
        Checkpoint(origin=ORIGIN, size=size, root=root or merkle.root(LEAVES[:size])), name=ORIGIN, key=KEY
    )


def audited(directory: Path, rows: list[tuple[Any, ...]] = ROWS, step: int = 250) -> list[tuple[str, Alteration]]:
    told: list[tuple[str, Alteration]] = []
    audit = LogAudit(
        directory,
        durable=SIZE,
        sizes=[1, 256, 500, SIZE],
        name="log",
        report=lambda check, one: told.append((check, one)),
    )
    for start in range(0, len(rows), step):
        audit.feed(rows[start : start + step])
    audit.end()
    if rows is ROWS:
        assert {size: audit.roots[size] for size in (1, 256, 500, SIZE)} == {
            size: merkle.root(LEAVES[:size]) for size in (1, 256, 500, SIZE)
        }
    return told


def turn(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("step", [1, 250, 256, 600])
def test_a_log_that_is_the_journal_is_sound(directory: Path, step: int) -> None:
    assert audited(directory, step=step) == []


@pytest.mark.parametrize(
    ("path", "place", "check", "field", "index"),
    [
        ("tile/0/000", 32 * 7, "log.tiles", "leaf 7", 7),
        ("tile/0/002.p/88", 32 * 3 + 31, "log.tiles", "leaf 515", 515),
        ("tile/0/001.p/244", 0, "log.tiles", "leaf 256", 256),
        ("tile/1/000.p/2", 32, "log.tiles", "hash 1", 256),
        ("tile/entries/000", 34 * 7 + 2, "log.entries", "entry 7", 7),
        ("tile/entries/002.p/88", 34 * 3, "log.entries", "entry 515", 515),
    ],
)
def test_a_bit_in_a_tile_or_bundle_is_told_by_the_file_and_the_record(  # noqa: PLR0917 - one row of the table above
    directory: Path, path: str, place: int, check: str, field: str, index: int
) -> None:
    turn(directory / path, place)

    ((name, one),) = audited(directory)
    assert (name, one.where, one.field, one.index) == (check, f"log/{path}", field, index)


@pytest.mark.parametrize("path", ["tile/0/000", "tile/entries/002.p/88", "tile/1/000.p/2"])
def test_a_file_missing_is_told(directory: Path, path: str) -> None:
    (directory / path).unlink()

    ((_, one),) = audited(directory)
    assert (one.where, one.field, one.found) == (f"log/{path}", "file", "nothing")


def test_a_file_cut_short_is_told(directory: Path) -> None:
    path = directory / "tile" / "0" / "000"
    path.write_bytes(path.read_bytes()[:100])

    ((_, one),) = audited(directory)
    assert (one.field, one.index) == ("leaf 3", 3)


def test_a_record_written_anew_is_told_because_tile_and_bundle_agree_against_it(directory: Path) -> None:
    other = hashlib.sha256(b"rewritten").digest()
    rows = [*ROWS[:7], (*(None,) * 8, other, merkle.leaf_hash(other)), *ROWS[8:]]

    told = audited(directory, rows)
    (one,) = [one for check, one in told if check == "log.tiles" and one.where == "record 7"]
    assert (one.field, one.expected, one.found) == ("leaf", LEAVES[7].hex(), merkle.leaf_hash(other).hex())


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (note(SIZE, b"\x01" * 32), "root"),
        (note(SIZE).replace("— xa", "— ya"), "note"),
        ("no note", "note"),
        (note(SIZE)[:-5] + "AAA=\n", "note"),
    ],
)
def test_a_checkpoint_over_another_root_or_not_signed_is_told(directory: Path, text: str, field: str) -> None:
    (directory / "checkpoint").write_text(text, encoding="utf-8")

    checkpoint, error = read_checkpoint(directory, KEYS)
    told = list(signed(checkpoint, error, name="log", origin=ORIGIN, roots={SIZE: merkle.root(LEAVES)}))
    assert [(one.where, one.field) for one in told] == [("log/checkpoint", field)]


def mirror_faults(directory: Path, seen: list[dict[str, Any]] | None = None, head: Head | None = None) -> list[str]:
    heads = {ORIGIN: head} if head else {}
    told = mirrors.compare(directory.parent, seen or [], heads, {ORIGIN: KEYS})
    return [f"{check} {one.where} {one.field}" for check, one in told if one is not None]


def test_a_mirror_that_fits_its_note_what_was_seen_and_the_chain_is_sound(directory: Path) -> None:
    seen = [{"origin": ORIGIN, "size": 500, "root": merkle.root(LEAVES[:500])}]
    head = Head(size=SIZE, root=merkle.root(LEAVES), block_number=1)

    assert mirror_faults(directory, seen, head) == []


@pytest.mark.parametrize(
    ("path", "place", "told"),
    [
        ("tile/entries/000", 34 * 7 + 2, "mirrors/xa.tongping/tile/entries/000 entry 7"),
        ("tile/0/000", 32 * 7, "mirrors/xa.tongping/tile/0/000 leaf 7"),
        ("tile/1/000.p/2", 0, "mirrors/xa.tongping/tile/1/000.p/2 hash 0"),
        ("tile/entries/002.p/88", 1, "mirrors/xa.tongping/tile/entries/002.p/88 file"),
        ("checkpoint", 5, "mirrors/xa.tongping/checkpoint note"),
    ],
)
def test_a_bit_in_a_mirror_is_told_by_its_file(directory: Path, path: str, place: int, told: str) -> None:
    turn(directory / path, place)

    assert mirror_faults(directory)[0] == f"mirror.{ORIGIN} {told}"


def test_a_mirror_that_is_not_what_was_seen_is_told(directory: Path) -> None:
    seen = [{"origin": ORIGIN, "size": 500, "root": b"\x01" * 32}]

    assert mirror_faults(directory, seen) == [f"mirror.{ORIGIN} mirrors/{ORIGIN} at 500 root"]


def test_a_mirror_that_is_not_the_chains_is_told(directory: Path) -> None:
    head = Head(size=SIZE, root=b"\x01" * 32, block_number=1)

    assert mirror_faults(directory, [], head) == [f"mirror.{ORIGIN} mirrors/{ORIGIN} at {SIZE} root"]
