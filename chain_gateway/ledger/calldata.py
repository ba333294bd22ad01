"""Pads an anchor's calldata to one fixed length, so that its length reveals nothing to an observer."""

from typing import Final

from records.errors import InvalidRecordError

PROOF_NODES: Final = 40
"""Nodes of the consistency proof for which every payload has room: enough for 2^39 records."""
_WORD: Final = 32
_SELECTOR: Final = 4
_HEAD_WORDS: Final = 6
"""Log, old size, new size, root, offset of the proof, number of its nodes."""
PAYLOAD_BYTES: Final = _SELECTOR + (_HEAD_WORDS + PROOF_NODES) * _WORD


def padded(calldata: bytes) -> bytes:
    """Pad an anchor's calldata with zero bytes to the fixed length; the contract ignores them.

    InvalidRecordError("payload-too-long") for a proof of more than 40 nodes: no log is that large.
    """
    if len(calldata) > PAYLOAD_BYTES:
        raise InvalidRecordError("payload-too-long", size=len(calldata), maximum=PAYLOAD_BYTES)
    return calldata.ljust(PAYLOAD_BYTES, b"\0")
