"""The floor live: gathered, only while somebody looks, and only for who may."""

import asyncio
import json
from typing import Any

import pytest

from careline.infra.realtime.connection import Connection, Principal
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.identity.views import EVERYBODY, Reach
from careline.modules.insight.analytics.facade import Analytics
from careline.modules.insight.analytics.views import FloorView
from tests.modules.insight.analytics.conftest import EVERY_S, Insight
from tests.support.office import without_permission
from tests.support.waiting import until

pytestmark = pytest.mark.slow


async def follow(insight: Insight, actor: Actor, topic: str = "floor") -> Connection:
    connection = insight.office.hub.connect(Principal(actor=actor))
    assert connection is not None
    await insight.office.hub.handle(connection, json.dumps({"t": "sub", "topic": topic, "from": None}))
    return connection


def heard(connection: Connection) -> list[dict[str, Any]]:
    frames = [json.loads(text) for text in connection._queue.values()]
    return [frame for frame in frames if frame["t"] in ("ev", "err")]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[TenantId]:
    """Whose floor was made, each time."""
    made: list[TenantId] = []
    make = Analytics.floor

    async def noted(
        self: Analytics, tenant_id: TenantId, *, look_at_all: bool = True, reach: Reach = EVERYBODY
    ) -> FloorView:
        made.append(tenant_id)
        return await make(self, tenant_id, look_at_all=look_at_all, reach=reach)

    monkeypatch.setattr(Analytics, "floor", noted)
    return made


async def test_nobody_looks_so_nothing_is_made(insight: Insight, made: list[TenantId]) -> None:
    for _ in range(5):
        await insight.centre.ask()
    await asyncio.sleep(2 * EVERY_S)
    assert made == []


async def test_many_changes_are_told_together_and_the_last_is_never_left_out(
    insight: Insight, made: list[TenantId]
) -> None:
    screen = await follow(insight, insight.supervisor)
    loop = asyncio.get_running_loop()
    began = loop.time()
    for _ in range(30):
        await insight.centre.ask()

    def all_told() -> dict[str, Any] | None:
        told = [one for one in heard(screen) if one["t"] == "ev"]
        figures = {figure["code"]: figure["value"] for figure in told[-1]["data"]["figures"]} if told else {}
        return told[-1] if (figures.get("waiting_now"), figures.get("asked")) == (30, 30) else None

    last = await until(all_told, "floor with all in it, and with figures, which follow when their facts were read")
    assert len(made) <= 2 + (loop.time() - began) / EVERY_S, "no more often than it is to be told"
    assert (last["topic"], last["name"]) == ("floor", "floor.changed")
    assert sum(queue["waiting"] for queue in last["data"]["queues"]) == 30
    http = (await insight.doors.get(insight.supervisor, "/floor")).json()
    assert last["data"] == http, "what is told is what can be asked for"


async def test_a_screen_that_left_is_told_nothing(insight: Insight, made: list[TenantId]) -> None:
    screen = await follow(insight, insight.supervisor)
    insight.office.hub.gone(screen)
    await insight.centre.ask()
    await asyncio.sleep(2 * EVERY_S)
    assert made == []


async def test_only_who_may_see_the_floor_follows_it(insight: Insight) -> None:
    lesser = without_permission(insight.supervisor, "floor:view")
    for actor, topic in ((lesser, "floor"), (insight.supervisor, "floor:1"), (insight.supervisor, "floors")):
        screen = await follow(insight, actor, topic)
        await insight.centre.ask()
        await insight.centre.settled()
        assert [one["t"] for one in heard(screen)] == ["err"]


async def test_another_tenants_floor_is_another_floor(insight: Insight) -> None:
    await insight.centre.routing.open_tenant(insight.office.other.id)
    theirs = await insight.office.staff("floor:view", tenant=insight.office.other)
    screen = await follow(insight, theirs)
    await insight.centre.ask()
    await asyncio.sleep(2 * EVERY_S)
    assert heard(screen) == []
