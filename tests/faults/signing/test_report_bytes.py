"""One changed byte of a sealed report is found, wherever it is."""

import random

import pytest

from tests.integration.signing.centres import Cities, failed
from tests.integration.signing.conftest import Played
from tests.integration.signing.test_verify import recorded, revisions


@pytest.fixture(name="played", scope="module")
def _played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    cities = Cities.open(tmp_path_factory.mktemp("played"))
    return Played(cities, cities.play())


def test_one_changed_byte_fails_wherever_it_is(played: Played) -> None:
    required = recorded(played)
    chance = random.Random(20261123)  # noqa: S311 - the same places at every run
    places = [chance.randrange(len(played.pdf)) for _ in range(6)]

    for place in places:
        found = failed(flipped(played.pdf, place), played.roots, required)
        assert "pdf.file-digest" in found or "pdf.parse" in found


def test_one_changed_byte_fails_without_a_record_as_well(played: Played) -> None:
    chance = random.Random(5)  # noqa: S311 - the same
    ends = revisions(played.pdf)
    places = [chance.randrange(start, end) for start, end in zip([0, *ends], ends, strict=False)]

    assert [place for place in places if not failed(flipped(played.pdf, place), played.roots)] == []


def flipped(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
