"""The signing keys of a centre's own experts: enrolled with a PIN, opened by it, locked after five wrong ones."""

from collections.abc import Callable
from datetime import datetime

from journal import Journal
from records.errors import ConflictError, NotFoundError, NotPermittedError
from records.ids import Digest, PersonId, instant
from records.text.names import typed
from signing import store
from signing.keys.authority import Profile, Subject
from signing.keys.identity import Identity
from signing.keys.keyring import Keyring
from signing.keys.software import MOST_FAILURES, PIN_COST, SoftwareKey, SoftwareSigner, check_length


class Signers:
    """Keys of experts (R37: each is one person's alone). The centre knows a PIN only for the time of a signature."""

    def __init__(
        self,
        journal: Journal,
        keyring: Keyring,
        *,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes],
        pin_cost: int = PIN_COST,
    ) -> None:
        self._journal = journal
        self._keyring = keyring
        self._clock = clock
        self._randomness = randomness
        self._pin_cost = pin_cost

    def enrol(self, person: PersonId, *, name: str, pin: str) -> Digest:
        """Make a person's key and certificate; return the certificate's fingerprint.

        Raises ConflictError("signer-exists"), InvalidRecordError("pin-length").
        """
        key, public_key = SoftwareKey.create(typed(pin), self._randomness, cost=self._pin_cost)
        organisation = self._keyring.organisation
        subject = Subject(name=name, organisation=organisation, unit="评标专家")
        identity = self._keyring.authority.issue(subject, public_key, profile=Profile.EXPERT, now=self._clock())
        with self._journal.work() as work:
            if store.find_signer(work.db, person) is not None:
                raise ConflictError("signer-exists", person=person)
            signer = store.SignerKey(person=person, certificate=identity.certificate, key=key, failures=0)
            store.add_signer(work.db, signer, created_at=instant(work.now))
        return identity.fingerprint

    def has(self, person: PersonId) -> bool:
        with self._journal.reading() as db:
            return store.find_signer(db, person) is not None

    def identity(self, person: PersonId) -> Identity:
        """The public side of a person's key. Raises NotFoundError("signer-unknown")."""
        return self._keyring.authority.identity(self._find(person).certificate, now=self._clock())

    def open(self, person: PersonId, pin: str) -> SoftwareSigner:
        """The key opened by its PIN, for one signature.

        Full-width digits and white space are folded first, and what no PIN can be costs no try. The try is counted
        before the PIN is checked, so that nothing (a crash, a second request) gives a free one.
        Raises NotFoundError("signer-unknown"), InvalidRecordError("pin-length"),
        NotPermittedError("pin-wrong", left=…) or ("signer-locked").
        """
        meant = typed(pin)
        check_length(meant)
        signer = self._find(person)
        with self._journal.work() as work:
            allowed = store.count_try(work.db, person)
        if not allowed:
            raise NotPermittedError("signer-locked", failures=MOST_FAILURES)
        try:
            key = signer.key.open(meant, cost=self._pin_cost)
        except NotPermittedError as error:
            left = max(MOST_FAILURES - self._find(person).failures, 0)
            raise NotPermittedError("pin-wrong", left=left) from error
        with self._journal.work() as work:
            store.clear_failures(work.db, person)
        return SoftwareSigner(self._keyring.authority.identity(signer.certificate, now=self._clock()), key)

    def _find(self, person: PersonId) -> store.SignerKey:
        with self._journal.reading() as db:
            signer = store.find_signer(db, person)
        if signer is None:
            raise NotFoundError("signer-unknown", person=person)
        return signer
