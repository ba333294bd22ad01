"""Keys that come and go, cosignatures under a policy, and the proof that joins what was anchored and cosigned."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chain_gateway.evidence import archive, bundle
from chain_gateway.evidence.bundle import CosignedNote, Evidence, write_bundle
from chain_gateway.evidence.consistency import ConsistencyProof
from chain_gateway.verifier.checks import check_bundle
from chain_gateway.verifier.trust import Trust, parse_trust
from records import canonical, commitment
from records.ids import digest, instant
from records.log import merkle
from records.log.checkpoint import Checkpoint, sign_note, verifier_key
from records.log.cosignature import add_lines
from records.proof import Check, Verdict
from tests.unit.chain_gateway import made_evidence as made

ROTATION = datetime(2027, 1, 1, tzinfo=UTC)
OVERLAP = timedelta(days=31)
OLD, NEW = (verifier_key("jn.tongping", key.public_key()) for key in (made.LOG_KEY, made.OTHER_KEY))
THREE = ("JN", "XA", "DL")


def trust(
    *, needed: int = 0, witnesses: list[str] | None = None, log_keys: list[dict[str, str]] | None = None
) -> Trust:
    """Three centres; the log's keys may have been exchanged."""
    value = made.trust_value()
    centres = value["centres"]
    assert isinstance(centres, list)
    third = {**centres[1], "code": "DL", "origin": "dl.tongping"}
    third |= {"log_key": verifier_key("dl.tongping", made.OTHER_KEY.public_key())}
    third |= {"witness_keys": [dated(made.witness_key("DL"), datetime(2026, 1, 1, tzinfo=UTC), ROTATION)]}
    first = {**centres[0], **({"log_keys": log_keys} if log_keys else {})}
    policy = {"cosignatures": needed, **({"witnesses": witnesses} if witnesses is not None else {})}
    return parse_trust(json.dumps({**value, "centres": [first, centres[1], third], "policy": policy}).encode())


def dated(key: str, since: datetime, until: datetime) -> dict[str, str]:
    return {"key": key, "valid_from": instant(since), "valid_until": instant(until)}


def rotated() -> Trust:
    """The old key until the end of the overlap, the new one since the rotation."""
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
    return trust(log_keys=[dated(OLD, start, ROTATION + OVERLAP), dated(NEW, ROTATION, end)])


def anchored(at: datetime, *, new_key: bool = False, both: bool = False, record_at: datetime | None = None) -> bytes:
    """A bundle whose checkpoint was signed with the old or new key (or both) and taken by the chain at that time."""
    record = made.sealed_record(at=instant(record_at or at))
    log = made.make_log([record, record])
    old, new = (sign_note(log.checkpoint, name="jn.tongping", key=key) for key in (made.LOG_KEY, made.OTHER_KEY))
    note = add_lines(old, [new.splitlines()[-1]]) if both else new if new_key else old
    anchor = made.make_anchor(log.checkpoint, at=at)
    return write_bundle(replace(made.make_evidence(), records=(log.disclosed(0),), note=note, anchor=anchor))


def failed(data: bytes, against: Trust) -> list[tuple[str, object]]:
    return [(check.name, check.values["code"]) for check in Verdict(check_bundle(data, against)).failed]


def test_an_old_bundle_still_verifies_after_the_key_was_exchanged() -> None:
    data = anchored(ROTATION - timedelta(days=100))

    assert failed(data, trust()) == []
    assert failed(data, rotated()) == []


def test_a_new_bundle_signed_with_the_expired_key_does_not() -> None:
    data = anchored(ROTATION + OVERLAP)

    assert failed(data, rotated()) == [("log.key-validity", "key-not-valid-then")]


def test_the_time_that_counts_is_the_blocks_and_not_what_the_record_claims() -> None:
    data = anchored(ROTATION + OVERLAP, record_at=ROTATION - timedelta(days=100))

    assert failed(data, rotated()) == [("log.key-validity", "key-not-valid-then")]


