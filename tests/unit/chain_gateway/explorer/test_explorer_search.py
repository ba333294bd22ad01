"""The search box understands what people paste into it."""

import pytest

from chain_gateway.explorer.search import Meaning, meaning

HEX = "9f49e0a9" * 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Meaning()),
        ("   ", Meaning()),
        ("  港沟  配电 ", Meaning(words="港沟 配电")),
        (HEX, Meaning(words=HEX, digest=f"sha256:{HEX}", transaction=f"0x{HEX}")),
        (HEX.upper(), Meaning(words=HEX.upper(), digest=f"sha256:{HEX}", transaction=f"0x{HEX}")),
        (f"sha256:{HEX}", Meaning(words=f"sha256:{HEX}", digest=f"sha256:{HEX}")),
        (f"0x{HEX}", Meaning(words=f"0x{HEX}", transaction=f"0x{HEX}")),
        ("#1841", Meaning(words="#1841", record=1841)),
        ("1841", Meaning(words="1841", record=1841, block=1841)),
        ("区块 20511", Meaning(words="区块 20511", block=20511)),
        ("Block 20511", Meaning(words="Block 20511", block=20511)),
        ("jn", Meaning(words="jn", centre="JN")),
        ("e3701000076012345001-1", Meaning(words="e3701000076012345001-1", session="E3701000076012345001-1")),
        ("9" * 16, Meaning(words="9" * 16)),
    ],
)
def test_words_mean_what_people_mean(text: str, expected: Meaning) -> None:
    assert meaning(text) == expected


def test_endless_words_are_cut() -> None:
    assert len(meaning("长" * 10_000).words) == 200
