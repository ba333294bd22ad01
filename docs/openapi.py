"""Write docs/openapi.json: the interface of a centre that has everything, as the application describes itself."""

import json
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from node.app import application
from node.centre import open_centre
from node.config import CentreConfig, ChainConfig, Config, ServerConfig, StorageConfig
from records.ids import CentreCode

FILE = Path(__file__).parent / "openapi.json"


def document() -> dict[str, Any]:
    """Any: JSON. With a chain and the switches of a demonstration; nothing is asked of the chain."""
    with TemporaryDirectory() as directory:
        folder = Path(directory)
        centre = open_centre(_config(folder), clock=lambda: datetime.now(UTC), randomness=secrets.token_bytes)
        try:
            return application(centre).openapi()
        finally:
            centre.journal.engine.dispose()


def _config(folder: Path) -> Config:
    return Config(
        centre=CentreConfig(
            code=CentreCode("JN"), name_zh="示例", name_en="Example", city_zh="示例", city_en="Example"
        ),
        server=ServerConfig(port=1),
        storage=StorageConfig(
            database=f"sqlite:///{folder / 'centre.sqlite3'}", files=folder / "files", keys=folder / "keys"
        ),
        chain=ChainConfig(
            rpc="http://localhost:1",
            chain_id=1,
            anchor="0x" + "1" * 40,
            registry="0x" + "2" * 40,
            genesis="0x" + "3" * 64,
        ),
        demo=True,
    )


def text() -> str:
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text()) if "-" in sys.argv else FILE.write_text(text(), encoding="utf-8")
