"""The schemas of trust files and bundles in docs/ describe real ones, and refuse what the readers refuse."""

import json
import re
from pathlib import Path

import pytest

from chain_gateway.evidence import archive
from tests.unit.chain_gateway import made_evidence as made
from tests.unit.chain_gateway.verifier import test_bundle_log as bundles
from tests.unit.json_schema import Json, faults

ROOT = Path(__file__).parents[2]
TRUST = json.loads((ROOT / "docs" / "trust.schema.json").read_text(encoding="utf-8"))
BUNDLE = json.loads((ROOT / "docs" / "bundle.schema.json").read_text(encoding="utf-8"))
EVIDENCE = ROOT / "tests" / "vectors" / "evidence"
TRUST_FILES = sorted(EVIDENCE.rglob("trust*.json"))
BUNDLES = sorted(EVIDENCE.rglob("*.evidence.zip"))


@pytest.mark.parametrize("file", TRUST_FILES, ids=lambda file: file.parent.name + "/" + file.name)
def test_a_real_trust_file_has_the_form_of_the_schema(file: Path) -> None:
    assert list(faults(json.loads(file.read_text(encoding="utf-8")), TRUST)) == []


def test_a_trust_file_with_cosigners_has_the_form_of_the_schema() -> None:
    assert list(faults(made.trust_value(), TRUST)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"policies": {}},
        {"centres": []},
        {"centres": [{"code": "JN"}]},
        {"policy": {"cosignatures": "1"}},
        {"chain": {"chain_id": 1, "genesis": "0xAB", "anchor": made.ANCHOR, "registry": made.ANCHOR}},
        {"policy": {"cosignatures": 0, "witness": []}},
    ],
)
def test_the_schema_of_trust_files_refuses_what_the_reader_refuses(wrong: Json) -> None:
    assert list(faults({**made.trust_value(), **wrong}, TRUST)) != []


def kinds(data: bytes) -> dict[str, Json]:
    """The JSON members of a bundle by kind: one of each."""
    found: dict[str, Json] = {}
    for name, content in archive.unpack(data).members.items():
        if name.endswith(".json"):
            kind = re.sub(r"/[0-9]+\.json$", "/<index>.json", name)
            found[re.sub(r"^consents/.*", "consents/<seat>.json", kind)] = json.loads(content)
    return found


@pytest.mark.parametrize("file", BUNDLES, ids=lambda file: file.parent.name)
def test_every_json_member_of_a_real_bundle_has_the_form_of_the_schema(file: Path) -> None:
    assert list(faults(kinds(file.read_bytes()), BUNDLE)) == []


def test_a_bundle_with_two_checkpoints_has_the_form_of_the_schema_but_for_its_empty_room() -> None:
    assert list(faults(kinds(bundles.joined(3, 5)), BUNDLE)) == ["$.entries.json is too short"]


def test_every_kind_of_json_member_is_described_and_no_other() -> None:
    real = {kind for file in BUNDLES for kind in kinds(file.read_bytes())} | set(kinds(bundles.joined(3, 5)))

    assert set(BUNDLE["properties"]) == real
