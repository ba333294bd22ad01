"""The text forms that everything else is made of: JSON, TOML, notes, tiles, identifiers."""

import json
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from records import canonical, ids, strict_json, strict_text
from records.log import checkpoint, cosignature, note, tile_growth, tiles
from tests.fuzz.spoiling import spoiled
from tests.fuzz.target import Target, each

VECTORS: Final = Path(__file__).parents[1] / "vectors"
_GOLDEN: Final = json.loads((VECTORS / "cosignature.json").read_text("utf-8"))
_KEYS: Final = [_GOLDEN["vkey"]]
_NOTES: Final = [_GOLDEN["note"], _GOLDEN["cosigned"], _GOLDEN["line"], _GOLDEN["vkey"]]
_JSON: Final = [
    b'{"a":[1,2,{"b":"\\u00e9"}],"c":true}',
    json.dumps({"x": [None, 1.5, -3, "\U0001f600", {}, []]}, indent=1).encode(),
    canonical.encode({"type": "x", "body": {"n": 2**53 - 1, "t": "评标"}}),
]
_TOML: Final = [b'city = "JN"\n[server]\nport = 8000\nhosts = ["a", 1.5, 2026-01-01]\n[[peers]]\nx = "\\u00e9"\n']
_TEXT: Final = spoiled([one.encode() for one in _NOTES]).map(lambda data: data.decode("utf-8", "replace")) | st.text(
    st.characters(exclude_categories=()), max_size=80
)
_TILES: Final = ["tile/0/x001/x234/067", "tile/entries/000.p/112", "tile/63/000", "tile/0/000.p/256"]


def _tile(given: tuple[str, bytes]) -> None:
    tile = tiles.parse_path(given[0])
    each(lambda data: tiles.decode_bundle(tile, data), lambda data: tiles.decode_hashes(tile, data))(given[1])


TARGETS: Final = (
    Target(
        name="json",
        inputs=spoiled(_JSON),
        parse=each(
            canonical.decode,
            lambda data: canonical.decode_all([data, data]),
            strict_json.read,
            strict_json.read_by_hand,
        ),
    ),
    Target(name="toml", inputs=spoiled(_TOML), parse=strict_text.read_toml),
    Target(
        name="note",
        inputs=_TEXT,
        parse=each(
            note.parse_note,
            note.parse_line,
            checkpoint.parse_checkpoint,
            lambda text: checkpoint.open_signed(text, _KEYS),
            lambda text: cosignature.cosignatures(text, _KEYS),
            lambda text: cosignature.add_lines(text, [text, _GOLDEN["line"]]),
            checkpoint.parse_verifier_key,
            cosignature.parse_cosigner_key,
        ),
    ),
    Target(
        name="tile",
        inputs=st.tuples(st.sampled_from(_TILES) | _TEXT, spoiled([bytes(64), b"\x00\x20" + bytes(32)])),
        parse=_tile,
    ),
    Target(
        name="edge",
        inputs=st.tuples(st.integers(0, 2**64), spoiled([bytes(64), b"\x00\x20" + bytes(32)])),
        parse=lambda given: tile_growth.decode_edge(*given),
    ),
    Target(
        name="identifiers",
        inputs=_TEXT | st.none() | st.integers() | st.just(["JN"]),
        parse=each(
            ids.parse_centre,
            ids.parse_project,
            ids.parse_session,
            ids.parse_seat,
            ids.parse_person,
            ids.parse_author,
            ids.parse_digest,
            ids.parse_instant,
            ids.unb64u,
            ids.check_uscc,
        ),
    ),
)
