"""Interleaved rounds, medians, and one JSON line for each figure.

A script holds ``LIMIT_S``, the seconds after which it is ended, and ``run(report)``. Contenders are functions that
measure themselves for a while and return a value; they take turns round by round, so that a busy moment of the
machine falls on all of them.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median

Measure = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured claim.

    ``value`` is the median of ``rounds`` rounds in ``unit``. ``yardstick`` names what was measured beside it, with its
    own median; ``ratio`` is value by yardstick, None when there is nothing to compare with.
    """

    name: str
    value: float
    unit: str
    yardstick: str
    ratio: float | None
    rounds: int

    def line(self) -> str:
        """The figure as one line of JSON. Raises ``ValueError`` for what is no number: nothing was measured then."""
        return json.dumps(asdict(self), ensure_ascii=False, allow_nan=False)


Report = Callable[[Figure], None]


def print_figure(figure: Figure) -> None:
    """The report that scripts get: a line on standard output, at once."""
    sys.stdout.write(figure.line() + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """A word for the person who waits; not part of the figures."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def interleave(contenders: Mapping[str, Measure], rounds: int) -> dict[str, list[float]]:
    """Every contender once a round, in turn; the order is reversed every other round."""
    names = list(contenders)
    measured: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in names if turn % 2 == 0 else reversed(names):
            measured[name].append(contenders[name]())
    return measured


def compare(name: str, unit: str, values: list[float], yardstick: str, beside: list[float]) -> Figure:
    """The figure of a contender beside a yardstick of the same rounds and unit."""
    value, other = median(values), median(beside)
    return Figure(
        name=name,
        value=rounded(value),
        unit=unit,
        yardstick=f"{yardstick}: {rounded(other):g} {unit}",
        ratio=rounded(value / other) if other else None,
        rounds=len(values),
    )


def rate(
    step: Callable[[], int], seconds: float, *, at_least: int = 1, clock: Callable[[], float] = time.perf_counter
) -> float:
    """How many a second: ``step`` is repeated for so many seconds and returns how many it did each time.

    ``time.process_time`` as ``clock`` counts the processor's seconds, for code that never waits.
    """
    done = steps = 0
    began = clock()
    until = began + seconds
    while steps < at_least or clock() < until:
        done += step()
        steps += 1
    return done / (clock() - began)


def rounded(value: float) -> float:
    """Three significant digits are all that a median of a few rounds can say."""
    return float(f"{value:.3g}")
