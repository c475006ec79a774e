"""The statements on people's tables."""

from collections.abc import Mapping
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.kernel.tenancy import TenantId
from careline.modules.directory.people.models import AgentRow, AgentSkillRow, SkillRow
from careline.modules.directory.people.views import SkillView


class StoredAgent(msgspec.Struct, frozen=True, kw_only=True):
    """An agent without the user's name."""

    id: UUID
    number: str
    endpoint: str
    capacity: dict[str, int]
    active: bool


async def agents(reading: Reading, agent_id: UUID | None = None) -> list[StoredAgent]:
    """The agents of the reading's tenant, or one of them, by number."""
    statement = (
        select(AgentRow.id, AgentRow.number, AgentRow.endpoint, AgentRow.capacity, AgentRow.active)
        .where(AgentRow.tenant_id == reading.tenant_id)
        .order_by(AgentRow.number)
    )
    if agent_id is not None:
        statement = statement.where(AgentRow.id == agent_id)
    return [
        StoredAgent(id=row.id, number=row.number, endpoint=row.endpoint, capacity=row.capacity, active=row.active)
        for row in (await reading.execute(statement)).all()
    ]


async def levels(reading: Reading, agent_id: UUID | None = None) -> dict[UUID, list[tuple[str, int]]]:
    """The skills of the tenant's agents, or of one of them: (code, level) by code."""
    statement = (
        select(AgentSkillRow.agent_id, AgentSkillRow.skill, AgentSkillRow.level)
        .where(AgentSkillRow.tenant_id == reading.tenant_id)
        .order_by(AgentSkillRow.agent_id, AgentSkillRow.skill)
    )
    if agent_id is not None:
        statement = statement.where(AgentSkillRow.agent_id == agent_id)
    found: dict[UUID, list[tuple[str, int]]] = {}
    for row in (await reading.execute(statement)).all():
        found.setdefault(row.agent_id, []).append((row.skill, row.level))
    return found


async def by_endpoint(reading: Reading, endpoint: str) -> tuple[TenantId, UUID] | None:
    """Whose an endpoint is, of whatever tenant: the endpoint says it."""
    statement = (
        select(AgentRow.tenant_id, AgentRow.id)  # house: allow tenant-filter – an endpoint is one in all tenants
        .where(AgentRow.endpoint == endpoint)
    )  # fmt: skip
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else (TenantId(row.tenant_id), row.id)


async def skills(reading: Reading) -> list[SkillView]:
    """The skills of the reading's tenant, by code."""
    statement = (
        select(SkillRow.code, SkillRow.name).where(SkillRow.tenant_id == reading.tenant_id).order_by(SkillRow.code)
    )
    return [SkillView(code=row.code, name=row.name) for row in (await reading.execute(statement)).all()]


async def hold_skills(tx: Transaction) -> set[str]:
    """The codes of all skills, none of which is taken away until this transaction ends."""
    statement = select(SkillRow.code).where(SkillRow.tenant_id == tx.tenant_id).order_by(SkillRow.code)
    return set((await tx.execute(statement.with_for_update(read=True))).scalars())


async def hold_skill(tx: Transaction, code: str) -> bool:
    """Whether there is a skill, which nobody can come to need until this transaction ends."""
    statement = select(SkillRow.code).where(SkillRow.tenant_id == tx.tenant_id, SkillRow.code == code)
    return (await tx.execute(statement.with_for_update())).one_or_none() is not None


async def add_skill(tx: Transaction, skill: SkillView) -> None:
    """Store a skill."""
    with conflict_when_taken("skill-exists", field="code"):
        await tx.execute(insert(SkillRow).values(tenant_id=tx.tenant_id, code=skill.code, name=skill.name))


async def rename_skill(tx: Transaction, skill: SkillView) -> bool:
    """Set a skill's name; whether there is one."""
    statement = update(SkillRow).where(SkillRow.tenant_id == tx.tenant_id, SkillRow.code == skill.code)
    return bool((await tx.execute(statement.values(name=skill.name))).rowcount)


async def remove_skill(tx: Transaction, code: str) -> bool:
    """Delete a skill and every agent's level of it; whether there was one."""
    await tx.execute(delete(AgentSkillRow).where(AgentSkillRow.tenant_id == tx.tenant_id, AgentSkillRow.skill == code))
    gone = await tx.execute(delete(SkillRow).where(SkillRow.tenant_id == tx.tenant_id, SkillRow.code == code))
    return bool(gone.rowcount)


async def add_agent(tx: Transaction, agent: StoredAgent) -> None:
    """Store an agent."""
    with conflict_when_taken("agent-number-taken", field="number"):
        await tx.execute(insert(AgentRow).values(tenant_id=tx.tenant_id, **msgspec.structs.asdict(agent)))


async def change_agent(tx: Transaction, agent_id: UUID, *, capacity: dict[str, int], active: bool) -> None:
    """Set an agent's capacity and activity."""
    statement = (
        update(AgentRow)
        .where(AgentRow.tenant_id == tx.tenant_id, AgentRow.id == agent_id)
        .values(capacity=capacity, active=active)
    )
    await tx.execute(statement)


async def replace_levels(tx: Transaction, agent_id: UUID, levels: Mapping[str, int]) -> None:
    """Let an agent have exactly these skills."""
    await tx.execute(
        delete(AgentSkillRow).where(AgentSkillRow.tenant_id == tx.tenant_id, AgentSkillRow.agent_id == agent_id)
    )
    rows = [
        {"tenant_id": tx.tenant_id, "agent_id": agent_id, "skill": code, "level": level}
        for code, level in levels.items()
    ]
    if rows:
        await tx.execute(insert(AgentSkillRow), rows)
