"""What anybody may hand to the verifier: a bundle, its members, its report, its certificates, a trust file."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import cbor2
from hypothesis import strategies as st

from chain_gateway.evidence import archive, bundle
from chain_gateway.evidence.consistency import decode_consistency
from chain_gateway.evidence.prover import decode_proof
from chain_gateway.verifier import chain_checks
from chain_gateway.verifier.checks import check_bundle
from chain_gateway.verifier.trust import parse_trust
from node.evidence.verification import verify_bytes
from records import canonical
from records.errors import TongpingError
from records.ids import b64u
from records.proof import Check
from signing.factors import cose, webauthn
from signing.keys import certificate_papers, identity
from signing.keys.identity import Identity
from signing.pdf.verify import judge_report
from tests.fuzz.spoiling import changed, spoiled
from tests.fuzz.target import Target, each
from tests.unit.chain_gateway import made_evidence as made

FOLDER: Final = Path(__file__).parents[1] / "vectors" / "evidence"
AT: Final = datetime(2026, 11, 24, tzinfo=UTC)
MADE: Final = made.made_bundle()
MEMBERS: Final = dict(archive.unpack(MADE).members)
REAL: Final = dict(archive.unpack(next(FOLDER.glob("*.evidence.zip")).read_bytes()).members)
TRUST: Final = made.trust()
PINNED: Final = json.loads((FOLDER / "trust.json").read_text("utf-8"))
CHAIN: Final = (bundle.TRANSACTION, bundle.RECEIPT, bundle.BLOCK, bundle.RECEIPTS)
PAPERS: Final = [content for name, content in REAL.items() if name.endswith(".pem")]
CHALLENGE: Final = bytes(range(32))
_CLIENT: Final = {"type": "webauthn.get", "challenge": b64u(CHALLENGE), "origin": "https://a.example"}
_KEY: Final = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(range(32))})


def _with(members: dict[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    """The members with one changed, and the manifest that names them."""
    whole = {**members, name: content}
    if name == bundle.MANIFEST:
        return whole
    listed = bundle.digests(archive.Archive(members=whole, damaged=()))
    named: dict[str, canonical.Value] = {
        one: {"digest": listed[one], "size": len(whole[one])} for one in whole if one != bundle.MANIFEST
    }
    return {**whole, bundle.MANIFEST: canonical.encode({**json.loads(members[bundle.MANIFEST]), "members": named})}


def _unbroken(checks: tuple[Check, ...]) -> None:
    assert [check for check in checks if check.values.get("code") == "check-broke"] == []


def _member(name: str) -> st.SearchStrategy[bytes]:
    if not name.endswith(".json"):
        return spoiled([MEMBERS[name]])
    values = changed([json.loads(MEMBERS[name])])
    return spoiled([MEMBERS[name]]) | values.map(lambda value: json.dumps(value).encode()) | values.map(_canonical)


def _canonical(value: Any) -> bytes:  # Any: JSON, in the subset of records or not
    try:
        return canonical.encode(value)
    except TongpingError:
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _spoilt_bundle() -> st.SearchStrategy[bytes]:
    one = st.sampled_from(sorted(MEMBERS)).flatmap(lambda name: st.tuples(st.just(name), _member(name)))
    return one.map(lambda pair: archive.pack(_with(MEMBERS, *pair).items()))


def _answer(assertion: Any) -> None:  # Any: JSON as a browser sent it
    if isinstance(assertion, dict):
        webauthn.verify_assertion(
            assertion, challenge=CHALLENGE, rp_id="a.example", origin="", credential_public_key=_KEY
        )


@cache
def _roots() -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(PINNED["ca"]), tuple(PINNED["tsa"])


def _papers(content: bytes) -> None:
    ca, _ = _roots()
    each(
        lambda data: certificate_papers.check_certificates({"a.pem": data, **_certificates()}, ca),
        lambda data: certificate_papers.check_revocations({"a.pem": data}, ()),
        lambda data: identity.certificate_der(data.decode("latin-1")),
        lambda data: identity.crl_der(data.decode("latin-1")),
    )(content)


def _certificates() -> dict[str, bytes]:
    return {name: content for name, content in REAL.items() if name.startswith("certificates/")}


def _report(pdf: bytes) -> None:
    ca, tsa = _roots()
    judge_report(pdf, roots=ca, tsa_roots=tsa, at=AT)


def _chain(documents: tuple[str, bytes]) -> None:
    name, content = documents
    members = {**MEMBERS, name: content}
    receipt, _ = chain_checks.check_receipt(members)
    chain_checks.check_transaction(members, receipt, TRUST.chain)
    chain_checks.check_event(receipt, made.make_log([made.sealed_record()]).checkpoint, TRUST.chain)


TARGETS: Final = (
    Target(name="archive", inputs=spoiled([MADE]), parse=lambda data: bundle.check_layout(bundle.unpack(data))),
    Target(name="bundle", inputs=_spoilt_bundle(), parse=lambda data: _unbroken(check_bundle(data, TRUST))),
    Target(
        name="verify",
        inputs=_spoilt_bundle() | spoiled([MADE]),
        parse=lambda data: _unbroken(verify_bytes(data, TRUST, at=AT).checks),
        examples=40,
    ),
    Target(
        name="proof",
        inputs=_member("proofs/1.json") | spoiled([b'{"first":3,"path":["AAAA"],"second":5}']),
        parse=each(decode_proof, decode_consistency),
    ),
    Target(
        name="chain",
        inputs=st.sampled_from(CHAIN).flatmap(lambda name: st.tuples(st.just(name), _member(name))),
        parse=_chain,
    ),
    Target(
        name="trust",
        inputs=(changed([PINNED, made.trust_value()]).map(lambda value: json.dumps(value).encode()))
        | spoiled([json.dumps(PINNED).encode()]),
        parse=parse_trust,
    ),
    Target(
        name="assertion",
        inputs=changed(
            [
                {
                    "id": "a",
                    "type": "public-key",
                    "response": {
                        "clientDataJSON": b64u(json.dumps(_CLIENT).encode()),
                        "authenticatorData": b64u(bytes(37)),
                        "signature": b64u(bytes(70)),
                    },
                }
            ]
        ),
        parse=_answer,
    ),
    Target(
        name="client data",
        inputs=spoiled([json.dumps(_CLIENT).encode(), json.dumps(_CLIENT).encode("utf-16")])
        | changed([_CLIENT]).map(lambda value: json.dumps(value).encode()),
        parse=webauthn.read_client_data,
    ),
    Target(name="public key", inputs=spoiled([_KEY]), parse=cose.public_key),
    Target(name="certificates", inputs=spoiled(PAPERS), parse=_papers),
    Target(
        name="identity",
        inputs=changed([{"certificate": PAPERS[0].decode(), "chain": [PAPERS[0].decode()], "crls": []}]),
        parse=lambda wire: Identity.from_wire(wire) if isinstance(wire, dict) else None,
    ),
    Target(name="report", inputs=spoiled([REAL[bundle.REPORT]]), parse=_report, examples=5),
)
