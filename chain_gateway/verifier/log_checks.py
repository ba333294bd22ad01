"""Checks a bundle's evidence from the log: who signed its checkpoint and when, and which other centres cosigned it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chain_gateway.evidence import bundle
from chain_gateway.evidence.consistency import decode_consistency
from chain_gateway.verifier.chain_checks import Receipt
from chain_gateway.verifier.posix_time import moment
from chain_gateway.verifier.trust import Centre, Trust
from records.errors import EvidenceMismatchError, InvalidRecordError
from records.ids import instant
from records.log.checkpoint import Checkpoint, open_signed
from records.log.cosignature import Cosignature, cosignatures, parse_cosigner_key
from records.log.note import parse_note


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedLog:
    """A checkpoint signed by its own centre, with the keys that signed, and its note."""

    checkpoint: Checkpoint
    centre: Centre
    keys: tuple[str, ...]
    note: str


def check_signature(members: Mapping[str, bytes], trust: Trust) -> tuple[SignedLog, str]:
    """A key of the log's centre signed the anchored checkpoint."""
    signed = _signed(members[bundle.CHECKPOINT], trust)
    size, root = signed.checkpoint.size, signed.checkpoint.root.hex()
    return signed, f"centre {signed.centre.code} signed size {size}, root {root}"


def _signed(data: bytes, trust: Trust) -> SignedLog:
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRecordError("malformed-note") from error
    origin = note.partition("\n")[0]
    centre = trust.by_origin(origin)
    if centre is None:
        raise EvidenceMismatchError("origin-unknown", origin=origin)
    opened = open_signed(note, [one.key for one in centre.log_keys])
    return SignedLog(checkpoint=opened.checkpoint, centre=centre, keys=opened.keys, note=note)


def check_key(signed: SignedLog, receipt: Receipt) -> tuple[None, str]:
    """A key that signed the checkpoint was valid when the chain took it.

    The block's time counts, because no centre sets it alone; a record's own time is only its centre's claim.
    """
    if not any(signed.centre.counts(signed.centre.log_keys, key, receipt.at) for key in signed.keys):
        raise EvidenceMismatchError("key-not-valid-then", centre=signed.centre.code, at=instant(receipt.at))
    return None, f"the key of centre {signed.centre.code} was valid at {instant(receipt.at)}, the time of the block"


def check_consistency(members: Mapping[str, bytes], trust: Trust, signed: SignedLog) -> tuple[SignedLog, str]:
    """The cosigned checkpoint is of the same log, and the larger of the two extends the smaller."""
    for name in (bundle.COSIGNED, bundle.CONSISTENCY):
        if name not in members:
            raise InvalidRecordError("bundle-member-missing", member=name)
    other = _signed(members[bundle.COSIGNED], trust)
    if other.checkpoint.origin != signed.checkpoint.origin:
        raise EvidenceMismatchError("note-origin", expected=signed.checkpoint.origin, found=other.checkpoint.origin)
    anchored, cosigned = signed.checkpoint.size, other.checkpoint.size
    if not decode_consistency(members[bundle.CONSISTENCY]).holds(signed.checkpoint, other.checkpoint):
        raise EvidenceMismatchError("consistency-differs", anchored=anchored, cosigned=cosigned)
    return other, f"the cosigned checkpoint of size {cosigned} and the anchored one of size {anchored} are one log"


def names_cosigner(trust: Trust, notes: Sequence[SignedLog]) -> bool:
    """Whether a note has a line of a cosigner known to the trust file, valid or not."""
    known = {(key.name, key.id) for one in notes for key in map(parse_cosigner_key, _keys(trust, one))}
    return any((line.name, line.id) in known for one in notes for line in parse_note(one.note).lines)


def check_cosignatures(trust: Trust, notes: Sequence[SignedLog], last: int) -> tuple[tuple[Cosignature, ...], str]:
    """As many other centres as the policy requires cosigned, each with a key that was valid at the stated time.

    `last`: the highest index of a disclosed record; a cosigned checkpoint that does not reach it proves nothing about
    it.
    """
    counted: dict[str, Cosignature] = {}
    for one in notes:
        for given in cosignatures(one.note, _keys(trust, one)):
            who = next(centre for centre in trust.witnesses_of(one.checkpoint.origin) if _owns(centre, given.key))
            if one.checkpoint.size > last and who.counts(who.witness_keys, given.key, moment(given.time)):
                counted.setdefault(who.code, given)
    if len(counted) < trust.cosignatures:
        raise EvidenceMismatchError("cosignatures-too-few", expected=trust.cosignatures, found=len(counted))
    cosigners = ", ".join(f"{code} at {instant(moment(given.time))}" for code, given in counted.items())
    return tuple(counted.values()), f"cosigned by {cosigners or 'nobody whose key was valid'}"


def _keys(trust: Trust, signed: SignedLog) -> list[str]:
    return [one.key for centre in trust.witnesses_of(signed.checkpoint.origin) for one in centre.witness_keys]


def _owns(centre: Centre, key: str) -> bool:
    return any(one.key == key for one in centre.witness_keys)
