"""`tongping verify --ranking`: anybody computes a bundle's ranking again, and reads where each figure comes from."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from chain_gateway.evidence import archive, bundle
from chain_gateway.verifier.trust import load_trust
from node.cli import cli
from node.evidence.ranking_recomputed import as_value, lines, recompute
from tests.unit.json_schema import faults

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "tests" / "vectors" / "evidence"
BUNDLE = next(FOLDER.glob("*.evidence.zip"))
DATA = BUNDLE.read_bytes()
TRUST = load_trust(FOLDER / "trust.json")
EVALUATION = json.loads((ROOT / "docs" / "evaluation.schema.json").read_text("utf-8"))
VERDICT = json.loads((ROOT / "docs" / "verdict.schema.json").read_text("utf-8"))


def run(*options: str) -> Result:
    return CliRunner().invoke(cli.app, ["verify", str(BUNDLE), "--trust", str(FOLDER / "trust.json"), *options])


def without_a_sheet() -> bytes:
    """The bundle with its last entries cut off: nobody has locked a sheet yet."""
    members = dict(archive.unpack(DATA).members)
    entries = json.loads(members[bundle.ENTRIES])
    kept = entries[: next(place for place, one in enumerate(entries) if one["entry"]["kind"] == "sheet-locked")]
    members[bundle.ENTRIES] = json.dumps(kept, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    return archive.pack(members.items())


def test_the_ranking_of_a_real_bundle_is_recomputed_with_every_figure() -> None:
    told = run("--ranking").stdout

    assert "room.tally  recomputed from the locked sheets" in told
    verdict, _, counted = told.partition("ranking recomputed from the locked sheets of 5 seats\n")
    assert verdict.rstrip().endswith("not checked")
    order = [line.split()[1] for line in counted.splitlines() if line[:5].strip().isdigit()]
    assert f"equal at 2 centres: {', '.join(order)}" in verdict
    assert all(f"\ntotal.{bidder} " in counted and f"\nprice.{bidder}.score " in counted for bidder in order)


def test_without_the_switch_no_ranking_is_printed() -> None:
    assert "ranking recomputed" not in run().stdout
    assert "ranking" not in json.loads(run("--json").stdout)


def test_the_ranking_for_programs_has_the_form_of_an_evaluation() -> None:
    told = json.loads(run("--ranking", "--json").stdout)

    assert list(faults(told, VERDICT)) == []
    assert list(faults(told["ranking"], EVALUATION["$defs"]["result"], top=EVALUATION)) == []
    assert told["ranking"]["method"] == {"name": "comprehensive", "version": 1}
    totals = {step["figure"]: step["value"] for step in told["ranking"]["trace"]}
    assert [f"{one['total'] / 100:.2f}" for one in told["ranking"]["scores"]] == [
        totals[f"total.{one['bidder']}"] for one in told["ranking"]["scores"]
    ]


def test_of_entries_that_come_to_no_result_no_ranking_is_made_up() -> None:
    assert recompute(without_a_sheet(), TRUST) is None
    assert recompute(b"no bundle", TRUST) is None
    assert as_value(None) == {}
    assert list(lines(None)) == [
        "no ranking: the entries do not hold or come to no result, see room.entries and room.tally",
    ]
