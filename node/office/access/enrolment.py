"""Enrols a person: a one-time code for a passkey and, for an expert, a signing key with its PIN."""

from collections.abc import Callable
from dataclasses import dataclass, field

from node.office.access.desk import AccessDesk
from records.actors import Role
from records.ids import PersonId, parse_person
from records.text import names
from signing.desk import SigningDesk

_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The person's credentials, handed over once. `pin` is empty for a non-signer or an existing signing key."""

    code: str = field(repr=False)
    pin: str = field(default="", repr=False)


def admit(
    access: AccessDesk,
    signing: SigningDesk,
    *,
    person: PersonId,
    name: str,
    role: Role,
    randomness: Callable[[int], bytes],
) -> Admission:
    known_as = names.clean(name)
    code = access.issue_code(person=parse_person(person), name=known_as, role=role)
    if role is not Role.EXPERT or signing.signers.has(person):
        return Admission(code=code)
    pin = str(int.from_bytes(randomness(16), "big") % 10**_DIGITS).zfill(_DIGITS)
    signing.enrol_signer(person, name=known_as, pin=pin)
    return Admission(code=code, pin=pin)
