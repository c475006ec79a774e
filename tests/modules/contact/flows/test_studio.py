"""Flows are drafted, checked, published and rolled back; running contacts keep their version."""

import asyncio
from typing import Any

import pytest

from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.contact.flows.engine.definition import FlowLanguage
from careline.modules.contact.flows.repository import flows as repository
from careline.modules.contact.flows.services.studio import Studio
from tests.modules.contact.flows.test_language import hotline
from tests.support.office import Office


@pytest.fixture
def actor(office: Office) -> Actor:
    return system_actor(office.tenant.id)


@pytest.fixture
def studio(office: Office) -> Studio:
    return Studio(office.database, FlowLanguage(), office.identity, lambda _: True)


def broken() -> dict[str, Any]:
    """Readable, but with a step that no way leads to."""
    definition = hotline()
    definition["steps"]["lonely"] = {"kind": "hang_up"}
    return definition


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
    assert (await studio.save_draft(actor, "hotline", changed("二"))).problems == []
    assert (await studio.save_draft(actor, "hotline", changed("三"))).problems == []
    view = await studio.flow(actor.tenant_id, "hotline")
    assert (view.published_version, view.newest_version) == (1, 2)
    assert (await studio.in_force(actor.tenant_id, code="hotline")) == first
    assert await studio.publish(actor, "hotline") == 2
    assert (await studio.in_force(actor.tenant_id, code="hotline")).definition == changed("三")
    assert (await studio.version(actor.tenant_id, first.flow_id, 1)).definition == hotline()


async def test_a_draft_with_problems_is_kept_and_not_published(studio: Studio, actor: Actor) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    await studio.publish(actor, "hotline")
    found = await studio.save_draft(actor, "hotline", broken())
    assert [(problem.code, problem.step) for problem in found.problems] == [("step-unreachable", "lonely")]
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


async def test_of_two_who_take_a_code_at_once_one_has_it(studio: Studio, actor: Actor) -> None:
    for number in range(5):
        made = await asyncio.gather(
            *(studio.create(actor, f"flow{number}", f"热线{one}", hotline()) for one in range(3)),
            return_exceptions=True,
        )
        refused = [one for one in made if isinstance(one, BaseException)]
        assert [getattr(one, "code", one) for one in refused] == ["flow-code-taken"] * 2
        (kept,) = [one for one in made if not isinstance(one, BaseException)]
        assert await studio.flow(actor.tenant_id, f"flow{number}") == kept


async def test_a_channel_finds_its_entry(studio: Studio, actor: Actor) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    await studio.create(actor, "webchat", "网页", changed("聊"), entry_channel="webchat")
    await studio.publish(actor, "webchat")
    assert (await studio.in_force(actor.tenant_id, channel="webchat")).code == "webchat"
    with pytest.raises(NotFound):
        await studio.in_force(actor.tenant_id, channel="wechat")


async def test_what_is_put_in_force_is_what_was_checked(studio: Studio, actor: Actor) -> None:
    for number in range(10):
        code = f"flow{number}"
        await studio.create(actor, code, "热线", hotline())
        await asyncio.gather(
            studio.publish(actor, code), studio.save_draft(actor, code, broken()), return_exceptions=True
        )
        view = await studio.flow(actor.tenant_id, code)
        if view.published_version is not None:
            assert (await studio.in_force(actor.tenant_id, code=code)).definition == hotline()
        assert view.definition == broken()


async def test_a_version_read_while_another_was_published_is_not_kept(
    studio: Studio, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    await studio.publish(actor, "hotline")
    await studio.save_draft(actor, "hotline", changed("二"))
    read = repository.published

    async def slow(*args: Any, **named: Any) -> Any:
        found = await read(*args, **named)
        monkeypatch.undo()
        await studio.publish(actor, "hotline")
        return found

    monkeypatch.setattr(repository, "published", slow)
    assert (await studio.in_force(actor.tenant_id, code="hotline")).version == 1
    assert (await studio.in_force(actor.tenant_id, code="hotline")).version == 2


async def test_what_is_done_to_a_flow_is_audited(office: Office, studio: Studio, actor: Actor) -> None:
    me = await office.staff("flow:manage")
    await studio.create(me, "hotline", "热线", hotline())
    await studio.publish(me, "hotline")
    await studio.save_draft(me, "hotline", broken())
    with pytest.raises(Invalid):
        await studio.publish(me, "hotline")
    async with office.database.reading(actor.tenant_id) as reading:
        entries = await office.identity.export_audit(reading, 0)

    flow_id = str((await studio.flow(actor.tenant_id, "hotline")).id)
    told = [(entry.action, entry.params["version"]) for entry in entries if entry.subject == flow_id]
    assert told == [("flow.created", 1), ("flow.published", 1), ("flow.draft-saved", 2)]
    assert {entry.actor for entry in entries if entry.subject == flow_id} == {me.ref}


async def test_another_tenant_sees_and_changes_nothing(studio: Studio, office: Office, actor: Actor) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    await studio.publish(actor, "hotline")
    stranger = system_actor(office.other.id)
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


async def test_who_wants_back_to_a_draft_leaves_nothing_of_it_behind(studio: Studio, actor: Actor) -> None:
    await studio.create(actor, "hotline", "热线", hotline())
    await studio.publish(actor, "hotline")
    await studio.save_draft(actor, "hotline", changed("二"))
    with pytest.raises(Conflict, match="flow-version-draft"):
        await studio.roll_back(actor, "hotline", 2)
    await studio.save_draft(actor, "hotline", changed("三"))
    await studio.publish(actor, "hotline")
    steps = studio.read(await studio.in_force(actor.tenant_id, code="hotline")).steps
    assert steps == FlowLanguage().read(changed("三")).steps
