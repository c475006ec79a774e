"""Refusals of conversations."""

from uuid import UUID

from careline.kernel.errors import Conflict, Forbidden, NotFound


class InteractionUnknown(NotFound):
    """No interaction of this id in this tenant."""

    def __init__(self, interaction_id: UUID) -> None:
        super().__init__("interaction-not-found", id=str(interaction_id))


class ConversationUnknown(NotFound):
    """No conversation of this id in this tenant."""

    def __init__(self, conversation_id: UUID) -> None:
        super().__init__("conversation-not-found", id=str(conversation_id))


class NotYours(Forbidden):
    """The agent neither serves this nor is it offered to them, and they may not watch the floor."""

    def __init__(self) -> None:
        super().__init__("contact-not-yours", permission="floor:view")


class ChatEnded(Conflict):
    """Nobody is there to read it: the chat is over, or has no agent yet."""

    def __init__(self) -> None:
        super().__init__("chat-ended")


class ClientIdTaken(Conflict):
    """A message with other words was stored under this ``client_id``; a new message needs a new one."""

    def __init__(self, client_id: UUID) -> None:
        super().__init__("client-id-taken", field="client_id", client_id=str(client_id))


class StateForbids(Conflict):
    """The interaction is in a state that does not allow this; ``state`` says in which."""

    def __init__(self, code: str, state: str) -> None:
        super().__init__(code, state=state)
