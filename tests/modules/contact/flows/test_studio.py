"""Flows are drafted, checked, published and rolled back; running contacts keep their version."""

from typing import Any

import pytest

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId, system_actor
from careline.modules.contact.flows.engine.definition import FlowLanguage
from careline.modules.contact.flows.services.studio import Studio
from tests.modules.contact.flows.test_language import hotline


@pytest.fixture
def actor() -> Actor:
    return system_actor(TenantId(new_id()))


@pytest.fixture
def studio(database: Database) -> Studio:
    return Studio(database, FlowLanguage())


def changed(text: str) -> dict[str, Any]:
    definition = hotline()
    definition["steps"]["sorry"]["text"] = {"zh-CN": text}
    return definition


async def test_nothing_is_in_force_before_it_is_published(studio: Studio, actor: Actor) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    with pytest.raises(NotFound, match="flow-not-published"):
        await studio.in_force(actor.tenant_id, code="hotline")
    assert await studio.publish(actor, "hotline") == 1
    assert (await studio.in_force(actor.tenant_id, code="hotline")).definition == hotline()


async def test_a_draft_leaves_what_is_published_alone(studio: Studio, actor: Actor) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    await studio.publish(actor, "hotline")
    first = await studio.in_force(actor.tenant_id, code="hotline")
    assert await studio.save_draft(actor, "hotline", changed("二")) == []
    assert await studio.save_draft(actor, "hotline", changed("三")) == []
    view = await studio.flow(actor.tenant_id, "hotline")
    assert (view.published_version, view.newest_version) == (1, 2)
    assert (await studio.in_force(actor.tenant_id, code="hotline")) == first
    assert await studio.publish(actor, "hotline") == 2
    assert (await studio.in_force(actor.tenant_id, code="hotline")).definition == changed("三")
    assert (await studio.version(actor.tenant_id, first.flow_id, 1)).definition == hotline()


async def test_a_draft_with_problems_is_kept_and_not_published(studio: Studio, actor: Actor) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    await studio.publish(actor, "hotline")
    broken = hotline()
    broken["steps"]["lonely"] = {"kind": "hang_up"}
    found = await studio.save_draft(actor, "hotline", broken)
    assert [(problem.code, problem.step) for problem in found] == [("step-unreachable", "lonely")]
    with pytest.raises(Invalid, match="flow-has-problems") as refused:
        await studio.publish(actor, "hotline")
    assert refused.value.field == "steps/lonely"
    assert (await studio.in_force(actor.tenant_id, code="hotline")).version == 1


async def test_what_cannot_be_read_is_not_kept(studio: Studio, actor: Actor) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    with pytest.raises(Invalid, match="flow-not-readable"):
        await studio.save_draft(actor, "hotline", {"start": "x"})
    assert (await studio.flow(actor.tenant_id, "hotline")).definition == hotline()


async def test_a_code_is_taken_once(studio: Studio, actor: Actor) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    with pytest.raises(Conflict, match="flow-code-taken"):
        await studio.create(actor, "hotline", "另一条", changed("二"))
    assert [view.name for view in await studio.flows(actor.tenant_id)] == ["热线"]


async def test_a_channel_finds_its_entry(studio: Studio, actor: Actor) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    await studio.create(actor, "webchat", "网页", changed("聊"), entry_channel="webchat")
    await studio.publish(actor, "webchat")
    assert (await studio.in_force(actor.tenant_id, channel="webchat")).code == "webchat"
    with pytest.raises(NotFound):
        await studio.in_force(actor.tenant_id, channel="wechat")


async def test_another_tenant_sees_and_changes_nothing(studio: Studio, actor: Actor) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    await studio.publish(actor, "hotline")
    stranger = system_actor(TenantId(new_id()))
    assert await studio.flows(stranger.tenant_id) == []
    for attempt in (
        studio.flow(stranger.tenant_id, "hotline"),
        studio.save_draft(stranger, "hotline", changed("黑")),
        studio.publish(stranger, "hotline"),
        studio.in_force(stranger.tenant_id, code="hotline"),
    ):
        with pytest.raises(NotFound):
            await attempt
    view = await studio.flow(actor.tenant_id, "hotline")
    assert (view.newest_version, view.definition) == (1, hotline())
