"""Names under every way of writing them: one form for comparison, no variant that escapes it, nothing run together."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evaluation_room.committee.recusal import Conflict, Party, Relation, Tie, conflicts
from records.errors import InvalidRecordError
from records.ids import parse_instant
from records.text.names import clean, folded, folded_code, near, near_code

OPENED = parse_instant("2026-07-01T01:30:00.000Z")
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
PLAIN = st.text(alphabet=st.one_of(HAN, st.sampled_from("ABCabc019()- .é")), min_size=1, max_size=20).filter(
    lambda text: text.strip(" ()-.") != ""
)
CODE = st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=18, max_size=18)
INVISIBLE = ["\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u2066", "\u00ad", "\u3164"]


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def hidden(text: str) -> str:
    return "\u200b".join(text)


VARIANTS: list[Callable[[str], str]] = [
    wide,
    hidden,
    str.upper,
    str.lower,
    lambda text: unicodedata.normalize("NFD", text),
    " ".join,
    lambda text: f"\u3000{text}\n",
    lambda text: text.replace("(", "〔").replace(")", "】"),
    lambda text: text.replace("-", "—"),
    lambda text: text.replace(".", "·"),
]


@given(st.text(max_size=40))
@example("ǰ")
@example("\u1e9e")
@example("ᾳ\u0345")
@example("\u0345\u200b\u0308")
def test_folding_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(PLAIN, st.lists(st.sampled_from(VARIANTS), min_size=1, max_size=4))
def test_every_way_of_writing_a_name_is_that_name(name: str, ways: list[Callable[[str], str]]) -> None:
    written = name
    for way in ways:
        written = way(written)

    assert folded(written) == folded(name)


@given(st.lists(st.text(alphabet=HAN, min_size=1, max_size=8), min_size=2, max_size=2, unique=True))
def test_two_names_of_other_characters_stay_two(pair: list[str]) -> None:
    assert folded(pair[0]) != folded(pair[1])


@given(PLAIN, CODE, st.sampled_from(VARIANTS), st.sampled_from(VARIANTS), st.sampled_from(["name", "code"]))
def test_an_expert_employed_by_a_bidder_is_never_seated(
    name: str, code: str, way: Callable[[str], str], other: Callable[[str], str], by: str
) -> None:
    tie = Tie(relation=Relation.EMPLOYED, party=way(other(name)))
    if by == "code":
        tie = Tie(relation=Relation.EMPLOYED, party="旧名称", uscc=way(other(code)))

    party = Party(id="B1", name=name, uscc=code)

    assert conflicts([tie], [party], represents_tenderer=False, at=OPENED) == (
        Conflict(relation=Relation.EMPLOYED, party="B1"),
    )


@given(st.text(max_size=40))
def test_what_is_kept_is_kept_again_as_it_is_and_shows_all_that_it_holds(text: str) -> None:
    try:
        kept = clean(text)
    except InvalidRecordError:
        return

    assert clean(kept) == kept
    assert folded(kept) == folded(text)
    assert kept.isprintable() or "\u180e" in kept or not kept.isascii()


@given(PLAIN, st.sampled_from(INVISIBLE), st.data())
def test_what_nobody_sees_is_refused_wherever_it_stands(name: str, sign: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name)))
    written = name[:place] + sign + name[place:]

    with pytest.raises(InvalidRecordError, match="invisible-character"):
        clean(written)


@given(CODE, st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_a_code_with_one_slip_is_near_and_not_the_same(code: str, place: int, sign: str) -> None:
    changed = code[:place] + sign + code[place + 1 :]
    missing = code[:place] + code[place + 1 :]
    swapped = code[:place] + code[place : place + 2][::-1] + code[place + 2 :]

    for other in (changed, missing, swapped):
        assert near_code(code, other) is (folded_code(other) != code)
        assert near_code(other, code) is near_code(code, other)


@given(PLAIN, PLAIN)
def test_near_is_the_same_from_both_sides_and_never_of_one_name(one: str, other: str) -> None:
    assert near(one, other) is near(other, one)
    assert not near(one, one)
