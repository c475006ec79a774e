"""Desks come and go: nobody rings in front of an empty chair, and who comes back has what they had."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing import events
from careline.modules.core.routing.engine.model import Chosen as EngineChosen
from careline.modules.core.routing.views import Chosen, Media, MediumState, NewItem
from careline.modules.directory.people.views import AgentView
from tests.support.centre import Centre, StaticPeople
from tests.support.clock import FakeClock
from tests.support.waiting import PATIENCE_S, until

AGENTS = "careline.modules.core.routing.services.agents"


@pytest.fixture
async def centre(database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Centre]:
    """Two agents; a desk is missed at once, after a start somewhat later."""
    monkeypatch.setattr(f"{AGENTS}.DESK_GRACE_S", 0.01)
    monkeypatch.setattr(f"{AGENTS}.START_GRACE_S", 0.1)
    people = StaticPeople()
    people.add("8021")
    people.add("8022")
    centre = await Centre(database, clock, people, TenantId(new_id())).start()
    yield centre
    await centre.stop()


async def desk(centre: Centre, agent: AgentView, *, present: bool) -> None:
    """A desk comes or goes, and its grace is over."""
    await centre.routing.presence(centre.tenant_id, agent.id, present=present)
    await asyncio.sleep(0.05)
    await centre.settled()


async def word(centre: Centre, agent: AgentView) -> str:
    return (await centre.routing.agent_state(centre.tenant_id, agent.id)).state


def waited_for(centre: Centre) -> set[UUID]:
    """The agents whose desk has gone, or is not back after a start, and whose time is not over."""
    return {agent_id for _, agent_id in centre.routing._agents._leaving}


def ends_of(centre: Centre, item: NewItem) -> list[str]:
    return [e.cause for e in centre.told if isinstance(e, events.OfferEnded) and e.item_id == item.id]


async def test_a_desk_that_goes_away_gets_no_offers_until_it_is_back(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    await desk(centre, agent, present=True)
    await desk(centre, agent, present=False)
    assert await word(centre, agent) == "set_aside"
    item = await centre.ask()
    assert not centre.of(events.OfferMade)
    await desk(centre, agent, present=True)
    assert centre.offer_of(item).agent_id == agent.id


async def test_a_page_that_is_loaded_anew_changes_nothing(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    await desk(centre, agent, present=True)
    told = len(centre.told)
    await centre.routing.presence(centre.tenant_id, agent.id, present=False)
    await desk(centre, agent, present=True)
    assert len(centre.told) == told
    assert await word(centre, agent) == "ready"


@pytest.mark.parametrize("media", [Media.CHAT, Media.VOICE])
async def test_who_rings_at_an_empty_desk_goes_to_the_other_agent_at_once(centre: Centre, media: Media) -> None:
    gone, other = centre.people.known
    await centre.ready(gone)
    await desk(centre, gone, present=True)
    item = await centre.ask(media=media)
    assert centre.offer_of(item).agent_id == gone.id
    await centre.ready(other)
    await desk(centre, gone, present=False)
    assert centre.offer_of(item).agent_id == other.id
    assert ends_of(centre, item) == ["withdrawn"], "nobody waited until the time to answer was over"
    assert centre.routing.offers_of(centre.tenant_id, gone.id) == []


async def test_who_rings_at_the_only_desk_rings_there_again_when_it_is_back(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    await desk(centre, agent, present=True)
    item = await centre.ask()
    await desk(centre, agent, present=False)
    assert centre.routing.offers_of(centre.tenant_id, agent.id) == []
    await desk(centre, agent, present=True)
    [offer] = centre.routing.offers_of(centre.tenant_id, agent.id)
    assert offer.item_id == item.id


async def test_what_is_in_hand_stays_in_hand(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    await desk(centre, agent, present=True)
    offer = centre.offer_of(await centre.ask())
    await centre.routing.accept(centre.tenant_id, offer.offer_id, agent_id=agent.id, token=None)
    await desk(centre, agent, present=False)
    [assignment] = centre.routing.assignments_of(centre.tenant_id, agent.id)
    assert assignment.state is MediumState.ENGAGED


async def engaged(centre: Centre, media: Media) -> tuple[AgentView, NewItem]:
    """An agent at their desk with a customer."""
    agent = centre.people.known[0]
    await centre.ready(agent)
    await desk(centre, agent, present=True)
    item = await centre.ask(media=media)
    offer = centre.offer_of(item)
    await centre.routing.accept(centre.tenant_id, offer.offer_id, agent_id=agent.id, token=None)
    return agent, item


def finished(centre: Centre) -> list[object]:
    return [event.item_id for event in centre.told if isinstance(event, events.ItemFinished)]


async def test_chats_of_a_desk_that_stays_away_leave_its_agent_free(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{AGENTS}.HANDS_GRACE_S", 0.01)
    agent, item = await engaged(centre, Media.CHAT)
    await centre.routing.choose(centre.tenant_id, agent.id, Chosen.OFFLINE, None)
    await desk(centre, agent, present=False)
    await until(lambda: finished(centre) == [item.id])
    await centre.settled()
    assert centre.routing.assignments_of(centre.tenant_id, agent.id) == []
    assert await word(centre, agent) == "offline"


async def test_a_call_is_not_taken_from_a_desk_that_is_away(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{AGENTS}.HANDS_GRACE_S", 0.01)
    agent, _ = await engaged(centre, Media.VOICE)
    await desk(centre, agent, present=False)
    await desk(centre, agent, present=False)
    assert finished(centre) == []


async def test_a_desk_that_is_back_in_time_keeps_its_chats(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{AGENTS}.HANDS_GRACE_S", 3600)
    agent, _ = await engaged(centre, Media.CHAT)
    await desk(centre, agent, present=False)
    assert waited_for(centre) == {agent.id}
    await desk(centre, agent, present=True)
    assert waited_for(centre) == set()
    assert finished(centre) == []


async def test_after_a_start_the_chats_of_who_does_not_come_back_go_on_with_others(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{AGENTS}.HANDS_GRACE_S", 0.01)
    agent, item = await engaged(centre, Media.CHAT)
    await centre.routing.choose(centre.tenant_id, agent.id, Chosen.OFFLINE, None)
    await centre.stop()
    again = await Centre(centre.database, centre.clock, centre.people, centre.tenant_id).start(make_queues=False)
    await until(lambda: finished(again) == [item.id])
    await again.stop()


async def test_who_did_not_answer_is_not_ready_again_by_loading_the_page(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    await desk(centre, agent, present=True)
    await centre.ask(media=Media.VOICE)
    centre.clock.advance(21)
    await centre.tick()
    await desk(centre, agent, present=False)
    await desk(centre, agent, present=True)
    now = await centre.routing.agent_state(centre.tenant_id, agent.id)
    assert now.media[Media.VOICE].state is MediumState.SET_ASIDE
    assert now.media[Media.CHAT].state is MediumState.IDLE


async def test_a_desk_that_comes_back_while_it_is_being_missed_is_not_set_aside(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    await desk(centre, agent, present=True)
    shard = await centre.shards.of(centre.tenant_id)
    waits, goes_on = asyncio.Event(), asyncio.Event()
    run = shard.run

    async def slow(command: object) -> object:
        waits.set()
        await goes_on.wait()
        return await run(command)  # type: ignore[arg-type]

    monkeypatch.setattr(shard, "run", slow)
    await centre.routing.presence(centre.tenant_id, agent.id, present=False)
    await asyncio.wait_for(waits.wait(), PATIENCE_S)
    await centre.routing.presence(centre.tenant_id, agent.id, present=True)
    goes_on.set()
    await centre.settled()
    assert await word(centre, agent) == "ready"


async def test_whoever_went_offline_is_not_missed(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.routing.choose(centre.tenant_id, agent.id, Chosen.OFFLINE, None)
    told = len(centre.told)
    await desk(centre, agent, present=True)
    await desk(centre, agent, present=False)
    assert len(centre.told) == told
    shard = await centre.shards.of(centre.tenant_id)
    assert shard.engine.agent_view(agent.id).chosen is EngineChosen.OFFLINE


async def test_after_a_start_desks_have_time_to_find_their_way_back(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{AGENTS}.START_GRACE_S", 3600)
    first, second = centre.people.known
    await centre.ready(first, second)
    await centre.stop()
    again = await Centre(centre.database, centre.clock, centre.people, centre.tenant_id).start(make_queues=False)
    assert await word(again, first) == "ready"
    assert waited_for(again) == {first.id, second.id}
    await again.routing.presence(again.tenant_id, first.id, present=True)
    assert waited_for(again) == {second.id}
    again.routing._agents._expect(await again.shards.of(again.tenant_id), second.id, 0)  # an hour later

    async def is_missed() -> bool:
        return await word(again, second) == "set_aside"

    await until(is_missed)
    await again.settled()
    assert await word(again, first) == "ready"
    await again.stop()
