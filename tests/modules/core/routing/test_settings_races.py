"""Two administrators at one moment: nobody sits at a desk that is gone, and nothing asks for a skill that is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.modules.core.routing import repository
from careline.modules.core.routing.services.desks import Desks
from careline.modules.core.routing.services.queue_settings import QueueKeeper
from careline.modules.core.routing.services.skills import Skills
from careline.modules.core.routing.services.staff import Staff
from careline.modules.core.routing.views import AgentSettings, DeskView, Media, QueueRules, QueueSettings
from tests.support.office import Office

SHORTLY_S = 0.3
"""So long the second one may take while the first one has not ended; who waits for a lock takes longer."""


async def in_the_middle(
    monkeypatch: pytest.MonkeyPatch, name: str, first: Awaitable[Any], second: Callable[[], Awaitable[Any]]
) -> list[Any]:
    """What both come to when the second begins before the first one calls a statement of the repository."""
    there, go = asyncio.Event(), asyncio.Event()
    statement = getattr(repository, name)

    async def held_up(*args: Any, **more: Any) -> Any:
        there.set()
        await go.wait()
        return await statement(*args, **more)

    monkeypatch.setattr(repository, name, held_up)
    task = asyncio.ensure_future(first)
    await there.wait()
    monkeypatch.setattr(repository, name, statement)
    other = asyncio.ensure_future(second())
    await asyncio.wait({other}, timeout=SHORTLY_S)
    go.set()
    return list(await asyncio.gather(task, other, return_exceptions=True))


def settings(**more: Any) -> AgentSettings:
    plain = {"capacity": {"chat": 3}, "skills": {}, "queues": None, "desk_id": None, "active": True, "version": 1}
    return AgentSettings(**{**plain, **more})


def queue(**more: Any) -> QueueSettings:
    plain: dict[str, Any] = {
        "code": "tv",
        "name": "电视",
        "media": [Media.CHAT],
        "needs": [("tv", 1)],
        "target": 0.8,
        "target_seconds": 20,
        "ring_seconds": 20,
        "wrap_up_seconds": 30,
        "rules": QueueRules(),
        "version": 1,
    }
    return QueueSettings(**{**plain, **more})


@pytest.fixture
async def keeper(office: Office) -> Actor:
    return await office.staff("routing:manage")


async def test_nobody_is_seated_at_a_desk_that_goes(
    office: Office, keeper: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks, staff = Desks(office.database, office.identity), Staff(office.database, office.people)
    agent = await office.agent("desk:use")
    assert agent.id is not None
    desk = await desks.make(keeper, DeskView(id=new_id(), name="专席", queues=[], kinds=[], version=0))
    seating = staff.change(keeper, agent.id, settings(desk_id=desk.id))
    seated, removed = await in_the_middle(monkeypatch, "set_seat", seating, lambda: desks.remove(keeper, desk.id))
    sits = (await staff.agent(keeper, agent.id)).settings.desk_id
    known = {one.id for one in await desks.desks(keeper.tenant_id)}
    assert (sits, known) == (desk.id, {desk.id}), (seated, removed)
    assert getattr(removed, "code", removed) == "desk-in-use"


async def test_a_desk_that_goes_takes_nobody(office: Office, keeper: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    desks, staff = Desks(office.database, office.identity), Staff(office.database, office.people)
    agent = await office.agent("desk:use")
    assert agent.id is not None
    desk = await desks.make(keeper, DeskView(id=new_id(), name="专席", queues=[], kinds=[], version=0))
    wanted, agent_id = settings(desk_id=desk.id), agent.id
    removing = desks.remove(keeper, desk.id)
    _, seated = await in_the_middle(
        monkeypatch, "remove_desk", removing, lambda: staff.change(keeper, agent_id, wanted)
    )
    assert (await staff.agent(keeper, agent_id)).settings.desk_id is None
    assert getattr(seated, "code", seated) == "desk-unknown"


@pytest.mark.parametrize("first_queue", [True, False])
async def test_no_queue_asks_for_a_skill_that_goes(
    office: Office, keeper: Actor, monkeypatch: pytest.MonkeyPatch, first_queue: bool
) -> None:
    queues = QueueKeeper(office.database, office.people, office.identity, office.hours)
    skills = Skills(office.database, office.people)
    await skills.make(keeper, "tv", "电视")
    if not first_queue:
        await queues.make(keeper, queue(code="other", needs=[]))
    making = queues.make(keeper, queue())
    _, removed = await in_the_middle(monkeypatch, "insert_queue", making, lambda: skills.remove(keeper, "tv"))
    assert [skill.code for skill in await skills.skills(keeper)] == ["tv"]
    assert getattr(removed, "code", removed) == "skill-in-use"


async def test_a_skill_that_goes_is_asked_for_by_no_queue(
    office: Office, keeper: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    queues = QueueKeeper(office.database, office.people, office.identity, office.hours)
    skills = Skills(office.database, office.people)
    await skills.make(keeper, "tv", "电视")
    removing = skills.remove(keeper, "tv")
    _, made = await in_the_middle(monkeypatch, "locked_queues", removing, lambda: queues.make(keeper, queue()))
    assert await queues.queues(keeper) == []
    assert getattr(made, "code", made) == "skill-unknown"
