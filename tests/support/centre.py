"""A small centre for tests: one tenant, some agents, two queues, and routing over a real database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from careline.infra.bus.bus import EventBus
from careline.infra.database.database import Database
from careline.kernel.errors import NotFound
from careline.kernel.events import Event, Recorded
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId
from careline.modules.core.hours.views import CalendarView
from careline.modules.core.routing import events
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.services.agents import Agents
from careline.modules.core.routing.services.items import Items
from careline.modules.core.routing.services.shards import Shards
from careline.modules.core.routing.views import Chosen, Media, NewItem
from careline.modules.directory.people.views import AgentView, SkillView
from tests.support.clock import FakeClock

FAULTS = "faults"
TARIFF = "tariff"


@dataclass
class StaticPeople:
    """People as routing and telephony ask for them, without a directory."""

    known: list[AgentView] = field(default_factory=list)
    tenant_id: TenantId | None = None
    """Whose people they are; of the first centre that asks for them."""

    def add(self, number: str, *, skills: Sequence[tuple[str, int]] = ((FAULTS, 3), (TARIFF, 3))) -> AgentView:
        agent = AgentView(
            id=new_id(),
            number=number,
            display_name=f"坐席 {number}",
            endpoint=f"agent-test-{number}",
            capacity={"voice": 1, "chat": 3, "message": 1},
            skills=list(skills),
            active=True,
        )
        self.known.append(agent)
        return agent

    async def agents(self, tenant_id: TenantId) -> list[AgentView]:
        return list(self.known) if tenant_id == self.tenant_id else []

    async def skills(self, tenant_id: TenantId) -> list[SkillView]:
        return [SkillView(code=FAULTS, name="宽带报障"), SkillView(code=TARIFF, name="套餐与资费")]

    async def by_endpoint(self, endpoint: str) -> tuple[TenantId, UUID] | None:
        found = [agent.id for agent in self.known if agent.endpoint == endpoint]
        return None if self.tenant_id is None or not found else (self.tenant_id, found[0])

    async def agent(self, tenant_id: TenantId, agent_id: UUID) -> AgentView:
        for agent in self.known:
            if agent.id == agent_id:
                return agent
        raise NotFound("agent-not-found")


@dataclass
class StaticHours:
    """Hours as routing asks for them, without a table."""

    known: list[CalendarView] = field(default_factory=list)

    async def calendars(self, tenant_id: TenantId) -> list[CalendarView]:
        return list(self.known)


ROUTING_EVENTS: tuple[type[Event], ...] = (
    events.ItemQueued,
    events.OfferMade,
    events.OfferEnded,
    events.ItemAssigned,
    events.ItemLeft,
    events.ItemMoved,
    events.ItemFinished,
    events.ItemWrappedUp,
    events.AgentStateChanged,
)


class Centre:
    """Routing for one tenant, and everything it published, in order."""

    def __init__(self, database: Database, clock: FakeClock, people: StaticPeople, tenant_id: TenantId) -> None:
        self.database = database
        self.clock = clock
        self.people = people
        self.people.tenant_id = self.people.tenant_id or tenant_id
        self.tenant_id = tenant_id
        self.bus = EventBus(database)
        self.told: list[Event] = []
        self.hours = StaticHours()
        self.shards = Shards(database, clock, people, self.hours, new_id())  # type: ignore[arg-type]
        self.routing = Routing(self.shards, Items(self.shards), Agents(self.shards))
        self.bus.subscribe("test.hears-routing", ROUTING_EVENTS, self._hear, key=lambda *_: None, durable=False)

    async def start(self, *, make_queues: bool = True) -> "Centre":
        self.database.on_committed(self.bus.publish)
        await self.bus.start()
        if make_queues:
            async with self.database.transaction(self.tenant_id) as tx:
                await self.routing.add_queue(tx, code=FAULTS, name="宽带报障", media=list(Media), needs=[(FAULTS, 1)])
                await self.routing.add_queue(
                    tx, code=TARIFF, name="套餐与资费", media=[Media.CHAT], needs=[(TARIFF, 1)], wrap_up_seconds=30
                )
        await self.routing.open_tenant(self.tenant_id)
        return self

    async def stop(self) -> None:
        await self.routing.stop()
        await self.bus.stop()

    async def ready(self, *agents: AgentView) -> None:
        for agent in agents:
            await self.routing.choose(self.tenant_id, agent.id, Chosen.READY, None)

    async def ask(
        self, queue: str = FAULTS, media: Media = Media.CHAT, *, priority: int = 0, again: NewItem | None = None
    ) -> NewItem:
        """A customer asks for a person; ``again`` when they had one already and lost them."""
        item = NewItem(
            id=new_id(),
            interaction_id=new_id() if again is None else again.interaction_id,
            media=media,
            queue=queue,
            enqueued_at=self.clock.now(),
            priority=priority,
        )
        async with self.database.transaction(self.tenant_id) as tx:
            await self.routing.enqueue(tx, item)
        await self.settled()
        return item

    async def tick(self) -> None:
        """Let routing do what is due at the clock's time."""
        shard = await self.shards.of(self.tenant_id)
        await shard.run(shard.pass_time)
        await self.settled()

    async def settled(self) -> None:
        await self.shards.settled()
        await self.bus.settled()

    def of(self, *classes: type[Event]) -> list[Event]:
        """What was published of some classes, in order."""
        return [event for event in self.told if isinstance(event, classes)]

    def offer_of(self, item: NewItem) -> events.OfferMade:
        """The newest offer of an item."""
        made = [event for event in self.told if isinstance(event, events.OfferMade) and event.item_id == item.id]
        assert made, "the item was never offered"
        return made[-1]

    async def _hear(self, event: Event, _recorded: Recorded) -> None:
        self.told.append(event)


def without(view: msgspec.Struct, *names: str) -> dict[str, object]:
    """A record's fields but for some, to compare what must be equal."""
    return {name: value for name, value in msgspec.structs.asdict(view).items() if name not in names}
