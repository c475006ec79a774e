"""The measured desks take real contacts: every figure is reported, and none of them is of nothing."""

from typing import Any

import pytest

from benchmarks import desk
from benchmarks.harness import Figure
from careline.modules.insight.analytics.services.projecting import GATHER_S


@pytest.mark.slow
def test_every_figure_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"AGENTS": 4, "SPARE": 2, "ROUNDS": 1, "SECONDS": 0.5, "A_SECOND": 12}
    for name, value in sizes.items():
        monkeypatch.setattr(desk, name, value)
    said: dict[str, Figure] = {}
    desk.run(lambda figure: said.update({figure.name: figure}))
    assert list(said) == [
        "desk.free_to_offer_p50_ms.agents_4",
        "desk.free_to_offer_p99_ms.agents_4",
        "desk.event_to_figure_p50_ms.agents_4",
        "desk.event_to_figure_p99_ms.agents_4",
    ]
    assert all(figure.value > 0 and figure.ratio for figure in said.values())
    assert said["desk.event_to_figure_p50_ms.agents_4"].value > 1000 * GATHER_S, "facts are gathered before"


def test_a_figure_is_seen_when_it_counts_all_that_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([2.0, 3.0, 4.0])
    monkeypatch.setattr("time.perf_counter", lambda: next(now))
    centre = desk.Centre({"port": 0})
    centre._unseen.extend([1.0, 1.5, 1.75])

    def told(handled: int | None) -> dict[str, Any]:
        return {"name": "floor.changed", "data": {"figures": [{"code": "handled_today", "value": handled}]}}

    for handled in (None, 2, 2):
        centre._floor(told(handled))
    assert centre._waits.figures == [2000.0, 1500.0]
    assert list(centre._unseen) == [1.75]
