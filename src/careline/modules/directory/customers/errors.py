"""Refusals of customers."""

from uuid import UUID

from careline.kernel.errors import Conflict, NotFound


class CustomerUnknown(NotFound):
    """No customer of this id in this tenant."""

    def __init__(self) -> None:
        super().__init__("customer-not-found")


class CustomerChanged(Conflict):
    """Somebody else was faster; ``version`` is the present one: read again, then decide again."""

    def __init__(self, version: int) -> None:
        super().__init__("customer-changed", field="version", version=version)


class ClientIdTaken(Conflict):
    """Something else was written under this ``client_id``, or by somebody else; what is new needs a new one."""

    def __init__(self, client_id: UUID) -> None:
        super().__init__("client-id-taken", field="client_id", client_id=str(client_id))


class ContactPointKnown(Conflict):
    """The customer is reached there already, for the same use."""

    def __init__(self, field: str) -> None:
        super().__init__("contact-point-known", field=field)
