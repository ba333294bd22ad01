"""Whatever bytes a parser is given, it answers or refuses them by a code; `make fuzz` looks longer."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.examples import share
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_foreign_bytes_are_read_or_refused_by_a_code(target: Target) -> None:
    @settings(max_examples=share(target.examples), suppress_health_check=list(HealthCheck))
    @given(target.inputs)
    def look(found: Any) -> None:  # Any: each parser takes its own kind of input
        target.answer(found)

    look()
