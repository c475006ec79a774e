"""Messages on their way from the transaction that stored them to the screens, so that nobody reads them again."""

from collections import OrderedDict
from uuid import UUID

import msgspec

from careline.modules.contact.conversations.views import MessageView

KEPT = 10_000
"""Enough for the moment between a commit and its event; one that fell out is read from the database."""


class FreshMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that has just become durable, and the agent of the chat at that time."""

    message: MessageView
    agent_id: UUID | None


class FreshMessages:
    """The latest messages of this process by conversation and number."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[UUID, int], FreshMessage] = OrderedDict()

    def put(self, fresh: FreshMessage) -> None:
        """Keep a message until it is taken."""
        self._kept[fresh.message.conversation_id, fresh.message.seq] = fresh
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def take(self, conversation_id: UUID, seq: int) -> FreshMessage | None:
        """Hand it out, once."""
        return self._kept.pop((conversation_id, seq), None)
