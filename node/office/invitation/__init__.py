"""The request for cooperation between a host and a guest centre (要约)."""

from typing import Final

from node.office.invitation.audit import InvitationAudit
from node.office.invitation.store import InvitationRow
from node.office.stage import OPERATOR, STAFF, OfficeStage

INVITATION: Final = OfficeStage(
    name="invitation",
    tables=(InvitationRow,),
    roles={
        ("POST", "/tenders/{project}/invitation"): OPERATOR,
        ("GET", "/invitations"): STAFF,
        ("POST", "/invitations/{id}/confirmation"): OPERATOR,
        ("POST", "/invitations/{id}/refusal"): OPERATOR,
    },
    audit=InvitationAudit,
)
