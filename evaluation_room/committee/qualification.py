"""Who may be an expert (评标专家条件): the legal requirements that an expert's file does not meet (pure)."""

from enum import StrEnum
from typing import Final

_YEARS: Final = 8


class Lack(StrEnum):
    """A missing requirement; a warning, since the centre may know of an equal level that is not in the file."""

    PRACTICE = "practice"  # 从事相关领域工作满八年
    TITLE = "title"  # 高级职称


def lacks(*, practice_years: int | None, senior_title: bool | None, equal_level: bool = False) -> tuple[Lack, ...]:
    """R05: eight years in the field, and a senior title or an equal level of knowledge (招标投标法37条).

    None: the file does not state it, and there is no finding.
    """
    found = []
    if practice_years is not None and practice_years < _YEARS:
        found.append(Lack.PRACTICE)
    if senior_title is False and not equal_level:
        found.append(Lack.TITLE)
    return tuple(found)
