"""HTTP of the letterbox."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from careline.infra.http import Visitor, requires, visitor
from careline.kernel.tenancy import Actor
from careline.modules.care.letterbox.facade import Letterbox
from careline.modules.care.letterbox.schemas import (
    LeftMessage,
    LeftMessageReceipt,
    LeftMessageWanted,
    PutOffWanted,
    ReachRevealed,
)

_AGAIN: dict[int | str, dict[str, object]] = {
    200: {"model": LeftMessageReceipt, "description": "It was stored before; this is the same message."}
}


def build_router(letterbox: Letterbox) -> APIRouter:
    """For customers, and for whoever works on cases."""
    router = APIRouter(tags=["letterbox"])

    @router.post("/visitor/left-messages", status_code=201, responses=_AGAIN)
    async def leave(
        wanted: LeftMessageWanted, who: Annotated[Visitor, visitor()], response: Response
    ) -> LeftMessageReceipt:
        """Leave a message in a contact of mine that asked for one. It is durable when this answers."""
        receipt = await letterbox.leave(who, wanted.wanted())
        if receipt.again:
            response.status_code = 200
        return LeftMessageReceipt.model_validate(receipt)

    @router.get("/cases/{case_id}/left-message")
    async def of_case(case_id: UUID, actor: Annotated[Actor, requires("case:read")]) -> LeftMessage | None:
        """The message that became this case; null when none did."""
        found = await letterbox.of_case(actor, case_id)
        return None if found is None else LeftMessage.model_validate(found)

    @router.post("/cases/{case_id}/left-message/reveal")
    async def reveal(case_id: UUID, actor: Annotated[Actor, requires("customer:reveal")]) -> ReachRevealed:
        """How to reach who left it, in full; this is audited."""
        return ReachRevealed(value=await letterbox.reveal(actor, case_id))

    @router.get("/interactions/{interaction_id}/left-message")
    async def of_contact(interaction_id: UUID, actor: Annotated[Actor, requires("desk:use")]) -> LeftMessage | None:
        """The message that is to be answered in a contact which is offered to me, or which I have; null of others."""
        found = await letterbox.of_contact(actor, interaction_id)
        return None if found is None else LeftMessage.model_validate(found)

    @router.post("/interactions/{interaction_id}/left-message/put-off", status_code=204)
    async def put_off(
        interaction_id: UUID, wanted: PutOffWanted, actor: Annotated[Actor, requires("desk:use")]
    ) -> None:
        """Put the message that I have in hand off to a time. It is offered to me first then, and to others after me."""
        await letterbox.put_off(actor, interaction_id, wanted.until, wanted.because)

    @router.post("/interactions/{interaction_id}/left-message/reveal")
    async def reveal_in(interaction_id: UUID, actor: Annotated[Actor, requires("customer:reveal")]) -> ReachRevealed:
        """How to reach who left it, in full, for who has the contact; this is audited."""
        return ReachRevealed(value=await letterbox.reveal_in(actor, interaction_id))

    return router
