"""The browser's modules match the golden vectors, and a lying site is detected. Run by the pinned Node."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from chain_gateway.explorer.pages import STATIC
from chain_gateway.ledger.javascript import node_binary
from records import commitment, facts
from records.ids import b64u, digest
from records.log import merkle
from tests.unit.chain_gateway.made_evidence import make_log, record_bytes, sealed_record

VECTORS = Path(__file__).parents[3] / "vectors"
REPORT = b"%PDF-2.0 the sealed report"
CHAIN, CONTRACT, RPC = 1337, "0x" + "a1" * 20, "http://node.example"
INDEX = 2


def run(script: str, given: object) -> Any:  # Any: whatever the script prints as JSON
    """Run a module script in which `given` is the given value; return what it prints."""
    program = f"""
        import {{ readFileSync }} from "node:fs";
        const given = JSON.parse(readFileSync(0, "utf8"));
        const at = (name) => import("{STATIC.as_uri()}/" + name);
        {script}
    """
    done = subprocess.run(
        [str(node_binary()), "--input-type=module", "-e", program],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_inclusion_is_verified_as_the_golden_vectors_say() -> None:
    vectors = json.loads((VECTORS / "merkle.json").read_text())
    small = [case for case in vectors["inclusion"] + vectors["refuses_inclusion"] if int(case["size"]) < 2**53]
    expected = [case in vectors["inclusion"] for case in small]

    found = run(
        """
        const { unhex } = await at("bytes.js"), { verifyInclusion } = await at("merkle.js");
        const found = [];
        for (const { leaf, index, size, path, root } of given)
          found.push(await verifyInclusion(unhex(leaf), Number(index), Number(size), path.map(unhex), unhex(root)));
        console.log(JSON.stringify(found));
        """,
        small,
    )

    assert found == expected


def test_commitments_are_computed_as_the_golden_vectors_say() -> None:
    cases = json.loads((VECTORS / "commitment.json").read_text())["cases"]

    found = run(
        """
        const { commit, hex, unhex } = await at("bytes.js"), { leafHash } = await at("merkle.js");
        const found = [];
        for (const { salt, record } of given) {
          const made = await commit(unhex(salt), unhex(record));
          found.push([hex(made), hex(await leafHash(made))]);
        }
        console.log(JSON.stringify(found));
        """,
        cases,
    )

    assert found == [[case["commitment"], case["leaf"]] for case in cases]


def answer(sealed: bytes = sealed_record(report=REPORT)) -> dict[str, Any]:  # Any: a JSON answer
    """An honest site's answer about the report, whose record is `sealed`."""
    other = record_bytes("tender.registered.v1", seq=1, body={"title": "示例"})
    log = make_log([other, other, sealed, other, other])
    disclosed = log.disclosed(INDEX)
    return {
        "session": "E3701000076012345001-1",
        "sealed_at": "2026-11-23T07:20:11.000Z",
        "sealed_digest": digest(REPORT),
        "report_digest": digest(b"draft"),
        "index": INDEX,
        "record": b64u(disclosed.record),
        "salt": b64u(disclosed.salt),
        "commitment": b64u(disclosed.proof.commitment),
        "size": log.checkpoint.size,
        "path": [b64u(node) for node in disclosed.proof.path],
        "root": b64u(log.checkpoint.root),
    }


def head(**changes: object) -> dict[str, object]:
    """The chain's answer: the true root of the log above."""
    return {"chain": CHAIN, "size": answer()["size"], "root": answer()["root"], "block": 20511, **changes}


def cosigned(size: int, root: bytes | None = None) -> dict[str, object]:
    """Another centre's cosignature on the chain."""
    return {"size": size, "root": b64u(root) if root is not None else answer()["root"]}


def examined(
    *, file: bytes = REPORT, said: object = None, chain: object = None, given: object = "silent"
) -> tuple[str, list[tuple[str, str]]]:
    """Examine a file against a site that says `said` and a chain that says `chain`, and `given` of cosignatures.

    "silent": no answer.
    """
    given = {
        "cosigned": given,
        "file": list(file),
        "said": answer() if said is None else said,
        "head": head() if chain is None else chain,
        "options": {"chain": CHAIN, "contract": CONTRACT, "rpc": RPC},
    }
    found = run(
        """
        const { examine } = await at("examine.js"), { unb64u } = await at("bytes.js");
        const { outcome, checks } = await examine(Uint8Array.from(given.file), {
          ...given.options,
          readHead: async () => {
            if (given.head === "silent") throw new TypeError("no answer");
            return { ...given.head, root: unb64u(given.head.root) };
          },
          readCosignatures: async () => {
            if (given.cosigned === "silent") throw new TypeError("no answer");
            return given.cosigned.map((one) => ({ ...one, root: unb64u(one.root) }));
          },
          findDocument: async () => (given.said === "unknown" ? null : given.said),
        });
        console.log(JSON.stringify([outcome, checks.map(({ outcome, word }) => [outcome, word])]));
        """,
        given,
    )
    return found[0], [(outcome, word) for outcome, word in found[1]]


