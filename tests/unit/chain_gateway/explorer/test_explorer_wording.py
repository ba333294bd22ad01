"""Every text of the public pages exists in both languages, with the same placeholders."""

import re
from collections import Counter
from string import Formatter

import pytest

from chain_gateway.disclosure import release
from chain_gateway.explorer.pages import STATIC, TEMPLATES
from chain_gateway.explorer.wording import (
    LANGUAGES,
    about_type,
    all_words,
    browser_words,
    known,
    name_of_type,
    say,
)
from records import facts
from records.facts import Moment


def blanks(words: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(words) if name)


def test_both_languages_have_the_same_blanks() -> None:
    used = {key: [set(blanks(words)) for words in pair] for key, pair in all_words().items()}
    assert {key: both for key, both in used.items() if both != [both[0]] * 2} == {}


def test_no_words_are_missing_in_one_language() -> None:
    said = {key: [bool(words) for words in pair] for key, pair in all_words().items()}
    assert said == {key: [key != "about.other"] * 2 for key in said}


def test_chinese_sentences_use_chinese_punctuation() -> None:
    found = {key: re.findall(r"[一-鿿}][,;:?!(][一-鿿{]", pair[0]) for key, pair in all_words().items()}
    assert {key: marks for key, marks in found.items() if marks} == {}


def test_every_word_that_a_template_says_is_there() -> None:
    said = {key for page in TEMPLATES.glob("*.html") for key in re.findall(r'\bt\("([a-z.]+)"', page.read_text())}

    assert {key for key in said if not known(key)} == set()


def test_every_word_that_a_script_says_is_there() -> None:
    said = set(re.findall(r'text(?:\["|\.)([a-z.-]+)', (STATIC / "drop.js").read_text()))

    assert said - set(browser_words("en")) == set()


@pytest.mark.parametrize("name", ["document.digest", "record.document-digest", "record.commitment", "log.inclusion"])
def test_every_check_in_the_browser_has_its_name_and_its_sentences(name: str) -> None:
    words = browser_words("zh")

    assert {f"check.{name}", f"pass.{name}"} <= set(words)
    assert (f"fail.{name}" in words) == (name != "document.digest")


@pytest.mark.parametrize("kind", sorted(facts.ALL_TYPES))
def test_every_record_has_a_name_and_what_is_ever_public_a_sentence_and_an_opening_time(kind: str) -> None:
    opens = release(kind).earliest

    assert all(name_of_type(language, kind) for language in LANGUAGES)
    assert [bool(about_type(language, kind)) for language in LANGUAGES] == [opens is not Moment.NEVER] * 2
    assert opens is Moment.NEVER or opens <= Moment.EVALUATED or known(f"moment.{opens.value}")


def test_a_record_of_an_unknown_type_is_another_record_without_a_sentence() -> None:
    assert [name_of_type(language, "unheard.of.v1") for language in LANGUAGES] == ["其他记录", "Other record"]
    assert about_type("zh", "unheard.of.v1") == ""


def test_words_are_filled_in() -> None:
    assert say("zh", "block", number=20511) == "区块 20511"
    assert say("en", "record.number", number=3) == "Record #3"
