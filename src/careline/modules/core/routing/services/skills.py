"""The tenant's vocabulary of what agents can do, as far as queues ask for it."""

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict, NotFound
from careline.kernel.tenancy import Actor
from careline.modules.core.routing import repository
from careline.modules.core.routing.services import rebuilding
from careline.modules.core.routing.views import SkillInUse
from careline.modules.directory.people.facade import People


class Skills:
    """People owns skills; here is who asks for them."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def skills(self, actor: Actor) -> list[SkillInUse]:
        """The tenant's skills, by code."""
        known = await self._people.skills(actor.tenant_id)
        having = [code for agent in await self._people.agents(actor.tenant_id) for code, _ in agent.skills]
        async with self._database.reading(actor.tenant_id) as reading:
            queues = await repository.queues(reading)
        return [
            SkillInUse(
                code=skill.code,
                name=skill.name,
                agents=having.count(skill.code),
                queues=[row.name for row in queues if _asks_for(row, skill.code)],
            )
            for skill in known
        ]

    async def make(self, actor: Actor, code: str, name: str) -> SkillInUse:
        """Make a skill. Raises ``Invalid``, or ``Conflict`` ("skill-exists")."""
        await self._people.add_skill(actor, code, name)
        return await self._one(actor, code)

    async def rename(self, actor: Actor, code: str, name: str) -> SkillInUse:
        """Call a skill something else. Raises ``NotFound`` ("skill-not-found")."""
        await self._people.rename_skill(actor, code, name)
        return await self._one(actor, code)

    async def remove(self, actor: Actor, code: str) -> None:
        """Take a skill away. Raises ``Conflict`` ("skill-in-use") while a queue asks for it."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await self._people.hold_skill(tx, code)
            asking = [row.name for row in await repository.locked_queues(tx) if _asks_for(row, code)]
            if asking:
                raise Conflict("skill-in-use", queue=asking[0])
            await self._people.remove_skill(tx, actor, code)

    async def _one(self, actor: Actor, code: str) -> SkillInUse:
        for skill in await self.skills(actor):
            if skill.code == code:
                return skill
        raise NotFound("skill-not-found")


def _asks_for(row: repository.Record, code: str) -> bool:
    return any(skill == code for skill, _ in rebuilding.needs(row))
