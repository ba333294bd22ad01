"""Shared by the signing tests: one report played through both cities, and fresh centres where a test changes them."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.signing.centres import SESSION, Cities


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


@pytest.fixture
def cities(tmp_path: Path) -> Cities:
    """Both centres with their experts' keys and the report drafted and certified."""
    fresh = Cities.open(tmp_path)
    fresh.draft()
    fresh.host.desk.certify(SESSION)
    return fresh
