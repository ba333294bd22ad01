"""Commands on tenders: register one, read them."""

from pathlib import Path

from journal import Journal
from node.office.tenders import samples, store, tender
from node.office.tenders.documents import DocumentStore
from node.office.tenders.tender import Tender
from records.actors import Actor
from records.errors import ConflictError
from records.facts import TENDER_REGISTERED, Fact
from records.ids import Author, ProjectId, instant
from records.text import glyphs


class TenderDesk:
    def __init__(self, *, journal: Journal, documents: DocumentStore, samples: Path) -> None:
        self._journal = journal
        self._documents = documents
        self._samples = samples

    def samples(self) -> list[dict[str, str]]:
        return samples.listing(self._samples)

    def register(self, sample: str, *, by: Actor) -> Tender:
        """Register a tender with its bid files. Files come first: a file without a tender does no harm."""
        value = samples.read(self._samples, sample, lambda data, name: self._documents.put(data, name=name))
        registered = tender.parse(value)
        tender.check_distinct(registered)
        glyphs.check_all(registered.value)
        with self._journal.work() as work:
            if store.exists(work.db, registered.project):
                raise ConflictError("tender-registered-already", project=registered.project)
            store.add(work.db, registered, instant(work.now))
            work.record(
                Fact(
                    type=TENDER_REGISTERED,
                    project=registered.project,
                    author=Author(f"operator:{by.person}"),
                    body=registered.public,
                )
            )
        return registered

    def tender(self, project: ProjectId) -> Tender:
        with self._journal.reading() as db:
            return store.load(db, project)

    def registered(self, project: ProjectId) -> bool:
        """Whether this centre hosts the project."""
        with self._journal.reading() as db:
            return store.exists(db, project)

    def tenders(self) -> list[Tender]:
        with self._journal.reading() as db:
            return store.load_all(db)
