"""The words of the public pages in Chinese and English, by key, from words.json; `{…}` are filled in by the page."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("zh", "en")

_ALL: Final[Mapping[str, Mapping[str, list[str]]]] = json.loads(Path(__file__).with_name("words.json").read_bytes())
_PAGE: Final = _ALL["page"]
_BROWSER: Final = _ALL["browser"]


def say(language: str, key: str, **values: object) -> str:
    """Return the words for a key in a language, filled in."""
    return _PAGE[key][LANGUAGES.index(language)].format(**values)


def known(key: str) -> bool:
    return key in _PAGE


def browser_words(language: str) -> dict[str, str]:
    """Return the words that the page's script fills in itself."""
    return {key: pair[LANGUAGES.index(language)] for key, pair in _BROWSER.items()}


def all_words() -> dict[str, list[str]]:
    """Return every pair of words, for the test that holds both languages to the same blanks."""
    return {**_PAGE, **{f"browser.{key}": pair for key, pair in _BROWSER.items()}}
