"""The installation's samples with one file changed, in a separate folder."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from node.config import INSTALLATION


def altered(folder: Path, name: str, change: Callable[[Any], None]) -> Path:  # Any: JSON of the file
    """`name`: the file, below the samples; `change` receives its content and changes it there."""
    shutil.copytree(INSTALLATION / "samples", folder)
    path = folder / name
    value = json.loads(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return folder
