"""Files that survive a power cut: whole under their name or not there, and on disk before the caller continues."""

import ctypes
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from records.errors import UnavailableError

_UNFINISHED: Final = ".new"
_FEW: Final = 4
"""Up to this number files are synced one by one; beyond it with one sync of the whole file system."""
_SYNCFS: Final = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
"""Linux has `syncfs`; elsewhere files are always synced one by one."""


@contextmanager
def converted() -> Iterator[None]:
    """A disk that is full, slow or gone counts as an unavailable outside part."""
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
        os.close(descriptor)  # releases the lock, as the kernel does for a killed process


def read(path: Path) -> bytes | None:
    """The whole file, None when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def make_folders(path: Path, known: set[Path]) -> None:
    """Create a folder and its parents, each synced into its own parent.

    An existing folder may come from a process killed before the sync; only those in `known` are sure to be on disk.
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
    """Put a whole file under its name, without a sync: only for what can be made again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, data, sync=False)


def write(path: Path, data: bytes, *, sync: bool = True) -> None:
    """Put a whole file under its name. Its bytes are synced first; its name only with its folder."""
    _write_unfinished(path, data, sync=sync)
    _finish(path)


def write_all(files: Sequence[tuple[Path, bytes]], known: set[Path]) -> None:
    """Write files and bring all their names to disk; `known`: folders that are on disk already."""
    folders = list(dict.fromkeys(path.parent for path, _ in files))
    for folder in folders:
        make_folders(folder, known)
    together = len(files) > _FEW and _SYNCFS is not None
    for path, data in files:
        _write_unfinished(path, data, sync=not together)
    if together:
        sync_file_system(folders[0])
    # All bytes are on disk, and no file has its name yet.
    for path, _ in files:
        _finish(path)
    for folder in folders:
        sync_folder(folder)


def write_then(files: Sequence[tuple[Path, bytes]], last: tuple[Path, bytes], known: set[Path]) -> None:
    """Write files, and one last file that gets its name only when all the others are on disk.

    A reader always finds whole files. After a power cut that holds only for the files that the last one counts: any
    other name may have reached the disk before its bytes.
    """
    if len(files) <= _FEW or _SYNCFS is None:
        write_all(files, known)
        write_all([last], known)
        return
    folders = list(dict.fromkeys(path.parent for path, _ in files))
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    for path, data in files:
        write(path, data, sync=False)
    _write_unfinished(*last, sync=False)
    sync_file_system(last[0].parent)
    # All bytes are on disk, the last file's included, and all names but the last one, with their folders.
    for folder in folders:
        known.update((folder, *folder.parents))
    _finish(last[0])
    sync_folder(last[0].parent)


def sync_file_system(folder: Path) -> None:
    """Sync the whole file system of this folder, whoever wrote to it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if _SYNCFS is None or _SYNCFS(descriptor) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(descriptor)


def _write_unfinished(path: Path, data: bytes, *, sync: bool) -> None:
    descriptor = os.open(_unfinished(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _finish(path: Path) -> None:
    _unfinished(path).replace(path)  # a reader finds the old bytes or the new ones, never a part


def _unfinished(path: Path) -> Path:
    return path.with_name(f"{path.name}{_UNFINISHED}")