def test_both_keys_count_while_they_overlap() -> None:
    at = ROTATION + timedelta(days=1)

    assert [failed(anchored(at), rotated()), failed(anchored(at, new_key=True), rotated())] == [[], []]
    assert failed(anchored(at, both=True), rotated()) == []


def test_a_note_with_an_expired_line_beside_a_valid_one_is_good() -> None:
    assert failed(anchored(ROTATION + OVERLAP, both=True), rotated()) == []


def test_a_new_key_does_not_count_before_its_time() -> None:
    data = anchored(ROTATION - timedelta(seconds=1), new_key=True)

    assert failed(data, rotated()) == [("log.key-validity", "key-not-valid-then")]


def test_a_key_that_the_trust_file_no_longer_names_signs_nothing() -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)

    assert failed(anchored(ROTATION), trust(log_keys=[dated(NEW, start, end)])) == [
        ("log.checkpoint-signature", "note-unsigned")
    ]


def test_a_block_of_an_impossible_time_is_refused() -> None:
    members = dict(archive.unpack(anchored(ROTATION)).members)
    block = json.loads(members[bundle.BLOCK])
    members[bundle.BLOCK] = json.dumps({**block, "timestamp": hex(2**64 - 1)}).encode()

    assert "chain.receipt" in dict(failed(packed(members), trust()))


# --- cosignatures --------------------------------------------------------------------------------------------------


def cosigned(*codes: str, at: datetime | None = None) -> Evidence:
    evidence = made.make_evidence()
    return replace(evidence, note=made.cosigned(evidence.note, *codes, at=at))


def outcome(evidence: Evidence, against: Trust) -> tuple[str, object]:
    return said(check_bundle(write_bundle(evidence), against), "log.cosignatures")


def said(checks: tuple[Check, ...], name: str) -> tuple[str, object]:
    check = next(check for check in checks if check.name == name)
    return check.outcome.value, check.values.get("code")


@pytest.mark.parametrize(
    ("codes", "needed", "expected"),
    [
        ((), 0, ("absent", None)),
        (("XA",), 0, ("pass", None)),
        ((), 1, ("fail", "cosignatures-too-few")),
        (("XA",), 1, ("pass", None)),
        (("DL",), 1, ("pass", None)),
        (("XA",), 2, ("fail", "cosignatures-too-few")),
        (("XA", "DL"), 2, ("pass", None)),
        (("JN",), 1, ("fail", "cosignatures-too-few")),
    ],
)
def test_the_policy_counts_other_centres(codes: tuple[str, ...], needed: int, expected: tuple[str, object]) -> None:
    assert outcome(cosigned(*codes), trust(needed=needed)) == expected


def test_a_centre_that_the_policy_does_not_name_does_not_count() -> None:
    against = trust(needed=1, witnesses=["DL"])

    assert outcome(cosigned("XA"), against) == ("fail", "cosignatures-too-few")
    assert outcome(cosigned("XA", "DL"), against) == ("pass", None)


def test_a_cosigner_whose_key_had_expired_does_not_count() -> None:
    late = cosigned("DL", at=ROTATION)

    assert outcome(late, trust(needed=1)) == ("fail", "cosignatures-too-few")
    assert outcome(cosigned("DL", at=ROTATION - timedelta(seconds=1)), trust(needed=1)) == ("pass", None)


def test_another_centres_log_key_is_no_cosigner() -> None:
    evidence = made.make_evidence()
    line = sign_note(made.make_log([made.sealed_record()]).checkpoint, name="xa.tongping", key=made.OTHER_KEY)

    note = add_lines(evidence.note, [line.splitlines()[-1]])
    assert outcome(replace(evidence, note=note), trust(needed=1)) == ("fail", "cosignatures-too-few")


def test_a_cosignature_that_does_not_hold_is_found_even_when_none_is_asked_for() -> None:
    other = made.make_evidence(records=[made.sealed_record(), made.sealed_record()])
    line = made.cosigned(other.note, "XA").splitlines()[-1]
    evidence = made.make_evidence()

    spoiled = replace(evidence, note=add_lines(evidence.note, [line]))
    assert outcome(spoiled, trust()) == ("fail", "cosignature-invalid")


