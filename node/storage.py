"""The folders a centre writes in: whether it can, and how much space is left there."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from chain_gateway.monitor.alarms import NEARLY_FULL, AlarmName
from chain_gateway.monitor.rules import Fault, Looked
from node.config import Config
from records.errors import UnavailableError
from records.proof import Check, Outcome

_MIB: Final = 1024 * 1024
LEAST_TO_START: Final = 64
"""MiB without which a centre does not start: it would soon stand still in the middle of an evaluation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A folder (or its nearest existing parent) by its use. `reason`: why nothing can be written, or the empty text."""

    name: str
    path: Path
    free_mib: int
    reason: str


def places(config: Config) -> Iterator[Place]:
    """The folders of database, files and keys; a database on a server is that server's concern."""
    folders = {"files": config.storage.files, "keys": config.storage.keys}
    url = make_url(config.storage.database)
    if url.get_backend_name() == "sqlite" and url.database:
        folders = {"database": Path(url.database).parent, **folders}
    for name, folder in folders.items():
        yield _place(name, _existing(folder))


def require_writable(config: Config) -> None:
    """Before a start. Raises UnavailableError: folder-not-writable, disk-full, each with the path and the reason."""
    for place in places(config):
        if place.reason:
            raise UnavailableError("folder-not-writable", path=str(place.path), reason=place.reason)
        if place.free_mib < LEAST_TO_START:
            raise UnavailableError("disk-full", path=str(place.path), free_mib=place.free_mib, least=LEAST_TO_START)


def checks(config: Config) -> list[Check]:
    """One check for each folder, as `tongping check` shows them."""
    return [_check(place, config.monitor.free_mib) for place in places(config)]


def looked(config: Config) -> Iterator[Looked]:
    """One look at each folder, for the monitor."""
    for place in places(config):
        faults = tuple(_faults(place, config.monitor.free_mib))
        yield Looked(name=AlarmName.STORAGE, subject=f"storage:{place.name}", faults=faults)


def _faults(place: Place, least: int) -> Iterator[Fault]:
    if place.reason:
        yield Fault(code="folder-not-writable", expected=f"{place.path} can be written", found=place.reason)
    elif place.free_mib < least:
        yield Fault(code=NEARLY_FULL, expected=f"{least} MiB free", found=f"{place.free_mib} MiB free in {place.path}")


def _check(place: Place, least: int) -> Check:
    fault = next(_faults(place, least), None)
    told = (
        f"{place.free_mib} MiB free in {place.path}" if fault is None else f"{fault.code}: {place.path}, {fault.found}"
    )
    return Check(
        name=f"storage.{place.name}",
        outcome=Outcome.PASS if fault is None else Outcome.FAIL,
        reason=told,
        values={"free_mib": place.free_mib},
    )


def _existing(folder: Path) -> Path:
    folder = folder.resolve()
    return next(one for one in (folder, *folder.parents) if one.exists())


def _place(name: str, folder: Path) -> Place:
    return Place(name=name, path=folder, free_mib=shutil.disk_usage(folder).free // _MIB, reason=_unwritable(folder))


def _unwritable(folder: Path) -> str:
    """Why no file can be written here: the name of the system's error. A file is really written and synced."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "EIO")
    return ""
