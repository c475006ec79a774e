"""HTTP of analytics."""

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from careline.infra.http import requires
from careline.kernel.errors import NotFound
from careline.kernel.paging import MAX_LIMIT
from careline.kernel.tenancy import Actor
from careline.modules.insight.analytics.facade import Analytics
from careline.modules.insight.analytics.rules import TODAY
from careline.modules.insight.analytics.schemas import (
    FigureEventsShown,
    FloorShown,
    ServingShown,
    ShiftShown,
    WallShown,
)


def build_router(analytics: Analytics) -> APIRouter:
    """For supervisors, analysts, and each agent's own day."""
    router = APIRouter(tags=["insight"])

    @router.get("/floor", response_model=FloorShown)
    async def floor(actor: Annotated[Actor, requires("floor:view")]) -> Response:
        """Queues, agents and figures now."""
        # Encoded as it is told live, which for 500 agents takes a fiftieth of checking our own words once more.
        shown = msgspec.json.encode(await analytics.floor_for(actor))
        return Response(shown, media_type="application/json")

    @router.get("/floor/wall", response_model=WallShown)
    async def wall(actor: Annotated[Actor, requires("wall:view")]) -> Response:
        """Queues, counts and figures now, for a screen that many can see."""
        return Response(msgspec.json.encode(await analytics.wall(actor.tenant_id)), media_type="application/json")

    @router.get("/floor/queues/{queue_id}/agents")
    async def serving(queue_id: UUID, actor: Annotated[Actor, requires("floor:view")]) -> ServingShown:
        """Who may serve a queue."""
        return ServingShown(agents=await analytics.serving(actor, queue_id))

    @router.get("/floor/agents/{agent_id}/shift")
    async def shift(agent_id: UUID, actor: Annotated[Actor, requires("floor:view")]) -> ShiftShown:
        """An agent's day so far."""
        return ShiftShown.model_validate(await analytics.shift_on_floor(actor, agent_id))

    @router.get("/insight/my-shift")
    async def my_shift(actor: Annotated[Actor, requires("desk:use")]) -> ShiftShown:
        """My day so far."""
        if actor.id is None:
            raise NotFound("agent-not-found")
        return ShiftShown.model_validate(await analytics.shift(actor.tenant_id, actor.id))

    @router.get("/insight/figures/{code}/events")
    async def figure_events(
        actor: Annotated[Actor, requires("insight:view")],
        code: Annotated[str, Path(max_length=60)],
        window: Annotated[str, Query(max_length=20, description="now for what is live, else today")] = TODAY,
        after: Annotated[str | None, Query(max_length=20)] = None,
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 100,
    ) -> FigureEventsShown:
        """The very events that a figure was worked out from, in the order of the log."""
        found = await analytics.figure_events(actor.tenant_id, code, window=window, after=after, limit=limit)
        return FigureEventsShown.model_validate(found)

    return router
