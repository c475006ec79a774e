"""HTTP of requests about one's own data."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.directory.privacy.facade import Privacy
from careline.modules.directory.privacy.schemas import (
    DataKept,
    DataRequest,
    DataRequestDetail,
    DataRequestList,
    DataRequestRules,
    DataRequestWanted,
    Decided,
    Refused,
)
from careline.modules.directory.privacy.states import RequestState
from careline.modules.directory.privacy.views import RequestKind

Reader = Annotated[Actor, requires("data-request:read")]
Writer = Annotated[Actor, requires("data-request:write")]
Decider = Annotated[Actor, requires("data-request:decide")]
Taker = Annotated[Actor, requires("data-request:download")]


def build_router(privacy: Privacy) -> APIRouter:
    """For who serves the customers that ask, and who decides."""
    router = APIRouter(tags=["privacy"])
    _add_looking(router, privacy)
    _add_deciding(router, privacy)
    _add_rules(router, privacy)
    return router


def _add_looking(router: APIRouter, privacy: Privacy) -> None:
    @router.get("/data-requests")
    async def data_requests(
        actor: Reader,
        kind: RequestKind | None = None,
        state: Annotated[list[RequestState] | None, Query(max_length=6)] = None,
        customer_id: UUID | None = None,
        stuck: bool = False,
        after: Annotated[str | None, Query(max_length=60)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> DataRequestList:
        """Requests, the newest first; with ``stuck``, those that fail again and again."""
        page = await privacy.page(
            actor, kind=kind, states=state or (), customer_id=customer_id, stuck=stuck, after=after, limit=limit
        )
        return DataRequestList(items=[DataRequest.of(one, actor.id) for one in page.items], next=page.next)

    @router.get("/data-requests/{data_request_id}")
    async def data_request(data_request_id: UUID, actor: Reader) -> DataRequestDetail:
        """One request: what was done for it, and what stands against it while it waits."""
        return DataRequestDetail.of(await privacy.one(actor, data_request_id), actor.id)


def _add_deciding(router: APIRouter, privacy: Privacy) -> None:
    @router.post("/customers/{customer_id}/data-requests", status_code=201)
    async def ask_for_data(customer_id: UUID, wanted: DataRequestWanted, actor: Writer) -> DataRequestDetail:
        """Write down that a customer wants a copy of their data, or its erasure, and how they were identified."""
        shown = await privacy.ask(actor, wanted.kind, customer_id, wanted.assurance, wanted.interaction_id)
        return DataRequestDetail.of(shown, actor.id)

    @router.post("/data-requests/{data_request_id}/approve")
    async def approve_data_request(data_request_id: UUID, decided: Decided, actor: Decider) -> DataRequestDetail:
        """Have an erasure carried out, which cannot be undone, or a copy made. Who asked for it does not approve it."""
        return DataRequestDetail.of(await privacy.approve(actor, data_request_id, decided.version), actor.id)

    @router.post("/data-requests/{data_request_id}/refuse")
    async def refuse_data_request(data_request_id: UUID, refused: Refused, actor: Decider) -> DataRequestDetail:
        """Say no to what waits, with the reason that the customer is told."""
        shown = await privacy.refuse(actor, data_request_id, refused.version, refused.why)
        return DataRequestDetail.of(shown, actor.id)

    @router.get("/data-requests/{data_request_id}/file", response_class=StreamingResponse)
    async def data_copy(data_request_id: UUID, actor: Taker) -> StreamingResponse:
        """The copy, a ZIP of JSON and files. That it is taken stands in the audit; there are so many a day to take."""
        copy, content = await privacy.copy(actor, data_request_id)
        headers = {
            "Cache-Control": "no-store",
            "Content-Length": str(copy.size),
            "Content-Disposition": f'attachment; filename="data-{data_request_id}.zip"',
            "X-Content-Type-Options": "nosniff",
        }
        return StreamingResponse(content, media_type="application/zip", headers=headers)


def _add_rules(router: APIRouter, privacy: Privacy) -> None:
    @router.get("/data-request-rules")
    async def data_request_rules(actor: Reader) -> DataRequestRules:
        """How many days there are for an answer and for what must be kept, and how copies are handed out."""
        return DataRequestRules.model_validate(await privacy.rules(actor.tenant_id))

    @router.put("/data-request-rules")
    async def set_data_request_rules(rules: DataRequestRules, actor: Decider) -> DataRequestRules:
        """Set them; of two who change them at once the second is told."""
        return DataRequestRules.model_validate(await privacy.set_rules(actor, rules.wanted()))

    @router.get("/data-kept")
    async def data_kept(actor: Reader) -> DataKept:
        """What is kept of people, by who keeps it, and what an erasure does with each."""
        return DataKept.of(privacy.categories())
