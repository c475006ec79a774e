"""HTTP of disposition codes: chosen at the desk, kept in the studio."""

from typing import Annotated

from fastapi import APIRouter, Path

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.rules import MAX_CODE
from careline.modules.contact.conversations.schemas.dispositions import (
    Disposition,
    DispositionChange,
    DispositionOrder,
    DispositionRetirement,
    DispositionTree,
    DispositionWanted,
    QueueName,
)
from careline.modules.contact.conversations.services.dispositions import DispositionContent, Dispositions

Agent = Annotated[Actor, requires("desk:use")]
Manager = Annotated[Actor, requires("desk:manage")]
Code = Annotated[str, Path(max_length=MAX_CODE)]


def build_dispositions_router(dispositions: Dispositions) -> APIRouter:
    """For agents and administrators."""
    router = APIRouter(tags=["dispositions"])

    @router.get("/dispositions")
    async def usable(actor: Agent) -> list[Disposition]:
        """The tree, retired codes too, since they still name what was written up with them."""
        return [Disposition.model_validate(one) for one in await dispositions.tree(actor.tenant_id)]

    @router.get("/dispositions/all")
    async def kept(actor: Manager) -> DispositionTree:
        """The tree as administrators keep it."""
        tree = await dispositions.tree(actor.tenant_id)
        queues = dispositions.queues(actor.tenant_id)
        return DispositionTree(
            items=[Disposition.model_validate(one) for one in tree],
            queues=[QueueName.model_validate(one) for one in queues],
        )

    @router.post("/dispositions", status_code=201)
    async def add(wanted: DispositionWanted, actor: Manager) -> Disposition:
        """Put one more into the tree, last among its siblings."""
        made = await dispositions.add(actor, _content(wanted), parent=wanted.parent, code=wanted.code)
        return Disposition.model_validate(made)

    @router.put("/dispositions/{code}")
    async def change(code: Code, wanted: DispositionChange, actor: Manager) -> Disposition:
        """Rename one, or say for which queues it is. Its code and place never change."""
        return Disposition.model_validate(await dispositions.change(actor, code, wanted.version, _content(wanted)))

    @router.put("/dispositions/{code}/retired")
    async def retire(code: Code, wanted: DispositionRetirement, actor: Manager) -> Disposition:
        """Take one out of use with all below it, or into it again. What was written up with it stays as it was."""
        changed = await dispositions.retire(actor, code, wanted.version, retired=wanted.retired)
        return Disposition.model_validate(changed)

    @router.put("/disposition-order", status_code=204)
    async def order(wanted: DispositionOrder, actor: Manager) -> None:
        """Put the codes below one, or the categories, into another order."""
        await dispositions.order(actor, wanted.parent, wanted.was, wanted.codes)

    return router


def _content(wanted: DispositionWanted | DispositionChange) -> DispositionContent:
    return DispositionContent(name=wanted.name, name_en=wanted.name_en, queue_ids=tuple(wanted.queue_ids))
