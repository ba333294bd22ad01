"""The texts of the public pages in Chinese and English, by key, from words.json; the page fills in each `{…}`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from records import facts

LANGUAGES: Final = ("zh", "en")

_ALL: Final[Mapping[str, Mapping[str, list[str]]]] = json.loads(Path(__file__).with_name("words.json").read_bytes())
_PAGE: Final = _ALL["page"]
_BROWSER: Final = _ALL["browser"]


def say(language: str, key: str, **values: object) -> str:
    """Return the text for a key in a language, filled in."""
    return _PAGE[key][LANGUAGES.index(language)].format(**values)


def name_of_type(language: str, record_type: str) -> str:
    """Return what a type of record is called."""
    found = facts.TYPES.get(record_type)
    if found is None:
        return say(language, "type.other")
    return (found.name_zh, found.name_en)[LANGUAGES.index(language)]


def about_type(language: str, record_type: str) -> str:
    """Return the sentence about a type of record; nothing for a type that is never public."""
    found = facts.TYPES.get(record_type)
    return "" if found is None else (found.about_zh, found.about_en)[LANGUAGES.index(language)]


def known(key: str) -> bool:
    return key in _PAGE


def browser_words(language: str) -> dict[str, str]:
    """Return the texts that the page's script fills in itself."""
    return {key: pair[LANGUAGES.index(language)] for key, pair in _BROWSER.items()}


def all_words() -> dict[str, list[str]]:
    """Return every pair of texts, for the test that both languages have the same placeholders."""
    return {**_PAGE, **{f"browser.{key}": pair for key, pair in _BROWSER.items()}}
