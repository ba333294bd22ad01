"""Reports and their revisions as files under their own digests: written whole or not at all, checked when read."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from records.errors import EvidenceMismatchError, NotFoundError, UnavailableError
from records.ids import Digest, digest


@dataclass(frozen=True, slots=True)
class Files:
    """A directory of files that never change."""

    directory: Path

    def put(self, data: bytes) -> Digest:
        """Save the bytes; they are durable when this returns. Raises UnavailableError("files-unavailable")."""
        name = digest(data)
        path = self._path(name)
        if path.exists():
            return name
        partial = path.with_name(f"{path.name}.{os.getpid()}.new")
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
            _sync(self.directory)
        except OSError as error:
            raise UnavailableError("files-unavailable", reason=error.strerror or "unknown") from error
        return name

    def get(self, name: Digest) -> bytes:
        """The bytes of this digest. Raises NotFoundError("file-missing"), EvidenceMismatchError("file-changed")."""
        try:
            data = self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError("file-missing", digest=name) from error
        except OSError as error:
            raise UnavailableError("files-unavailable", reason=error.strerror or "unknown") from error
        if digest(data) != name:
            raise EvidenceMismatchError("file-changed", digest=name)
        return data

    def drop(self, name: Digest) -> None:
        """Remove a file that nothing names any more; one that is gone already, or cannot be removed, does no harm."""
        with suppress(OSError):
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: Digest) -> Path:
        return self.directory / name.removeprefix("sha256:")


def _sync(directory: Path) -> None:
    """Make the new name itself durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
