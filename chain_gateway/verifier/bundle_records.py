"""The disclosed records of a bundle: opened, and proven under the root of the checkpoint.

A bundle may disclose a thousand records, so each check runs over all of them at once, in columns. That only ever
confirms: where anything is not plainly right, the records are checked one by one and the first wrong one is named.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from chain_gateway.evidence import bundle
from chain_gateway.evidence.prover import decode_proof
from chain_gateway.verifier import batch_inclusion as paths
from chain_gateway.verifier.log_checks import SignedLog
from records import canonical, commitment, facts
from records.errors import EvidenceMismatchError, InvalidRecordError
from records.ids import b64u, parse_instant, unb64u
from records.log import merkle
from records.strict_fields import Reader

_NUMBER: Final = rb"(0|[1-9][0-9]{0,14})"
_PROOF: Final = re.compile(
    rb'\{"commitment":"([^"]{43})","index":%b,"path":\["([^\]]*)"\],"size":%b\}' % (_NUMBER, _NUMBER)
)
"""A proof's canonical bytes, except for its hashes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """Records that match their commitments, as columns in one order.

    `values`: the objects their bytes decode to; `leaves`: the hashes of their commitments in the log; `sizes` and
    `paths`: the claims of their proofs, the paths spelt as `batch_inclusion` reads them.
    """

    indices: Sequence[int]
    values: Sequence[Mapping[str, object]]
    leaves: Sequence[bytes]
    sizes: Sequence[int]
    paths: Sequence[bytes]

    def sealing(self) -> tuple[int, Reader]:
        """Return index and content of the only record of a sealed report; every record must name its type."""
        kinds = [value.get("type") for value in self.values]
        if set(map(type, kinds)) != {str}:
            kinds = [self.reader(place).text("type") for place in range(len(kinds))]
        count = sum(map(kinds.count, facts.SEALINGS))
        if count != 1:
            raise EvidenceMismatchError("report-record-doubled" if count else "report-record-missing", count=count)
        place = kinds.index(next(kind for kind in facts.SEALINGS if kind in kinds))
        return self.indices[place], self.reader(place)

    def reader(self, place: int) -> Reader:
        """The content of the record at this place of the columns, key by key."""
        return Reader(f"record {self.indices[place]}", self.values[place])


def open_records(members: Mapping[str, bytes]) -> Disclosed:
    """Open every record that a bundle discloses.

    Raises InvalidRecordError ("records-missing", "record-incomplete", "proof-malformed", …) or
    EvidenceMismatchError("commitment-differs") for the first that cannot be opened.
    """
    places = [found[1] for name in members if (found := bundle.RECORD.fullmatch(name))]
    if not places:
        raise InvalidRecordError("records-missing")
    at_once = _open_at_once(members, places)
    return at_once if at_once is not None else _open_each(members, places)


def check_inclusion(disclosed: Disclosed, signed: SignedLog) -> None:
    """Each record is in the log of its own centre, which was a member at the record's own time.

    Raises EvidenceMismatchError for the first that does not match.
    """
    if not _included_at_once(disclosed, signed):
        for place in range(len(disclosed.indices)):
            _check_one(disclosed, place, signed)


def _open_at_once(members: Mapping[str, bytes], places: Sequence[str]) -> Disclosed | None:
    records = [members[f"records/{place}.json"] for place in places]
    salts = [members.get(f"records/{place}.salt", b"") for place in places]
    found = [_PROOF.fullmatch(members.get(f"proofs/{place}.json", b"")) for place in places]
    usual = [proof.groups() for proof in found if proof is not None]
    if len(usual) != len(places) or set(map(len, salts)) != {commitment.SALT_SIZE}:
        return None
    texts, indices, encoded, sizes = zip(*usual, strict=True)
    bound = commitment.commit_all(salts, records)
    # The commitments are encoded rather than their texts decoded: one comparison then covers all of them.
    if b" ".join(indices) != " ".join(places).encode() or paths.encode_hashes(bound) != b"A".join([*texts, b""]):
        return None
    try:
        values = canonical.decode_all(records)
    except InvalidRecordError:
        return None
    if set(map(type, values)) != {dict}:
        return None
    return Disclosed(
        indices=tuple(map(int, indices)),
        values=cast("list[Mapping[str, object]]", values),
        leaves=merkle.leaf_hashes(bound),
        sizes=tuple(map(int, sizes)),
        paths=encoded,
    )


def _open_each(members: Mapping[str, bytes], places: Sequence[str]) -> Disclosed:
    opened = [_open(members, place) for place in places]
    indices, values, leaves, sizes, encoded = zip(*opened, strict=True)
    return Disclosed(indices=indices, values=values, leaves=leaves, sizes=sizes, paths=encoded)


def _open(members: Mapping[str, bytes], place: str) -> tuple[int, Mapping[str, object], bytes, int, bytes]:
    index = int(place)
    data, salt = members[f"records/{place}.json"], members.get(f"records/{place}.salt")
    proof_data = members.get(f"proofs/{place}.json")
    if salt is None or proof_data is None:
        raise InvalidRecordError("record-incomplete", index=index)
    claim = _claim(proof_data)
    if claim.place != index:
        raise InvalidRecordError("proof-malformed", index=index)
    if not commitment.opens(claim.commitment, salt=salt, record=data):
        raise EvidenceMismatchError("commitment-differs", index=index)
    value = canonical.decode(data)
    if not isinstance(value, dict):
        raise InvalidRecordError("record-malformed", index=index)
    return index, value, merkle.leaf_hash(claim.commitment), claim.size, claim.path


class _Claim(NamedTuple):
    """The claim of a proof: which commitment is where in a log of which size. Its path is decoded when it is needed."""

    commitment: bytes
    place: int
    size: int
    path: bytes


def _claim(data: bytes) -> _Claim:
    usual = _PROOF.fullmatch(data)
    if usual is not None:
        return _Claim(unb64u(usual[1].decode("ascii", "replace")), int(usual[2]), int(usual[4]), usual[3])
    proof = decode_proof(data)
    encoded = paths.SEPARATOR.join(b64u(node).encode() for node in proof.path)
    return _Claim(proof.commitment, proof.index, proof.size, encoded)


def _included_at_once(disclosed: Disclosed, signed: SignedLog) -> bool:
    centre, checkpoint, values = signed.centre, signed.checkpoint, disclosed.values
    try:
        moments = [parse_instant(value.get("at")) for value in values]
    except InvalidRecordError:
        return False
    return (
        [value.get("centre") for value in values] == [centre.code] * len(values)
        and centre.held(min(moments))  # a membership is one span of time: holding at both ends, it holds between
        and centre.held(max(moments))
        and set(disclosed.sizes) == {checkpoint.size}
        and paths.all_included(
            disclosed.indices, disclosed.leaves, disclosed.paths, size=checkpoint.size, root=checkpoint.root
        )
    )


def _check_one(disclosed: Disclosed, place: int, signed: SignedLog) -> None:
    index, value, size = disclosed.indices[place], disclosed.reader(place), disclosed.sizes[place]
    centre, checkpoint, encoded = signed.centre, signed.checkpoint, disclosed.paths[place]
    if value.text("centre") != centre.code:
        raise EvidenceMismatchError("centre-differs", index=index, expected=centre.code, found=value.text("centre"))
    if not centre.held(parse_instant(value.text("at"))):
        raise EvidenceMismatchError("key-not-valid-then", centre=centre.code, at=value.text("at"))
    if size != checkpoint.size:
        raise EvidenceMismatchError("proof-size", index=index, expected=checkpoint.size, found=size)
    path = [unb64u(text.decode("ascii", "replace")) for text in encoded.split(paths.SEPARATOR)] if encoded else []
    if not merkle.verify_inclusion(disclosed.leaves[place], index, size, path, checkpoint.root):
        raise EvidenceMismatchError("path-differs", index=index)
