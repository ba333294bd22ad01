"""How many examples hypothesis makes up: all that a test asks for, or a share of them where somebody waits."""

import os
from typing import Final

SHARE: Final = int(os.environ.get("TONGPING_EXAMPLES", "100"))
"""Per cent. `make unit` asks for a part; `make test`, and so .ci/run, for all."""
_FEWEST: Final = 5


def share(most: int) -> int:
    """The examples to make of `most`."""
    return max(most * SHARE // 100, min(most, _FEWEST))