def failures(said: object, chain: object = None) -> tuple[str, list[str]]:
    outcome, checks = examined(said=said, chain=chain)
    return outcome, [word for result, word in checks if result == "fail"]


def test_the_sealed_report_is_proven_by_every_check() -> None:
    assert examined() == (
        "proven",
        [
            ("pass", "pass.document.digest"),
            ("pass", "pass.record.document-digest"),
            ("pass", "pass.record.commitment"),
            ("pass", "pass.log.inclusion"),
            ("pass", "pass.chain.head"),
        ],
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], "absent"),
        ([cosigned(INDEX)], "absent"),
        ([cosigned(INDEX + 1, bytes(32))], "pass"),
        ([cosigned(5)], "pass"),
        ([cosigned(1, bytes(32)), cosigned(5)], "pass"),
        ([cosigned(5), cosigned(5, bytes(32))], "fail"),
    ],
)
def test_the_browser_says_who_cosigned_on_the_chain_and_nobody_is_no_fault(given: object, expected: str) -> None:
    outcome, checks = examined(given=given)

    assert checks[-1] == (expected, f"{expected}.chain.cosignatures")
    assert outcome == ("failed" if expected == "fail" else "proven")


def test_cosignatures_of_another_chain_are_not_asked_for() -> None:
    assert examined(chain=head(chain=1), given=[cosigned(5)])[1][-1] == ("fail", "fail.chain.id")


def words(*numbers: int) -> str:
    return "0x" + "".join(f"{number:064x}" for number in numbers)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (words(32, 0), []),
        (words(32, 1, 7, 9, 1842, 20511), [[f"{9:064x}", 1842]]),
        (words(32, 2, 7, 9, 1842, 20511, 8, 10, 3, 4), [[f"{9:064x}", 1842], [f"{10:064x}", 3]]),
        (words(32, 2, 7, 9, 1842, 20511), "refused"),
        (words(64, 0), "refused"),
        (words(32, 1, 7, 9, 2**63, 20511), "refused"),
        ("0x", "refused"),
        (None, "refused"),
    ],
)
def test_cosignatures_are_read_from_the_chains_own_answer(result: str | None, expected: object) -> None:
    assert (
        run(
            """
        const { readCosignatures } = await at("chain.js"), { hex } = await at("bytes.js");
        globalThis.fetch = async () => ({ json: async () => ({ result: given }) });
        const told = (list) => list.map(({ root, size }) => [hex(root), size]);
        console.log(JSON.stringify(await readCosignatures({}).then(told, () => "refused")));
        """,
            result,
        )
        == expected
    )


def test_a_report_sealed_under_the_first_version_of_the_record_is_proven_as_before() -> None:
    old = answer(sealed_record(report=REPORT, kind=facts.REPORT_SEALED_1))

    outcome, checks = examined(said=old, chain=head(root=old["root"]))

    assert (outcome, [word for result, word in checks if result == "fail"]) == ("proven", [])


def test_the_draft_is_told_from_the_sealed_report() -> None:
    assert examined(file=b"draft")[0] == "draft"


def test_a_file_that_the_site_does_not_know_is_unknown() -> None:
    assert examined(said="unknown") == ("unknown", [])


def test_a_site_that_claims_another_file_to_be_the_report_is_found_out() -> None:
    said = {**answer(), "sealed_digest": digest(b"another")}

    outcome, checks = examined(file=b"another", said=said)

    assert (outcome, checks[1]) == ("failed", ("fail", "fail.record.document-digest"))


def forged_record() -> dict[str, Any]:  # Any: a JSON answer
    """The site exchanges the record for one that names another report, salt and all."""
    record = sealed_record(report=b"another")
    return {**answer(), "record": b64u(record)}


def test_a_site_that_exchanges_the_record_is_found_out_by_the_commitment() -> None:
    assert examined(file=b"another", said=forged_record())[1][2] == ("fail", "fail.record.commitment")


