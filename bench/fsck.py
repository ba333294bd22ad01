"""The audit of a journal of a million records, against plain SHA-256 over the same bytes."""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from bench.measure import ROUNDS, Bench, Figure, Goal, Pair, compared, interleaved
from journal import open_engine
from journal.store import open_for_reading, raw_rows
from journal.tiles import TileLog
from node import migrations
from node.audit.audit import audit
from node.config import CentreConfig, Config, ServerConfig, StorageConfig
from records.commitment import commit
from records.ids import ZERO_DIGEST, CentreCode, b64u
from records.log import merkle

SIZES: Final = (1, 10, 100, 1_000, 10_000, 1_000_000)
GOAL: Final = Goal(floor=12, goal=6, at_most=True)
_PER_SESSION: Final = 2_000
_AT: Final = "2026-11-23T06:03:22.123Z"
_BATCH: Final = 5_000
_JOURNAL: Final = "INSERT INTO journal_entry VALUES (?,?,?,?,?,?,?,?,?,?)"
_ROOM: Final = "INSERT INTO room_entry (place, session, author, seq, kind, wire) VALUES (?,?,?,?,?,?)"


def run(say: Callable[[str], None]) -> Sequence[Figure]:
    figures: list[Figure] = []
    for size in SIZES:
        say(f"{size:,} records: writing them")
        with tempfile.TemporaryDirectory() as directory:
            config = _centre(Path(directory), size)
            say(f"{size:,} records: {ROUNDS} audits")
            figures += _figures(config, size)
    return figures


