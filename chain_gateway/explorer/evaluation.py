"""The public facts of one evaluation, derived from its opened records alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from chain_gateway.explorer.store import ListedEvaluation, ListedTender, PublishedRecord
from records import canonical, facts
from records.errors import InvalidRecordError
from records.strict_fields import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One evaluation whose report is sealed. `experts` counts members by centre code, the host first.

    `signed` counts those whose signature is on the report; a member who refused remains a member (条例53条).
    """

    session: str
    project: str
    title: str
    title_en: str
    tenderer: str
    control_price_fen: int
    opening_at: str
    host: str
    guests: tuple[str, ...]
    experts: tuple[tuple[str, int], ...]
    signed: int
    seals: int
    sealed_at: str
    sealed_digest: str
    report_digest: str
    data_digest: str
    """Of the data the report is set from, at the foot of its pages; empty where the record does not name it."""
    size: int
    index: int
    confirmed_at: tuple[tuple[str, str], ...]
    """When each guest confirmed, by centre code."""

    @property
    def centres(self) -> tuple[str, ...]:
        return (self.host, *self.guests)

    @property
    def expert_count(self) -> int:
        return sum(count for _, count in self.experts)


def value_of(record: PublishedRecord) -> Reader:
    """Return an opened record's object."""
    value = canonical.decode(record.record)
    if not isinstance(value, dict):
        raise InvalidRecordError("record-malformed", index=record.index)
    return Reader(f"record {record.index}", value)


def listed_evaluation(record: PublishedRecord, tender: ListedTender | None) -> ListedEvaluation:
    """Return the line for lists, from the record of the sealing and the tender, when that is public."""
    body = value_of(record).part("body")
    return ListedEvaluation(
        session=record.session,
        project=record.project,
        index=record.index,
        title=body.text("title"),
        title_en=tender.title_en if tender else body.text("title"),
        sealed_at=record.at,
        sealed_digest=body.text("sealed_digest"),
        report_digest=body.text("report_digest"),
        data_digest=_data_digest(record.type, body),
        centres=(body.text("host"), *body.texts("guests")),
    )


def listed_tender(record: PublishedRecord) -> ListedTender:
    """Return the line for searches, from the record of the registration."""
    body = value_of(record).part("body")
    return ListedTender(
        project=record.project,
        index=record.index,
        title=body.text("title"),
        title_en=body.text("title_en"),
        tenderer=body.text("tenderer"),
    )


def derive_evaluation(sealing: PublishedRecord, records: Sequence[PublishedRecord]) -> Evaluation:
    """Derive an evaluation from the record of its sealing and the other opened records of its project."""
    body = value_of(sealing).part("body")
    tender = _tender(records)
    host, guests, signatures = body.text("host"), body.texts("guests"), body.texts("signatures")
    fields = (*signatures, *(body.texts("excused") if "excused" in body.value else ()))
    return Evaluation(
        session=sealing.session,
        project=sealing.project,
        title=body.text("title"),
        title_en=tender.text("title_en") if tender else body.text("title"),
        tenderer=tender.text("tenderer") if tender else "",
        control_price_fen=tender.number("control_price_fen") if tender else 0,
        opening_at=tender.text("opening_at") if tender else "",
        host=host,
        guests=guests,
        experts=tuple((code, _members(fields, code)) for code in (host, *guests)),
        signed=sum(name.startswith("expert-") for name in signatures),
        seals=sum(name.startswith("seal-") for name in signatures),
        sealed_at=sealing.at,
        sealed_digest=body.text("sealed_digest"),
        report_digest=body.text("report_digest"),
        data_digest=_data_digest(sealing.type, body),
        size=body.number("size"),
        index=sealing.index,
        confirmed_at=_confirmed(records),
    )


def _data_digest(record_type: str, body: Reader) -> str:
    """The first version of the record does not name it."""
    return "" if record_type == facts.REPORT_SEALED_1 else body.text("data_digest")


def _tender(records: Sequence[PublishedRecord]) -> Reader | None:
    found = [record for record in records if record.opened and record.type == facts.TENDER_REGISTERED]
    return value_of(found[-1]).part("body") if found else None


def _confirmed(records: Sequence[PublishedRecord]) -> tuple[tuple[str, str], ...]:
    found = [record for record in records if record.opened and record.type == facts.INVITATION_CONFIRMED]
    return tuple((value_of(record).part("body").text("guest"), record.at) for record in found)


def _members(fields: Sequence[str], centre: str) -> int:
    """Count the members of one centre: their fields are named `expert-<centre>-<n>`."""
    return sum(name.startswith(f"expert-{centre}-") for name in fields)