# --- two checkpoints -----------------------------------------------------------------------------------------------

SIZES = ((2, 3), (3, 5), (5, 5), (5, 3), (4, 5))
"""Anchored and cosigned."""


def tree(size: int) -> Checkpoint:
    """The checkpoint of the log's first entries: the sealing's record is the second."""
    leaves = _leaves()
    return Checkpoint(origin="jn.tongping", size=size, root=merkle.root(leaves[:size]))


def _leaves() -> list[bytes]:
    first = made.record_bytes("tender.registered.v1", seq=1, body={"title": "示例"})
    records = [first, made.sealed_record(), first, first, first]
    return [merkle.leaf_hash(commitment.commit(bytes([place + 1]) * 32, data)) for place, data in enumerate(records)]


def joined(size: int, other: int, *, proof: ConsistencyProof | None = None, note: str | None = None) -> bytes:
    """A bundle anchored at one size and cosigned at another."""
    leaves = _leaves()
    small, large = sorted((size, other))
    path = tuple(merkle.consistency_path(leaves[:large], small))
    honest = ConsistencyProof(first=small, second=large, path=path)
    signed = made.cosigned(sign_note(tree(other), name="jn.tongping", key=made.LOG_KEY), "XA")
    evidence = made.make_evidence()
    disclosed = replace(
        evidence.records[0],
        proof=replace(evidence.records[0].proof, size=size, path=tuple(merkle.inclusion_path(leaves[:size], 1))),
    )
    return write_bundle(
        replace(
            evidence,
            records=(disclosed,),
            note=sign_note(tree(size), name="jn.tongping", key=made.LOG_KEY),
            anchor=made.make_anchor(tree(size)),
            cosigned=CosignedNote(note=note or signed, proof=proof or honest),
        )
    )


@pytest.mark.parametrize(("size", "other"), SIZES)
def test_a_cosigned_checkpoint_of_another_size_counts_when_it_is_shown_to_be_the_same_log(
    size: int, other: int
) -> None:
    checks = check_bundle(joined(size, other), trust(needed=1))

    assert Verdict(checks).failed == ()
    assert (said(checks, "log.consistency"), said(checks, "log.cosignatures")) == (("pass", None), ("pass", None))


def test_a_cosigned_checkpoint_that_does_not_reach_the_record_says_nothing_about_it() -> None:
    assert failed(joined(3, 1), trust(needed=1)) == [("log.cosignatures", "cosignatures-too-few")]


@pytest.mark.parametrize(
    "change",
    [
        {"path": ()},
        {"first": 2},
        {"second": 4},
        {"path": (bytes(32),)},
        {"first": 2**53 - 1},
    ],
)
def test_a_proof_that_does_not_join_the_two_is_found(change: dict[str, object]) -> None:
    leaves = _leaves()
    honest = ConsistencyProof(first=3, second=5, path=tuple(merkle.consistency_path(leaves, 3)))

    spoiled = joined(3, 5, proof=replace(honest, **change))  # type: ignore[arg-type]  # the values are named above
    assert failed(spoiled, trust(needed=1)) == [
        ("log.consistency", "consistency-differs"),
        ("log.cosignatures", "cosignatures-too-few"),
    ]


def test_a_log_that_forked_is_found_though_others_cosigned_the_other_branch() -> None:
    forked = Checkpoint(origin="jn.tongping", size=5, root=bytes(32))
    note = made.cosigned(sign_note(forked, name="jn.tongping", key=made.LOG_KEY), "XA", "DL")

    assert ("log.consistency", "consistency-differs") in failed(joined(3, 5, note=note), trust(needed=1))


def test_a_cosigned_checkpoint_of_another_log_or_an_unknown_one_is_found() -> None:
    other = Checkpoint(origin="xa.tongping", size=5, root=tree(5).root)
    note = sign_note(other, name="xa.tongping", key=made.OTHER_KEY)

    assert failed(joined(3, 5, note=note), trust()) == [("log.consistency", "note-origin")]


