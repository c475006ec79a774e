"""Refusals of surveys."""

from uuid import UUID

from careline.kernel.errors import Conflict, NotFound


class AlreadyRated(Conflict):
    """A contact is rated once."""

    def __init__(self, interaction_id: UUID) -> None:
        super().__init__("already-rated", interaction_id=str(interaction_id))


class NotOver(Conflict):
    """The contact still goes on."""

    def __init__(self, interaction_id: UUID) -> None:
        super().__init__("contact-not-over", interaction_id=str(interaction_id))


class ContactUnknown(NotFound):
    """This visitor had no such contact."""

    def __init__(self, interaction_id: UUID) -> None:
        super().__init__("interaction-not-found", id=str(interaction_id))
