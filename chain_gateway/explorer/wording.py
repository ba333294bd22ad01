"""The texts of the public pages in Chinese and English, by key, from words.json; the page fills in each `{…}`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("zh", "en")

_ALL: Final[Mapping[str, Mapping[str, list[str]]]] = json.loads(Path(__file__).with_name("words.json").read_bytes())
_PAGE: Final = _ALL["page"]
_BROWSER: Final = _ALL["browser"]


def say(language: str, key: str, **values: object) -> str:
    """Return the text for a key in a language, filled in."""
    return _PAGE[key][LANGUAGES.index(language)].format(**values)


def known(key: str) -> bool:
    return key in _PAGE


def browser_words(language: str) -> dict[str, str]:
    """Return the texts that the page's script fills in itself."""
    return {key: pair[LANGUAGES.index(language)] for key, pair in _BROWSER.items()}


def all_words() -> dict[str, list[str]]:
    """Return every pair of texts, for the test that both languages have the same placeholders."""
    return {**_PAGE, **{f"browser.{key}": pair for key, pair in _BROWSER.items()}}
