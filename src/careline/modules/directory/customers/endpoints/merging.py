"""HTTP of merging: likely duplicates, both beside each other, and making one of two."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from careline.infra.http import requires
from careline.kernel.paging import MAX_LIMIT
from careline.kernel.tenancy import Actor
from careline.modules.directory.customers.facade import Customers
from careline.modules.directory.customers.schemas.customers import CustomerRecord
from careline.modules.directory.customers.schemas.merging import (
    CustomerPairList,
    DismissedPairList,
    DismissedPairShown,
    DuplicateList,
    MergeAsked,
    MergePreviewShown,
    PairDismissed,
)
from careline.modules.directory.customers.views import Likeness

Merger = Annotated[Actor, requires("customer:merge")]


def add_merging(router: APIRouter, customers: Customers) -> None:
    """For whoever keeps the register of customers clean."""

    @router.get("/customer-duplicates")
    async def duplicate_pairs(
        actor: Merger,
        likeness: Likeness | None = None,
        after: Annotated[str | None, Query(max_length=80)] = None,
        limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    ) -> CustomerPairList:
        """Pairs of customers who share a number, an email or an address, those with the newest customer first."""
        page = await customers.duplicate_pairs(actor.tenant_id, likeness=likeness, after=after, limit=limit)
        return CustomerPairList.model_validate(page)

    @router.get("/dismissed-pairs")
    async def dismissed_pairs(
        actor: Merger, after: UUID | None = None, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50
    ) -> DismissedPairList:
        """Pairs of whom somebody said that they are not one, the latest first."""
        found, following = await customers.dismissing.listed(actor.tenant_id, after=after, limit=limit)
        items = [DismissedPairShown.model_validate(one) for one in found]
        return DismissedPairList(items=items, next=None if following is None else str(following))

    @router.post("/dismissed-pairs", status_code=204)
    async def dismiss_pair(pair: PairDismissed, actor: Merger) -> None:
        """These two are not one: they are asked about no more until what they share has changed."""
        await customers.dismissing.dismiss(actor, pair.customer_id, pair.other_id)

    @router.delete("/dismissed-pairs/{customer_id}/{other_id}", status_code=204)
    async def restore_pair(customer_id: UUID, other_id: UUID, actor: Merger) -> None:
        """Ask about them again."""
        await customers.dismissing.restore(actor, customer_id, other_id)

    @router.get("/customers/{customer_id}/duplicates")
    async def duplicates(customer_id: UUID, actor: Merger) -> DuplicateList:
        """Customers who may be the same as this one, the likeliest first; ``more`` when there are others, less like."""
        return DuplicateList.model_validate(await customers.duplicates(actor.tenant_id, customer_id))

    @router.get("/customers/{customer_id}/merge")
    async def merge_preview(
        customer_id: UUID, actor: Merger, absorbed_id: Annotated[UUID, Query()]
    ) -> MergePreviewShown:
        """Both customers and what a merge would make of them; that they were looked into stands in the audit."""
        return MergePreviewShown.model_validate(await customers.merge_preview(actor, customer_id, absorbed_id))

    @router.post("/customers/{customer_id}/merge")
    async def merge(customer_id: UUID, asked: MergeAsked, actor: Merger) -> CustomerRecord:
        """Let another customer be this one, in every module. The old id leads here. It cannot be undone."""
        return CustomerRecord.of(await customers.merge(actor, customer_id, asked.wanted()))
