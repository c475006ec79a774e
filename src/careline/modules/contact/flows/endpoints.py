"""HTTP of flows: read, draft, publish."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from careline.infra.http import public, requires
from careline.kernel.tenancy import Actor
from careline.modules.contact.flows.schemas import (
    ChatOpeningShown,
    Draft,
    DraftSaved,
    FlowDetail,
    FlowList,
    FlowProblem,
    FlowSummary,
    Published,
    TenantCode,
)
from careline.modules.contact.flows.services.opening import Opening
from careline.modules.contact.flows.services.studio import Studio


def build_router(studio: Studio, opening: Opening) -> APIRouter:
    """For administrators; and for customers, whether somebody is there."""
    router = APIRouter(tags=["flows"])

    @router.get("/flows")
    async def flows(actor: Annotated[Actor, requires("flow:read")]) -> FlowList:
        """All flows, by code."""
        return FlowList(items=[FlowSummary.of(view) for view in await studio.flows(actor.tenant_id)])

    @router.get("/flows/{code}")
    async def flow(code: str, actor: Annotated[Actor, requires("flow:read")]) -> FlowDetail:
        """One flow with its newest definition."""
        view = await studio.flow(actor.tenant_id, code)
        return FlowDetail(**FlowSummary.of(view).model_dump(), definition=view.definition)

    @router.put("/flows/{code}/draft")
    async def save_draft(code: str, draft: Draft, actor: Annotated[Actor, requires("flow:manage")]) -> DraftSaved:
        """Keep a draft; contacts go on with what is published."""
        found = await studio.save_draft(actor, code, draft.definition)
        return DraftSaved(problems=[FlowProblem.of(problem) for problem in found])

    @router.post("/flows/{code}/publish")
    async def publish(code: str, actor: Annotated[Actor, requires("flow:manage")]) -> Published:
        """Put the draft in force for new contacts; running ones stay on their version."""
        return Published(version=await studio.publish(actor, code))

    @router.get("/flow-schema")
    async def schema(actor: Annotated[Actor, requires("flow:read")]) -> dict[str, Any]:
        """The JSON Schema (2020-12) of a flow's definition, with every kind of step this installation knows."""
        return studio.schema()

    @router.get("/visitor/opening", dependencies=[public()])
    async def chat_opening(tenant: Annotated[TenantCode, Query()]) -> ChatOpeningShown:
        """Whether people serve chats now, and when they do next, for a page that nobody has entered yet."""
        return ChatOpeningShown.model_validate(await opening.of_chats(tenant))

    return router
