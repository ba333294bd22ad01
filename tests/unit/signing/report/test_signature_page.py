"""Places of signatures: in order, inside the page, never on top of each other; turns follow the places."""

import itertools

import pytest

from records.errors import ConflictError, NotFoundError, WrongStageError
from signing.report.signature_page import BOTTOM, LEFT, PLATFORM_FIELD, RIGHT, places
from signing.stages import next_fields, require_turn

SPOTS = places(["JN-1", "XA-1"], ["XA", "JN"])
EXPERTS = ("expert-JN-1", "expert-XA-1")


@pytest.mark.parametrize("members", [1, 5, 9, 25])
def test_places_stay_on_the_page_and_apart(members: int) -> None:
    spots = places([f"JN-{number}" for number in range(1, members + 1)], ["XA", "DL", "JN"])

    boxes = [(spot.page, spot.y, spot.y + spot.height) for spot in spots]

    assert all(lower <= BOTTOM for _, _, lower in boxes)
    assert all(spot.x >= LEFT and spot.x + spot.width == pytest.approx(RIGHT) for spot in spots)
    pairs = itertools.pairwise(boxes)
    assert all(second[0] > first[0] or second[1] >= first[2] for first, second in pairs)


def test_the_platform_goes_first() -> None:
    assert next_fields(SPOTS, ()) == (PLATFORM_FIELD,)


def test_members_sign_in_any_order() -> None:
    assert next_fields(SPOTS, {PLATFORM_FIELD}) == EXPERTS
    assert next_fields(SPOTS, {PLATFORM_FIELD, "expert-XA-1"}) == ("expert-JN-1",)


def test_guests_seal_before_the_host() -> None:
    assert next_fields(SPOTS, {PLATFORM_FIELD, *EXPERTS}) == ("seal-XA",)
    assert next_fields(SPOTS, {PLATFORM_FIELD, *EXPERTS, "seal-XA"}) == ("seal-JN",)
    assert next_fields(SPOTS, {PLATFORM_FIELD, *EXPERTS, "seal-XA", "seal-JN"}) == ()


def test_an_excused_member_is_not_waited_for() -> None:
    assert next_fields(SPOTS, {PLATFORM_FIELD, "expert-JN-1"}, {"expert-XA-1"}) == ("seal-XA",)


def test_out_of_turn_twice_or_unknown_is_refused() -> None:
    with pytest.raises(WrongStageError, match="signature-not-yet"):
        require_turn(SPOTS, {PLATFORM_FIELD}, "seal-JN")
    with pytest.raises(ConflictError, match="already-signed"):
        require_turn(SPOTS, {PLATFORM_FIELD, "expert-JN-1"}, "expert-JN-1")
    with pytest.raises(NotFoundError, match="field-unknown"):
        require_turn(SPOTS, {PLATFORM_FIELD}, "expert-DL-1")
