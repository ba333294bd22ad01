"""The stages of the office work. What each declares is taken from here: its tables, roles, routes and its audit."""

from typing import Final

from node.office.access import ACCESS
from node.office.catalogue import CATALOGUE
from node.office.invitation import INVITATION
from node.office.stage import OfficeStage
from node.office.tenders import TENDERS

STAGES: Final[tuple[OfficeStage, ...]] = (ACCESS, TENDERS, INVITATION, CATALOGUE)
