"""Write NOTICES.md: every part this project installs, with its version and licence, from the parts' own metadata."""

import json
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
OWN = "tongping"
HEAD = """# Notices

Tongping is licensed under Apache-2.0 (LICENSE). It copies no code from other projects; it installs the parts below,
each under its own licence. This page is written by `.venv/bin/python docs/notices.py` from the parts' own metadata.

Test vectors under tests/vectors carry the source and licence of each file in tests/vectors/README.md.
The report is set in Noto Serif SC; signs it lacks come from the other Noto fonts of signing/report/fonts.py. All are
under the SIL Open Font License 1.1, from the parts @expo-google-fonts/noto-* and noto-cjk-sans-otc named below.
The marks in samples/panel come from BuzzFeedNews/2018-02-figure-skating-analysis (CC BY 4.0), see the note there.
"""


def licence(part: Distribution) -> str:
    """The licence as the part states it: SPDX expression, else classifier, else the first line of the free text."""
    data = part.metadata
    if expression := data.get("License-Expression"):
        return str(expression)
    names = [c.rsplit(" :: ", 1)[-1] for c in data.get_all("Classifier") or [] if c.startswith("License ::")]
    if names:
        return ", ".join(names)
    return str(data.get("License") or "see the part").strip().splitlines()[0]


def python_parts() -> list[tuple[str, str, str]]:
    rows = {(d.metadata["Name"], d.version, licence(d)) for d in distributions() if d.metadata["Name"] != OWN}
    return sorted(rows, key=lambda row: row[0].lower())


def npm_licence(stated: object) -> str:
    if isinstance(stated, dict):
        return str(stated.get("type", "see the part"))
    return str(stated or "see the part")


def npm_parts() -> list[tuple[str, str, str]]:
    """The parts package.json names and everything they bring, as package-lock.json lists them."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    rows = set()
    for path, entry in lock["packages"].items():
        if path.startswith("node_modules/") and not entry.get("inBundle"):
            rows.add((path.rsplit("node_modules/", 1)[-1], entry["version"], npm_licence(entry.get("license"))))
    return sorted(rows)


def table(title: str, rows: list[tuple[str, str, str]]) -> str:
    lines = [f"## {title}", "", "| part | version | licence |", "|---|---|---|"]
    return "\n".join(lines + [f"| {name} | {version} | {terms} |" for name, version, terms in rows]) + "\n"


def main() -> None:
    body = "\n".join([HEAD, table("Python parts", python_parts()), table("npm parts", npm_parts())])
    (ROOT / "NOTICES.md").write_text(body, encoding="utf-8")


if __name__ == "__main__":
    main()
