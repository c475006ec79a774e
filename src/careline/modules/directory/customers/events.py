"""What happens to customers that others need to hear of. The subject is the survivor's id."""

from uuid import UUID

from careline.kernel.events import Event, register


class CustomersMerged(Event, frozen=True, kw_only=True):
    """Two customers were one. Whatever was kept under the absorbed id is kept under the survivor's already."""

    name = "customers.merged"
    survivor_id: UUID
    absorbed_id: UUID


register(CustomersMerged)
