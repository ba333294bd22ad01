"""A disk that counts its operations, fails or dies at one of them, and knows the state after a power cut."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from journal import disk

Image = dict[str, bytes | None]
"""The state after a power cut: relative paths; None for a folder."""
_CALLS = ("open", "write", "fsync", "close")
_PATH_CALLS = ("replace", "mkdir", "unlink", "rmdir")
_SYNC_FILE_SYSTEM = disk.sync_file_system


@dataclass(slots=True)
class FailingDisk:
    """Calls `at_step` before (or after) the step of this number, counted from 0; `steps` says how many there were.

    A power cut keeps the last synced content of each file. Of each folder it keeps the names at the last sync, or the
    present ones: either is possible, and each is the worst case for some code.
    """

    directory: Path
    step: int
    at_step: Callable[[], None]
    after: bool = False
    steps: int = 0
    _names: dict[Path, dict[str, tuple[int, bool]]] = field(default_factory=dict)
    _bytes: dict[int, bytes] = field(default_factory=dict)
    _held: list[BinaryIO] = field(default_factory=list)
    """Open, so that no inode is given to another file while its old name may still be on the disk."""

    def __post_init__(self) -> None:
        for folder in (self.directory, *self.directory.rglob("*")):
            self._keep(folder)

    def __getattr__(self, name: str) -> Any:  # Any: stands for the module `os`
        real = getattr(os, name)
        return self._counting(real) if name in _CALLS else real

    def _counting(self, real: Callable[..., Any]) -> Callable[..., Any]:  # Any: whatever the call takes and gives
        def call(*arguments: Any, **named: Any) -> Any:
            here, self.steps = self.steps == self.step, self.steps + 1
            after = self.after or real is os.close  # which closes, whatever it returns
            if here and not after:
                self.at_step()
            found = real(*arguments, **named)
            if real is os.fsync:
                self._keep(Path(f"/proc/self/fd/{arguments[0]}").readlink())
            elif real is _SYNC_FILE_SYSTEM:
                self.__post_init__()
            if here and after:
                self.at_step()
            return found

        return call

    def _keep(self, path: Path) -> None:
        if path.is_dir():
            self._names[path] = _names(path)
        elif path.exists():
            self._bytes[path.stat().st_ino] = path.read_bytes()
            self._held.append(path.open("rb"))

    def image(self, *, late: bool) -> Image:
        """The state after a power cut now. `late`: without the unsynced names, otherwise with them."""
        found: Image = {}
        self._walk(self.directory, found, late=late)
        return found

    def _walk(self, folder: Path, found: Image, *, late: bool) -> None:
        names = self._names.get(folder, {}) if late else _names(folder)
        for name, (inode, is_folder) in names.items():
            path = folder / name
            if is_folder:
                found[path.relative_to(self.directory).as_posix()] = None
                self._walk(path, found, late=late)
            else:
                found[path.relative_to(self.directory).as_posix()] = self._bytes.get(inode, b"")


def _names(folder: Path) -> dict[str, tuple[int, bool]]:
    return {one.name: (one.stat().st_ino, one.is_dir()) for one in folder.iterdir()}


@contextmanager
def installed(failing: FailingDisk) -> Iterator[FailingDisk]:
    """All operations of `journal.disk` go through this disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "os", failing)
        patch.setattr(disk, "sync_file_system", failing._counting(_SYNC_FILE_SYSTEM))
        for name in _PATH_CALLS:
            patch.setattr(Path, name, failing._counting(getattr(Path, name)))
        yield failing
    for held in failing._held:
        held.close()


def restored(image: Image, directory: Path) -> Path:
    """The disk after the power cut."""
    for path, data in image.items():
        if data is None:
            (directory / path).mkdir(parents=True, exist_ok=True)
        else:
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_bytes(data)
    return directory


def broken() -> None:
    raise OSError(errno.EIO, "the disk is broken")
