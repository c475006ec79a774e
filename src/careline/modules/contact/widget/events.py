"""What happens to a tenant's look. The subject is the tenant's id."""

from careline.kernel.events import Event, register


class LookPublished(Event, frozen=True, kw_only=True):
    """Customers see another look from now on, and other sites may carry it."""

    name = "widget.look-published"
    number: int


register(LookPublished)
