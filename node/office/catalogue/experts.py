"""The experts a centre may seat, from its catalogue file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evaluation_room.committee.qualification import Lack, lacks
from evaluation_room.committee.recusal import Relation, Tie
from records import strict_fields, strict_json
from records.canonical import Value
from records.errors import InvalidRecordError, NotFoundError
from records.ids import PersonId, parse_person
from records.text import names

_REQUIRED = ("id", "name", "specialty", "employer")
_OPTIONAL = frozenset({"role", "ties", "practice_years", "senior_title", "equal_level"})
EXPERT = "expert"
ROLES = (EXPERT, "tenderer")
"""评标专家, 招标人代表."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    id: PersonId
    name: str
    specialty: str
    employer: str
    role: str
    ties: tuple[Tie, ...] = ()
    """The file's data besides the present employer."""
    lacks: tuple[Lack, ...] = ()
    """The legal requirements that the expert does not meet by the file (R05)."""

    @property
    def all_ties(self) -> tuple[Tie, ...]:
        return (Tie(relation=Relation.EMPLOYED, party=self.employer), *self.ties)


class Catalogue:
    """The experts this centre may seat, by person id."""

    def __init__(self, experts: Mapping[PersonId, Expert]) -> None:
        self._experts = dict(experts)

    def all(self) -> list[Expert]:
        return list(self._experts.values())

    def expert(self, id: PersonId) -> Expert:
        found = self._experts.get(id)
        if found is None:
            raise NotFoundError("expert-unknown", expert=id)
        return found


def read(path: Path) -> Catalogue:
    """A centre without the file has no experts.

    InvalidRecordError(catalogue-unreadable) names the file and what is wrong in it; a misspelt key is refused, since a
    tie or a lack that is passed over would seat somebody.
    """
    try:
        rows = strict_fields.array({"experts": strict_json.read_by_hand(path.read_bytes())}, "experts")
        experts = [_expert(row) for row in rows]
        strict_fields.distinct([expert.id for expert in experts], field="id")
    except FileNotFoundError:
        return Catalogue({})
    except OSError as error:
        raise InvalidRecordError("catalogue-unreadable", file=path.name) from error
    except InvalidRecordError as error:
        raise InvalidRecordError("catalogue-unreadable", file=path.name, fault=error.code, **error.values) from error
    return Catalogue({expert.id: expert for expert in experts})


def _expert(value: Value) -> Expert:
    row = strict_fields.fields(value, *_REQUIRED, optional=_OPTIONAL)
    role = strict_fields.text(row, "role") if "role" in row else EXPERT
    if role not in ROLES:
        raise InvalidRecordError("unknown-value", field="role")
    return Expert(
        id=parse_person(row["id"]),
        name=names.clean(strict_fields.text(row, "name"), field="name"),
        specialty=names.clean(strict_fields.text(row, "specialty"), field="specialty"),
        employer=names.clean(strict_fields.text(row, "employer"), field="employer"),
        role=role,
        ties=tuple(Tie.read(one) for one in strict_fields.array(row, "ties")) if "ties" in row else (),
        lacks=lacks(
            practice_years=strict_fields.integer(row, "practice_years", minimum=0) if "practice_years" in row else None,
            senior_title=strict_fields.flag(row, "senior_title") if "senior_title" in row else None,
            equal_level="equal_level" in row and strict_fields.flag(row, "equal_level"),
        ),
    )
