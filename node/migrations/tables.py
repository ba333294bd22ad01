"""Imports every table of every package, so that the metadata is complete."""

from sqlmodel import SQLModel

from chain_gateway import store as gateway
from chain_gateway.explorer import store as explorer
from chain_gateway.monitor import store as monitor
from evaluation_room import store as room
from journal import set_aside
from journal import store as journal
from node.office.access import store as access
from node.office.catalogue import store as catalogue
from node.office.invitation import store as invitation
from node.office.tenders import store as tenders
from node.peering import peers
from signing import store as signing

STORES = (access, catalogue, explorer, gateway, invitation, journal, monitor, peers, room, set_aside, signing, tenders)
METADATA = SQLModel.metadata
