"""Imports every table of every package, so that the metadata is complete."""

from sqlmodel import SQLModel

from chain_gateway import store as gateway
from chain_gateway.explorer import store as explorer
from chain_gateway.monitor import store as monitor
from evaluation_room import store as room
from journal import set_aside
from journal import store as journal
from node.office.stages import STAGES
from node.peering import gate
from signing import store as signing

STORES = (explorer, gate, gateway, journal, monitor, room, set_aside, signing, *(stage.tables for stage in STAGES))
METADATA = SQLModel.metadata
