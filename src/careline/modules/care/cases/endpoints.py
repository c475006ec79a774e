"""HTTP of cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from careline.infra.http import requires
from careline.kernel.paging import MAX_LIMIT, Page
from careline.kernel.tenancy import Actor
from careline.modules.care.cases.facade import Cases
from careline.modules.care.cases.schemas import (
    Assignee,
    AssigneeList,
    AssigneeWanted,
    Case,
    CaseList,
    CaseStateWanted,
    CaseSummary,
    CaseWanted,
    CommentWanted,
    SealedCaseList,
    SealedCaseOpening,
    SealedContentShown,
)
from careline.modules.care.cases.services.sealed import SealedCases
from careline.modules.care.cases.views import CaseState, CaseType, CaseView

Reader = Annotated[Actor, requires("case:read")]
Writer = Annotated[Actor, requires("case:write")]
Officer = Annotated[Actor, requires("case:sealed")]
After = Annotated[str | None, Query(max_length=64)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]

_AGAIN: dict[int | str, dict[str, object]] = {
    200: {"model": Case, "description": "It was opened before; this is the same case."}
}


def build_router(cases: Cases) -> APIRouter:
    """For whoever works on cases."""
    router = APIRouter(tags=["cases"])

    @router.post("/cases", status_code=201, responses=_AGAIN)
    async def open_case(wanted: CaseWanted, actor: Writer, response: Response) -> Case:
        """Open a case."""
        opened = await cases.open(actor, wanted.new())
        if opened.again:
            response.status_code = 200
        return Case.of(await cases.opened(actor, opened.case_id))

    @router.get("/cases")
    async def list_cases(
        actor: Reader,
        state: Annotated[list[CaseState] | None, Query()] = None,
        kinds: Annotated[list[CaseType] | None, Query(alias="type")] = None,
        assignee: Annotated[str | None, Query(max_length=64, description="me, none, or an id")] = None,
        q: Annotated[str | None, Query(max_length=400, description="Stands in title or number")] = None,
        after: After = None,
        limit: Limit = 50,
    ) -> CaseList:
        """Cases, the newest first. ``state`` and ``type`` may be given more than once."""
        page = await cases.cases(
            actor, states=state or (), types=kinds or (), assignee=assignee, query=q, after=after, limit=limit
        )
        return _list(page)

    @router.get("/cases/{case_id}")
    async def case(case_id: UUID, actor: Reader) -> Case:
        """A case with all that was done."""
        return Case.of(await cases.case(actor, case_id))

    _add_changes(router, cases)

    _add_lists(router, cases)
    return router


def _add_lists(router: APIRouter, cases: Cases) -> None:
    @router.get("/customers/{customer_id}/cases")
    async def of_customer(customer_id: UUID, actor: Reader, after: After = None, limit: Limit = 50) -> CaseList:
        """One customer's cases, the newest first."""
        return _list(await cases.of_customer(actor, customer_id, after=after, limit=limit))

    @router.get("/interactions/{interaction_id}/cases")
    async def of_interaction(interaction_id: UUID, actor: Reader, after: After = None, limit: Limit = 50) -> CaseList:
        """The cases made out of one contact, also of a caller whom nobody knows, the newest first."""
        return _list(await cases.of_interaction(actor, interaction_id, after=after, limit=limit))

    @router.get("/assignees")
    async def assignees(actor: Reader) -> AssigneeList:
        """Who may hold a case."""
        found = await cases.assignees(actor)
        return AssigneeList(items=[Assignee.model_validate(person) for person in found])


def _add_changes(router: APIRouter, cases: Cases) -> None:
    @router.post("/cases/{case_id}/assign")
    async def assign(case_id: UUID, wanted: AssigneeWanted, actor: Writer) -> Case:
        """Give it to somebody, or to nobody."""
        return Case.of(await cases.assign(actor, case_id, wanted.assignee_id, wanted.version))

    @router.post("/cases/{case_id}/state")
    async def move(case_id: UUID, wanted: CaseStateWanted, actor: Writer) -> Case:
        """Bring it into another state."""
        return Case.of(await cases.move(actor, case_id, wanted.state, wanted.version, wanted.text))

    @router.post("/cases/{case_id}/comment")
    async def comment(case_id: UUID, wanted: CommentWanted, actor: Writer) -> Case:
        """Write something about it."""
        return Case.of(await cases.comment(actor, case_id, wanted.text))


def build_sealed_router(sealed: SealedCases) -> APIRouter:
    """For the officer who answers for complaints whose customer was erased."""
    router = APIRouter(tags=["cases"])

    @router.get("/sealed-cases")
    async def sealed_cases(actor: Officer, after: After = None, limit: Limit = 50) -> SealedCaseList:
        """Complaints that are kept sealed, the newest first, with the day on which each goes."""
        return SealedCaseList.model_validate(await sealed.page(actor, after=after, limit=limit))

    @router.post("/sealed-cases/{case_id}/open")
    async def open_sealed_case(case_id: UUID, wanted: SealedCaseOpening, actor: Officer) -> SealedContentShown:
        """What one said. Who opened it, why and for which letter or file stands in the audit."""
        return SealedContentShown.model_validate(await sealed.open(actor, case_id, wanted.why, wanted.reference))

    return router


def _list(page: Page[CaseView]) -> CaseList:
    return CaseList(items=[CaseSummary.of_view(view) for view in page.items], next=page.next)
