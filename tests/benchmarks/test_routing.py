"""The centre that routing is measured with: it works as it says, and both engines decide alike in it."""

import math

import pytest

from benchmarks import routing
from benchmarks.harness import Figure
from benchmarks.routing import Centre, growth, heap_pairs
from careline.modules.core.routing.engine.effects import Effect, OfferMade


def test_so_many_wait_and_nobody_is_idle_whom_they_could_have() -> None:
    centre = Centre(60, 150)
    assert 150 <= centre.waiting() < 250
    assert len(centre.engaged) > 40


def test_in_the_quiet_centre_hardly_anybody_waits_and_half_are_at_work() -> None:
    centre = Centre(600, 0)
    assert centre.waiting() < 10
    assert 300 <= len(centre.engaged) < 400
    free = [view for view in centre.engine.agent_views() if not view.item_ids]
    assert len(free) > 200


class Told:
    """Notes who was offered which item."""

    def __init__(self, centre: Centre) -> None:
        self.pairs: list[tuple[int, int]] = []
        self._accept = centre.accept
        centre.accept = self.accept  # type: ignore[method-assign]

    def accept(self, effects: list[Effect]) -> None:
        self.pairs += [(e.offer.agent_id.int, e.offer.item_id.int) for e in effects if isinstance(e, OfferMade)]
        self._accept(effects)


@pytest.mark.parametrize("distinct", [False, True])
def test_the_twin_that_looks_at_everything_decides_the_same(distinct: bool) -> None:
    centre = Centre(60, 150, distinct=distinct)
    twin = centre.twin()
    told, beside = Told(centre), Told(twin)
    for _ in range(200):
        centre.turn(centre._item(), centre.random.random())
        twin.turn(twin._item(), twin.random.random())
    assert told.pairs == beside.pairs
    assert len(told.pairs) > 100


def test_a_pair_on_the_heap_leaves_as_many_as_there_were() -> None:
    step = heap_pairs(10)
    assert step() == step() == 100


@pytest.mark.parametrize(
    ("cost", "exponent", "ratio"),
    [(lambda n: 3 * math.log(n), 0.116, 1.0), (lambda n: n / 7, 1.0, 8.59), (lambda _: 5.0, 0.0, 0.0)],
)
def test_the_fitted_growth_is_that_of_the_costs(cost: object, exponent: float, ratio: float) -> None:
    assert callable(cost)
    figure = growth({agents: cost(agents) for agents in routing.SIZES})
    assert figure.value == pytest.approx(exponent, abs=1e-9)
    assert figure.ratio == pytest.approx(ratio, abs=0.01)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "SIZES", (100, 200))
    monkeypatch.setattr(routing, "QUIET", 200)
    monkeypatch.setattr(routing, "DISTINCT", 100)
    monkeypatch.setattr(routing, "SECONDS", 0.001)
    monkeypatch.setattr(routing, "ROUNDS", 2)


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_every_figure_is_reported_with_its_yardstick() -> None:
    said: list[Figure] = []
    routing.run(said.append)
    assert [figure.name for figure in said] == [
        "routing.decisions_per_s.agents_100",
        "routing.decisions_per_s.agents_200",
        "routing.decisions_per_s.eight_queues.agents_200",
        "routing.decisions_per_s.waiting_500.agents_100",
        "routing.decisions_per_s.quiet.agents_200",
        "routing.decisions_per_s.distinct_needs.agents_100",
        "routing.growth_exponent",
    ]
    assert all(figure.value > 0 and figure.rounds == routing.ROUNDS for figure in said[:-1])
    assert all(figure.ratio for figure in said)
