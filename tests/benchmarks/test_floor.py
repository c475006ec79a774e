"""The measured floor is a real one, and each of its figures is reported."""

import asyncio
import json
from pathlib import Path

import pytest

from benchmarks import floor
from benchmarks.harness import Figure


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {
        "AGENTS": 8,
        "QUEUES": 2,
        "IN_HAND": 3,
        "HEARD_OF": 2,
        "SLOTS": 3,
        "REQUESTS": 2,
        "ROUNDS": 1,
        "CONTACTS": 20,
    }
    for name, value in sizes.items():
        monkeypatch.setattr(floor, name, value)


@pytest.mark.slow
def test_each_figure_is_reported() -> None:
    said: list[Figure] = []
    floor.run(said.append)
    names = ["floor.get_ms.agents_8", "floor.live_ms.agents_8"]
    assert [figure.name for figure in said] == names
    assert all(figure.value > 0 and figure.ratio for figure in said)


def test_the_floor_shows_what_was_set_up(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        centre = floor.Supervised(tmp_path)
        runner.run(centre.open())
        shown = json.loads(centre.made_ahead)
        with pytest.raises(RuntimeError, match="that was no floor"):
            runner.run(centre.get("/nowhere"))
        runner.run(centre.close())
    assert len(shown["agents"]) == 8
    assert [len(agent["on"]) for agent in shown["agents"] if agent["on"]] in ([3], [2, 1], [1, 2], [1, 1, 1])
    assert {agent["state"] for agent in shown["agents"]} == {"ready", "engaged", "offline"}
    assert [queue["service_level"]["n"] > 0 for queue in shown["queues"]] == [True, True]
