"""Whether a session being opened is the one this centre agreed to."""

from evaluation_room.tender.definition import Definition
from node.config import Config
from node.office.catalogue.desk import CatalogueDesk
from node.office.invitation.desk import InvitationDesk
from records.errors import NotPermittedError
from records.ids import SeatId


class Agreement:
    """Checks an opening against configuration, invitations and named seats."""

    def __init__(
        self, *, config: Config, entry_key: str, invitations: InvitationDesk, catalogue: CatalogueDesk
    ) -> None:
        self._config = config
        self._centre = config.centre.code
        self._entry_key = entry_key
        self._invitations = invitations
        self._catalogue = catalogue

    def check(self, opened: Definition) -> None:
        """The centres are those known here under these keys, this one among them, with the seats it agreed to.

        Runs inside the transaction that takes the opening entry, and reads only. Raises NotPermittedError:
        centre-unknown, centre-key-differs, not-a-venue, seats-not-agreed.
        """
        keys = {peer.code: peer.entry_key for peer in self._config.peers} | {self._centre: self._entry_key}
        for centre in opened.centres:
            if centre.code not in keys:
                raise NotPermittedError("centre-unknown", centre=centre.code)
            if keys[centre.code] != centre.entry_key:
                raise NotPermittedError("centre-key-differs", centre=centre.code)
        if opened.centre(self._centre) is None:
            raise NotPermittedError("not-a-venue", centre=self._centre)
        agreed = self._agreed_seats(opened)
        seats = {seat.id for seat in opened.seats if seat.centre == self._centre}
        if seats != agreed:
            raise NotPermittedError("seats-not-agreed", project=opened.project, seats=len(seats))

    def _agreed_seats(self, opened: Definition) -> set[SeatId]:
        """As host the named seats, as guest those of the invitation this centre confirmed."""
        if opened.host.code == self._centre:
            return set(self._catalogue.seats(opened.project))
        own = [
            one.terms.seats
            for one in self._invitations.confirmed(opened.project)
            if one.terms.guest == self._centre and one.terms.host == opened.host.code
        ]
        return {SeatId(f"{self._centre}-{number}") for number in range(1, own[-1] + 1)} if own else set()
