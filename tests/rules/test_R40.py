"""R40: of equal totals the lower price comes first, then the higher technical score (标准施工招标文件第三章)."""

from evaluation_room.methods.ranking import BidMerit, parallel, rank


def test_the_lower_price_decides_a_tie() -> None:
    found = [BidMerit(bidder="A", merit=(-9120, 9800)), BidMerit(bidder="B", merit=(-9120, 9650)),
             BidMerit(bidder="C", merit=(-9005, 9500))]  # fmt: skip

    assert rank(found) == ("B", "A", "C")
    assert parallel(found) == ()


def test_who_is_equal_in_everything_is_named_for_people_to_decide() -> None:
    found = [BidMerit(bidder="A", merit=(-9120, 9800)), BidMerit(bidder="B", merit=(-9120, 9800))]

    assert parallel(found) == (("A", "B"),)
