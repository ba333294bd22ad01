"""Writes docs/rules.md: every rule, where its source is, which function holds to it, and which tests.

Run from the project's root: `.venv/bin/python docs/rules.py`. The functions are found by the rule's id in their
docstring, the tests by their name (tests/rules/test_R26.py); a rule without both is not built.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "rules.md"
PACKAGES = ("evaluation_room", "node", "signing", "chain_gateway")
_ID = re.compile(r"\bR\d\d\b")
HEAD = """# Rules · 规则

Written by `.venv/bin/python docs/rules.py`; a test compares the two. A rule counts as built when a function names it in
its docstring and `tests/rules` has a module of its id: `pytest -k R26` runs that; of the others the table says which
part of the whole they belong to. Severity: **B** blocks, **W** warns and asks for a reason, **A** takes effect by
itself. For: **E** works under the Bidding Law (招标投标法), **G** government procurement (87号令), **X** both.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: str
    words: str
    source: str
    severity: str
    part: str = ""
    """Of a rule that is not built: where it belongs; of one that is: what of it is still open."""


def _rule(line: str) -> Rule:
    id_, words, source, severity, *part = (one.strip() for one in line.split("|"))
    return Rule(id=id_, words=words, source=source, severity=severity, part=part[0] if part else "")


RULES = [
    _rule(line)
    for line in """
R01 | the committee has five members or more, and an odd number | 招标投标法37条; 87号令47条 | B X
R02 | two thirds of the members or more are experts | 招标投标法37条 | B X
R03 | seven members or more where works or sums are large | 水利部令14号40条; 87号令47条 | B X
R04 | three members only where the tender need not be called by law | local practice | W X
R05 | an expert has eight years of practice and a senior title or its equal | 招标投标法37条 | W E
R06 | experts are drawn at random; named only for special tenders | 招标投标法37条; 条例46、47条 | B X | the draw itself
R07 | no member from the authority that supervises the project | 条例46条 | B E
R08 | who must recuse does so, and is replaced | 招标投标法37条; 条例46条; 暂行规定12条 | B X
R09 | a member changes on a lawful ground alone, and its conclusions are void | 条例46、48条 | A E
R10 | conclusions of a member who was unlawfully named are void | 条例70条 | A E
R11 | the members stay secret until the result is decided | 招标投标法37条; 87号令47条 | B X
R12 | nobody outside learns of review and comparison | 招标投标法38、56条 | B X
R13 | only the standards of the tender file are used | 条例49条 | B X
R14 | the tenderer hints at nothing, and is not asked | 条例48、49条 | W X | supervision
R15 | when more than a third of the members lack time, the tenderer extends it | 条例48条 | A E
R16 | a bid is rejected on a ground of the law or the tender file, with evidence | 条例51条 | B E
R17 | the reference price (标底) is no ground of rejection | 条例50条 | B E
R18 | a price over the ceiling is rejected; one below cost after an inquiry | 条例51条; 暂行规定21条 | B/W E
R19 | clarifications are written, asked for, inside their scope and without names | 条例52条 | B X
R20 | fewer than three bids: not opened; fewer than three valid: decided on | 暂行规定27条; 87号令43条 | B
R21 | every member scores alone; nobody sees another's marks before the own lock | 87号令62条 | B X
R22 | disputed matters go by majority; dissent is written, or counts as agreement | 87号令61条 | A G
R23 | every member signs, dissents in writing or refuses, and each is recorded | 条例53条; 暂行规定43条 | A X
R24 | at most three candidates, in their order | 条例53条 | B E
R25 | the report has the ten contents | 暂行规定42条 | B E
R26 | after the aggregation no score changes; before it on legal grounds alone | 87号令64条 | B X
R27 | candidates are published within three days, for three days or more | 条例54条 | B E | publicity
R28 | an objection stops the process until it is answered | 条例54条 | A E | publicity
R29 | the first candidate wins where the state pays | 条例55条 | B E | award
R30 | the original committee looks again when a candidate changed | 条例56条 | A E | award
R31 | terms of procurement: report in 2, decision in 5, notice in 2 working days | 采购法条例43条 | W G | award
R32 | terms of contract and bond | 招标投标法46、47条; 条例57条 | W E | contract
R33 | opening and evaluation are recorded in sound and picture | 87号令39条 | B X | media
R34 | evaluation runs in the trading place, on its platform | 电子招标投标办法33条 | B E | venues
R35 | report and results travel as data messages through the platform | 电子招标投标办法34、35条 | A E | publicity
R36 | what is decided is signed electronically and archived | 电子招标投标办法40条 | B E | archive
R37 | a signature is its signer's alone, and every later change shows | 电子签名法13、14条 | B X
R38 | members work at bound places with their own keys | CTS A-154…157 | B E | seat keys, passkeys; no terminals yet
R39 | times are national standard time and shown as such | CTS A-97、98 | B X | clocks of the centres
R40 | of a tie the lower price comes first | 标准招标文件; 87号令57条 | A
R41 | procurement: price weighs 30 % or 10 % at least, no price is left out | 87号令55条 | B G
R42 | terms before the opening | CTS B-004…012 | W E | announcement
R43 | no phone, no copies | 87号令62条 | B X | venues
R44 | the tenderer's representative is not the lead | 87号令45、47条 | B G
R45 | experts answer for life; each evaluation is appraised | 发展改革委令26号 | W E | appraisal
R46 | as few people as possible see experts and projects | 发改办法规807号 | B X | access
R47 | a program never takes an expert's place | 发改法规〔2026〕195号 | W X
R48 | the program warns of inconsistent and deviating marks; the experts decide | 发改法规〔2026〕195号 | B/W X
R49 | faces and fingerprints stay out of records and chain | 个人信息保护法13、28–30条 | B X | media
R50 | the guest hands its files over within five working days | 济南办法18条 | A E | archive
""".strip().splitlines()
]


@cache
def functions() -> dict[str, list[str]]:
    """The functions, classes and modules that name each rule in their docstring."""
    found: dict[str, list[str]] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for name, words in _documented(path):
                for rule in dict.fromkeys(_ID.findall(words)):
                    found.setdefault(rule, []).append(name)
    return found


def _documented(path: Path) -> Iterator[tuple[str, str]]:
    module = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield module, ast.get_docstring(tree) or ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield f"{module}.{node.name}", ast.get_docstring(node) or ""


def test_of(rule: str) -> str:
    path = ROOT / "tests" / "rules" / f"test_{rule}.py"
    return path.relative_to(ROOT).as_posix() if path.exists() else ""


def page() -> str:
    where = functions()
    rows = ["| rule | what it says | source | severity | where | tests |", "|---|---|---|---|---|---|"]
    for rule in RULES:
        places, tests = where.get(rule.id, []), test_of(rule.id)
        found = [*(f"`{place}`" for place in places[:4]), *([f"open: {rule.part}"] if rule.part else [])]
        told = "<br>".join(found) if tests else f"no module of its own: {rule.part}"
        shown = f"`{tests}`" if tests else ""
        rows.append(f"| {rule.id} | {rule.words} | {rule.source} | {rule.severity} | {told} | {shown} |")
    return "\n".join([HEAD, *rows, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
