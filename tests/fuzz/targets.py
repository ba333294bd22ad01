"""Every parser of foreign bytes: what strangers, browsers, other centres, chains and people's files are read by."""

from typing import Final

from tests.fuzz import evidence, files, records, room
from tests.fuzz.target import Target

TARGETS: Final[tuple[Target, ...]] = (*records.TARGETS, *evidence.TARGETS, *room.TARGETS, *files.TARGETS)
