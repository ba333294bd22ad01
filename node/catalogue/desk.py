"""Commands on the committee: name experts of the own centre to its own seats."""

from collections.abc import Mapping

from journal import Journal
from node.catalogue import store
from node.catalogue.experts import Catalogue, Expert
from records.actors import Actor
from records.errors import InvalidRecordError, NotFoundError, WrongStageError
from records.facts import COMMITTEE_SEATS_NAMED, Fact
from records.ids import Author, CentreCode, PersonId, ProjectId, SeatId


class CatalogueDesk:
    def __init__(self, *, journal: Journal, centre: CentreCode, catalogue: Catalogue) -> None:
        self._journal = journal
        self._centre = centre
        self._catalogue = catalogue

    def experts(self) -> list[Expert]:
        return self._catalogue.all()

    def name_seats(
        self,
        project: ProjectId,
        assignments: Mapping[SeatId, PersonId],
        *,
        asked: int | None,
        by: Actor,
        in_session: bool = False,
    ) -> dict[SeatId, PersonId]:
        """Seat experts on JN-1 … JN-n. `asked`: the number the other centre asked this one for, if it did.

        `in_session`: the evaluation has begun, from then on the host's seats stand and a guest may name its own once.
        """
        _check_numbering(self._centre, assignments, asked)
        for person in assignments.values():
            self._catalogue.expert(person)
        seats = dict(assignments)
        with self._journal.work() as work:
            before = store.of_project(work.db, project)
            if before == seats:
                return seats
            if before and in_session:
                raise WrongStageError("seats-stand", project=project)
            store.replace(work.db, project, seats)
            work.record(_named(project, seats, by))
        return seats

    def replace(self, project: ProjectId, seat: SeatId, person: PersonId, *, by: Actor) -> dict[SeatId, PersonId]:
        """Name another expert to one own seat, whose member was replaced; the same again changes nothing."""
        self._catalogue.expert(person)
        with self._journal.work() as work:
            before = store.of_project(work.db, project)
            if not _may_replace(before, seat, person):
                return before
            seats = {**before, seat: person}
            store.replace(work.db, project, seats)
            work.record(_named(project, seats, by))
        return seats

    def may_replace(self, project: ProjectId, seat: SeatId, person: PersonId) -> bool:
        """Whether `replace` would change anything; raises what it would raise."""
        self._catalogue.expert(person)
        return _may_replace(self.seats(project), seat, person)

    def seats(self, project: ProjectId) -> dict[SeatId, PersonId]:
        with self._journal.reading() as db:
            return store.of_project(db, project)

    def seats_of(self, person: PersonId) -> dict[ProjectId, SeatId]:
        with self._journal.reading() as db:
            return store.of_expert(db, person)

    def expert(self, person: PersonId) -> Expert:
        """NotFoundError("expert-unknown")."""
        return self._catalogue.expert(person)

    def sitting(self, project: ProjectId, seat: SeatId) -> Expert:
        """Who sits on this seat of the own centre."""
        person = self.seats(project).get(seat)
        if person is None:
            raise NotFoundError("seat-unnamed", seat=seat)
        return self._catalogue.expert(person)


def _may_replace(seats: Mapping[SeatId, PersonId], seat: SeatId, person: PersonId) -> bool:
    if seat not in seats:
        raise NotFoundError("seat-unnamed", seat=seat)
    if seats[seat] == person:
        return False
    if person in seats.values():
        raise InvalidRecordError("expert-named-twice")
    return True


def _named(project: ProjectId, seats: Mapping[SeatId, PersonId], by: Actor) -> Fact:
    return Fact(
        type=COMMITTEE_SEATS_NAMED,
        project=project,
        author=Author(f"operator:{by.person}"),
        body={"seats": [{"seat": seat, "expert": person} for seat, person in sorted(seats.items())]},
    )


def _check_numbering(centre: CentreCode, assignments: Mapping[SeatId, PersonId], asked: int | None) -> None:
    expected = {SeatId(f"{centre}-{number}") for number in range(1, len(assignments) + 1)}
    if not assignments or set(assignments) != expected:
        raise InvalidRecordError("seat-numbering", centre=centre, seats=len(assignments))
    if len(set(assignments.values())) != len(assignments):
        raise InvalidRecordError("expert-named-twice")
    if asked is not None and len(assignments) != asked:
        raise InvalidRecordError("seat-count", asked=asked, named=len(assignments))
