"""The definition of one evaluation: tender, centres, bidders, items, method and seats, fixed when the session opens."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from evaluation_room.methods import factor
from evaluation_room.methods.benchmark import check_drawn
from evaluation_room.methods.case import TERMS, Drawn, Terms, check_factors, read_drawn, read_terms
from evaluation_room.methods.document import Method, Quote
from evaluation_room.methods.factor import Factor
from evaluation_room.stages import LINE, PRELIMINARY, REQUIRED, Stage
from evaluation_room.tender import committee_size as committee
from evaluation_room.tender.reevaluation_ground import Previous
from evaluation_room.tender.review_items import FEWEST_VALID, Review
from records import ids, strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError
from records.ids import Author, CentreCode, Digest, ProjectId, SeatId
from records.strict_fields import Body

_MOST_FEN = 10**15
FROM_TENDER: Final = ("title", "title_en", "tenderer", "stages", "method", "control_price_fen", "items")
"""The keys that a definition takes from its tender unchanged."""
FROM_TENDER_IF_GIVEN: Final = ("review", "lead", "drawn", "minimum_seats", "authorities")
"""The same, of those that a tender may leave out."""
OF_BIDDER: Final = ("id", "name", "uscc", "price_fen", "duration_days", "documents")
"""The keys of every bidder, besides the TERMS that some methods need."""
_OF_SESSION: Final = ("project", "bidders", "opened_at", "host", "guests", "seats")
"""The keys that are put together when the session opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    code: CentreCode
    name_zh: str
    name_en: str
    city_zh: str
    city_en: str
    entry_key: str

    @property
    def author(self) -> Author:
        return Author(f"centre:{self.code}")

    @classmethod
    def read(cls, value: Value) -> "Centre":
        body = strict_fields.fields(value, "code", "name_zh", "name_en", "city_zh", "city_en", "entry_key")
        return cls(
            code=ids.parse_centre(body["code"]),
            name_zh=strict_fields.text(body, "name_zh"),
            name_en=strict_fields.text(body, "name_en"),
            city_zh=strict_fields.text(body, "city_zh"),
            city_en=strict_fields.text(body, "city_en"),
            entry_key=strict_fields.text(body, "entry_key"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    name: str
    sha256: Digest
    size: int
    pages: int

    @classmethod
    def read(cls, value: Value) -> "Document":
        body = strict_fields.fields(value, "name", "sha256", optional={"size", "pages"})
        return cls(
            name=strict_fields.text(body, "name"),
            sha256=ids.parse_digest(body["sha256"]),
            size=strict_fields.integer(body, "size", minimum=0) if "size" in body else 0,
            pages=strict_fields.integer(body, "pages", minimum=0) if "pages" in body else 0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bidder:
    id: str
    name: str
    uscc: str
    price_fen: int
    duration_days: int
    documents: tuple[Document, ...]
    terms: Terms

    @classmethod
    def read(cls, value: Value, method: Method) -> "Bidder":
        """The optional fields are those that some methods need besides the price: see `Terms`."""
        body = strict_fields.fields(value, *OF_BIDDER, optional=TERMS)
        return cls(
            terms=read_terms(body, method),
            id=strict_fields.short_id(body, "id"),
            name=strict_fields.text(body, "name"),
            uscc=strict_fields.text(body, "uscc"),
            price_fen=strict_fields.integer(body, "price_fen", minimum=1, maximum=_MOST_FEN),
            duration_days=strict_fields.integer(body, "duration_days", minimum=1, maximum=36500),
            documents=tuple(Document.read(one) for one in strict_fields.array(body, "documents")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Factor):
    """One thing to score (评审项): points in hundredths, from minimum to maximum in steps counted from the minimum."""

    name_zh: str
    name_en: str
    objective: bool = False

    @classmethod
    def read(cls, value: Value) -> "Item":
        """`objective` (optional): an item with one right mark (客观评审因素), which the score check examines."""
        names = ("id", "section", "name_zh", "name_en", "minimum", "maximum", "step")
        body = strict_fields.fields(value, *names, optional={"objective", *factor.MARKING})
        found = factor.read(body)
        return cls(
            **{one.name: getattr(found, one.name) for one in fields(found)},
            name_zh=strict_fields.text(body, "name_zh"),
            name_en=strict_fields.text(body, "name_en"),
            objective="objective" in body and strict_fields.flag(body, "objective"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    id: SeatId
    centre: CentreCode

    @property
    def author(self) -> Author:
        return Author(f"seat:{self.id}")

    @classmethod
    def read(cls, value: Value) -> "Seat":
        body = strict_fields.fields(value, "id", "centre")
        seat = cls(id=ids.parse_seat(body["id"]), centre=ids.parse_centre(body["centre"]))
        if seat.id.partition("-")[0] != seat.centre:
            raise InvalidRecordError("seat-of-another-centre", seat=seat.id, centre=seat.centre)
        return seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """The whole evaluation as the host opened it. `value` is the original object, for display and records."""

    project: ProjectId
    title: str
    title_en: str
    tenderer: str
    host: Centre
    guests: tuple[Centre, ...]
    stages: tuple[Stage, ...]
    method: Method
    control_price_fen: int
    bidders: tuple[Bidder, ...]
    items: tuple[Item, ...]
    seats: tuple[Seat, ...]
    opened_at: str
    minimum_seats: int
    review: Review | None = None
    previous: Previous | None = None
    lead: SeatId | None = None
    drawn: Drawn = field(default_factory=Drawn)
    authorities: tuple[str, ...] = ()
    value: Body = field(compare=False, repr=False)

    @classmethod
    def read(cls, value: Value) -> "Definition":
        """Read and check; every error is an InvalidRecordError that names the field or the rule.

        `minimum_seats` (optional): the smallest lawful committee, 5 (招标投标法37条); 3 only where the tender is not
        one that must be called by law. `review` (optional): the preliminary review, wherever a stage of it is named.
        `previous` (optional): the evaluation that this one repeats (复议). `drawn` (optional): the results of draws at
        the opening, where the method requires them. `lead` (optional): the seat that the tenderer named as lead, where
        none is elected (暂行规定9条). `authorities` (optional): the names of those who supervise the project, whose
        staff may not sit (条例46条).
        """
        body = strict_fields.fields(value, *FROM_TENDER, *_OF_SESSION, optional={*FROM_TENDER_IF_GIVEN, "previous"})
        stages, method = _stages(body), Method.read(body["method"])
        definition = cls(
            project=ids.parse_project(body["project"]),
            title=strict_fields.text(body, "title"),
            title_en=strict_fields.text(body, "title_en"),
            tenderer=strict_fields.text(body, "tenderer"),
            host=Centre.read(body["host"]),
            guests=tuple(Centre.read(one) for one in strict_fields.array(body, "guests")),
            stages=stages,
            method=method,
            control_price_fen=strict_fields.integer(body, "control_price_fen", minimum=1, maximum=_MOST_FEN),
            bidders=tuple(Bidder.read(one, method) for one in strict_fields.array(body, "bidders")),
            items=tuple(Item.read(one) for one in strict_fields.array(body, "items")),
            seats=tuple(Seat.read(one) for one in strict_fields.array(body, "seats")),
            opened_at=_instant(body, "opened_at"),
            minimum_seats=_minimum_seats(body),
            review=Review.read(body["review"], stages) if "review" in body else None,
            previous=Previous.read(body["previous"]) if "previous" in body else None,
            drawn=read_drawn(body["drawn"]) if "drawn" in body else Drawn(),
            lead=ids.parse_seat(body["lead"]) if "lead" in body else None,
            authorities=_authorities(body),
            value=body,
        )
        _check(definition)
        return definition

    @property
    def centres(self) -> tuple[Centre, ...]:
        """Host first, then the guests in the order of the definition."""
        return (self.host, *self.guests)

    def centre(self, code: CentreCode) -> Centre | None:
        return next((centre for centre in self.centres if centre.code == code), None)

    def seat(self, seat: str) -> Seat | None:
        return next((one for one in self.seats if one.id == seat), None)

    def seat_of(self, author: Author) -> Seat | None:
        """The seat that writes under this name, None for a centre."""
        return self.seat(author.removeprefix("seat:")) if author.startswith("seat:") else None

    def item(self, item: str) -> Item | None:
        return next((one for one in self.items if one.id == item), None)

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """Every (bidder, item) an expert has to score or abstain from."""
        return tuple((bidder.id, item.id) for bidder in self.bidders for item in self.items)

    @property
    def fewest(self) -> int:
        """The least number of bids that must compete; with a preliminary review never fewer than three."""
        return self.method.fewest if self.review is None else max(self.method.fewest, FEWEST_VALID)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The items in the method's form."""
        return self.items

    @property
    def prices(self) -> Mapping[str, int]:
        return {bidder.id: bidder.price_fen for bidder in self.bidders}

    def after(self, stage: Stage) -> Stage | None:
        """The next stage of this procedure, None at its end and for a stage outside it."""
        if stage not in self.stages:
            return None
        position = self.stages.index(stage) + 1
        return self.stages[position] if position < len(self.stages) else None


def _authorities(body: Body) -> tuple[str, ...]:
    given = strict_fields.array(body, "authorities") if "authorities" in body else ()
    names = tuple(strict_fields.text({"authorities": one}, "authorities") for one in given)
    strict_fields.distinct(names, field="authorities")
    return names


def _instant(body: Body, name: str) -> str:
    return ids.instant(ids.parse_instant(strict_fields.text(body, name)))


def _minimum_seats(body: Body) -> int:
    """R03: seven where the tender requires it (87号令47条); R04: three only where no tender is required by law."""
    if "minimum_seats" not in body:
        return committee.SMALLEST
    return strict_fields.integer(body, "minimum_seats", minimum=3, maximum=99)


def _stages(body: Body) -> tuple[Stage, ...]:
    """The tender's own procedure: the stages of the line in their order, the required ones and any of the others."""
    names = [str(name) for name in strict_fields.array(body, "stages")]
    for name in names:
        if name not in Stage.__members__:
            raise InvalidRecordError("unknown-stage", stage=name[:32])
        if name not in LINE:
            raise InvalidRecordError("stage-not-available", stage=name)
    needed = [*REQUIRED, *([Stage.PRELIM_DONE] if set(names).intersection(PRELIMINARY) else [])]
    for stage in needed:
        if stage not in names:
            raise InvalidRecordError("stage-missing", stage=stage.value)
    if names != [stage for stage in LINE if stage in names]:
        raise InvalidRecordError("stages-out-of-order")
    return tuple(Stage(name) for name in names)


def _check(definition: Definition) -> None:
    """Where the parts of a definition must agree."""
    strict_fields.distinct([centre.code for centre in definition.centres], field="centres")
    strict_fields.distinct([bidder.id for bidder in definition.bidders], field="bidders")
    strict_fields.distinct([item.id for item in definition.items], field="items")
    strict_fields.distinct([seat.id for seat in definition.seats], field="seats")
    for name in ("bidders", "seats", *(("items",) if definition.method.sections else ())):
        if not getattr(definition, name):
            raise InvalidRecordError("empty-field", field=name)
    for seat in definition.seats:
        if definition.centre(seat.centre) is None:
            raise InvalidRecordError("unknown-centre", seat=seat.id)
    if definition.lead is not None and definition.seat(definition.lead) is None:
        raise InvalidRecordError("unknown-seat", seat=definition.lead)
    if definition.lead is not None and Stage.ELECTING in definition.stages:
        raise InvalidRecordError("lead-named-and-elected", seat=definition.lead)
    for bidder in definition.bidders if definition.review is None else ():  # otherwise the committee rejects it
        if bidder.price_fen > definition.control_price_fen:
            raise InvalidRecordError("price-over-control", bidder=bidder.id)
    if definition.review is None and Stage.PRELIM_DONE in definition.stages:
        raise InvalidRecordError("missing-field", field="review")
    _check_method(definition)


def _check_method(definition: Definition) -> None:
    """The items fit the method, and bidders quote sums of money; rates are evaluated from a file."""
    method = definition.method
    if method.quote is not Quote.TOTAL:
        raise InvalidRecordError("method-not-in-room", method=method.name.value)
    check_drawn(method.price, definition.drawn)
    if len(definition.bidders) < definition.fewest:  # 投标人少于3个的，不得开标 (招标投标法实施条例44条)
        raise InvalidRecordError("too-few-bidders", bidders=len(definition.bidders), fewest=definition.fewest)
    check_factors(method, definition.factors)
