"""The other centres' keys: the configured ones and those in the consortium's registry now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from chain_gateway.checkpoints import CentreEntry, PreviousKeys, origin_of
from records.errors import InvalidRecordError, UnavailableError
from records.ids import CentreCode
from records.log.checkpoint import parse_verifier_key
from records.log.cosignature import parse_cosigner_key

FRESH: Final = timedelta(minutes=1)
"""How long an answer of the registry is used before it is read again."""


class KnownKeys:
    """The keys (C2SP texts) that may sign a log's notes, or with which a centre may cosign, at this moment.

    A key that the centres voted into the registry counts while its window is open, the one before it until its own
    window ends; so a rotation needs no new configuration anywhere. While the registry does not answer, its last answer
    counts, and the configured keys always do.
    """

    def __init__(
        self,
        *,
        log_keys: Mapping[CentreCode, str],
        witness_keys: Mapping[CentreCode, str],
        centres: Callable[[], Sequence[CentreEntry]],
        clock: Callable[[], datetime],
    ) -> None:
        """`log_keys`, `witness_keys`: the configured ones; a centre without a log key here is not followed."""
        self._log_keys = {origin_of(code): key for code, key in log_keys.items() if key}
        self._witness_keys = {code: key for code, key in witness_keys.items() if key}
        self._centres = centres
        self._clock = clock
        self._read: tuple[datetime, Sequence[CentreEntry]] | None = None

    def of_log(self, origin: str) -> Sequence[str]:
        """None for a log that is not followed."""
        if origin not in self._log_keys:
            return []
        registered = (
            keys.verifier_key for one in self._registered() if origin_of(one.code) == origin for keys in self._open(one)
        )
        return list(dict.fromkeys([self._log_keys[origin], *_readable(registered, parse_verifier_key)]))

    def of_witness(self, code: CentreCode) -> Sequence[str]:
        """None for a centre whose cosignatures are not accepted."""
        if code not in self._witness_keys:
            return []
        registered = (keys.witness_key for one in self._registered() if one.code == code for keys in self._open(one))
        return list(dict.fromkeys([self._witness_keys[code], *_readable(registered, parse_cosigner_key)]))

    def _registered(self) -> Sequence[CentreEntry]:
        now = self._clock()
        if self._read is None or abs(now - self._read[0]) >= FRESH:
            try:
                self._read = now, self._centres()
            except UnavailableError:
                return self._read[1] if self._read else ()
        return self._read[1]

    def _open(self, centre: CentreEntry) -> list[CentreEntry | PreviousKeys]:
        """A member's keys whose window is open now."""
        now, both = self._clock(), (centre, centre.previous)
        open_now = [keys for keys in both if keys is not None and keys.valid_from <= now < keys.valid_until]
        return open_now if centre.member else []


def _readable(keys: Iterable[str], parse: Callable[[str], object]) -> list[str]:
    """The well-formed keys: a wrong entry of one centre affects only itself."""
    found = []
    for key in keys:
        try:
            parse(key)
        except InvalidRecordError:
            continue
        found.append(key)
    return found
