"""Refusals of customers."""

from careline.kernel.errors import Conflict, NotFound


class CustomerUnknown(NotFound):
    """No customer of this id in this tenant."""

    def __init__(self) -> None:
        super().__init__("customer-not-found")


class CustomerChanged(Conflict):
    """Somebody else was faster; ``version`` is the present one: read again, then decide again."""

    def __init__(self, version: int) -> None:
        super().__init__("customer-changed", field="version", version=version)
