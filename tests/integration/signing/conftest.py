"""Shared by the signing tests: one report played through both cities, and fresh centres where a test changes them."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.signing.centres import SESSION, Cities


@dataclass(frozen=True, slots=True)
class Played:
    """A sealed report and whom to trust."""

    cities: Cities
    pdf: bytes

    @property
    def roots(self) -> list[str]:
        return self.cities.roots


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Read only: the tests share it."""
    cities = Cities.open(tmp_path_factory.mktemp("played"))
    return Played(cities, cities.play())


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of two centres with their experts' keys and the report drafted and certified; only ever copied."""
    directory = tmp_path_factory.mktemp("certified")
    made = Cities.open(directory)
    made.draft()
    made.host.desk.certify(SESSION)
    made.close()
    return directory


@pytest.fixture
def cities(certified: Path, tmp_path: Path) -> Iterator[Cities]:
    """Both centres with their experts' keys and the report drafted and certified, for one test to go on with."""
    shutil.copytree(certified, tmp_path, dirs_exist_ok=True)
    fresh = Cities.at(tmp_path)
    yield fresh
    fresh.close()
