"""What an administrator sets of agents: capacity, skills, queues, desk. People owns agents, routing where they sit."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.paging import Page, checked_limit
from careline.kernel.tenancy import Actor
from careline.modules.core.routing import repository
from careline.modules.core.routing.repository import Seat
from careline.modules.core.routing.views import AgentInFull, AgentSettings
from careline.modules.directory.people.facade import People
from careline.modules.directory.people.views import AgentChange, AgentView, NewAgent

MOST_AT_ONCE = 500
"""Agents whose levels are changed in one go."""


class Staff:
    """Agents as they are set."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def agents(
        self, actor: Actor, *, query: str | None, skill: str | None, after: str | None, limit: int
    ) -> Page[AgentInFull]:
        """Agents by number, those with the words in number or name, or with a skill; ``after`` is a number."""
        checked_limit(limit)
        words = (query or "").strip().casefold()
        found = [
            agent
            for agent in await self._people.agents(actor.tenant_id)
            if words in f"{agent.number} {agent.display_name}".casefold()
            and (skill is None or skill in dict(agent.skills))
            and (after is None or agent.number > after)
        ]
        async with self._database.reading(actor.tenant_id) as reading:
            seats = await repository.seats(reading)
        items = [_in_full(agent, seats) for agent in found[:limit]]
        return Page(items=items, next=items[-1].number if len(found) > limit else None)

    async def agent(self, actor: Actor, agent_id: UUID) -> AgentInFull:
        """One agent. Raises ``NotFound`` ("agent-not-found")."""
        found = await self._people.agent(actor.tenant_id, agent_id)
        async with self._database.reading(actor.tenant_id) as reading:
            return _in_full(found, await repository.seats(reading, agent_id))

    async def appoint(self, actor: Actor, user_id: UUID, number: str, settings: AgentSettings) -> AgentInFull:
        """Make a user an agent with a number of their own, then seat them."""
        async with self._database.reading(actor.tenant_id) as reading:
            await _check_seat(reading, settings)
        new = NewAgent(user_id=user_id, number=number, capacity=settings.capacity, skills=settings.skills)
        await self._people.appoint(actor, new)
        if settings.desk_id is None and settings.queues is None and settings.active:
            return await self.agent(actor, user_id)
        return await self.change(actor, user_id, settings)

    async def change(self, actor: Actor, agent_id: UUID, settings: AgentSettings) -> AgentInFull:
        """Set an agent anew. Raises ``Conflict`` ("settings-changed") for an older ``version``."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if settings.desk_id is not None and not await repository.hold_desk(tx, settings.desk_id, to_remove=False):
                raise Invalid("desk-unknown", field="desk_id")
            await _check_seat(tx, settings)
            await self._set(tx, actor, agent_id, settings, active=settings.active)
        return await self.agent(actor, agent_id)

    async def change_levels(
        self, actor: Actor, changes: Sequence[tuple[UUID, int, Mapping[str, int]]]
    ) -> list[AgentInFull]:
        """Give several agents other levels at once: all of them or none.

        Each change names agent, version and the levels that are another now; level 0 takes a skill away. Raises
        ``Conflict`` ("settings-changed") when one of them is at another version.
        """
        if not 1 <= len(changes) <= MOST_AT_ONCE or len({one for one, _, _ in changes}) != len(changes):
            raise Invalid("number-out-of-range", field="changes", min=1, max=MOST_AT_ONCE)
        known = {agent.id: agent for agent in await self._people.agents(actor.tenant_id)}
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            seats = await repository.seats(tx)
            for agent_id, version, levels in sorted(changes, key=lambda one: one[0]):
                if agent_id not in known:
                    raise NotFound("agent-not-found")
                now = _in_full(known[agent_id], seats)
                if now.settings.version != version:
                    raise Conflict("settings-changed", field="version", agent=now.number)
                skills = {code: level for code, level in {**now.settings.skills, **levels}.items() if level}
                settings = msgspec.structs.replace(now.settings, skills=skills)
                # Somebody whose account sleeps is not made inactive by it: they come back as they were.
                await self._set(tx, actor, agent_id, settings, active=None)
        return [await self.agent(actor, agent_id) for agent_id, _, _ in changes]

    async def _set(
        self, tx: Transaction, actor: Actor, agent_id: UUID, settings: AgentSettings, *, active: bool | None
    ) -> None:
        # Whoever comes second with one version waits here for the first, and is refused.
        seat = Seat(desk_id=settings.desk_id, queues=settings.queues, version=settings.version + 1)
        await repository.set_seat(tx, agent_id, seat)
        change = AgentChange(capacity=settings.capacity, skills=settings.skills, active=active)
        await self._people.set_agent(tx, actor, agent_id, change)


async def _check_seat(reading: Reading, settings: AgentSettings) -> None:
    if settings.desk_id is not None and settings.desk_id not in {desk.id for desk in await repository.desks(reading)}:
        raise Invalid("desk-unknown", field="desk_id")
    if settings.queues is not None and not set(settings.queues) <= {row.id for row in await repository.queues(reading)}:
        raise Invalid("queue-unknown", field="queues")


def _in_full(agent: AgentView, seats: Mapping[UUID, Seat]) -> AgentInFull:
    seat = seats.get(agent.id, repository.USUAL_SEAT)
    return AgentInFull(
        id=agent.id,
        number=agent.number,
        display_name=agent.display_name,
        settings=AgentSettings(
            capacity=agent.capacity,
            skills=dict(agent.skills),
            queues=seat.queues,
            desk_id=seat.desk_id,
            active=agent.active,
            version=seat.version,
        ),
    )
