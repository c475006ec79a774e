"""Routing over a real database: what is decided is stored, told, and there again after a restart."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import select, update

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing import events
from careline.modules.core.routing.models import ShardRow, WorkItemRow
from careline.modules.core.routing.repository import ShardLost
from careline.modules.core.routing.views import Chosen, Media, MediumState, NewItem
from tests.support.centre import FAULTS, TARIFF, Centre, StaticPeople, without
from tests.support.clock import FakeClock


@pytest.fixture
async def centre(database: Database, clock: FakeClock) -> AsyncIterator[Centre]:
    people = StaticPeople()
    people.add("8021")
    people.add("8022")
    centre = await Centre(database, clock, people, TenantId(new_id())).start()
    yield centre
    await centre.stop()


async def stored_state(centre: Centre, item: NewItem) -> str:
    async with centre.database.reading(centre.tenant_id) as reading:
        statement = select(WorkItemRow.state).where(
            WorkItemRow.tenant_id == centre.tenant_id, WorkItemRow.id == item.id
        )
        return str((await reading.execute(statement)).scalar_one())


async def restart(centre: Centre) -> Centre:
    """The process died and another one starts on the same rows."""
    await centre.stop()
    return await Centre(centre.database, centre.clock, centre.people, centre.tenant_id).start(make_queues=False)


async def test_an_item_is_offered_accepted_finished_and_wrapped_up(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    item = await centre.ask()
    offer = centre.offer_of(item)
    assert offer.agent_id == agent.id
    assert {reason.code for reason in offer.why} >= {"skill-highest", "capacity-left"}
    view = centre.routing.offer(centre.tenant_id, offer.offer_id)
    assert view is not None
    assert [reason.params["skill"] for reason in view.why if "skill" in reason.params] == ["宽带报障"]

    taken = await centre.routing.accept(centre.tenant_id, offer.offer_id, agent_id=agent.id, token=view.token)
    assert (taken.state, taken.queue.code) == (MediumState.ENGAGED, FAULTS)
    assert await stored_state(centre, item) == "engaged"

    centre.clock.advance(60)
    await centre.routing.finish(centre.tenant_id, item.interaction_id)
    now = await centre.routing.agent_state(centre.tenant_id, agent.id)
    assert now.state == "after_contact_work"
    assert now.assignments[0].wrap_up_deadline is not None

    await centre.routing.wrapped_up(centre.tenant_id, item.interaction_id, agent_id=agent.id)
    await centre.settled()
    assert await stored_state(centre, item) == "done"
    assert (await centre.routing.agent_state(centre.tenant_id, agent.id)).state == "ready"
    told = [type(event).__name__ for event in centre.told if not isinstance(event, events.AgentStateChanged)]
    assert told == [
        "ItemQueued",
        "OfferMade",
        "OfferEnded",
        "ItemAssigned",
        "ItemFinished",
        "ItemWrappedUp",
    ]


async def test_three_commits_at_most_lie_between_arrival_and_offer(centre: Centre) -> None:
    await centre.ready(centre.people.known[0])
    before = centre.database.commits
    await centre.ask()
    assert centre.database.commits - before == 2, "one to queue it, one to offer it; the third is the arrival's own"


async def test_a_declined_offer_goes_to_the_other_agent(centre: Centre) -> None:
    first, second = centre.people.known
    await centre.ready(first, second)
    item = await centre.ask()
    offer = centre.offer_of(item)
    view = centre.routing.offer(centre.tenant_id, offer.offer_id)
    assert view is not None
    await centre.routing.decline(centre.tenant_id, offer.offer_id, agent_id=offer.agent_id, token=view.token)
    await centre.settled()
    again = centre.offer_of(item)
    assert {offer.agent_id, again.agent_id} == {first.id, second.id}
    with pytest.raises(Conflict, match="offer-gone"):
        await centre.routing.accept(centre.tenant_id, offer.offer_id, agent_id=offer.agent_id, token=view.token)
    assert await stored_state(centre, item) == "offered"


@pytest.mark.parametrize("token", ["", "wrong", "\ud800"])
async def test_a_wrong_token_changes_nothing(centre: Centre, token: str) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    offer = centre.offer_of(await centre.ask())
    with pytest.raises(Conflict, match="offer-gone"):
        await centre.routing.accept(centre.tenant_id, offer.offer_id, agent_id=agent.id, token=token)
    assert centre.routing.offer(centre.tenant_id, offer.offer_id) is not None


async def test_another_agents_offer_cannot_be_taken(centre: Centre) -> None:
    first, second = centre.people.known
    await centre.ready(first)
    offer = centre.offer_of(await centre.ask())
    view = centre.routing.offer(centre.tenant_id, offer.offer_id)
    assert view is not None
    for agent_id in (second.id, uuid4()):
        with pytest.raises(Conflict, match="offer-gone"):
            await centre.routing.accept(centre.tenant_id, offer.offer_id, agent_id=agent_id, token=view.token)
    assert centre.routing.offers_of(centre.tenant_id, first.id) == [view]


async def test_who_does_not_answer_is_set_aside_until_ready(centre: Centre) -> None:
    first, second = centre.people.known
    await centre.ready(first)
    item = await centre.ask(media=Media.VOICE)
    centre.clock.advance(21)
    await centre.tick()
    state = await centre.routing.agent_state(centre.tenant_id, first.id)
    assert state.media[Media.VOICE].state is MediumState.SET_ASIDE
    assert await stored_state(centre, item) == "waiting"
    await centre.ready(second)
    await centre.settled()
    assert centre.offer_of(item).agent_id == second.id
    ready = await centre.routing.choose(centre.tenant_id, first.id, Chosen.READY, None)
    assert ready.media[Media.VOICE].state is MediumState.IDLE


async def test_a_phone_that_cannot_be_reached_may_be_reported_twice_at_once(centre: Centre) -> None:
    first, second = centre.people.known
    await centre.ready(first)
    item = await centre.ask(media=Media.VOICE)
    offer = centre.offer_of(item)
    await asyncio.gather(*(centre.routing.fault(centre.tenant_id, offer.offer_id) for _ in range(2)))
    await centre.ready(second)
    await centre.settled()
    assert centre.offer_of(item).agent_id == second.id
    assert (await centre.routing.agent_state(centre.tenant_id, first.id)).media[Media.VOICE].state is (
        MediumState.SET_ASIDE
    )


async def test_nothing_rings_for_a_customer_who_left(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    item = await centre.ask()
    await centre.routing.withdraw(centre.tenant_id, item.interaction_id)
    await centre.routing.withdraw(centre.tenant_id, item.interaction_id)
    await centre.settled()
    ended = [event for event in centre.told if isinstance(event, events.OfferEnded | events.ItemLeft)]
    assert [getattr(event, "cause", None) for event in ended] == ["withdrawn", "abandoned"]
    assert (await centre.routing.agent_state(centre.tenant_id, agent.id)).state == "ready"
    assert await stored_state(centre, item) == "done"


async def test_leaving_in_talk_begins_after_contact_work(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    item = await centre.ask(media=Media.VOICE)
    await centre.routing.accept(centre.tenant_id, centre.offer_of(item).offer_id, agent_id=agent.id, token=None)
    await centre.routing.withdraw(centre.tenant_id, item.interaction_id)
    assert await stored_state(centre, item) == "after_contact_work"
    centre.clock.advance(121)
    await centre.tick()
    assert [event.timed_out for event in centre.told if isinstance(event, events.ItemWrappedUp)] == [True]


async def test_a_change_that_is_known_but_not_yet_written_may_be_built_upon(
    centre: Centre, caplog: pytest.LogCaptureFixture
) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    item = await centre.ask()
    await centre.routing.accept(centre.tenant_id, centre.offer_of(item).offer_id, agent_id=agent.id, token=None)
    finishing = asyncio.create_task(centre.routing.finish(centre.tenant_id, item.interaction_id))
    while (await centre.routing.agent_state(centre.tenant_id, agent.id)).state == "engaged":
        await asyncio.sleep(0)
    await centre.routing.wrapped_up(centre.tenant_id, item.interaction_id, agent_id=agent.id)
    await finishing
    await centre.settled()
    assert await stored_state(centre, item) == "done"
    assert "is rebuilt" not in caplog.text


async def test_a_contact_may_be_finished_by_two_at_once(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    item = await centre.ask()
    await centre.routing.accept(centre.tenant_id, centre.offer_of(item).offer_id, agent_id=agent.id, token=None)

    async def over() -> None:
        await centre.routing.finish(centre.tenant_id, item.interaction_id)
        await centre.routing.wrapped_up(centre.tenant_id, item.interaction_id, agent_id=agent.id)

    await asyncio.gather(centre.routing.withdraw(centre.tenant_id, item.interaction_id), over(), over())
    await centre.settled()
    assert (await centre.routing.agent_state(centre.tenant_id, agent.id)).state == "ready"
    assert await stored_state(centre, item) == "done"


async def test_one_call_or_three_chats(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    chats = [await centre.ask() for _ in range(4)]
    call = await centre.ask(media=Media.VOICE)
    assert len(centre.routing.offers_of(centre.tenant_id, agent.id)) == 3
    position = centre.routing.position(centre.tenant_id, chats[3].interaction_id)
    assert position is not None
    assert (position.position, position.waiting) == (1, 2)
    assert await stored_state(centre, call) == "waiting"


async def test_an_unknown_queue_or_medium_undoes_the_callers_transaction(centre: Centre) -> None:
    for queue, media, code in (("nowhere", Media.CHAT, "queue-unknown"), (TARIFF, Media.VOICE, "no-such-media")):
        item = NewItem(id=new_id(), interaction_id=new_id(), media=media, queue=queue, enqueued_at=centre.clock.now())
        with pytest.raises(Invalid, match=code):
            async with centre.database.transaction(centre.tenant_id) as tx:
                await centre.routing.enqueue(tx, item)
        async with centre.database.reading(centre.tenant_id) as reading:
            rows = await reading.execute(select(WorkItemRow.id).where(WorkItemRow.tenant_id == centre.tenant_id))
            assert rows.all() == []


@pytest.mark.parametrize(
    ("chosen", "reason", "code"),
    [
        (Chosen.NOT_READY, None, "reason-needed"),
        (Chosen.READY, "meal", "reason-not-wanted"),
        (Chosen.NOT_READY, "holiday", "reason-unknown"),
    ],
)
async def test_a_reason_goes_with_not_ready_only(centre: Centre, chosen: Chosen, reason: str | None, code: str) -> None:
    agent = centre.people.known[0]
    with pytest.raises(Invalid, match=code):
        await centre.routing.choose(centre.tenant_id, agent.id, chosen, reason)
    assert (await centre.routing.agent_state(centre.tenant_id, agent.id)).state == "offline"
    with pytest.raises(NotFound):
        await centre.routing.choose(centre.tenant_id, new_id(), Chosen.READY, None)


async def test_agents_in_brief_are_as_their_states_say(centre: Centre) -> None:
    first, second = centre.people.known

    async def agreed() -> set[str]:
        states = await centre.routing.agent_states(centre.tenant_id)
        briefs = await centre.routing.agents_in_brief(centre.tenant_id)
        assert [msgspec.structs.asdict(brief) for brief in briefs] == [
            {name: getattr(state, name) for name in brief.__struct_fields__}
            for brief, state in zip(briefs, states, strict=True)
        ]
        assert await centre.routing.agents_in_brief(centre.tenant_id, [second.id, new_id()]) == [
            brief for brief in briefs if brief.agent_id == second.id
        ]
        return {brief.state for brief in briefs}

    assert await agreed() == {"offline"}
    await centre.routing.choose(centre.tenant_id, second.id, Chosen.NOT_READY, "meal")
    await centre.ready(first)
    assert await agreed() == {"ready", "not_ready"}
    item, later = await centre.ask(), await centre.ask()
    assert await agreed() == {"reserved", "not_ready"}
    for offered in (item, later):
        centre.clock.advance(5)
        offer = centre.offer_of(offered)
        await centre.routing.accept(centre.tenant_id, offer.offer_id, agent_id=first.id, token=None)
    assert await agreed() == {"engaged", "not_ready"}
    for done in (later, item):
        await centre.routing.finish(centre.tenant_id, done.interaction_id)
    assert await agreed() == {"after_contact_work", "not_ready"}
    for done in (later, item):
        await centre.routing.wrapped_up(centre.tenant_id, done.interaction_id, agent_id=first.id)
    for media in (Media.CHAT, Media.VOICE, Media.MESSAGE):
        await centre.ask(media=media)
        centre.clock.advance(21)
        await centre.tick()
    assert await agreed() == {"set_aside", "not_ready"}


async def test_a_restart_gives_the_same_state(centre: Centre) -> None:
    first, second = centre.people.known
    await centre.ready(first, second)
    engaged = await centre.ask()
    offer = centre.offer_of(engaged)
    await centre.routing.accept(centre.tenant_id, offer.offer_id, agent_id=offer.agent_id, token=None)
    wrapping = await centre.ask()
    other = centre.offer_of(wrapping)
    await centre.routing.accept(centre.tenant_id, other.offer_id, agent_id=other.agent_id, token=None)
    await centre.routing.finish(centre.tenant_id, wrapping.interaction_id)
    await centre.routing.choose(centre.tenant_id, second.id, Chosen.NOT_READY, "meal")
    before = await centre.routing.agent_states(centre.tenant_id)

    again = await restart(centre)
    after = await again.routing.agent_states(again.tenant_id)
    assert [without(view, "since") for view in after] == [without(view, "since") for view in before]
    await again.routing.finish(again.tenant_id, engaged.interaction_id)
    await again.routing.wrapped_up(again.tenant_id, engaged.interaction_id, agent_id=offer.agent_id)
    assert await stored_state(again, engaged) == "done"
    await again.stop()


async def test_waiting_calls_are_parked_until_their_callers_are_found(centre: Centre) -> None:
    alive, gone = await centre.ask(media=Media.VOICE), await centre.ask(media=Media.VOICE)
    again = await restart(centre)
    await again.ready(again.people.known[0])
    assert again.of(events.OfferMade) == []
    assert await again.routing.readmit(again.tenant_id, alive.interaction_id)
    assert not await again.routing.readmit(again.tenant_id, alive.interaction_id)
    await again.routing.withdraw(again.tenant_id, gone.interaction_id)
    await again.settled()
    assert again.offer_of(alive).agent_id == again.people.known[0].id
    assert [event.item_id for event in again.told if isinstance(event, events.ItemLeft)] == [gone.id]
    await again.stop()


async def test_a_second_owner_is_fenced_off(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    async with centre.database.transaction(centre.tenant_id) as tx:
        await tx.execute(update(ShardRow).where(ShardRow.tenant_id == tx.tenant_id).values(epoch=ShardRow.epoch + 1))
    assert not centre.routing.is_lost()
    with pytest.raises(ShardLost):
        await centre.routing.choose(centre.tenant_id, agent.id, Chosen.OFFLINE, None)
    assert centre.routing.is_lost()
    async with centre.database.reading(centre.tenant_id) as reading:
        assert (
            await reading.execute(select(ShardRow.epoch).where(ShardRow.tenant_id == centre.tenant_id))
        ).scalar() == 2


async def test_a_row_that_is_not_as_believed_makes_the_shard_rebuild(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    item = await centre.ask()
    offer = centre.offer_of(item)
    async with centre.database.transaction(centre.tenant_id) as tx:
        await tx.execute(
            update(WorkItemRow)
            .where(WorkItemRow.tenant_id == tx.tenant_id, WorkItemRow.id == item.id)
            .values(state="done")
        )
    with pytest.raises(Exception, match="is not offered"):
        await centre.routing.accept(centre.tenant_id, offer.offer_id, agent_id=agent.id, token=None)
    again = await centre.ask()
    assert centre.offer_of(again).agent_id == agent.id
    assert (await centre.routing.agent_state(centre.tenant_id, agent.id)).media[Media.CHAT].used == 1


async def test_a_customer_who_leaves_in_the_moment_of_the_answer_leaves_nobody_engaged(centre: Centre) -> None:
    agent = centre.people.known[0]
    await centre.ready(agent)
    for _ in range(5):
        item = await centre.ask(media=Media.VOICE)
        offer = centre.offer_of(item)
        both = await asyncio.gather(
            centre.routing.accept(centre.tenant_id, offer.offer_id, agent_id=agent.id, token=None),
            centre.routing.withdraw(centre.tenant_id, item.interaction_id),
            return_exceptions=True,
        )
        assert both[1] is None
        await centre.settled()
        await centre.routing.wrapped_up(centre.tenant_id, item.interaction_id, agent_id=agent.id)
        assert await stored_state(centre, item) == "done"
        assert (await centre.routing.agent_state(centre.tenant_id, agent.id)).state == "ready"
