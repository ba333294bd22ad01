"""Asking for a refusal: the code of the error that an act ends with."""

from collections.abc import Callable

import pytest

from records.errors import TongpingError


def refusal(act: Callable[[], object], family: type[TongpingError] = TongpingError) -> str:
    with pytest.raises(family) as refused:
        act()
    return refused.value.code
