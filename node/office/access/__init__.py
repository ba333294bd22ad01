"""Who may enter: enrolment codes, passkeys and signed-in sessions."""

from typing import Final

from node.office.access.store import CeremonyRow, EnrolmentRow, LoginRow, PasskeyRow, PersonRow
from node.office.stage import ANYBODY, OfficeStage

ACCESS: Final = OfficeStage(
    name="access",
    tables=(PersonRow, EnrolmentRow, PasskeyRow, CeremonyRow, LoginRow),
    roles={("POST", "/access/sign-out"): ANYBODY, ("GET", "/access/me"): ANYBODY},
    unrecorded={
        "access_person": "who may sign in is not part of a project: no record covers it",
        "access_enrolment": "one-time codes, kept as digests and used up; no record covers them",
        "access_passkey": "public keys of browsers and their counters; no record covers them",
        "access_ceremony": "challenges that live for minutes",
        "access_login": "sessions of browsers, kept as digests and for hours",
    },
)
