"""The frame of the benches: rounds in turn, medians, goals, lines and the page. No time is measured here."""

import json
from itertools import count

import pytest

from bench.catalogue import NAMES, load
from bench.measure import Bench, Figure, Goal, Pair, Ratio, compared, interleaved, per_second, percentile
from bench.page import page
from records.errors import NotFoundError

PAIR = Pair(ours=(10.0, 20.0, 30.0, 40.0, 1000.0), peer=(5.0, 5.0, 10.0, 10.0, 10.0))


def figure(**changed: object) -> Figure:
    given: dict[str, object] = {"bench": "b", "case": "c", "unit": "u", "ours": 1.0} | changed
    return Figure(**given)  # type: ignore[arg-type]  # the tests change any field


def test_both_sides_are_measured_in_turn_and_begin_in_turn() -> None:
    order: list[str] = []

    def side(name: str, value: float) -> float:
        order.append(name)
        return value

    pair = interleaved(lambda: side("ours", 2.0), lambda: side("peer", 1.0))

    assert order == ["ours", "peer", "peer", "ours", "ours", "peer", "peer", "ours", "ours", "peer"]
    assert pair == Pair(ours=(2.0,) * 5, peer=(1.0,) * 5)


def test_fewer_than_five_rounds_are_refused() -> None:
    with pytest.raises(ValueError, match="5 rounds"):
        interleaved(lambda: 1.0, lambda: 1.0, rounds=4)


def test_the_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    assert PAIR.ratio(Ratio.OURS_BY_PEER) == 4.0
    assert PAIR.ratio(Ratio.PEER_BY_OURS) == 0.25


def test_a_figure_holds_the_medians_of_both_sides() -> None:
    found = compared(PAIR, bench="gas", case="1", unit="gas", way=Ratio.PEER_BY_OURS)

    assert (found.ours, found.peer, found.ratio, found.rounds) == (30.0, 10.0, 0.25, 5)


def test_work_per_second_counts_every_time_the_work_was_done() -> None:
    done = count()
    ticks = iter((100.0, 102.0))

    assert per_second(lambda: next(done), 10, lambda: next(ticks))() == 5.0
    assert next(done) == 10


@pytest.mark.parametrize(
    ("goal", "found", "reached"),
    [
        (Goal(floor=2, goal=3), 3.0, "goal"),
        (Goal(floor=2, goal=3), 2.5, "floor"),
        (Goal(floor=2, goal=3), 1.9, "missed"),
        (Goal(floor=60, goal=20, at_most=True), 20.0, "goal"),
        (Goal(floor=60, goal=20, at_most=True), 60.0, "floor"),
        (Goal(floor=60, goal=20, at_most=True), 60.1, "missed"),
    ],
)
def test_a_goal_is_reached_from_its_own_side(goal: Goal, found: float, reached: str) -> None:
    assert goal.reaches(found) == reached


def test_a_percentile_is_a_sample_that_was_measured() -> None:
    samples = [float(number) for number in range(100, 0, -1)]

    assert (percentile(samples, 50), percentile(samples, 99), percentile(samples, 100)) == (50.0, 99.0, 100.0)
    assert percentile([7.0], 50) == 7.0


def test_a_line_is_one_json_object_with_its_goal() -> None:
    made = figure(ours=12345.6, peer=3.0, ratio=4115.2, goal=Goal(floor=2, goal=3))

    assert json.loads(made.to_json()) == {
        "bench": "b",
        "case": "c",
        "ours": 12350.0,
        "peer": 3.0,
        "ratio": 4115.0,
        "ratio_is": "ours / peer",
        "goal": "≥ 3",
        "floor": "≥ 2",
        "reached": "goal",
        "unit": "u",
        "rounds": 5,
    }
    assert "\n" not in made.to_json()


def test_without_a_peer_there_is_no_ratio_and_the_goal_is_for_the_figure_itself() -> None:
    line = json.loads(figure(ours=30.0, goal=Goal(floor=60, goal=20, at_most=True)).to_json())

    assert (line["peer"], line["ratio"], line["ratio_is"], line["reached"]) == (None, None, None, "floor")


def test_the_page_shows_a_lost_case_and_what_is_not_shown() -> None:
    bench = Bench(name="b", question="How?", ours="o", peer="p", not_shown=("the rest",), run=lambda _say: [])
    lost = figure(peer=2.0, ratio=0.5, goal=Goal(floor=1, goal=2))

    text = page([(bench, [json.loads(lost.to_json())])], machine="any machine")

    assert "| c | 1 | 2 | u | **0.5×** ours / peer | ≥ 2 | ≥ 1 | **missed** |" in text
    assert "* the rest" in text


def test_a_bench_that_was_not_run_says_so() -> None:
    bench = Bench(name="b", question="How?", ours="o", peer="p", not_shown=(), run=lambda _say: [])

    assert "Not run." in page([(bench, [])], machine="any machine")


@pytest.mark.parametrize("name", NAMES)
def test_every_bench_says_what_it_does_not_show(name: str) -> None:
    bench = load(name)

    assert bench.name == name
    assert bench.not_shown != ()


def test_an_unknown_bench_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFoundError, match="unknown-bench"):
        load("nothing")
