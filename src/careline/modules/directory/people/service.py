"""Decisions on agents."""

from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.people import repository, rules
from careline.modules.directory.people.events import AgentChanged, SkillAdded, SkillChanged
from careline.modules.directory.people.repository import StoredAgent
from careline.modules.directory.people.views import AgentChange, AgentView, NewAgent, SkillView


class PeopleService:
    """Use cases on agents and skills. Names come from identity."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity

    async def agents(self, tenant_id: TenantId, agent_id: UUID | None = None) -> list[AgentView]:
        """The tenant's agents, or one of them, by number."""
        look = self._database.reading if agent_id is None else self._database.glance
        async with look(tenant_id) as reading:
            stored = await repository.agents(reading, agent_id)
            levels = await repository.levels(reading, agent_id)
        users = await self._identity.users(tenant_id, [agent.id for agent in stored])
        return [
            AgentView(
                id=agent.id,
                number=agent.number,
                display_name=users[agent.id].display_name,
                endpoint=agent.endpoint,
                capacity=agent.capacity,
                skills=levels.get(agent.id, []),
                active=agent.active and users[agent.id].active,
            )
            for agent in stored
        ]

    async def by_endpoint(self, endpoint: str) -> tuple[TenantId, UUID] | None:
        """Whose an endpoint is."""
        async with self._database.system_glance() as reading:
            return await repository.by_endpoint(reading, endpoint)

    async def skills(self, tenant_id: TenantId) -> list[SkillView]:
        """The tenant's skills, by code."""
        async with self._database.reading(tenant_id) as reading:
            return await repository.skills(reading)

    async def add_skill(self, actor: Actor, code: str, name: str) -> SkillView:
        """Make a skill."""
        skill = SkillView(code=rules.checked_skill_code(code), name=checked_text(name, field="name", max_length=60))
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if any(known.code == code for known in await repository.skills(tx)):
                raise Conflict("skill-exists", field="code")
            await repository.add_skill(tx, skill)
            tx.emit(SkillAdded(code=skill.code), subject=actor.tenant_id)
            await self._identity.audit(tx, actor, "skill.created", code)
        return skill

    async def rename_skill(self, actor: Actor, code: str, name: str) -> SkillView:
        """Call a skill something else."""
        skill = SkillView(code=code, name=checked_text(name, field="name", max_length=60))
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if not await repository.rename_skill(tx, skill):
                raise NotFound("skill-not-found")
            tx.emit(SkillChanged(code=code), subject=actor.tenant_id)
            await self._identity.audit(tx, actor, "skill.changed", code)
        return skill

    async def hold_skills(self, tx: Transaction) -> set[str]:
        """The codes of all skills, none of which goes until this transaction ends."""
        return await repository.hold_skills(tx)

    async def hold_skill(self, tx: Transaction, code: str) -> None:
        """Nobody comes to need this skill until this transaction ends. Raises ``NotFound`` ("skill-not-found")."""
        if not await repository.hold_skill(tx, code):
            raise NotFound("skill-not-found")

    async def remove_skill(self, tx: Transaction, actor: Actor, code: str) -> None:
        """Take a skill from the tenant and its agents."""
        if not await repository.remove_skill(tx, code):
            raise NotFound("skill-not-found")
        tx.emit(SkillChanged(code=code), subject=actor.tenant_id)
        await self._identity.audit(tx, actor, "skill.removed", code)

    async def appoint(self, actor: Actor, new: NewAgent) -> AgentView:
        """Make a user an agent. Raises ``Conflict`` when the user is one or the number is another's."""
        number = rules.checked_number(new.number)
        levels = rules.checked_levels(new.skills)
        tenant = await self._identity.tenant(actor.tenant_id)
        if await self._identity.user(actor.tenant_id, new.user_id) is None:
            raise NotFound("user-not-found")
        agent = StoredAgent(
            id=new.user_id,
            number=number,
            endpoint=rules.endpoint_name(tenant.code, number),
            capacity=rules.checked_capacity(new.capacity),
            active=True,
        )
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            known = await repository.agents(tx)
            if any(one.id == agent.id for one in known):
                raise Conflict("agent-exists", field="user_id")
            if any(one.number == number for one in known):
                raise Conflict("agent-number-taken", field="number")
            await self._check_skills(tx, levels)
            await repository.add_agent(tx, agent)
            await repository.replace_levels(tx, agent.id, levels)
            await self._tell(tx, actor, agent.id, "agent.appointed")
        return (await self.agents(actor.tenant_id, new.user_id))[0]

    async def change(self, tx: Transaction, actor: Actor, agent_id: UUID, change: AgentChange) -> None:
        """Give an agent other skills, capacity or activity."""
        capacity = rules.checked_capacity(change.capacity)
        levels = rules.checked_levels(change.skills)
        stored = await repository.agents(tx, agent_id)
        if not stored:
            raise NotFound("agent-not-found")
        await self._check_skills(tx, levels)
        active = stored[0].active if change.active is None else change.active
        await repository.change_agent(tx, agent_id, capacity=capacity, active=active)
        await repository.replace_levels(tx, agent_id, levels)
        await self._tell(tx, actor, agent_id, "agent.changed")

    async def _check_skills(self, tx: Transaction, levels: dict[str, int]) -> None:
        if levels and not levels.keys() <= await repository.hold_skills(tx):
            raise Invalid("skill-unknown", field="skills")

    async def _tell(self, tx: Transaction, actor: Actor, agent_id: UUID, action: str) -> None:
        tx.emit(AgentChanged(agent_id=agent_id), subject=agent_id)
        await self._identity.audit(tx, actor, action, agent_id)
