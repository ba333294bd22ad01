"""The explorer's copies as derived from the records and the disclosure policy: its follower, replayed."""

from typing import Any, Final

from chain_gateway.disclosure import Form, form, moment_of, release
from chain_gateway.explorer.evaluation import listed_evaluation, listed_tender
from chain_gateway.explorer.store import ListedTender, PublishedRecord
from journal.expected_rows import Derived, Key, read
from records import facts
from records.facts import Moment

Found = Any
"""Any: the value of a column."""
_LISTED: Final = (
    "session", "project", "title", "title_en", "sealed_at", "sealed_digest", "report_digest", "data_digest",
)  # fmt: skip


class Published:
    """Takes records in their order; afterwards it knows which public copies are allowed, and which required.

    `position`: the position its follower has certainly reached. Work after the last saved position is allowed, not
    required.
    """

    def __init__(self, position: int) -> None:
        self._position = position
        self._records: dict[str, list[PublishedRecord]] = {}
        self._opened: set[int] = set()
        self._surely_opened: set[int] = set()
        self._tenders: dict[str, ListedTender] = {}
        self.evaluations: dict[Key, Derived] = {}
        self.tenders: dict[Key, Derived] = {}
        self.derives = {kind: self._take for kind in facts.ALL_TYPES if release(kind).earliest is not Moment.NEVER}

    def _take(self, index: int, record: bytes, salt: bytes) -> None:
        value = read(record)
        project = str(value["project"])
        if not project:
            return
        noted = PublishedRecord(
            index=index,
            type=str(value["type"]),
            project=project,
            session=str(value.get("session", "")),
            at=str(value["at"]),
            record=record,
            salt=salt,
        )
        records = self._records.setdefault(project, [])
        records.append(noted)
        self._open(records, surely=index < self._position)

    def _open(self, records: list[PublishedRecord], *, surely: bool) -> None:
        reached = moment_of(record.type for record in records)
        if reached is None:
            return
        for record in records:
            if form(record.type, reached=reached) is not Form.PLAIN:
                continue
            if record.index not in self._opened:
                self._opened.add(record.index)
                self._list(record, must=surely)
            if surely:
                self._surely_opened.add(record.index)

    def _list(self, record: PublishedRecord, *, must: bool) -> None:
        if record.type in facts.SEALINGS:
            listed = listed_evaluation(record, self._tenders.get(record.project))
            columns: dict[str, object] = {name: getattr(listed, name) for name in _LISTED}
            columns |= {"entry_index": listed.index, "centres": " ".join(listed.centres)}
            self.evaluations[(listed.session,)] = Derived(
                index=record.index, salt=record.salt, columns=columns, must=must
            )
        elif record.type == facts.TENDER_REGISTERED:
            tender = self._tenders[record.project] = listed_tender(record)
            columns = {name: getattr(tender, name) for name in ("project", "title", "title_en", "tenderer")}
            columns |= {"entry_index": tender.index}
            self.tenders[(tender.project,)] = Derived(index=record.index, salt=record.salt, columns=columns, must=must)

    @property
    def records(self) -> dict[Key, Derived]:
        return {
            (record.index,): Derived(
                index=record.index,
                salt=record.salt,
                columns={
                    "entry_index": record.index,
                    "type": record.type,
                    "project": record.project,
                    "session": record.session,
                    "at": record.at,
                    "record": self._content(record, record.record),
                    "salt": self._content(record, record.salt),
                },
                must=record.index < self._position,
            )
            for records in self._records.values()
            for record in records
        }

    def _content(self, record: PublishedRecord, content: bytes) -> object:
        """Required in open records, absent in sealed ones; between the two positions either is allowed."""
        if record.index in self._surely_opened:
            return content
        if record.index in self._opened:
            return lambda found: found if found in (b"", content) else content
        return b""
