"""A played evaluation to audit: two real centres and a real chain that ran to the end, and copies of one to alter."""

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from node import config as configuration
from node.audit.audit import audit
from node.config import Config
from node.demo.play import demo
from records.proof import Check, Verdict
from tests.integration.node.node_centres import free_port

HOST, GUEST = "jn", "xa"
TOLD = {"gateway_checkpoint": "\"transaction\" != ''", "gateway_witness": "\"transaction\" != ''"}
"""Which rows come from records, where not all do; tests/unit/node/audit holds the others."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a centre: its database and its files."""

    config: Config

    @property
    def database(self) -> Path:
        return Path(self.config.storage.database.removeprefix("sqlite:///"))

    def change(self, command: str, *values: object) -> None:
        """One row, changed past the program."""
        db = sqlite3.connect(self.database)
        assert db.execute(command, values).rowcount == 1
        db.commit()
        db.close()

    def edit(self, table: str, column: str, place: str, edit: Callable[[str], str]) -> None:
        """Change a column of the one row at `place`, a condition."""
        db = sqlite3.connect(self.database)
        ((found,),) = db.execute(f'SELECT "{column}" FROM {table} WHERE {place}').fetchall()  # noqa: S608 - the test's own
        binary = isinstance(found, bytes)
        text = edit(found.decode("latin-1") if binary else str(found))
        assert text != str(found)
        value = text.encode("latin-1") if binary else text
        db.execute(f'UPDATE {table} SET "{column}" = ? WHERE {place}', (value,))  # noqa: S608 - as above
        db.commit()
        db.close()

    def disturb(self, table: str, column: str) -> None:
        """Make the smallest change to a column of the last row that comes from the table's records."""
        db = sqlite3.connect(self.database)
        place = TOLD.get(table, "true")
        row, found = db.execute(
            f'SELECT rowid, "{column}" FROM {table} WHERE {place} ORDER BY rowid DESC LIMIT 1'  # noqa: S608 - as above
        ).fetchone()
        value: object = found + 1 if isinstance(found, int) else _turned(found)
        db.execute(f'UPDATE {table} SET "{column}" = ? WHERE rowid = ?', (value, row))  # noqa: S608 - as above
        db.commit()
        db.close()

    def audit(self, *, offline: bool = True) -> Verdict:
        return audit(self.config, offline=offline, progress=lambda _done, _all: None)

    def failed(self) -> dict[str, Check]:
        return {check.name: check for check in self.audit().failed}


def _turned(found: str | bytes) -> str | bytes:
    """One bit in the middle; some value where there is none."""
    middle = len(found) // 2
    if isinstance(found, bytes):
        return found[:middle] + bytes([found[middle] ^ 1]) + found[middle + 1 :]
    return found[:middle] + chr(ord(found[middle]) ^ 1) + found[middle + 1 :] if found else "x"


def played(directory: Path) -> Path:
    """Play the sample evaluation; everything has ended when this returns."""
    ports = [free_port() for _ in range(3)]
    first = max(ports)
    demo(stay=False, root=directory, chain_port=min(ports), first_port=first)
    return directory


def copy_of(world: Path, city: str, directory: Path) -> Copy:
    """A copy of one centre as it was left: no process has it open."""
    shutil.copytree(world / city, directory / city)
    shutil.copy(world / "trust.json", directory / "trust.json")
    config = configuration.load(directory / city / "tongping.toml", environment={})
    return Copy(replace(config, seal=replace(config.seal, authority=world / "authority")))
