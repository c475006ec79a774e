"""Refusals of the letterbox."""

from uuid import UUID

from careline.kernel.errors import Conflict, NotFound, TooMany


class NotAsked(Conflict):
    """No flow has asked for a message in this contact."""

    def __init__(self) -> None:
        super().__init__("message-not-asked-for")


class LeftAlready(Conflict):
    """A message was left here already; another one needs another contact."""

    def __init__(self) -> None:
        super().__init__("message-left-already")


class ClientIdTaken(Conflict):
    """Something else was left under this ``client_id``."""

    def __init__(self, client_id: UUID) -> None:
        super().__init__("client-id-taken", field="client_id", client_id=str(client_id))


class TooManyLeft(TooMany):
    """So many messages of one customer, or for one number, wait within a day."""

    def __init__(self, most: int) -> None:
        super().__init__("too-many-messages-left", retry_after=3600, max=most)


class PutOffTooOften(Conflict):
    """It was put off so often that it has to be answered, or passed on."""

    def __init__(self, most: int) -> None:
        super().__init__("message-put-off-too-often", max=most)


class ContactUnknown(NotFound):
    """This visitor had no such contact."""

    def __init__(self, interaction_id: UUID) -> None:
        super().__init__("interaction-not-found", id=str(interaction_id))


class LetterUnknown(NotFound):
    """No customer left a message that became this case or contact, or how to reach them is not known any more."""

    def __init__(self, of: UUID) -> None:
        super().__init__("left-message-not-found", id=str(of))
