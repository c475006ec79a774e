"""Rounds take turns, and a figure is the median beside the median of its yardstick."""

import json
from collections.abc import Iterator

import pytest

from benchmarks.harness import Figure, compare, interleave, print_figure, rate, rounded


def test_contenders_take_turns_and_the_order_is_reversed_every_other_round() -> None:
    said: list[str] = []

    def contender(name: str) -> float:
        said.append(name)
        return float(len(said))

    measured = interleave({"a": lambda: contender("a"), "b": lambda: contender("b")}, 3)
    assert said == ["a", "b", "b", "a", "a", "b"]
    assert measured == {"a": [1, 4, 5], "b": [2, 3, 6]}


def test_the_ratio_is_of_medians_and_one_slow_round_does_not_count() -> None:
    figure = compare("x.per_s", "x/s", [30.0, 1.0, 32.0], "plain", [10.0, 15.0, 90.0])
    assert (figure.value, figure.ratio, figure.rounds) == (30.0, 2.0, 3)
    assert figure.yardstick == "plain: 15 x/s"
    assert compare("x.share", "of x", [1.0], "plain", [0.0]).ratio is None


@pytest.mark.parametrize(("value", "told"), [(12345.6, 12300.0), (0.098765, 0.0988), (7.0, 7.0), (0.0, 0.0)])
def test_three_digits_are_told(value: float, told: float) -> None:
    assert rounded(value) == told


def test_a_rate_counts_what_was_done_in_the_time_that_passed() -> None:
    instants: Iterator[float] = iter([100.0, 101.0, 102.5, 104.0])
    assert rate(lambda: 6, 2.0, clock=lambda: next(instants)) == 3.0


def test_what_is_no_number_is_no_figure() -> None:
    unmeasured = compare("x.ms", "ms", [float("inf")], "plain", [2.0])
    with pytest.raises(ValueError, match="Out of range"):
        print_figure(unmeasured)


def test_a_figure_is_printed_as_one_line_of_json_with_the_agreed_names(capsys: pytest.CaptureFixture[str]) -> None:
    print_figure(Figure(name="x", value=2.0, unit="条/s", yardstick="y: 1", ratio=2.0, rounds=5))
    line = capsys.readouterr().out
    assert json.loads(line) == {
        "name": "x",
        "value": 2.0,
        "unit": "条/s",
        "yardstick": "y: 1",
        "ratio": 2.0,
        "rounds": 5,
    }
    assert line.count("\n") == 1
    assert "条/s" in line
