"""HTTP of routing: an agent's own state."""

from typing import Annotated

from fastapi import APIRouter

from careline.infra.http import requires
from careline.kernel.errors import NotFound
from careline.kernel.tenancy import Actor
from careline.modules.core.routing.schemas import AgentState, StateWanted
from careline.modules.core.routing.services.agents import Agents


def build_router(agents: Agents) -> APIRouter:
    """For agents."""
    router = APIRouter(tags=["routing"])

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

    return router
