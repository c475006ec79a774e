"""The door of people."""

from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import NotFound
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.identity.facade import Identity
from careline.modules.directory.identity.views import AgentRef
from careline.modules.directory.people.rules import endpoint_name
from careline.modules.directory.people.service import PeopleService
from careline.modules.directory.people.views import AgentChange, AgentView, NewAgent, SkillView


class People:
    """Who answers customers, what they can do and how much at once. Also identity's ``AgentDirectory``."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._service = PeopleService(database, identity)

    async def agent(self, tenant_id: TenantId, agent_id: UUID) -> AgentView:
        """One agent. Raises ``NotFound`` ("agent-not-found")."""
        found = await self._service.agents(tenant_id, agent_id)
        if not found:
            raise NotFound("agent-not-found")
        return found[0]

    async def agents(self, tenant_id: TenantId) -> list[AgentView]:
        """The tenant's agents, by number."""
        return await self._service.agents(tenant_id)

    async def agent_of(self, tenant_id: TenantId, user_id: UUID) -> AgentRef | None:
        """The agent that this user is; None when the user answers no customers."""
        found = await self._service.agents(tenant_id, user_id)
        return AgentRef(id=found[0].id, number=found[0].number) if found and found[0].active else None

    async def by_endpoint(self, endpoint: str) -> tuple[TenantId, UUID] | None:
        """Whose a voice endpoint is: tenant and agent; None when it is nobody's."""
        return await self._service.by_endpoint(endpoint)

    @staticmethod
    def agent_endpoint(tenant_code: str, number: str) -> str:
        """The name of an agent's voice endpoint: ``agent-demo-8021``."""
        return endpoint_name(tenant_code, number)

    async def skills(self, tenant_id: TenantId) -> list[SkillView]:
        """The tenant's skills, by code."""
        return await self._service.skills(tenant_id)

    async def add_skill(self, actor: Actor, code: str, name: str) -> SkillView:
        """Make a skill."""
        return await self._service.add_skill(actor, code, name)

    async def rename_skill(self, actor: Actor, code: str, name: str) -> SkillView:
        """Call a skill something else; its code stays. Raises ``NotFound`` ("skill-not-found")."""
        return await self._service.rename_skill(actor, code, name)

    async def hold_skills(self, tx: Transaction) -> set[str]:
        """The codes of all skills, none of which is taken away until the caller's transaction ends."""
        return await self._service.hold_skills(tx)

    async def hold_skill(self, tx: Transaction, code: str) -> None:
        """Nobody comes to need a skill until the caller's transaction ends. Raises ``skill-not-found``."""
        await self._service.hold_skill(tx, code)

    async def remove_skill(self, tx: Transaction, actor: Actor, code: str) -> None:
        """Take a skill from the tenant and from all agents. The caller knows that nothing asks for it any more."""
        await self._service.remove_skill(tx, actor, code)

    async def appoint(self, actor: Actor, new: NewAgent) -> AgentView:
        """Make a user an agent."""
        return await self._service.appoint(actor, new)

    async def change(self, actor: Actor, agent_id: UUID, change: AgentChange) -> AgentView:
        """Give an agent other skills, capacity or activity."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await self._service.change(tx, actor, agent_id, change)
        return await self.agent(actor.tenant_id, agent_id)

    async def set_agent(self, tx: Transaction, actor: Actor, agent_id: UUID, change: AgentChange) -> None:
        """The same as part of the caller's transaction."""
        await self._service.change(tx, actor, agent_id, change)
