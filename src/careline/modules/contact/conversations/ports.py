"""What conversations needs of those above it."""

from collections.abc import Collection
from typing import Protocol
from uuid import UUID

from careline.kernel.tenancy import TenantId


class Ratings(Protocol):
    """Upward: what customers said of their contacts."""

    async def ratings(self, tenant_id: TenantId, interaction_ids: Collection[UUID]) -> dict[UUID, int]:
        """The score, 1 to 5, of each of the interactions that was rated."""
        ...