def packed(members: dict[str, bytes]) -> bytes:
    """Members with a manifest made to fit."""
    manifest = canonical.decode(members[bundle.MANIFEST])
    assert isinstance(manifest, dict)
    listed: dict[str, canonical.Value] = {
        name: {"digest": str(digest(content)), "size": len(content)}
        for name, content in members.items()
        if name != bundle.MANIFEST
    }
    return archive.pack({**members, bundle.MANIFEST: canonical.encode({**manifest, "members": listed})}.items())


@pytest.mark.parametrize("missing", [bundle.COSIGNED, bundle.CONSISTENCY])
def test_half_of_the_second_checkpoint_is_found(missing: str) -> None:
    members = dict(archive.unpack(joined(3, 5)).members)
    del members[missing]

    assert failed(packed(members), trust()) == [("log.consistency", "bundle-member-missing")]


@pytest.mark.parametrize(
    ("member", "content", "code"),
    [
        (bundle.CONSISTENCY, b"", "malformed-json"),
        (bundle.CONSISTENCY, b"{}", "consistency-malformed"),
        (bundle.CONSISTENCY, b'{"first":3,"path":[],"second":9223372036854775808}', "integer-too-big"),
        (bundle.CONSISTENCY, b'{"first":3,"path":[],"second":18446744073709551615}', "integer-too-big"),
        (bundle.CONSISTENCY, b'{"first":3,"path":["x"],"second":5}', "bad-base64url"),
        (bundle.CONSISTENCY, b'{"first":3,"path":[' + b'"",' * 65 + b'""],"second":5}', "consistency-malformed"),
        (bundle.COSIGNED, b"\xff", "malformed-note"),
        (bundle.COSIGNED, b"jn.tongping\n5\n", "malformed-note"),
    ],
)
def test_a_second_checkpoint_that_cannot_be_read_is_named(member: str, content: bytes, code: str) -> None:
    members = {**archive.unpack(joined(3, 5)).members, member: content}

    assert failed(packed(members), trust()) == [("log.consistency", code)]


# --- formats -------------------------------------------------------------------------------------------------------


def first_format(members: dict[str, bytes]) -> dict[str, bytes]:
    manifest = json.loads(members[bundle.MANIFEST])
    return {**members, bundle.MANIFEST: canonical.encode({**manifest, "format": bundle.FIRST_FORMAT})}


def test_a_bundle_of_the_first_format_names_no_contract_and_is_good() -> None:
    members = dict(archive.unpack(made.made_bundle()).members)
    del members[bundle.ANCHOR]

    checks = check_bundle(packed(first_format(members)), trust())

    assert (Verdict(checks).failed, said(checks, "chain.contract")) == ((), ("absent", None))


def test_a_bundle_has_the_members_of_its_format_and_no_others() -> None:
    members = dict(archive.unpack(made.made_bundle()).members)
    lacking = {name: content for name, content in members.items() if name != bundle.ANCHOR}

    assert failed(packed(first_format(members)), trust()) == [("bundle.manifest", "bundle-member-unknown")]
    assert failed(packed(lacking), trust()) == [("bundle.manifest", "bundle-member-missing")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"chain_id":1,"contract":"' + made.ANCHOR.encode() + b'"}', "contract-chain"),
        (b'{"chain_id":1337,"contract":"0x' + b"c3" * 20 + b'"}', "contract-address"),
        (b'{"chain_id":1337,"contract":"' + made.ANCHOR.upper().encode() + b'"}', "contract-address"),
        (b'{"chain_id":1337}', "anchor-malformed"),
        (b"[]", "anchor-malformed"),
    ],
)
def test_another_chain_or_contract_is_found(content: bytes, code: str) -> None:
    members = {**archive.unpack(made.made_bundle()).members, bundle.ANCHOR: content}

    assert failed(packed(members), trust()) == [("chain.contract", code)]
