"""A bundle made to stop its verifier fails by name: no traceback, no memory beyond its bounds."""

import json
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

import pytest

from chain_gateway.evidence import archive, bundle
from chain_gateway.verifier.checks import check_bundle
from node.evidence.verification import verify_bytes
from records import canonical
from records.proof import Check, Outcome
from tests.attacks.bytes_from_anywhere.hostile_json import ALL, FLAT, NAMES
from tests.unit.chain_gateway import made_evidence as made

MEMBERS = dict(archive.unpack(made.made_bundle()).members)
TRUST = made.trust()
MEMORY = 128 << 20
JSON_MEMBERS = sorted(name for name in MEMBERS if name.endswith(".json"))


def packed(members: Mapping[str, bytes]) -> bytes:
    """The members as another packer writes them: deflated, so that a large one is a small file."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 11, 23, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def listed(members: Mapping[str, bytes]) -> bytes:
    """The bundle of these members, with the manifest that names them."""
    return archive.pack(
        {
            **members,
            bundle.MANIFEST: canonical.encode(
                {
                    **json.loads(members[bundle.MANIFEST]),
                    "members": {
                        name: {"digest": digest, "size": len(members[name])}
                        for name, digest in bundle.digests(archive.Archive(members=members, damaged=())).items()
                        if name != bundle.MANIFEST
                    },
                }
            ),
        }.items()
    )


def failed(data: bytes) -> dict[str, Check]:
    checks = {check.name: check for check in verify_bytes(data, TRUST).checks if check.outcome is Outcome.FAIL}
    assert [check.values for check in checks.values() if check.values.get("code") == "check-broke"] == []
    return checks


@pytest.mark.parametrize("hostile", ALL, ids=NAMES)
@pytest.mark.parametrize("member", JSON_MEMBERS)
def test_no_json_in_any_member_ends_a_verification(member: str, hostile: bytes) -> None:
    assert "bundle.manifest" in failed(packed({**MEMBERS, member: hostile})) or hostile is FLAT


@pytest.mark.parametrize("member", [bundle.ENTRIES, bundle.RECEIPTS, "records/1.json"])
def test_a_small_file_of_millions_of_values_takes_no_gigabyte(member: str) -> None:
    data = packed({**MEMBERS, member: FLAT})
    assert len(data) < 100_000
    tracemalloc.start()
    try:
        found = failed(data)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
    assert found["bundle.layout"].values["code"] in {"too-many-values", "archive-member-too-large"}


def test_values_that_are_few_in_each_member_and_many_together_are_refused() -> None:
    many = {f"records/{place}.json": b"[" + b"[]," * 300_000 + b"[]]" for place in range(9)}

    assert failed(packed({**MEMBERS, **many}))["bundle.layout"].values["code"] == "too-many-values"


@pytest.mark.parametrize(
    ("member", "size"),
    [("records/1.json", 1 << 20), (bundle.MANIFEST, 2 << 20), (bundle.CHECKPOINT, 1 << 20), (bundle.BLOCK, 1 << 20)],
)
def test_a_member_larger_than_its_name_allows_is_not_unpacked(member: str, size: int) -> None:
    fault = failed(packed({**MEMBERS, member: bytes(size + 1)}))["bundle.layout"].values

    assert fault == {"code": "archive-member-too-large", "member": member, "maximum": size}


@pytest.mark.parametrize("wrong", [[], {}, 7, True, [["tongping-evidence/2"]]])
@pytest.mark.parametrize("key", ["format", "session", "members"])
def test_a_manifest_whose_words_are_none_is_malformed(key: str, wrong: canonical.Value) -> None:
    if key == "members" and wrong == {}:
        return
    manifest = canonical.encode({**json.loads(MEMBERS[bundle.MANIFEST]), key: wrong})

    found = failed(archive.pack({**MEMBERS, bundle.MANIFEST: manifest}.items()))

    assert found["bundle.manifest"].values["code"] == "manifest-malformed"


RECEIPT = json.loads(MEMBERS[bundle.RECEIPT])


@pytest.mark.parametrize(
    "change",
    [
        lambda receipt: receipt | {"type": "0xffff"},
        lambda receipt: receipt | {"type": "0x" + "f" * 64},
        lambda receipt: receipt | {"logs": [{**receipt["logs"][0], "topics": ["0x" + "00" * 32] * 20_000}]},
        lambda receipt: receipt | {"logs": [[]]},
        lambda receipt: receipt | {"transactionIndex": "0x" + "f" * 64},
        lambda receipt: receipt | {"blockHash": []},
    ],
    ids=["two bytes of type", "a huge type", "many topics", "no log", "a huge place", "no hash"],
)
def test_a_receipt_that_no_chain_gives_fails_by_its_name(change: Callable[[dict[str, object]], object]) -> None:
    receipt = change(RECEIPT)
    members = {bundle.RECEIPT: json.dumps(receipt).encode(), bundle.RECEIPTS: json.dumps([receipt]).encode()}

    assert "chain.receipt" in failed(listed({**MEMBERS, **members}))


@pytest.mark.parametrize("field", ["timestamp", "number", "difficulty", "baseFeePerGas", "withdrawalsRoot"])
@pytest.mark.parametrize("wrong", ["0x" + "f" * 64, "0x" + "f" * 65, "0x", "", [], {}, -1, "0xgg", "１"])
def test_a_block_that_no_chain_gives_fails_by_its_name(field: str, wrong: object) -> None:
    block = json.dumps({**json.loads(MEMBERS[bundle.BLOCK]), field: wrong}).encode()

    assert "chain.receipt" in failed(listed({**MEMBERS, bundle.BLOCK: block}))


def test_a_check_that_breaks_is_a_failed_check_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> str:
        raise KeyError

    monkeypatch.setattr(bundle, "check_manifest", breaks)

    checks = {check.name: check for check in check_bundle(made.made_bundle(), TRUST)}

    assert checks["bundle.manifest"].values == {"code": "check-broke", "kind": "KeyError"}
    assert "log.inclusion" in checks
