"""HTTP of the studio: read, draft, check, publish, roll back, take out and bring in."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from careline.infra.http import public, requires
from careline.kernel.tenancy import Actor
from careline.modules.contact.flows.schemas.studio import (
    ChatOpeningShown,
    Definitions,
    DifferenceShown,
    Draft,
    DraftSaved,
    FlowDetail,
    FlowFile,
    FlowList,
    FlowSummary,
    NewFlow,
    Publication,
    Published,
    Publishing,
    RollBack,
    TenantCode,
    Verdict,
    Version,
    VersionList,
)
from careline.modules.contact.flows.services.opening import Opening
from careline.modules.contact.flows.services.studio import Studio
from careline.modules.contact.flows.services.versions import Versions

Reader = Annotated[Actor, requires("flow:read")]
Manager = Annotated[Actor, requires("flow:manage")]


def build_router(studio: Studio, versions: Versions, opening: Opening) -> APIRouter:
    """For administrators; and for customers, whether somebody is there."""
    router = APIRouter(tags=["flows"])
    _add_reading(router, studio, versions)
    _add_writing(router, studio)
    _add_files(router, studio, versions)

    @router.get("/visitor/opening", dependencies=[public()])
    async def chat_opening(tenant: Annotated[TenantCode, Query()]) -> ChatOpeningShown:
        """Whether people serve chats now, and when they do next, for a page that nobody has entered yet."""
        return ChatOpeningShown.model_validate(await opening.of_chats(tenant))

    return router


def _add_reading(router: APIRouter, studio: Studio, versions: Versions) -> None:
    @router.get("/flows")
    async def flows(actor: Reader) -> FlowList:
        """All flows, by code."""
        return FlowList(items=[FlowSummary.of(view) for view in await studio.flows(actor.tenant_id)])

    @router.get("/flows/{code}")
    async def flow(code: str, actor: Reader) -> FlowDetail:
        """One flow with its newest definition."""
        return FlowDetail.of(await studio.flow(actor.tenant_id, code))

    @router.get("/flows/{code}/versions")
    async def flow_versions(code: str, actor: Reader) -> VersionList:
        """Its versions with who changed them when, and when which was put in force, by whom and why."""
        found, published = await versions.all(actor.tenant_id, code)
        return VersionList(
            items=[Version.model_validate(one) for one in found],
            publications=[Publication.model_validate(one) for one in published],
        )

    @router.get("/flows/{code}/difference")
    async def difference(
        code: str, actor: Reader, old: Annotated[int, Query(ge=1)], new: Annotated[int, Query(ge=1)]
    ) -> DifferenceShown:
        """What is different from one version to another."""
        return DifferenceShown.of(await versions.compared(actor.tenant_id, code, old, new))

    @router.get("/flow-schema")
    async def schema(actor: Reader) -> dict[str, Any]:
        """The JSON Schema (2020-12) of a flow's definition, with every kind of step this installation knows."""
        return studio.schema()

    @router.post("/flow-check")
    async def check(wanted: Definitions, actor: Reader) -> Verdict:
        """What is wrong with a definition, which is kept nowhere."""
        return Verdict.of(await studio.check(actor.tenant_id, wanted.code, wanted.definition))


def _add_writing(router: APIRouter, studio: Studio) -> None:
    @router.post("/flows", status_code=201)
    async def make(new: NewFlow, actor: Manager) -> FlowDetail:
        """Make a flow with its first draft."""
        return FlowDetail.of(await studio.create(actor, new.code, new.name, new.definition, drawing=new.drawing))

    @router.put("/flows/{code}/draft")
    async def save_draft(code: str, draft: Draft, actor: Manager) -> DraftSaved:
        """Keep a draft; contacts go on with what is published. Refused when somebody has saved since."""
        return DraftSaved.of(
            await studio.save_draft(actor, code, draft.definition, revision=draft.revision, drawing=draft.drawing)
        )

    @router.post("/flows/{code}/publish")
    async def publish(code: str, wanted: Publishing, actor: Manager) -> Published:
        """Put the draft in force for new contacts; running ones stay on their version."""
        return Published(version=await studio.publish(actor, code, revision=wanted.revision, note=wanted.note))

    @router.post("/flows/{code}/roll-back")
    async def roll_back(code: str, wanted: RollBack, actor: Manager) -> Published:
        """Put a version in force again that was so before; drafts stay as they are."""
        return Published(version=await studio.roll_back(actor, code, wanted.version, note=wanted.note))


def _add_files(router: APIRouter, studio: Studio, versions: Versions) -> None:
    @router.get("/flows/{code}/versions/{version}")
    async def flow_file(code: str, version: int, actor: Reader) -> FlowFile:
        """One version, as it can be kept in a file and brought in elsewhere."""
        return FlowFile.of(await versions.one(actor.tenant_id, code, version))

    @router.post("/flow-files", status_code=201)
    async def bring_in(file: FlowFile, actor: Manager) -> FlowDetail:
        """Make a flow of a file that was taken out; an existing flow is changed by its draft."""
        return FlowDetail.of(await studio.create(actor, file.code, file.name, file.definition, drawing=file.drawing))
