"""Write docs/stages.md: the diagram and the tables of a session's stages, from evaluation_room/stages.py alone."""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from evaluation_room.session.guards import is_way_back
from evaluation_room.session.steps import by_supervisor, fields
from evaluation_room.stages import ALWAYS_ASKED, LINE, OVERLAYS, REQUIRED, TERMINALS, TRANSITIONS, Guard, Stage

PAGE = Path(__file__).parent / "stages.md"
HEAD = """# Stages of a session · 评标会话的阶段

Written by `.venv/bin/python docs/stages.py` from `evaluation_room/stages.py`, the one table of all steps; a test
compares the two. Only the host takes a step, by a `stage-entered` entry. Which kinds of entry are taken in which stage
stands in [interface.md](interface.md#kinds).

"""
ON_LINE = """
## The line

A tender's procedure is these in order, with optional ones left out where it does not name them.

"""
ALWAYS = """
Besides, every step along the line may wait for {codes}: a member has not taken note of a rollback, or was replaced when
the host had closed the stage already (the replacement then voids nothing, and the session goes back).
"""
OFF_LINE = """
## Off the line

Out of an overlay the session goes back to the stage below it, or to the clarification it broke into; with an approved
rollback, to the earlier stage asked for.

"""


def diagram() -> str:
    """The line downwards; what may lie over it, and where it may end early."""
    ends = sorted(TERMINALS, key=list(Stage).index)
    over = sorted(OVERLAYS, key=list(Stage).index)
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> PREPARED"]
    lines += [f"    {a.value} --> {b.value}" for a, b in pairwise(LINE)]
    lines += ["    CLOSED --> [*]", "    state overlays {"]
    lines += [f"        {one.value}: {one.value} {one.word}" for one in over]
    lines += ["        PAUSED --> SUSPENDED", "        SUSPENDED --> PAUSED"]
    still = [one for one in over if (Stage.CLARIFYING, one) in TRANSITIONS]
    lines += [line for one in still for line in (f"        CLARIFYING --> {one}", f"        {one} --> CLARIFYING")]
    lines += ["    }"]
    lines += [f"    {one.value}: {one.value} {one.word}" for one in (*LINE, *ends)]
    first, *_, last = [one for one in LINE if (one, Stage.PAUSED) in TRANSITIONS]
    lines += [f"    note right of overlays: from any stage, {first.value} to {last.value}, and back to it"]
    lines += [f"    {a.value} --> {b.value}" for a, b in TRANSITIONS if b in TERMINALS - {Stage.ABORTED} and a in LINE]
    lines += ["    overlays --> REFORMED: INTERRUPTED, SUSPENDED", "    overlays --> ABORTED", "```"]
    return "\n".join(lines) + "\n"


def line_table() -> str:
    rows = [
        "| stage | 中文 | in every procedure | guard of leaving it | what must hold | else waiting for |",
        "|---|---|---|---|---|---|",
    ]
    for stage in LINE:
        guard = next((TRANSITIONS[stage, to] for to in reversed(LINE) if (stage, to) in TRANSITIONS), None)
        name, holds = ("", "") if guard is None else (f"`{guard.value}`", guard.holds)
        codes = _codes(() if guard is None else guard.codes)
        required = "yes" if stage in REQUIRED else ""
        rows.append(f"| `{stage.value}` | {stage.word} | {required} | {name} | {holds} | {codes} |")
    return "\n".join(rows) + "\n"


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def guard_table() -> str:
    """The guards of steps off the line."""
    used = {guard for (origin, target), guard in TRANSITIONS.items() if origin not in LINE or target not in LINE}
    rows = ["| guard | what must hold | else waiting for |", "|---|---|---|"]
    rows += [f"| `{one.value}` | {one.holds} | {_codes(one.codes)} |" for one in Guard if one in used - {Guard.NONE}]
    return "\n".join(rows) + "\n"


def off_line_table() -> str:
    """Every other step; those that ask for the same are one row."""
    grouped: dict[tuple[Stage | str, str, Guard, str, str], list[Stage]] = {}
    for (origin, target), guard in TRANSITIONS.items():
        if origin in LINE and target in LINE:
            continue
        required, optional = (", ".join(f"`{name}`" for name in sorted(names)) for names in fields(origin, target))
        says = required + (f" ({optional})" if optional else "")
        by = "supervisor" if by_supervisor(origin, target) else "operator"
        back = is_way_back(origin, target)
        key = (origin if back else target, "back" if back else "to", guard, says, by)
        grouped.setdefault(key, []).append(target if back else origin)
    rows = ["| from | to | guard | the host says (may say) | ordered by |", "|---|---|---|---|---|"]
    for (one, way, guard, says, by), others in sorted(grouped.items(), key=_place):
        pair = (f"`{one}`", _range(others)) if way == "back" else (_range(others), f"`{one}`")
        rows.append(f"| {pair[0]} | {pair[1]} | `{guard.value}` | {says} | {by} |")
    return "\n".join(rows) + "\n"


def _place(row: tuple[tuple[Stage | str, str, Guard, str, str], list[Stage]]) -> tuple[int, bool, int]:
    (one, way, *_), others = row
    return list(Stage).index(Stage(one)), way == "back", min(list(Stage).index(other) for other in others)


def _range(found: Iterable[Stage]) -> str:
    """`A` … `D` for what follows one another on the line."""
    every = list(Stage)
    runs: list[list[Stage]] = []
    for stage in sorted(found, key=every.index):
        if runs and stage in LINE and every.index(runs[-1][-1]) == every.index(stage) - 1:
            runs[-1].append(stage)
        else:
            runs.append([stage])
    return ", ".join(f"`{run[0]}` … `{run[-1]}`" if run[1:] else f"`{run[0]}`" for run in runs)


def page() -> str:
    always = ALWAYS.format(codes=_codes(ALWAYS_ASKED))
    parts = [HEAD, diagram(), ON_LINE, line_table(), always, OFF_LINE, off_line_table(), "\n", guard_table()]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
