"""Whose data, and who acts on it.

Every row belongs to one tenant, and every use case is told the tenant as an argument. ``Actor`` says who
acts, so that permission checks, events and audit name the same one.
"""

import enum
from typing import NewType
from uuid import UUID

import msgspec

TenantId = NewType("TenantId", UUID)


class ActorKind(enum.StrEnum):
    """What kind of one acts."""

    USER = "user"
    CUSTOMER = "customer"
    SERVICE = "service"
    SYSTEM = "system"


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts for which tenant. ``id`` is the user's, visitor's or service account's; None for the system itself.

    ``permissions`` holds ``resource:action`` codes with the widest scope already resolved (see identity).
    """

    tenant_id: TenantId
    kind: ActorKind
    id: UUID | None = None
    permissions: frozenset[str] = frozenset()

    @property
    def ref(self) -> str:
        """Short form for events and audit: ``user:…``, ``customer:…``, ``service:…`` or ``system``."""
        return f"{self.kind.value}:{self.id}" if self.id else self.kind.value


def system_actor(tenant_id: TenantId) -> Actor:
    """The system acting by itself for a tenant: timers, reconciliation, routing."""
    return Actor(tenant_id=tenant_id, kind=ActorKind.SYSTEM)