def _figures(config: Config, size: int) -> Iterator[Figure]:
    """By processor time; of the largest journal by wall-clock time, too."""
    times = max(1, 1_000 // size)  # a few hashes are too fast to time once
    ours, peer = list[float](), list[float]()
    pair = interleaved(lambda: _audit(config, ours) / size, lambda: _hashes(config, times, peer) / size)
    largest = size == SIZES[-1]
    yield compared(
        pair,
        bench="fsck",
        case=f"{size:,} records",
        unit="CPU seconds per record",
        goal=GOAL if largest else None,
    )
    if largest:
        on_the_wall = Pair(ours=tuple(one / size for one in ours), peer=tuple(one / size for one in peer))
        case = f"{size:,} records, by the clock on the wall"
        yield compared(on_the_wall, bench="fsck", case=case, unit="seconds per record")


def _silent(_done: int, _all: int) -> None:
    return


def _audit(config: Config, walls: list[float]) -> float:
    """One audit, which must find no fault; its wall-clock time is added to `walls`."""
    wall, started = time.perf_counter(), time.process_time()
    verdict = audit(config, offline=True, progress=_silent)
    spent = time.process_time() - started
    walls.append(time.perf_counter() - wall)
    assert verdict.ok, [check.reason for check in verdict.failed]
    return spent


def _hashes(config: Config, times: int, walls: list[float]) -> float:
    """Each record and each row of the room hashed once; reading them is not counted."""
    sha256, spent, on_the_wall = hashlib.sha256, 0.0, 0.0
    engine = open_for_reading(config.storage.database)
    with Session(engine) as db:
        for query in ("SELECT record FROM journal_entry", "SELECT wire FROM room_entry"):
            for rows in raw_rows(db, query):
                wall, started = time.perf_counter(), time.process_time()
                for _ in range(times):
                    for (data,) in rows:
                        sha256(data).digest()
                spent += time.process_time() - started
                on_the_wall += time.perf_counter() - wall
    engine.dispose()
    walls.append(on_the_wall / times)
    return spent / times


Rows = list[tuple[Any, ...]]
"""Any: columns of any type."""


def _centre(directory: Path, size: int) -> Config:
    """A centre with this number of room entries in its journal and its log on disk, as the program would leave it."""
    config = Config(
        centre=CentreConfig(code=CentreCode("JN"), name_zh="济南", name_en="Jinan", city_zh="济南", city_en="Jinan"),
        server=ServerConfig(port=1),
        storage=StorageConfig(
            database=f"sqlite:///{directory / 'jn.sqlite3'}", files=directory / "files", keys=directory / "keys"
        ),
    )
    config.storage.keys.mkdir()
    key = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (config.storage.keys / "log.pem").write_bytes(key)
    engine = open_engine(config.storage.database)
    migrations.upgrade(engine)
    log = TileLog(config.storage.files / "log")
    connection = engine.raw_connection()
    cursor = connection.cursor()
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -200000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("BEGIN")
    for entries, taken in _rows(size):
        cursor.executemany(_JOURNAL, entries)
        cursor.executemany(_ROOM, taken)
        log.extend(log.size, [entry[8] for entry in entries])
    cursor.execute("COMMIT")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()
    connection.close()
    engine.dispose()
    return config


def _rows(size: int) -> Iterator[tuple[Rows, Rows]]:
    """Rows of the journal and of the room, in batches: sessions of 2,000 scores by five seats."""
    entries: Rows = []
    taken: Rows = []
    last, heads = ZERO_DIGEST, dict[str, tuple[int, str]]()
    for number in range(size):
        project = f"E37010000760{number // _PER_SESSION:05d}001"
        seq = number % _PER_SESSION + 1
        if seq == 1:
            last, heads = ZERO_DIGEST, {}
        author = f"seat:JN-{number % 5 + 1}"
        place, wire = _wire(project, author, heads)
        taken.append((number + 1, f"{project}-1", author, place, "score-entered", wire))
        tail = f',"centre":"JN","previous":"{last}","project":"{project}","seq":{seq},"session":"{project}-1",'
        tail += '"stage":"DETAILED","type":"room.entry-taken.v1","version":1}'
        record = f'{{"at":"{_AT}","author":"{author}","body":'.encode() + wire + tail.encode()
        last = "sha256:" + hashlib.sha256(record).hexdigest()  # type: ignore[assignment]  # a digest
        salt = os.urandom(32)
        commitment = commit(salt, record)
        leaf = merkle.leaf_hash(commitment)
        kind = "room.entry-taken.v1"
        entries.append((number, kind, project, f"{project}-1", seq, last, record, salt, commitment, leaf))
        if len(entries) == _BATCH or number == size - 1:
            yield entries, taken
            entries, taken = [], []


def _wire(project: str, author: str, heads: dict[str, tuple[int, str]]) -> tuple[int, bytes]:
    """The author's next score in wire form; its signature is random, since no audit of the journal verifies it."""
    before, previous = heads.get(author, (0, ZERO_DIGEST))
    entry = {
        "session": f"{project}-1",
        "author": author,
        "seq": before + 1,
        "previous": previous,
        "at": _AT,
        "stage": "DETAILED",
        "kind": "score-entered",
        "body": {"bidder": "B1", "item": "T1", "points": 700},
    }
    data = orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)
    heads[author] = (before + 1, "sha256:" + hashlib.sha256(data).hexdigest())
    return before + 1, b'{"entry":' + data + f',"signature":"{b64u(os.urandom(64))}"}}'.encode()


BENCH = Bench(
    name="fsck",
    question="How long does a whole audit take, against hashing the same bytes once?",
    ours="`tongping fsck --offline`: record, salt, commitment, leaf, digest, columns, chains, tiles, the room's table",
    peer="one SHA-256 of each record (680 bytes, as a score has) and of each row of the room's table (380), bare: "
    "the audit's side counts reading them, this one does not",
    not_shown=(
        "more than one core: both sides are one process, and count its CPU seconds, as the machine is shared",
        "other tables than the room's: they hold a few rows for each evaluation",
        "a log that is not in the disk cache",
        "the verdict on few records: an audit looks up its tables and keys whatever the size",
    ),
    run=run,
)
