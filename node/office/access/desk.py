"""Commands of access: issue enrolment codes, enrol and check passkeys, open and close logins."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from journal import Journal, Work
from node.office.access import codes, passkeys, store
from node.office.access.passkeys import Options, Passkey, RelyingParty
from node.office.access.store import Ceremony, Person
from records.actors import Actor, Role
from records.errors import NotPermittedError, TongpingError
from records.ids import CentreCode, PersonId, b64u, parse_person, unb64u
from records.text import names
from signing.factors import challenges
from signing.factors.challenges import Act, Challenge

CODE_LIFETIME = timedelta(days=3)
CEREMONY_LIFETIME = timedelta(minutes=5)
LOGIN_LIFETIME = timedelta(hours=12)
_NOBODY_YET = PersonId("")


class NotSignedInError(NotPermittedError):
    code = "not-signed-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """The browser's credentials after signing in: the token goes into the cookie, the csrf mark into a header."""

    token: str
    person: Person

    @property
    def csrf(self) -> str:
        return csrf_of(self.token)


def csrf_of(token: str) -> str:
    return b64u(hmac.digest(token.encode(), b"tongping/csrf/v1", "sha256"))


class AccessDesk:
    """All commands about who may enter this centre."""

    def __init__(
        self,
        *,
        journal: Journal,
        centre: CentreCode,
        party: RelyingParty,
        clock: Callable[[], datetime],
        randomness: Callable[[int], bytes],
    ) -> None:
        self._journal = journal
        self._centre = centre
        self._party = party
        self._clock = clock
        self._randomness = randomness

    def issue_code(self, *, person: PersonId, name: str, role: Role) -> str:
        """A one-time code with which this person creates a passkey. Shown once, never stored."""
        known_as = names.clean(name)
        code = codes.new_code(self._randomness)
        with self._journal.work() as work:
            store.save_person(work.db, Person(id=parse_person(person), name=known_as, role=role))
            store.add_enrolment(
                work.db,
                code_digest=codes.digest_of(code),
                person=person,
                expires_at=work.now + CODE_LIFETIME,
            )
        return code

    def begin_enrolment(self, code: str) -> Options:
        """What the browser needs to make a passkey: {"ceremony", "nonce", "publicKey"}."""
        with self._journal.work() as work:
            code_digest = codes.digest_of(code)
            holder = store.person(work.db, store.open_enrolment(work.db, code_digest, work.now))
            user = b64u(passkeys.user_handle(self._party, holder.id))
            challenge = challenges.enrolment(site=self._party.origin, user=user, nonce=self.nonce())
            ceremony = self._open(work, challenge, holder.id, detail=code_digest)
            options = passkeys.creation_options(
                self._party,
                person=holder.id,
                name=holder.name,
                challenge=challenge.value,
                existing=store.passkeys(work.db, holder.id),
            )
        return _begun(ceremony, challenge, options)

    def finish_enrolment(self, ceremony_id: str, credential: Mapping[str, Any]) -> Login:
        """Any: the browser's RegistrationResponseJSON, checked by the adapter. The code is used up here."""
        ceremony = self._take(ceremony_id, Act.ENROLMENT)
        passkey = passkeys.created(
            self._party, person=ceremony.person, challenge=ceremony.challenge, credential=credential
        )
        with self._journal.work() as work:
            store.use_enrolment(work.db, ceremony.detail, work.now)
            store.save_passkey(work.db, passkey, work.now)
            return self._login(work, ceremony.person)

    def begin_sign_in(self) -> Options:
        """What the browser needs to sign in: {"ceremony", "nonce", "publicKey"}."""
        challenge = challenges.sign_in(site=self._party.origin, nonce=self.nonce())
        with self._journal.work() as work:
            ceremony = self._open(work, challenge, _NOBODY_YET)
        return _begun(ceremony, challenge, passkeys.request_options(self._party, challenge=challenge.value))

    def finish_sign_in(self, ceremony_id: str, credential: Mapping[str, Any]) -> Login:
        """Any: the browser's AuthenticationResponseJSON, checked by the adapter."""
        ceremony = self._take(ceremony_id, Act.SIGN_IN)
        with self._journal.work() as work:
            passkey = self._known(work, credential)
            count = passkeys.asserted(self._party, passkey=passkey, challenge=ceremony.challenge, credential=credential)
            store.save_passkey(work.db, replace(passkey, sign_count=count), work.now)
            return self._login(work, passkey.person)

    def sign_out(self, token: str) -> None:
        with self._journal.work() as work:
            store.close_login(work.db, _digest(token))

    def signed_in(self, token: str) -> Person:
        """The owner of a token. Raises NotSignedInError."""
        with self._journal.reading() as db:
            found = store.login(db, _digest(token), self._clock()) if token else None
        if found is None:
            raise NotSignedInError
        return found

    def actor(self, person: Person) -> Actor:
        return Actor(person=person.id, role=person.role, centre=self._centre)

    def passkeys_of(self, person: PersonId) -> list[Passkey]:
        with self._journal.reading() as db:
            return list(store.passkeys(db, person))

    def nonce(self) -> bytes:
        return self._randomness(challenges.NONCE_BYTES)

    def begin_confirmation(
        self,
        person: PersonId,
        challenge: Challenge,
        *,
        detail: Mapping[str, str],
        lifetime: timedelta = CEREMONY_LIFETIME,
    ) -> Options:
        """Ask a person to confirm with their passkey what the challenge says; `detail` is stored with it."""
        with self._journal.work() as work:
            known = store.passkeys(work.db, person)
            ceremony = self._open(work, challenge, person, detail=json.dumps(detail), lifetime=lifetime)
        options = passkeys.request_options(self._party, challenge=challenge.value, allowed=known)
        return _begun(ceremony, challenge, options)

    def confirm(
        self, person: PersonId, ceremony_id: str, *, act: Act, credential: Mapping[str, Any]
    ) -> tuple[Passkey, dict[str, str]]:
        """Any: as in finish_sign_in. The passkey that confirmed, and the detail; once, and by this person alone."""
        ceremony = self._take(ceremony_id, act)
        with self._journal.work() as work:
            passkey = self._known(work, credential)
            if not ceremony.person == person == passkey.person:
                raise NotPermittedError("ceremony-of-another-person")
            count = passkeys.asserted(self._party, passkey=passkey, challenge=ceremony.challenge, credential=credential)
            confirmed = replace(passkey, sign_count=count)
            store.save_passkey(work.db, confirmed, work.now)
        detail: dict[str, str] = json.loads(ceremony.detail)
        return confirmed, detail

    def asked(self, person: PersonId, challenge: Challenge) -> bool:
        """Whether this challenge was issued to this person here, and has not expired."""
        with self._journal.reading() as db:
            return store.asked(
                db, purpose=challenge.act.value, person=person, challenge=challenge.value, now=self._clock()
            )

    def _open(
        self,
        work: Work,
        challenge: Challenge,
        person: PersonId,
        *,
        detail: str = "",
        lifetime: timedelta = CEREMONY_LIFETIME,
    ) -> Ceremony:
        ceremony = Ceremony(
            id=b64u(self._randomness(16)),
            purpose=challenge.act.value,
            person=person,
            challenge=challenge.value,
            detail=detail,
        )
        store.open_ceremony(work.db, ceremony, now=work.now, expires_at=work.now + lifetime)
        return ceremony

    def _take(self, id: str, act: Act) -> Ceremony:
        """Its own transaction: a wrong answer ends the ceremony as well."""
        with self._journal.work() as work:
            return store.take_ceremony(work.db, id, act.value, work.now)

    def _login(self, work: Work, person: PersonId) -> Login:
        token = b64u(self._randomness(32))
        store.open_login(
            work.db,
            token_digest=_digest(token),
            person=person,
            now=work.now,
            expires_at=work.now + LOGIN_LIFETIME,
        )
        return Login(token=token, person=store.person(work.db, person))

    def _known(self, work: Work, credential: Mapping[str, Any]) -> Passkey:
        """Any: see finish_sign_in. An unknown passkey is refused with the same error as a wrong one."""
        try:
            return store.passkey(work.db, unb64u(credential.get("id")))
        except TongpingError as error:
            raise NotPermittedError("passkey-not-accepted") from error


def _begun(ceremony: Ceremony, challenge: Challenge, options: Options) -> Options:
    """For the browser, which makes the challenge itself from the nonce before it asks the passkey."""
    return {"ceremony": ceremony.id, "nonce": b64u(challenge.nonce), "publicKey": options}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
