"""The search box understands what people paste into it."""

import pytest

from chain_gateway.explorer.search import Hex, Meaning, meaning, readable

HEX = "9f49e0a9" * 8
WHOLE = Hex(begins=HEX)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Meaning()),
        ("   ", Meaning()),
        ("  港沟  配电 ", Meaning(words=("港沟", "配电"))),
        (HEX, Meaning(words=(HEX,), digest=WHOLE, transaction=WHOLE)),
        (HEX.upper(), Meaning(words=(HEX,), digest=WHOLE, transaction=WHOLE)),
        (f"sha256:{HEX}", Meaning(words=(f"sha256:{HEX}",), digest=WHOLE)),
        (f"0x{HEX}", Meaning(words=(f"0x{HEX}",), transaction=WHOLE)),
        ("#1841", Meaning(words=("#1841",), record=1841)),
        ("1841", Meaning(words=("1841",), record=1841, block=1841)),
        ("区块 20511", Meaning(words=("区块", "20511"), block=20511)),
        ("Block 20511", Meaning(words=("block", "20511"), block=20511)),
        ("jn", Meaning(words=("jn",))),
        (
            "e3701000076012345001-1",
            Meaning(words=("e3701000076012345001-1",), session="E3701000076012345001-1"),
        ),
        ("g" * 16, Meaning(words=("g" * 16,))),
    ],
)
def test_words_mean_what_people_mean(text: str, expected: Meaning) -> None:
    assert meaning(text) == expected


def test_endless_words_are_cut() -> None:
    assert len(readable("长" * 10_000)) == 200
