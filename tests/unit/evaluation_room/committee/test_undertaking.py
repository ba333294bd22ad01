"""The undertaking is one text, in the node and in the browser."""

import json
from pathlib import Path

from evaluation_room.committee import undertaking

VECTOR = Path(__file__).parents[3] / "vectors" / "undertaking.json"


def test_the_text_and_its_digest_are_those_of_the_vector() -> None:
    vector = json.loads(VECTOR.read_text(encoding="utf-8"))

    assert vector == {"text": undertaking.TEXT, "digest": undertaking.TEXT_DIGEST}
