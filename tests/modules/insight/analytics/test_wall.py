"""A screen on a wall: figures and counts, nothing of any single person, and told live."""

import json
from typing import Any

import pytest

from careline.infra.realtime.connection import Principal
from careline.modules.core.routing.views import Media
from careline.modules.insight.analytics.schemas import WallShown
from tests.modules.insight.analytics.conftest import Insight
from tests.support.centre import FAULTS, TARIFF
from tests.support.waiting import until

pytestmark = pytest.mark.slow


async def test_a_wall_shows_what_the_floor_shows_without_people(insight: Insight) -> None:
    screen = await insight.office.staff("wall:view")
    first, second = insight.centre.people.known
    await insight.centre.ready(first)
    item = await insight.centre.ask(media=Media.VOICE)
    await insight.take(item, first)
    await insight.centre.ask(media=Media.VOICE)
    answer = await insight.doors.get(screen, "/floor/wall")
    floor = (await insight.doors.get(insight.supervisor, "/floor")).json()

    wall = answer.json()
    assert WallShown.model_validate(wall).model_dump(mode="json") == wall
    assert (wall["queues"], wall["figures"]) == (floor["queues"], floor["figures"])
    assert wall["agents"] == {"engaged": 1, "offline": 1}
    for agent in (first, second):
        assert not any(word in answer.text for word in (str(agent.id), agent.number, agent.display_name))


async def test_it_is_told_live_to_who_may_see_it(insight: Insight) -> None:
    hub = insight.office.hub
    heard = {}
    for permission in ("wall:view", "floor:view"):
        connection = hub.connect(Principal(actor=await insight.office.staff(permission)))
        assert connection is not None
        heard[permission] = connection
        await hub.handle(connection, json.dumps({"t": "sub", "topic": "wall", "from": None}))
    await insight.centre.ask()

    def told() -> list[Any]:
        frames = [json.loads(text) for text in heard["wall:view"]._queue.values()]
        return [frame for frame in frames if frame["t"] == "ev"]

    last = (await until(told, "wall that is told"))[-1]
    assert (last["topic"], last["name"]) == ("wall", "wall.changed")
    assert sum(queue["waiting"] for queue in last["data"]["queues"]) == 1
    assert [json.loads(text)["t"] for text in heard["floor:view"]._queue.values()][-1] == "err"


async def test_who_may_serve_a_queue_is_listed(insight: Insight) -> None:
    everybody = {str(agent.id) for agent in insight.centre.people.known}
    for code in (FAULTS, TARIFF):
        answer = await insight.doors.get(insight.supervisor, f"/floor/queues/{insight.queue(code).id}/agents")
        assert set(answer.json()["agents"]) == everybody
    nowhere = await insight.doors.get(insight.supervisor, f"/floor/queues/{insight.tenant_id}/agents")
    assert nowhere.status_code == 404


async def test_the_floor_is_not_open_to_a_screen_and_no_wall_to_others(insight: Insight) -> None:
    screen = await insight.office.staff("wall:view")
    assert (await insight.doors.get(screen, "/floor")).status_code == 403
    assert (await insight.doors.get(insight.supervisor, "/floor/wall")).status_code == 403
    assert (await insight.doors.get(None, "/floor/wall")).status_code == 401
