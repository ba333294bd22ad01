"""Files that survive a power cut: whole under their name or not there, and on disk before anybody is told."""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from records.errors import UnavailableError

_UNFINISHED: Final = ".new"
_AT_ONCE: Final = 32
_FEW: Final = 4
T = TypeVar("T")


@contextmanager
def converted() -> Iterator[None]:
    """A disk that is full, slow or gone is an outside thing that does not answer."""
    try:
        yield
    except OSError as error:
        raise UnavailableError("log-disk", errno=error.errno or 0) from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock on a file against every other process (and every other holder in this one)."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)  # gives the lock back, as the kernel does for a process that is killed


def read(path: Path) -> bytes | None:
    """The whole file, None when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def make_folders(path: Path, known: set[Path]) -> None:
    """Create a folder and those above it, each on disk in the one that holds it.

    One that exists may have been made by a process that was killed before it was on disk: only `known` says that it is.
    """
    if path in known:
        return
    make_folders(path.parent, known)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)
    known.add(path)


def sync_folder(path: Path) -> None:
    """Bring the names in a folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_loosely(path: Path, data: bytes) -> None:
    """Put a whole file under its name, sooner or later also on disk: only for what can be made again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, data, sync=False)


def write(path: Path, data: bytes, *, sync: bool = True) -> None:
    """Put a whole file under its name. Its bytes are on disk before; its name is when its folder has been synced."""
    unfinished = path.with_name(f"{path.name}{_UNFINISHED}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unfinished.replace(path)  # whoever reads the name finds the old bytes or the new ones, never a part


def write_all(files: Sequence[tuple[Path, bytes]], known: set[Path]) -> None:
    """Write many files and bring all their names to disk; `known` are the folders that are there for good."""
    folders = list(dict.fromkeys(path.parent for path, _ in files))
    for folder in folders:
        make_folders(folder, known)
    _each(lambda file: write(*file), files)
    _each(sync_folder, folders)


def _each(act: Callable[[T], None], items: Sequence[T]) -> None:
    """One after the other when they are few; at once when they are many, because a disk syncs many as fast as one."""
    if len(items) <= _FEW:
        for item in items:
            act(item)
        return
    with ThreadPoolExecutor(min(_AT_ONCE, len(items))) as threads:
        list(threads.map(act, items))
