"""HTTP of a customer's earlier contacts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from careline.infra.http import requires
from careline.kernel.paging import MAX_LIMIT
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.rules import MAX_SEQ
from careline.modules.contact.conversations.schemas.colleagues import Note
from careline.modules.contact.conversations.schemas.contacts import (
    Interaction,
    Link,
    Message,
    MessageList,
    PastContact,
    PastList,
)
from careline.modules.contact.conversations.services.desk import Desk
from careline.modules.contact.conversations.services.files import Files
from careline.modules.contact.conversations.services.history import History
from careline.modules.contact.conversations.services.notes import Notes
from careline.modules.contact.conversations.services.past import Past

Reader = Annotated[Actor, requires("history:view")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


def build_past_router(past_contacts: History, past: Past, desk: Desk, notes: Notes, files: Files) -> APIRouter:
    """For who has to do with a customer."""
    router = APIRouter(tags=["conversations"])

    @router.get("/customers/{customer_id}/interactions")
    async def history(
        customer_id: UUID,
        actor: Reader,
        after: Annotated[str | None, Query(max_length=100)] = None,
        limit: Limit = 20,
    ) -> PastList:
        """A customer's contacts as far as I may look, newest first."""
        return PastList.model_validate(await past_contacts.of(actor, customer_id, after=after, limit=limit))

    @router.get("/customers/{customer_id}/interactions/{interaction_id}")
    async def past_contact(
        customer_id: UUID,
        interaction_id: UUID,
        actor: Reader,
        after: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
        limit: Limit = 100,
    ) -> PastContact:
        """One of them with what was said, from a number on: for who serves this customer now, or may watch whoever
        handled it, as far as they may look; and for who handled it. Reading it is audited."""
        found = await past.read(actor, customer_id, interaction_id, after=after, limit=limit)
        said = [Message.model_validate(await desk.shown(actor.tenant_id, message)) for message in found.messages]
        return PastContact(
            interaction=Interaction.model_validate(found.detail),
            messages=MessageList(items=said, next=str(said[-1].seq) if found.more else None),
            notes=[Note.model_validate(await notes.shown(actor.tenant_id, one)) for one in found.notes],
            more_notes=found.more_notes,
        )

    @router.get("/customers/{customer_id}/interactions/{interaction_id}/files/{file_id}/link")
    async def past_file_link(customer_id: UUID, interaction_id: UUID, file_id: UUID, actor: Reader) -> Link:
        """Where a file that was sent in one of them is, for a few minutes and as myself: for who may read that contact.
        Asking is audited."""
        await past.check_file(actor, customer_id, interaction_id, file_id)
        return Link.model_validate(files.link_for_reader(actor, file_id))

    return router
