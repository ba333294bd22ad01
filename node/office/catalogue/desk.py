"""Commands on the committee: name experts of the own centre to its own seats."""

from collections.abc import Mapping
from dataclasses import dataclass

from evaluation_room.tender.selection import Selection
from journal import Journal
from node.office.catalogue import store
from node.office.catalogue.experts import EXPERT, Catalogue, Expert
from node.office.catalogue.store import Seating
from records.actors import Actor
from records.errors import InvalidRecordError, NotFoundError, WrongStageError
from records.facts import COMMITTEE_SEATS_NAMED, Fact
from records.ids import Author, CentreCode, PersonId, ProjectId, SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The person for a seat, how the person was selected, and the reason where the file lacks something."""

    person: PersonId
    selection: Selection
    lack_reason: str = ""


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
        selection: Selection,
        reasons: Mapping[SeatId, str],
        asked: int | None,
        by: Actor,
        in_session: bool = False,
    ) -> dict[SeatId, Seating]:
        """Seat experts on JN-1 … JN-n. `asked`: the number the other centre requested of this one, if it did.

        `selection`: how the experts among them were selected (R06). `reasons`: by seat, why an expert is seated whose
        file lacks a legal requirement; "lack-unexplained" without one (R05). `in_session`: the evaluation has begun,
        from then on the host's seats are fixed and a guest may name its own once.
        """
        _check_numbering(self._centre, assignments, asked)
        seats = {
            seat: self._seating(seat, person, selection, reasons.get(seat, "")) for seat, person in assignments.items()
        }
        with self._journal.work() as work:
            before = store.of_project(work.db, project)
            if before == seats:
                return seats
            if before and in_session:
                raise WrongStageError("seats-stand", project=project)
            store.replace(work.db, project, seats)
            work.record(_named(project, seats, by))
        return seats

    def replace(self, project: ProjectId, seat: SeatId, chosen: Chosen, *, by: Actor) -> dict[SeatId, Seating]:
        """Name another expert to one own seat, whose member was replaced; a repetition changes nothing."""
        seating = self._seating(seat, chosen.person, chosen.selection, chosen.lack_reason)
        with self._journal.work() as work:
            before = store.of_project(work.db, project)
            if not _may_replace(before, seat, chosen.person):
                return before
            seats = {**before, seat: seating}
            store.replace(work.db, project, seats)
            work.record(_named(project, seats, by))
        return seats

    def may_replace(self, project: ProjectId, seat: SeatId, chosen: Chosen) -> bool:
        """Whether `replace` would change anything; raises the same errors."""
        self._seating(seat, chosen.person, chosen.selection, chosen.lack_reason)
        return _may_replace(self.seatings(project), seat, chosen.person)

    def seats(self, project: ProjectId) -> dict[SeatId, PersonId]:
        return {seat: one.expert for seat, one in self.seatings(project).items()}

    def seatings(self, project: ProjectId) -> dict[SeatId, Seating]:
        """The own seats with how their experts were selected."""
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

    def _seating(self, seat: SeatId, person: PersonId, selection: Selection, reason: str) -> Seating:
        """The tenderer sends its own representative: there is no draw, and the law requires no title."""
        expert = self._catalogue.expert(person)
        if expert.role != EXPERT:
            return Seating(expert=person, selection=None)
        if expert.lacks and not reason.strip():
            raise InvalidRecordError("lack-unexplained", seat=seat)
        return Seating(expert=person, selection=selection, reason=reason if expert.lacks else "")


def _may_replace(seats: Mapping[SeatId, Seating], seat: SeatId, person: PersonId) -> bool:
    if seat not in seats:
        raise NotFoundError("seat-unnamed", seat=seat)
    if seats[seat].expert == person:
        return False
    if any(one.expert == person for one in seats.values()):
        raise InvalidRecordError("expert-named-twice")
    return True


def _named(project: ProjectId, seats: Mapping[SeatId, Seating], by: Actor) -> Fact:
    return Fact(
        type=COMMITTEE_SEATS_NAMED,
        project=project,
        author=Author(f"operator:{by.person}"),
        body={"seats": [{"seat": seat, **one.body()} for seat, one in sorted(seats.items())]},
    )


def _check_numbering(centre: CentreCode, assignments: Mapping[SeatId, PersonId], asked: int | None) -> None:
    expected = {SeatId(f"{centre}-{number}") for number in range(1, len(assignments) + 1)}
    if not assignments or set(assignments) != expected:
        raise InvalidRecordError("seat-numbering", centre=centre, seats=len(assignments))
    if len(set(assignments.values())) != len(assignments):
        raise InvalidRecordError("expert-named-twice")
    if asked is not None and len(assignments) != asked:
        raise InvalidRecordError("seat-count", asked=asked, named=len(assignments))