def test_a_site_that_makes_up_a_commitment_is_found_out_by_the_path() -> None:
    record, salt = sealed_record(report=b"another"), bytes(32)
    bound = commitment.commit(salt, record)
    said = {**answer(), "record": b64u(record), "salt": b64u(salt), "commitment": b64u(bound)}

    assert examined(file=b"another", said=said)[1][3] == ("fail", "fail.log.inclusion")


def test_a_site_that_makes_up_a_whole_log_is_found_out_by_the_chain() -> None:
    record, salt = sealed_record(report=b"another"), bytes(32)
    bound = commitment.commit(salt, record)
    said = {
        **answer(),
        "record": b64u(record),
        "salt": b64u(salt),
        "commitment": b64u(bound),
        "index": 0,
        "path": [],
        "size": 1,
        "root": b64u(merkle.leaf_hash(bound)),
    }

    outcome, checks = examined(file=b"another", said=said)

    assert (outcome, checks[4]) == ("failed", ("fail", "fail.chain.head"))


def test_a_site_that_names_another_size_than_the_chain_is_found_out() -> None:
    assert failures(answer(), head(size=6)) == ("failed", ["fail.chain.head"])


def test_a_node_of_another_chain_is_found_out() -> None:
    assert failures(answer(), head(chain=1)) == ("failed", ["fail.chain.id"])


def test_without_the_chain_nothing_is_called_proven() -> None:
    assert examined(chain="silent") == (
        "open",
        [*examined()[1][:4], ("absent", "absent.chain.head")],
    )


def test_a_record_that_waits_for_its_checkpoint_is_not_called_proven() -> None:
    outcome, checks = examined(chain=head(size=INDEX))

    assert (outcome, checks[4]) == ("open", ("absent", "absent.chain.waiting"))


@pytest.mark.parametrize("record", ["", b64u(b"{"), b64u(b"null"), b64u(b'{"type":"report.sealed.v1"}'), b64u(b"\xff")])
def test_a_record_that_cannot_be_read_fails_and_throws_nothing(record: str) -> None:
    assert examined(said={**answer(), "record": record})[1][1] == ("fail", "fail.record.document-digest")


SEALED = sealed_record(report=REPORT)


@pytest.mark.parametrize(
    "record",
    [
        SEALED[:-1] + b',"type":"report.sealed.v1"}',
        b'{"type":"another",' + SEALED[1:],
        SEALED.replace(b'"type"', b'"\\u0074ype"'),
        SEALED + b" ",
        b"\xef\xbb\xbf" + SEALED,
        SEALED[:-1] + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=["a key twice", "a key twice in front", "a key in another spelling", "a blank", "a mark", "nested"],
)
def test_a_record_that_reads_in_two_ways_names_no_report(record: bytes) -> None:
    said = answer(record)

    assert failures(said, head(root=said["root"])) == ("failed", ["fail.record.document-digest"])


def test_the_head_is_read_from_the_chains_own_answer() -> None:
    words = "".join(f"{number:064x}" for number in (1842, int("ab" * 32, 16), 20511))

    found = run(
        """
        const { readHead } = await at("chain.js"), { hex } = await at("bytes.js");
        const asked = [];
        globalThis.fetch = async (url, { body }) => {
          const { method, params } = JSON.parse(body);
          asked.push([url, method, params]);
          return { json: async () => ({ result: method === "eth_chainId" ? "0x539" : given }) };
        };
        const head = await readHead({ rpc: "http://node", contract: "0xa1", call: "0xf3" });
        console.log(JSON.stringify([{ ...head, root: hex(head.root) }, asked]));
        """,
        f"0x{words}",
    )

    assert found == [
        {"chain": 1337, "size": 1842, "root": "ab" * 32, "block": 20511},
        [
            ["http://node", "eth_chainId", []],
            ["http://node", "eth_call", [{"to": "0xa1", "data": "0xf3"}, "latest"]],
        ],
    ]


@pytest.mark.parametrize("result", ["0x", "0x00", None, "0x" + "ff" * 96])
def test_an_odd_answer_of_a_node_is_no_head(result: str | None) -> None:
    assert (
        run(
            """
        const { readHead } = await at("chain.js");
        globalThis.fetch = async () => ({ json: async () => ({ result: given }) });
        console.log(JSON.stringify(await readHead({}).then(() => "head", () => "refused")));
        """,
            result,
        )
        == "refused"
    )
