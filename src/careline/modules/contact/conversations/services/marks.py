"""Typing and read marks. A read mark is kept; that somebody types is only told."""

from uuid import UUID

from careline.infra.http import Visitor
from careline.infra.realtime.hub import Hub
from careline.kernel.clock import Clock
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.contact.conversations.errors import ChatEnded
from careline.modules.contact.conversations.rules import conversation_topic
from careline.modules.contact.conversations.services.access import Access
from careline.modules.contact.conversations.services.messages import Messages
from careline.modules.contact.conversations.services.visitors import Visitors
from careline.modules.contact.conversations.views import Author


class Marks:
    """What one side does, told to the other."""

    def __init__(self, clock: Clock, hub: Hub, access: Access, messages: Messages, visitors: Visitors) -> None:
        self._clock = clock
        self._hub = hub
        self._access = access
        self._messages = messages
        self._visitors = visitors

    async def visitor_types(self, visitor: Visitor) -> None:
        """The customer is writing."""
        record = await self._visitors.record(visitor)
        if record.conversation_id is not None:
            self._tell_typing(visitor.tenant_id, record.conversation_id, Author.CUSTOMER)

    async def visitor_read(self, visitor: Visitor, seq: int) -> None:
        """The customer has seen everything up to a number."""
        record = await self._visitors.record(visitor)
        if record.conversation_id is not None:
            await self._read(visitor.tenant_id, record.conversation_id, Author.CUSTOMER, seq)

    async def agent_types(self, actor: Actor, conversation_id: UUID) -> None:
        """The agent of the chat is writing. Raises ``ConversationUnknown``, ``NotYours`` or ``ChatEnded``."""
        await self._check(actor, conversation_id)
        self._tell_typing(actor.tenant_id, conversation_id, Author.AGENT)

    async def agent_read(self, actor: Actor, conversation_id: UUID, seq: int) -> None:
        """The agent of the chat has seen everything up to a number. Whoever only watches leaves no mark."""
        await self._check(actor, conversation_id)
        await self._read(actor.tenant_id, conversation_id, Author.AGENT, seq)

    async def _check(self, actor: Actor, conversation_id: UUID) -> None:
        if not await self._access.serves_now(actor, conversation_id):
            await self._access.conversation(actor, conversation_id)
            raise ChatEnded

    def _tell_typing(self, tenant_id: TenantId, conversation_id: UUID, author: Author) -> None:
        data = {"author": author}
        topic = conversation_topic(conversation_id)
        self._hub.publish(tenant_id, topic, "typing", data, self._clock.now(), coalesce=True)

    async def _read(self, tenant_id: TenantId, conversation_id: UUID, author: Author, seq: int) -> None:
        if await self._messages.read(tenant_id, conversation_id, author, seq):
            data = {"author": author, "seq": seq}
            self._hub.publish(tenant_id, conversation_topic(conversation_id), "read", data, self._clock.now())
