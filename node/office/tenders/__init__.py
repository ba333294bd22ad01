"""Tenders of this centre: their facts, bidders and bid files."""

from typing import Final

from node.office.stage import OPERATOR, STAFF, OfficeStage
from node.office.tenders.audit import TenderAudit
from node.office.tenders.store import TenderRow

TENDERS: Final = OfficeStage(
    name="tenders",
    tables=(TenderRow,),
    roles={
        ("GET", "/samples"): STAFF,
        ("GET", "/tenders"): STAFF,
        ("POST", "/tenders"): OPERATOR,
        ("GET", "/tenders/{project}"): STAFF,
    },
    audit=TenderAudit,
)
