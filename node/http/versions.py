"""Where the machine interface begins: its version stands in every path, so that another one can be served beside it."""

from typing import Final

VERSION: Final = "1"
API: Final = f"/api/v{VERSION}"
"""For browsers."""
PEER: Final = f"/peer/v{VERSION}"
"""For other centres."""
