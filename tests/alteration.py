"""The installation's samples with one file of them changed, in a folder of their own."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from node.config import INSTALLATION


def altered(folder: Path, name: str, change: Callable[[Any], None]) -> Path:  # Any: JSON of the file
    """`name`: the file, below the samples; `change` is given what it holds and changes it there."""
    shutil.copytree(INSTALLATION / "samples", folder)
    path = folder / name
    value = json.loads(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return folder
