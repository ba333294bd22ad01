"""The consortium shared by the browser tests of a module: one chain and two centres, after any earlier evaluation."""

from collections.abc import Iterator

import pytest

from tests.e2e.consortium import consortium
from tests.e2e.evaluation import Shared


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with consortium(tmp_path_factory.mktemp("browser")) as world:
        yield Shared(world=world)
