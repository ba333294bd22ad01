"""The committee (评标委员会): the lawful number of members, and of experts among them."""

from collections.abc import Sequence

SMALLEST = 5
"""成员人数为5人以上单数 (招标投标法37条)."""


def faults(roles: Sequence[str], *, minimum: int) -> tuple[str, ...]:
    """What makes this committee unlawful (R01, R02, 招标投标法37条), as stable codes.

    `roles` of all members, `expert` or `tenderer`.
    """
    found = []
    if len(roles) < minimum:
        found.append("committee-too-small")
    if len(roles) % 2 == 0:
        found.append("committee-even")
    if roles.count("expert") * 3 < len(roles) * 2:  # 技术、经济等方面的专家不得少于成员总数的三分之二
        found.append("too-few-experts")
    return tuple(found)
