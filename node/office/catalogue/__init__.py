"""The experts this centre may seat, and who sits where."""

from typing import Final

from node.office.catalogue.audit import SeatAudit
from node.office.catalogue.store import SeatRow
from node.office.stage import OPERATOR, OfficeStage

CATALOGUE: Final = OfficeStage(
    name="catalogue",
    tables=(SeatRow,),
    roles={
        ("GET", "/catalogue"): OPERATOR,
        ("GET", "/projects/{project}/seats"): OPERATOR,
        ("PUT", "/projects/{project}/seats"): OPERATOR,
        ("GET", "/projects/{project}/seats/near-ties"): OPERATOR,
    },
    audit=SeatAudit,
)
