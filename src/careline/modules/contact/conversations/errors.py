"""Refusals of conversations."""

from uuid import UUID

from careline.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Unavailable


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


class FileUnknown(NotFound):
    """No file of this id that the asker may have."""

    def __init__(self) -> None:
        super().__init__("file-not-found")


class FileTooLarge(Invalid):
    """More bytes than one file may have; ``max`` says how many, ``max_mb`` for people."""

    status = 413

    def __init__(self, most: int) -> None:
        super().__init__("file-too-large", field="file", max=most, max_mb=most // 1_048_576)


class FilesFull(Conflict):
    """The conversation holds as many files, or as much of them, as one may."""

    def __init__(self, most: int, most_bytes: int) -> None:
        super().__init__("conversation-files-full", max=most, max_mb=most_bytes // 1_048_576)


class NoVoice(Invalid):
    """A voice message that is no sound, or says that it is too short or too long; ``max`` in seconds."""

    def __init__(self, most_ms: int) -> None:
        super().__init__("voice-not-usable", field="file", max=most_ms // 1000)


class UploadStalled(DomainError):
    """Nothing more of a file has come for a while; it is to be sent again under the same ``client_id``."""

    status = 408

    def __init__(self) -> None:
        super().__init__("upload-stalled", field="file")


class FilesUnavailable(Unavailable):
    """Files can be neither kept nor read just now; the log says why."""

    def __init__(self) -> None:
        super().__init__("files-unavailable")


class NoTransfer(Conflict):
    """The chat is not on its way from this agent to another: it was taken, has ended, or never was."""

    def __init__(self, code: str, interaction_id: UUID) -> None:
        super().__init__(code, id=str(interaction_id))


class CannotTake(Conflict):
    """The agent or queue to which a chat should go could not take it now."""

    def __init__(self, code: str, field: str, **named: str) -> None:
        super().__init__(code, field=field, **named)


class EditedMeanwhile(Conflict):
    """Somebody else was quicker; ``version`` is the present one: read again, then decide again."""

    def __init__(self, code: str, version: int) -> None:
        super().__init__(code, field="version", version=version)


class NotPresent(Conflict):
    """Who should leave is not in the conversation, or not any more."""

    def __init__(self) -> None:
        super().__init__("participant-not-present")
