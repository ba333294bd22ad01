"""Checks over a whole bundle at once give the same answers as those over each part: container, records, paths."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from chain_gateway.evidence import archive, bundle
from chain_gateway.verifier import batch_inclusion, bundle_records, log_checks
from chain_gateway.verifier.bundle_records import Disclosed
from records import commitment
from records.errors import TongpingError
from records.ids import b64u
from records.log import merkle
from records.log.checkpoint import sign_note
from tests.examples import share
from tests.unit.chain_gateway import made_evidence as made

CALM = settings(deadline=None)  # a slow machine is not a fault
LEAVES = [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(70)]
SIZES = st.integers(1, len(LEAVES))
Found = TypeVar("Found")


def outcome(read: Callable[[], Found]) -> Found | str:
    try:
        return read()
    except TongpingError as error:
        return str(error)


def spelt(path: list[bytes]) -> bytes:
    return b'","'.join(b64u(node).encode() for node in path)


# --- the container -------------------------------------------------------------------------------------------------

NAMES = st.from_regex(r"[a-cP](/?[A-BPK])?[PK.]{0,4}", fullmatch=True)
MEMBERS = st.lists(st.tuples(NAMES, st.binary(max_size=9)), max_size=5, unique_by=lambda one: one[0])
MARKS = st.sampled_from([b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"\0", b"\1", b"\x08", b"\n", b"/", b"K", b""])


@settings(max_examples=share(600), deadline=None)
@given(MEMBERS, st.lists(st.tuples(st.integers(0, 400), st.integers(0, 4), MARKS), max_size=3))
def test_a_container_is_read_at_once_as_member_by_member(
    members: list[tuple[str, bytes]], changes: list[tuple[int, int, bytes]]
) -> None:
    data = archive.pack(members)
    for at, cut, new in changes:
        data = data[:at] + new + data[at + cut :]
    end = outcome(lambda: archive._end(data))
    if isinstance(end, str):
        return
    at_once = outcome(lambda: archive._unpack_at_once(data, *end, archive.at_most))
    assert at_once in (None, outcome(lambda: archive._unpack_each(data, *end, archive.at_most)))
    assert at_once is not None or changes or not members or len({name.lower() for name, _ in members}) < len(members)


# --- the records ---------------------------------------------------------------------------------------------------


RECORDS = [made.record_bytes("tender.registered.v1", seq=seq, body={"title": "示例"}) for seq in range(1, 8)]
LOG = made.make_log(RECORDS)


def disclosing(count: int) -> dict[str, bytes]:
    """The members of a bundle for the last records of the log."""
    shown = [LOG.disclosed(index) for index in range(7 - count, 7)]
    return {
        name: content
        for item in shown
        for name, content in (
            (f"records/{item.proof.index}.json", item.record),
            (f"records/{item.proof.index}.salt", item.salt),
            (f"proofs/{item.proof.index}.json", item.proof.encode()),
        )
    }


BYTES = st.sampled_from([b"", b"A", b'"', b"+", b"=", b",", b"]", b"0", b"\n", b"}"])


@settings(max_examples=share(400), deadline=None)
@given(st.integers(1, 7), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 600), BYTES), max_size=2), st.data())
def test_records_are_opened_at_once_as_one_by_one(
    count: int, changes: list[tuple[int, int, bytes]], data: st.DataObject
) -> None:
    members = disclosing(count)
    for which, at, new in changes:
        name = list(members)[which % len(members)]
        content = members.get(name, b"")
        place = at % (len(content) + 1)
        members[name] = content[:place] + new + content[place + data.draw(st.integers(0, 1)) :]
    if data.draw(st.integers(0, 9)) == 0:
        members.pop(data.draw(st.sampled_from([name for name in members if not name.endswith("6.json")])))
    places = [found[1] for name in members if (found := bundle.RECORD.fullmatch(name))]
    at_once = bundle_records._open_at_once(members, places)
    assert at_once is None or plain(at_once) == plain(bundle_records._open_each(members, places))
    assert at_once is not None or changes or len(members) < 3 * count


SPOILT = ("nothing", "nothing", "nothing", "centre", "no centre", "at", "late", "size", "path", "leaf")


@CALM
@given(st.integers(1, 7), st.sampled_from(SPOILT), st.integers(0, 6))
def test_records_stand_at_once_where_they_stand_one_by_one(count: int, spoilt: str, which: int) -> None:
    found, place = bundle_records.open_records(disclosing(count)), which % count
    columns = {name: list(getattr(found, name)) for name in Disclosed.__dataclass_fields__}
    match spoilt:
        case "centre" | "no centre":
            columns["values"][place] |= {"centre": "XA" if spoilt == "centre" else []}
        case "at" | "late":
            columns["values"][place] |= {"at": "yesterday" if spoilt == "at" else "2099-01-01T00:00:00.000Z"}
        case "size":
            columns["sizes"][place] = 6
        case "path" | "leaf":
            columns["paths" if spoilt == "path" else "leaves"][place] = (
                spelt([LEAVES[0]]) if spoilt == "path" else LEAVES[0]
            )
    changed = Disclosed(**columns)
    note = sign_note(LOG.checkpoint, name="jn.tongping", key=made.LOG_KEY)
    signed, _ = log_checks.check_signature({bundle.CHECKPOINT: note.encode()}, made.trust())

    alone = [outcome(partial(bundle_records._check_one, changed, at, signed)) for at in range(count)]

    assert bundle_records._included_at_once(changed, signed) is (set(alone) == {None})
    assert (outcome(lambda: bundle_records.check_inclusion(changed, signed)) is None) is (spoilt == "nothing")


def plain(found: Disclosed) -> tuple[Any, ...]:  # Any: values of records
    return tuple(list(getattr(found, name)) for name in Disclosed.__dataclass_fields__)


def test_a_proof_of_another_form_stops_nothing() -> None:
    """The only record of a log has an empty path, which is not read at once."""
    record, salt = b"{}", bytes(32)
    leaf = commitment.commit(salt, record)
    proof = b'{"commitment":"%b","index":0,"path":[],"size":1}' % b64u(leaf).encode()
    members = {"records/0.json": record, "records/0.salt": salt, "proofs/0.json": proof}

    found = bundle_records.open_records(members)

    assert plain(found) == ([0], [{}], [merkle.leaf_hash(leaf)], [1], [b""])


# --- the paths -----------------------------------------------------------------------------------------------------


@CALM
@given(st.lists(st.binary(min_size=32, max_size=32)))
def test_hashes_are_read_as_they_were_spelt(hashes: list[bytes]) -> None:
    texts = [b64u(one).encode() for one in hashes]

    assert batch_inclusion.encode_hashes(hashes) == b"".join(text + b"A" for text in texts)
    assert batch_inclusion.decode_hashes(texts) == hashes


@CALM
@given(
    st.lists(
        st.sampled_from([b"A" * 43, b"A" * 42, b"A" * 44, b"A" * 42 + b"B", b"+" * 43, b"", b"=" * 43]), min_size=1
    )
)
def test_what_spells_no_hash_is_not_read(texts: list[bytes]) -> None:
    good = all(text == b"A" * 43 for text in texts)

    assert batch_inclusion.decode_hashes(texts) == ([bytes(32)] * len(texts) if good else None)


@CALM
@given(SIZES, st.data())
def test_all_leaves_that_are_shown_rightly_lead_to_the_root(size: int, data: st.DataObject) -> None:
    indices = data.draw(st.lists(st.integers(0, size - 1), min_size=1, unique=True))
    proofs = [spelt(merkle.inclusion_path(LEAVES[:size], index)) for index in indices]
    root = merkle.root(LEAVES[:size])

    led = batch_inclusion.all_included(indices, [LEAVES[index] for index in indices], proofs, size=size, root=root)

    assert led is (size > 1)  # a tree of one leaf has an empty path, which has no separators


@settings(max_examples=share(400), deadline=None)
@given(st.integers(2, len(LEAVES)), st.data())
def test_many_proofs_are_judged_as_all_of_them_alone(size: int, data: st.DataObject) -> None:
    root, proofs = merkle.root(LEAVES[:size]), list[tuple[int, bytes, list[bytes]]]()
    for index in data.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=12, unique=True)):
        path, leaf, place = merkle.inclusion_path(LEAVES[:size], index), LEAVES[index], index
        match data.draw(st.sampled_from([*"........................", "leaf", "place", "node", "short", "long"])):
            case "leaf":
                leaf = LEAVES[(index + 1) % size]
            case "place":
                place = data.draw(st.sampled_from([index ^ 1, size, 0]))
            case "node":
                at = data.draw(st.integers(0, len(path) - 1))
                path[at] = data.draw(st.sampled_from([LEAVES[0], root, path[-1]]))
            case "short":
                path = path[:-1]
            case "long":
                path = [*path, root]
        proofs.append((place, leaf, path))
    alone = [merkle.verify_inclusion(leaf, place, size, path, root) for place, leaf, path in proofs]
    indices, leaves, ways = zip(*proofs, strict=True)
    usual = len(set(indices)) == len(indices) and all(ways)

    assert batch_inclusion.all_included(indices, leaves, list(map(spelt, ways)), size=size, root=root) is (
        usual and all(alone)
    )
