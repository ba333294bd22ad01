"""One report played through both cities, which the tests of this folder share and only read."""

import pytest

from tests.unit.signing.centres import Cities
from tests.unit.signing.conftest import Played


@pytest.fixture(name="played", scope="session")
def _played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    cities = Cities.open(tmp_path_factory.mktemp("played"))
    return Played(cities, cities.play())
