"""An agent puts a left message off to a time: it leaves their hands, and is offered again then, to them first."""

from datetime import datetime
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.errors import InteractionUnknown, NotYours, StateForbids
from careline.modules.contact.conversations.events import MessagePutOff
from careline.modules.contact.conversations.repository import chats, interactions
from careline.modules.contact.conversations.services.opening import Opening
from careline.modules.contact.conversations.services.participants import Beside
from careline.modules.contact.conversations.services.progress import BACK_TO_SAME_S
from careline.modules.contact.conversations.states import InteractionState
from careline.modules.contact.conversations.views import Channel
from careline.modules.core.routing.facade import Routing
from careline.modules.core.routing.views import Media, NewItem


class PuttingOff:
    """In one transaction the message is in its queue again, so it is lost at no moment; routing hears the rest."""

    def __init__(self, database: Database, routing: Routing, opening: Opening) -> None:
        self._database = database
        self._routing = routing
        self._opening = opening

    async def put_off(self, by: Actor, interaction_id: UUID, until: datetime, beside: Beside) -> None:
        """See ``Conversations.put_off``."""
        async with self._database.transaction(by.tenant_id, actor=by.ref) as tx:
            message = await interactions.find_locked(tx, interaction_id)
            if message is None:
                raise InteractionUnknown(interaction_id)
            if by.id is None or not await interactions.served(tx, interaction_id, by.id):
                raise NotYours
            is_theirs = message.state is InteractionState.TALKING and message.agent_id == by.id
            if message.channel is not Channel.MESSAGE or not is_theirs:
                raise StateForbids("message-not-in-hand", message.state)
            queue = next(one.code for one in self._routing.queues(tx.tenant_id) if one.id == message.queue_id)
            await chats.detach_chat(tx, message.conversation_id, message.id)
            await self._opening.enter_queue(tx, message.id, queue)
            item = NewItem(
                id=new_id(),
                interaction_id=message.id,
                media=Media.MESSAGE,
                queue=queue,
                enqueued_at=message.opened_at,
                preferred_agent_id=by.id,
                preferred_wait_s=BACK_TO_SAME_S,
                again=True,
                not_before=until,
            )
            await self._routing.enqueue(tx, item)
            put_off = MessagePutOff(
                interaction_id=message.id, conversation_id=message.conversation_id, agent_id=by.id, until=until
            )
            tx.emit(put_off, subject=message.id)
            await beside(tx)
