"""Prints the commands' output: foreign text is shown, but cannot steer the terminal or forge a line."""

import json
import unicodedata
from typing import Final

import typer

_STEERS: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls (C0 and C1), format characters (direction marks, zero width), half a character, line separators."""


def escaped(text: str) -> str:
    """The text on one line: characters that a terminal would obey are escaped as in JSON."""
    return "".join(map(_shown, text))


def escaped_lines(text: str) -> str:
    """The same for a text with line feeds of our own; JSON stays unchanged."""
    return "\n".join(map(escaped, text.split("\n")))


def _shown(sign: str) -> str:
    return json.dumps(sign)[1:-1] if unicodedata.category(sign) in _STEERS else sign


def say(line: str, *, error: bool = False) -> None:
    """Print one line; `error`: to standard error."""
    typer.echo(escaped(line), err=error)


def say_lines(text: str, *, error: bool = False) -> None:
    """Print a text of ours with its line feeds: JSON, whose strings hold none, or a trace."""
    typer.echo(escaped_lines(text), err=error)
