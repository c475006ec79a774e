"""A customer's earlier contact is read beside the one in hand, by who serves this customer now; that is audited.

Both are asked: whether there is a reason to read it, and whether ``history:view`` reaches it.
"""

from contextlib import suppress
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.kernel.errors import Forbidden, NotFound
from careline.kernel.paging import checked_limit
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.errors import FileUnknown, InteractionUnknown, NotYours
from careline.modules.contact.conversations.repository import files, interactions, messages, notes, participants
from careline.modules.contact.conversations.repository.notes import NoteView
from careline.modules.contact.conversations.services.access import WATCH
from careline.modules.contact.conversations.services.desk import Desk
from careline.modules.contact.conversations.services.reached import HISTORY, Reached
from careline.modules.contact.conversations.views import InteractionDetail, InteractionView, MessageView
from careline.modules.core.routing.facade import Routing
from careline.modules.directory.identity.facade import Identity

MOST_NOTES = 200


class PastContact(msgspec.Struct, frozen=True):
    """An earlier contact: all there is of it, a page of what was said in it, and what colleagues noted first."""

    detail: InteractionDetail
    messages: list[MessageView]
    more: bool
    notes: list[NoteView]
    more_notes: bool


class Past:
    """Reading of what is over. Whoever has the customer in hand may, and who watches those who handled it.

    What oneself handled one may always read.
    """

    def __init__(self, database: Database, reached: Reached, identity: Identity, routing: Routing, desk: Desk) -> None:
        self._database = database
        self._reached = reached
        self._identity = identity
        self._routing = routing
        self._desk = desk

    async def read(
        self, actor: Actor, customer_id: UUID, interaction_id: UUID, *, after: int, limit: int
    ) -> PastContact:
        """One contact of a customer, what was said in it after a number. Raises ``interaction-not-found`` also when it
        is another customer's, ``outside-your-scope``, and ``contact-not-yours`` for who has nothing to do with the
        customer now.
        """
        wanted = checked_limit(limit)
        interaction = await self._readable(actor, customer_id, interaction_id)
        if after == 0:
            await self._identity.audit_read(actor, "contact.read", interaction_id, {"customer": str(customer_id)})
        async with self._database.reading(actor.tenant_id) as reading:
            said = await messages.of_interaction(reading, interaction, after, limit=wanted + 1)
            noted = await notes.of_interaction(reading, interaction, limit=MOST_NOTES + 1)
        detail = await self._desk.of(actor, interaction, past=True)
        return PastContact(detail, said[:wanted], len(said) > wanted, noted[:MOST_NOTES], len(noted) > MOST_NOTES)

    async def check_file(self, actor: Actor, customer_id: UUID, interaction_id: UUID, file_id: UUID) -> None:
        """Pass who may read a contact to a file that was sent in it, and write down that they had it. Raises
        ``FileUnknown`` for a file of another contact, and what ``read`` raises.
        """
        interaction = await self._readable(actor, customer_id, interaction_id)
        async with self._database.reading(actor.tenant_id) as reading:
            file = await files.find(reading, file_id)
            message = None if file is None else await messages.by_seq(reading, file.conversation_id, file.seq)
        if message is None or message.interaction_id != interaction.id:
            raise FileUnknown
        told = {"customer": str(customer_id), "file": str(file_id)}
        await self._identity.audit_read(actor, "contact.file-opened", interaction_id, told)

    async def may_read(self, actor: Actor, interaction_id: UUID) -> bool:
        """Whether this actor may read a contact as one of its customer's earlier ones."""
        async with self._database.reading(actor.tenant_id) as reading:
            interaction = await interactions.find(reading, interaction_id)
        if interaction is None or interaction.customer_id is None or HISTORY not in actor.permissions:
            return False
        with suppress(Forbidden):  # it is beyond their reach
            return await self._may(actor, interaction, interaction.customer_id)
        return False

    async def _readable(self, actor: Actor, customer_id: UUID, interaction_id: UUID) -> InteractionView:
        async with self._database.reading(actor.tenant_id) as reading:
            interaction = await interactions.find(reading, interaction_id)
        if interaction is None or interaction.customer_id != customer_id:
            raise InteractionUnknown(interaction_id)
        if not await self._may(actor, interaction, customer_id):
            raise NotYours
        return interaction

    async def _may(self, actor: Actor, interaction: InteractionView, customer_id: UUID) -> bool:
        if actor.id is None:
            return False
        async with self._database.reading(actor.tenant_id) as reading:
            if await interactions.served(reading, interaction.id, actor.id):
                return True
        if not await self._reached.those(actor, HISTORY, [interaction]):
            raise Forbidden("outside-your-scope", permission=HISTORY)
        if WATCH in actor.permissions and await self._reached.those(actor, WATCH, [interaction]):
            return True
        in_hand = []
        with suppress(NotFound):  # who is no agent has nothing in hand
            in_hand = [one.interaction_id for one in self._routing.assignments_of(actor.tenant_id, actor.id)]
        async with self._database.reading(actor.tenant_id) as reading:
            in_hand += [one.interaction_id for one in await participants.of_user(reading, actor.id)]
            known = await interactions.find_many(reading, in_hand) if in_hand else {}
        return any(one.customer_id == customer_id for one in known.values())
