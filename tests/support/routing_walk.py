"""A random walk through the service of routing, with restarts: each new process beside an engine that never stopped."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import strategies as st
from sqlalchemy import update

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import DomainError
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.routing import repository
from careline.modules.core.routing.engine import model
from careline.modules.core.routing.engine.capacity import Medium
from careline.modules.core.routing.engine.effects import Effect, ItemRelaxed
from careline.modules.core.routing.engine.engine import Engine
from careline.modules.core.routing.engine.records import ItemRecord, Snapshot
from careline.modules.core.routing.models import QueueRow
from careline.modules.core.routing.services import rebuilding
from careline.modules.core.routing.services.shard import Shard
from careline.modules.core.routing.views import (
    Chosen,
    DeskView,
    Media,
    NewItem,
    Overflow,
    QueueRules,
    Relaxation,
    Strategy,
)
from tests.support.centre import FAULTS, TARIFF, Centre, StaticPeople
from tests.support.clock import FakeClock
from tests.support.routing_engine import CountedIds
from tests.support.routing_laws import check_laws

STEPS = 40
PASSING = st.sampled_from([0.0, 0.0, 1.0, 6.0, 25.0, 61.0])
Names = dict[str, Any]


def rules(strategy: Strategy, **more: Any) -> QueueRules:
    return QueueRules(strategy=strategy, relaxation=(Relaxation(after_s=20, lower_by=2),), **more)


class Walk:
    """One centre with a queue for each strategy, and the processes that it has one after the other."""

    def __init__(self, database: Database, data: st.DataObject) -> None:
        self.draw = data.draw
        self.clock = FakeClock()
        database._clock = self.clock  # each walk begins at the same time
        self.people = StaticPeople()
        for number, level in (("8021", 5), ("8022", 3), ("8023", 3), ("8024", 1)):
            self.people.add(number, skills=((FAULTS, level), (TARIFF, 4)))
        self.centre = Centre(database, self.clock, self.people, TenantId(new_id()))
        self.asked: list[NewItem] = []
        self.queues: list[UUID] = []

    async def begin(self) -> None:
        queues = (
            ("longest", rules(Strategy.LONGEST_IDLE, decline_pause_s=40), 1),
            ("skilled", rules(Strategy.MOST_SKILLED, set_aside_s=50), 3),
            ("occupied", rules(Strategy.LEAST_OCCUPIED, max_waiting=4, overflow=Overflow.QUEUE), 1),
            ("last", rules(Strategy.LAST_AGENT, preferred_wait_s=45), 2),
            ("robin", rules(Strategy.ROUND_ROBIN, max_wait_s=90), 1),
        )
        await self.centre.start()
        async with self.centre.database.transaction(self.centre.tenant_id) as tx:
            for code, rule, level in queues:
                if rule.overflow is Overflow.QUEUE:
                    rule = msgspec.structs.replace(rule, overflow_to=self.queues[0])
                made = await self.centre.routing.add_queue(
                    tx,
                    code=code,
                    name=code,
                    media=[Media.VOICE, Media.CHAT],
                    needs=[(FAULTS, level)],
                    wrap_up_seconds=30,
                    rules=rule,
                )
                self.queues.append(made)
            desk = DeskView(id=new_id(), name="金牌", queues=[], kinds=["gold"], version=1)
            await repository.insert_desk(tx, desk)
            seat = repository.Seat(desk_id=desk.id, queues=None, version=2)
            await repository.set_seat(tx, self.people.known[3].id, seat)
        await (await self.shard()).learn_queues()
        await self.centre.ready(*self.people.known)

    async def shard(self) -> Shard:
        return await self.centre.shards.of(self.centre.tenant_id)

    def one_of(self, found: Any) -> Any:
        return self.draw(st.sampled_from(sorted(found)))

    async def ask(self) -> NewItem:
        """Somebody comes, or is passed on by the agent who has them."""
        agents = [None, *(agent.id for agent in self.people.known)]
        held = self.draw(st.sampled_from([None, None, *self.asked[-3:]]))
        item = NewItem(
            id=new_id(),
            interaction_id=new_id(),
            media=self.draw(st.sampled_from([Media.CHAT, Media.CHAT, Media.VOICE])),
            queue=self.one_of(["longest", "skilled", "occupied", "last", "robin"]),
            enqueued_at=self.clock.now() if held is None else held.enqueued_at,
            priority=self.draw(st.sampled_from([0, 0, 2])),
            preferred_agent_id=self.draw(st.sampled_from(agents)),
            preferred_wait_s=self.draw(st.sampled_from([None, None, 30.0])),
            boost_s=self.draw(st.sampled_from([0.0, 0.0, 15.0])),
            again=held is not None,
            not_to=self.draw(st.sampled_from([(), (agents[1],), (agents[2], agents[3])])),
            kind=self.draw(st.sampled_from(["", "", "gold"])),
        )
        self.asked.append(item)
        async with self.centre.database.transaction(self.centre.tenant_id) as tx:
            await self.centre.routing.enqueue(tx, item)
        return item

    async def step(self) -> None:
        """Something happens; what is refused is as good as anything else."""
        acts = [self.ask, self.ask, self.answer, self.answer, self.end, self.end, self.choose, self.direct, self.set_up]
        with suppress(DomainError):
            await self.draw(st.sampled_from(acts))()
        await self.centre.settled()
        self.clock.advance(self.draw(PASSING))
        await self.centre.tick()

    async def answer(self) -> None:
        engine, routing, tenant = (await self.shard()).engine, self.centre.routing, self.centre.tenant_id
        standing = engine.snapshot().offers
        if not standing:
            return
        offer = standing[self.draw(st.integers(0, len(standing) - 1))]
        who: Names = {"agent_id": offer.agent_id, "token": offer.token}
        match self.draw(st.sampled_from(["accept", "accept", "decline", "expire", "fault"])):
            case "accept":
                await routing.accept(tenant, offer.id, **who)
            case "decline":
                await routing.decline(tenant, offer.id, **who)
            case "expire":
                await routing.decline(tenant, offer.id, **who, cause="expired")
            case _:
                await routing.fault(tenant, offer.id)

    async def end(self) -> None:
        shard, routing, tenant = await self.shard(), self.centre.routing, self.centre.tenant_id
        live = list(shard.ledger.items.values())
        if not live:
            return
        item = live[self.draw(st.integers(0, len(live) - 1))]
        match self.draw(st.sampled_from(["finish", "finish", "withdraw", "wrap up", "park", "give"])):
            case "finish":
                await routing.finish(tenant, item.interaction_id)
            case "withdraw":
                await routing.withdraw(tenant, item.interaction_id)
            case "wrap up" if item.agent_id is not None:
                await routing.wrapped_up(tenant, item.interaction_id, agent_id=item.agent_id)
            case "park" if item.media is Media.VOICE and await routing.park(tenant, item.interaction_id):
                self.clock.advance(self.draw(PASSING))
                await routing.readmit(tenant, item.interaction_id)
            case _:
                agent = self.draw(st.sampled_from(self.people.known))
                await routing.give(tenant, item.interaction_id, agent_id=agent.id)

    async def choose(self) -> None:
        agent = self.draw(st.sampled_from(self.people.known))
        chosen = self.draw(st.sampled_from([Chosen.READY, Chosen.READY, Chosen.NOT_READY, Chosen.OFFLINE]))
        reason = "meal" if chosen is Chosen.NOT_READY else None
        await self.centre.routing.choose(self.centre.tenant_id, agent.id, chosen, reason)

    async def direct(self) -> None:
        """A desk goes silent, or a supervisor moves who waits."""
        shard = await self.shard()
        waiting = [item for item in shard.ledger.items.values() if item.state in ("waiting", "offered")]
        if not waiting or self.draw(st.booleans()):
            agent, media = self.draw(st.sampled_from(self.people.known)), frozenset({Medium.CHAT})
            await shard.run(lambda engine, now: engine.set_aside(agent.id, media, "desk-away", now, take_back=True))
            return
        item = waiting[self.draw(st.integers(0, len(waiting) - 1))]
        await self.centre.routing._moving.move(
            self.centre.tenant_id,
            item.interaction_id,
            queue_id=self.draw(st.sampled_from([None, *self.queues])),
            front=self.draw(st.booleans()),
            beside=_nothing_beside,
            actor="test",
        )

    async def set_up(self) -> None:
        """A queue is set anew, or somebody becomes an agent."""
        shard = await self.shard()
        if len(self.people.known) < 6 and self.draw(st.booleans()):
            # A smaller number than others have, so that the order of numbers is not that of their coming.
            agent = self.people.add(f"7{len(self.people.known)}00")
            self.people.known.sort(key=lambda one: one.number)
            await shard.learn_agent(agent.id)
            return
        row = shard.queue_rows[self.one_of(["longest", "last", "robin"])]
        changed = msgspec.structs.replace(
            rebuilding.rules_of(row), preferred_wait_s=self.draw(st.sampled_from([0, 20, 60]))
        )
        async with self.centre.database.transaction(self.centre.tenant_id) as tx:
            statement = update(QueueRow).where(QueueRow.tenant_id == tx.tenant_id, QueueRow.id == row.id)
            await tx.execute(statement.values(rules=msgspec.to_builtins(changed)))
        await shard.learn_queues()

    async def restart(self) -> None:
        """End the process one way or another, and compare the next one with an engine that never stopped."""
        routing, tenant = self.centre.routing, self.centre.tenant_id
        on_the_way = []
        if self.draw(st.booleans()):
            # It dies between the commit that stores them and the engine's hearing of them.
            self.centre.shards.spawn = lambda work: work.close()  # type: ignore[method-assign]
            on_the_way = [await self.ask(), await self.ask()]
            await kill(self.centre)
        else:
            await self.centre.stop()
        before = await self.shard_that_ended()
        self.clock.advance(self.draw(st.sampled_from([0.0, 0.0, 4.0, 30.0])))
        self.centre = Centre(self.centre.database, self.clock, self.people, tenant)
        await self.centre.start(make_queues=False)
        routing = self.centre.routing
        after, now = await self.shard(), self.clock.now()
        stayed = StayedOn(before, now, on_the_way)
        # What fell due meanwhile is done before anything new, as the process keeps time from its first moment.
        await self.centre.tick()
        stayed.engine.tick(now)
        calls = list(after.parked.values())
        await self.compare(stayed, "before telephony has found the callers")
        for live in sorted(calls, key=lambda one: one.id):
            await routing.readmit(tenant, live.interaction_id)
            stayed.back(live.id)
        await self.centre.tick()
        stayed.engine.tick(now)
        await self.compare(stayed, "when all are back")
        self.ask_both(stayed, after.engine)

    async def shard_that_ended(self) -> Shard:
        return self.centre.shards.running(self.centre.tenant_id)

    async def compare(self, stayed: "StayedOn", when: str) -> None:
        shard = await self.shard()
        there = shard.engine.snapshot()
        known = {offer.id for offer in stayed.offers}
        assert plain(there, known) == plain(stayed.engine.snapshot(), known), when
        check_laws(stayed.config, there)
        live = {item.id: item for item in shard.ledger.items.values()}
        for item in self.asked:
            if item.id in live:
                found = live[item.id]
                assert (found.again, found.priority, found.kind) == (item.again, item.priority, item.kind)

    def ask_both(self, stayed: "StayedOn", engine: Engine) -> None:
        """Copies of both engines are told the same, and say the same."""
        said = []
        script = [self.draw(st.integers(0, 10**6)) for _ in range(12)]
        for state in (stayed.engine.snapshot(), engine.snapshot()):
            offers = tuple(map(nameless, state.offers))
            hands = tuple(replace(one, offer=nameless(one.offer)) for one in state.engagements)
            state = replace(state, at=self.clock.now(), offers=offers, engagements=hands)
            said.append(play(Engine.restore(stayed.config, CountedIds(), state), script, self.clock.now()))
        assert said[0] == said[1]


class StayedOn:
    """An engine that goes on where a process ended, as if it had not; calls and overdue offers left out, see above."""

    def __init__(self, before: Shard, now: datetime, on_the_way: list[NewItem]) -> None:
        state = before.engine.snapshot()
        held = {engaged.offer.item_id for engaged in state.engagements}
        self.records: dict[UUID, ItemRecord | None] = {
            record.item.id: record
            for record in state.items
            if record.item.medium is Medium.VOICE and record.item.id not in held
        }
        self.config = rebuilding.config(before.setup)
        self.offers = tuple(
            offer for offer in state.offers if offer.item_id not in self.records and offer.deadline > now
        )
        items = tuple(record for record in state.items if record.item.id not in self.records)
        self.engine = Engine.restore(self.config, CountedIds(), replace(state, items=items, offers=self.offers))
        self.engine.resume(now)
        self.new = {}
        known = {record.item.id for record in state.items}
        for new in (new for new in on_the_way if new.id not in known):
            work = model.WorkItem(
                id=new.id,
                medium=Medium(new.media.value),
                queue_id=before.queue_rows[new.queue].id,
                enqueued_at=new.enqueued_at,
                priority=new.priority,
                boost_s=new.boost_s,
                preferred_agent=new.preferred_agent_id,
                preferred_wait_s=new.preferred_wait_s,
                kind=new.kind,
            )
            if new.media is Media.VOICE:
                self.new[new.id] = work, new.not_to
            else:
                self.engine.enqueue(work, now, not_to=new.not_to)
        self.now = now

    def back(self, item_id: UUID) -> None:
        """A caller has been found."""
        record = self.records.get(item_id)
        if record is not None:
            self.engine.readmit(record, self.now)
        else:
            work, not_to = self.new[item_id]
            self.engine.enqueue(work, self.now, not_to=not_to)


def told(effects: list[Effect]) -> str:
    """What comes of a command. That an item asks for less is said of it when it waits, once in each process."""
    return str([effect for effect in effects if not isinstance(effect, ItemRelaxed)])


async def _nothing_beside(tx: Transaction) -> None:
    return None


async def kill(centre: Centre) -> None:
    """The process is gone: nothing is ended in order."""
    for shard in centre.shards._shards.values():
        assert shard._timer is not None
        shard._timer.cancel()
    await centre.bus.stop()


def nameless(offer: model.Offer) -> model.Offer:
    return msgspec.structs.replace(offer, id=UUID(int=offer.serial), token="")


def plain(state: Snapshot, known: set[UUID]) -> Names:
    """A state without what may differ, see above."""
    waiting = {record.item.id for record in state.items}
    waiting -= {offer.item_id for offer in state.offers} | {one.offer.item_id for one in state.engagements}
    order = sorted(record.seq for record in state.items)
    return {
        "serial": state.serial,
        "order": state.order,
        "closed": state.closed,
        "agents": state.agents,
        "offers": [offer if offer.id in known else nameless(offer) for offer in state.offers],
        "engagements": state.engagements,
        "items": {
            record.item.id: replace(
                record,
                item=replace(record.item, queue_id=record.queue_id),
                seq=order.index(record.seq),
                steps=record.steps if record.item.id in waiting else 0,
            )
            for record in state.items
        },
    }


def play(engine: Engine, script: list[int], now: datetime) -> list[str]:
    """What an engine says to a little future."""
    said = []
    for number, chance in enumerate(script):
        now += timedelta(seconds=chance % 17)
        state = engine.snapshot()
        said.append(told(engine.tick(now)))
        if chance % 3 == 0 and state.engagements:
            at = chance % len(state.engagements)
            try:
                said.append(told(engine.finish(state.engagements[at].offer.item_id, now)))
            except DomainError as refused:
                said.append(refused.code)
        elif chance % 3 == 1 and (offers := engine.snapshot().offers):
            offer = offers[chance % len(offers)]
            said.append(told(engine.decline(offer.id, offer.token, now)))
        else:
            queues = sorted(engine._board.queues)
            queue = queues[chance % len(queues)]
            medium = Medium.CHAT if chance % 2 else Medium.VOICE
            item = model.WorkItem(id=UUID(int=number), medium=medium, queue_id=queue, enqueued_at=now)
            said.append(told(engine.enqueue(item, now)))
    return said


async def walked(database: Database, data: st.DataObject, *, restarts: int = 3) -> None:
    walk = Walk(database, data)
    await walk.begin()
    for _ in range(restarts):
        for _ in range(data.draw(st.integers(1, STEPS))):
            await walk.step()
        await walk.restart()
    await walk.centre.stop()
