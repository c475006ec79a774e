"""HTTP of being surer who speaks, for the agent of a contact."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from careline.infra.http import requires
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.schemas.assurance import (
    AnswersTried,
    AssuranceShown,
    CodeOnItsWay,
    CodeToSend,
    CodeTried,
    TriedShown,
)
from careline.modules.contact.conversations.services.assuring import Assuring

Agent = Annotated[Actor, requires("desk:use")]


def build_assurance_router(assuring: Assuring) -> APIRouter:
    """Routes below one contact."""
    router = APIRouter(tags=["conversations"], prefix="/interactions/{interaction_id}/assurance")

    @router.get("")
    async def assurance(interaction_id: UUID, actor: Agent) -> AssuranceShown:
        """How sure we are who speaks, and what I can do to be surer."""
        return AssuranceShown.model_validate(await assuring.now(actor, interaction_id))

    @router.post("/code")
    async def send_code(interaction_id: UUID, wanted: CodeToSend, actor: Agent) -> CodeOnItsWay:
        """Send a code to a line of the customer, to be read out to me."""
        sent = await assuring.send_code(actor, interaction_id, wanted.subscription_id)
        return CodeOnItsWay.model_validate(sent)

    @router.post("/code/try")
    async def try_code(interaction_id: UUID, wanted: CodeTried, actor: Agent) -> TriedShown:
        """Compare what was read out with the code that was sent."""
        return TriedShown.model_validate(await assuring.try_code(actor, interaction_id, wanted.code))

    @router.post("/answers")
    async def try_answers(interaction_id: UUID, wanted: AnswersTried, actor: Agent) -> TriedShown:
        """Compare what the customer answered with their record."""
        return TriedShown.model_validate(await assuring.try_answers(actor, interaction_id, wanted.answers))

    return router
