"""HTTP of routing: an agent's own state, and what administrators set."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from careline.infra.http import requires, signed_in
from careline.kernel.errors import NotFound
from careline.kernel.ids import new_id
from careline.kernel.paging import MAX_LIMIT
from careline.kernel.tenancy import Actor
from careline.modules.core.routing.schemas import (
    AgentChangeWanted,
    AgentList,
    AgentSettingsShown,
    AgentState,
    DeskChangeWanted,
    DeskList,
    DeskShown,
    DeskWanted,
    LevelsWanted,
    MediaRulesShown,
    MediaRulesWanted,
    NewAgentWanted,
    NewQueueWanted,
    NewSkillWanted,
    QueueChangeWanted,
    QueueList,
    QueueSettingsShown,
    ReasonsShown,
    ReasonsWanted,
    SkillList,
    SkillShown,
    SkillWanted,
    StateWanted,
)
from careline.modules.core.routing.services.agents import Agents
from careline.modules.core.routing.services.desks import Desks
from careline.modules.core.routing.services.queue_settings import QueueKeeper
from careline.modules.core.routing.services.skills import Skills
from careline.modules.core.routing.services.staff import Staff
from careline.modules.core.routing.views import Reason

Administrator = Annotated[Actor, requires("routing:manage")]
After = Annotated[str | None, Query(max_length=64)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
SkillCode = Annotated[str, Path(max_length=80)]
Words = Annotated[str | None, Query(max_length=400, description="Stands in code or name")]


def build_router(agents: Agents, keeper: QueueKeeper, skills: Skills, staff: Staff, desks: Desks) -> APIRouter:
    """For agents, and for who sets up their work."""
    router = APIRouter(tags=["routing"])
    _add_states(router, agents)
    _add_queues(router, keeper)
    _add_skills(router, skills)
    _add_agents(router, staff)
    _add_desks(router, desks)
    _add_reasons(router, desks)
    _add_media_rules(router, desks)
    return router


def _add_states(router: APIRouter, agents: Agents) -> None:
    @router.get("/agent-state")
    async def agent_state(actor: Annotated[Actor, requires("desk:use")]) -> AgentState:
        """My state now."""
        if actor.id is None:
            raise NotFound("agent-not-found")
        return AgentState.of(await agents.agent_state(actor.tenant_id, actor.id))

    @router.put("/agent-state")
    async def choose(wanted: StateWanted, actor: Annotated[Actor, requires("desk:use")]) -> AgentState:
        """Say whether I take work. Ready also ends being set aside."""
        if actor.id is None:
            raise NotFound("agent-not-found")
        return AgentState.of(await agents.choose(actor.tenant_id, actor.id, wanted.chosen, wanted.reason))


def _add_queues(router: APIRouter, keeper: QueueKeeper) -> None:
    @router.get("/queues")
    async def queues(actor: Administrator, q: Words = None) -> QueueList:
        """The queues as they are set, by code."""
        return QueueList(items=[QueueSettingsShown.of(queue) for queue in await keeper.queues(actor, q)])

    @router.post("/queues", status_code=201)
    async def make_queue(wanted: NewQueueWanted, actor: Administrator) -> QueueSettingsShown:
        """Make a queue. It takes work as soon as a flow names it."""
        return QueueSettingsShown.of(await keeper.make(actor, wanted.settings(wanted.code, 0)))

    @router.get("/queues/{queue_id}")
    async def queue(queue_id: UUID, actor: Administrator) -> QueueSettingsShown:
        """One queue as it is set."""
        return QueueSettingsShown.of(await keeper.queue(actor, queue_id))

    @router.put("/queues/{queue_id}")
    async def change_queue(queue_id: UUID, wanted: QueueChangeWanted, actor: Administrator) -> QueueSettingsShown:
        """Set a queue anew, in force at once. What is offered or in hand stays so; what waits is matched anew."""
        return QueueSettingsShown.of(await keeper.change(actor, queue_id, wanted.settings("", wanted.version)))


def _add_skills(router: APIRouter, skills: Skills) -> None:
    @router.get("/skills")
    async def list_skills(actor: Administrator) -> SkillList:
        """What agents of this centre can do, by code."""
        return SkillList(items=[SkillShown.model_validate(skill) for skill in await skills.skills(actor)])

    @router.post("/skills", status_code=201)
    async def make_skill(wanted: NewSkillWanted, actor: Administrator) -> SkillShown:
        """Make a skill."""
        return SkillShown.model_validate(await skills.make(actor, wanted.code, wanted.name))

    @router.put("/skills/{code}")
    async def rename_skill(code: SkillCode, wanted: SkillWanted, actor: Administrator) -> SkillShown:
        """Call a skill something else; its code stays."""
        return SkillShown.model_validate(await skills.rename(actor, code, wanted.name))

    @router.delete("/skills/{code}", status_code=204)
    async def remove_skill(code: SkillCode, actor: Administrator) -> None:
        """Take a skill away, from all agents too. Refused while a queue asks for it."""
        await skills.remove(actor, code)


def _add_agents(router: APIRouter, staff: Staff) -> None:
    @router.get("/agents")
    async def agents(
        actor: Administrator,
        q: Annotated[str | None, Query(max_length=400, description="Stands in number or name")] = None,
        skill: Annotated[str | None, Query(max_length=80)] = None,
        after: After = None,
        limit: Limit = 50,
    ) -> AgentList:
        """Agents as they are set, by number."""
        page = await staff.agents(actor, query=q, skill=skill, after=after, limit=limit)
        return AgentList(items=[AgentSettingsShown.of(agent) for agent in page.items], next=page.next)

    @router.post("/agents", status_code=201)
    async def appoint(wanted: NewAgentWanted, actor: Administrator) -> AgentSettingsShown:
        """Make a user an agent."""
        return AgentSettingsShown.of(await staff.appoint(actor, wanted.user_id, wanted.number, wanted.settings(1)))

    @router.get("/agents/{agent_id}")
    async def agent(agent_id: UUID, actor: Administrator) -> AgentSettingsShown:
        """One agent as they are set."""
        return AgentSettingsShown.of(await staff.agent(actor, agent_id))

    @router.put("/agents/{agent_id}")
    async def change_agent(agent_id: UUID, wanted: AgentChangeWanted, actor: Administrator) -> AgentSettingsShown:
        """Set an agent anew, in force at once. What they have in hand stays theirs."""
        return AgentSettingsShown.of(await staff.change(actor, agent_id, wanted.settings(wanted.version)))

    @router.post("/skill-levels")
    async def change_levels(wanted: LevelsWanted, actor: Administrator) -> AgentList:
        """Give several agents other levels at once; the agents as they are then."""
        changes = [(one.agent_id, one.version, one.skills) for one in wanted.changes]
        found = await staff.change_levels(actor, changes)
        return AgentList(items=[AgentSettingsShown.of(agent) for agent in found], next=None)


def _add_desks(router: APIRouter, desks: Desks) -> None:
    @router.get("/desks")
    async def list_desks(actor: Administrator) -> DeskList:
        """The dedicated desks, by name."""
        return DeskList(items=[DeskShown.model_validate(desk) for desk in await desks.desks(actor.tenant_id)])

    @router.post("/desks", status_code=201)
    async def make_desk(wanted: DeskWanted, actor: Administrator) -> DeskShown:
        """Make a desk; agents are seated there one by one."""
        return DeskShown.model_validate(await desks.make(actor, wanted.desk(new_id(), 0)))

    @router.put("/desks/{desk_id}")
    async def change_desk(desk_id: UUID, wanted: DeskChangeWanted, actor: Administrator) -> DeskShown:
        """Keep a desk for others, from now on."""
        return DeskShown.model_validate(await desks.change(actor, wanted.desk(desk_id, wanted.version)))

    @router.delete("/desks/{desk_id}", status_code=204)
    async def remove_desk(desk_id: UUID, actor: Administrator) -> None:
        """Give a desk up. Refused while somebody sits there."""
        await desks.remove(actor, desk_id)


def _add_reasons(router: APIRouter, desks: Desks) -> None:
    @router.get("/not-ready-reasons")
    async def not_ready_reasons(actor: Annotated[Actor, signed_in()]) -> ReasonsShown:
        """Why agents of this centre may be not ready, in the order in which they choose."""
        return ReasonsShown.model_validate(await desks.reasons(actor.tenant_id))

    @router.put("/not-ready-reasons")
    async def set_not_ready_reasons(wanted: ReasonsWanted, actor: Administrator) -> ReasonsShown:
        """Replace the list, in force at once."""
        reasons = [Reason(code=one.code, name=one.name, name_en=one.name_en) for one in wanted.items]
        return ReasonsShown.model_validate(await desks.set_reasons(actor, reasons, wanted.version))


def _add_media_rules(router: APIRouter, desks: Desks) -> None:
    @router.get("/media-rules")
    async def media_rules(actor: Administrator) -> MediaRulesShown:
        """How calls, chats and left messages share an agent's attention."""
        return MediaRulesShown.model_validate(await desks.media_rules(actor.tenant_id))

    @router.put("/media-rules")
    async def set_media_rules(wanted: MediaRulesWanted, actor: Administrator) -> MediaRulesShown:
        """Let them share it otherwise, in force at once. What agents have in hand stays theirs."""
        return MediaRulesShown.model_validate(await desks.set_media_rules(actor, wanted.rules()))
