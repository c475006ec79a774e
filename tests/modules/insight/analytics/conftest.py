"""Analytics over real routing, a real directory and a real log."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import pytest

from careline.infra.realtime.live import Live
from careline.kernel.events import Event, Recorded
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.core.routing.events import ItemQueued
from careline.modules.core.routing.views import NewItem, QueueView
from careline.modules.directory.people.views import AgentView
from careline.modules.insight.analytics import live, wiring
from careline.modules.insight.analytics.facade import Analytics
from careline.modules.insight.analytics.repository import facts
from careline.modules.insight.analytics.rules import ContactFact, Tally
from tests.support.centre import Centre, StaticPeople
from tests.support.office import Doors, Office

EVERYTHING = ("floor:view", "insight:view", "desk:use")


@dataclass
class Insight:
    """The centre, and who looks at it."""

    office: Office
    centre: Centre
    module: wiring.AnalyticsModule
    doors: Doors
    supervisor: Actor

    @property
    def analytics(self) -> Analytics:
        return self.module.facade

    @property
    def tenant_id(self) -> TenantId:
        return self.centre.tenant_id

    def queue(self, code: str) -> QueueView:
        return next(queue for queue in self.centre.routing.queues(self.tenant_id) if queue.code == code)

    def actor_of(self, agent: AgentView) -> Actor:
        return Actor(
            tenant_id=self.tenant_id, kind=self.supervisor.kind, id=agent.id, permissions=frozenset({"desk:use"})
        )

    async def tell(self, event: Event, subject: UUID, tenant_id: TenantId | None = None) -> None:
        """Write a fact into the log, as its module would."""
        async with self.office.database.transaction(tenant_id or self.tenant_id) as tx:
            tx.emit(event, subject=subject)

    async def take(self, item: NewItem, agent: AgentView) -> None:
        """The agent accepts what is offered."""
        offer = self.centre.offer_of(item)
        await self.centre.routing.accept(self.tenant_id, offer.offer_id, agent_id=agent.id, token=None)
        await self.centre.settled()

    async def finish(self, item: NewItem, agent: AgentView, *, contact_s: float, acw_s: float) -> None:
        """Talk, end, wrap up."""
        self.centre.clock.advance(contact_s)
        await self.centre.routing.finish(self.tenant_id, item.interaction_id)
        self.centre.clock.advance(acw_s)
        await self.centre.routing.wrapped_up(self.tenant_id, item.interaction_id, agent_id=agent.id)
        await self.centre.settled()

    async def figures(self) -> dict[str, tuple[float | None, int]]:
        """Value and n of every figure of now."""
        await self.analytics.catch_up()
        floor = await self.analytics.floor(self.tenant_id)
        return {figure.code.value: (figure.value, figure.n) for figure in floor.figures}

    async def listed(self, code: str, window: str, *, limit: int = 3) -> list[dict[str, Any]]:
        """Every event of a figure, page by page, over HTTP."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            path = f"/insight/figures/{code}/events"
            answer = await self.doors.get(self.supervisor, path, window=window, after=after, limit=limit)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["items"]
            if page["next"] is None:
                return found
            after = page["next"]

    async def rows(self, tenant_id: TenantId | None = None) -> tuple[dict[UUID, ContactFact], list[Any], Any]:
        """Everything that the projection keeps of a tenant; slots in which nothing is left are as none."""
        where = tenant_id or self.tenant_id
        async with self.office.database.reading(where) as reading:
            slots = await facts.slots(reading, where)
            kept = {slot: tally for slot, tally in slots.items() if tally != Tally()}
            return await facts.contact_facts(reading, where), await facts.ratings(reading, where), kept

    async def log(self) -> list[Recorded]:
        return await self.office.log(self.tenant_id)


EVERY_S = 0.1
"""How often the floor is told here: as the product, but five times as often."""


@pytest.fixture
async def insight(office: Office, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Insight]:
    monkeypatch.setattr(live, "EVERY_S", EVERY_S)
    people = StaticPeople()
    for number in ("8021", "8022"):
        people.add(number)
    centre = Centre(office.database, office.clock, people, office.tenant.id)
    below = wiring.Below(identity=office.identity, people=cast(Any, people), routing=centre.routing)
    module = wiring.build(office.database, centre.bus, Live(centre.bus, office.hub), office.clock, below)
    await centre.start()
    await module.start()
    async with office.doors(module.router()) as doors:
        yield Insight(office, centre, module, doors, await office.staff(*EVERYTHING))
    await module.stop()
    await centre.stop()


def queued(events: list[Recorded]) -> list[ItemQueued]:
    return [one.event for one in events if isinstance(one.event, ItemQueued)]
