"""Receives other centres' cosignatures of the own checkpoints: each verified, saved once, and added to the note."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from chain_gateway import store
from chain_gateway.checkpoints import AnchoredCheckpoint, Cosigner
from journal import Journal
from records.errors import InvalidRecordError, NotFoundError, NotPermittedError
from records.ids import CentreCode
from records.log.cosignature import Cosignature, cosignatures
from records.log.note import parse_note

AHEAD: Final = timedelta(minutes=5)
"""How far a witness's clock may be ahead of ours: a later time shows that one of the two is wrong."""

WitnessKeys = Callable[[CentreCode], Sequence[str]]
"""The keys (C2SP texts) with which a centre may cosign now."""


class CosignatureDesk:
    """The own log's side of cosigning.

    `republish` is called when a note may have changed; `required`: how many cosignatures verifiers require here.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        witness_keys: WitnessKeys,
        clock: Callable[[], datetime],
        republish: Callable[[], None] = lambda: None,
        required: int = 1,
    ) -> None:
        self._journal = journal
        self._witness_keys = witness_keys
        self._clock = clock
        self._republish = republish
        self._required = max(required, 1)

    def take(self, witness: CentreCode, size: int, line: str) -> AnchoredCheckpoint:
        """Save a witness's line under the anchored checkpoint of this size, and return that with its present note.

        A further line of the same witness changes nothing: the first one counts. Raises
        NotPermittedError("witness-unknown") for a centre without a key, NotFoundError("checkpoint-unknown"),
        EvidenceMismatchError("cosignature-invalid"), and InvalidRecordError: "cosignature-foreign" (no line of a key of
        this centre), "cosignature-ahead" (its time lies in our future), "cosignature-malformed", "malformed-note".
        """
        with self._journal.reading() as db:
            anchored = store.anchored(db, size)
        if anchored is None:
            raise NotFoundError("checkpoint-unknown", size=size)
        given = self._verified(witness, anchored, line)
        with self._journal.work() as work:
            store.keep_cosignature(work.db, size, witness, time=given.time, line=given.line)
            kept = store.anchored(work.db, size)
        assert kept is not None
        # After every delivery, repetitions included: that completes one whose process was killed before this.
        self._republish()
        return kept

    def cosigners(self) -> tuple[Cosigner, ...]:
        """Every centre that cosigned, with the largest size it cosigned."""
        with self._journal.reading() as db:
            return store.cosigners(db)

    def cosigned(self, index: int) -> AnchoredCheckpoint | None:
        """The first checkpoint over the entry at `index` with the required number of cosignatures.

        While there is none, one with fewer; None while nobody has cosigned.
        """
        with self._journal.reading() as db:
            found = (store.covering(db, index, cosignatures=count) for count in range(self._required, 0, -1))
            return next((one for one in found if one is not None), None)

    def _verified(self, witness: CentreCode, anchored: AnchoredCheckpoint, line: str) -> Cosignature:
        keys = self._witness_keys(witness)
        if not keys:
            raise NotPermittedError("witness-unknown", witness=witness)
        given = cosignatures(f"{parse_note(anchored.note).text}\n{line}\n", keys)
        if not given:
            raise InvalidRecordError("cosignature-foreign", witness=witness)
        seconds = given[0].time - int(self._clock().timestamp())
        if seconds > AHEAD.total_seconds():
            raise InvalidRecordError("cosignature-ahead", witness=witness, seconds=seconds)
        return given[0]
