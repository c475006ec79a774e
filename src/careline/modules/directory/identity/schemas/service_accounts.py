"""Service accounts and their tokens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from careline.modules.directory.identity.permissions import Scope
from careline.modules.directory.identity.schemas.shared import Name, Sent, Shown
from careline.modules.directory.identity.views import ServiceAccountView

PermissionCode = Annotated[str, Field(max_length=64)]


class ServiceAccountWanted(Sent):
    """A service account to be made, for at most a year. Its token is refused until somebody else approved it."""

    name: Name
    permissions: Annotated[dict[PermissionCode, Scope], Field(max_length=100)]
    expires_at: AwareDatetime


class ServiceAccountShown(Shown):
    """A service account; ``created_by`` is the name of its maker."""

    id: UUID
    name: str
    permissions: dict[str, Scope]
    created_at: datetime
    created_by: str
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    approved_at: datetime | None

    @classmethod
    def of(cls, view: ServiceAccountView, maker: str) -> "ServiceAccountShown":
        """The account as administrators see it."""
        return cls(
            id=view.id,
            name=view.name,
            permissions=view.permissions,
            created_at=view.created_at,
            created_by=maker,
            expires_at=view.expires_at,
            last_used_at=view.last_used_at,
            revoked_at=view.revoked_at,
            approved_at=view.approved_at,
        )


class ServiceAccountList(BaseModel):
    """Service accounts by name; ``next`` goes into ``after``. ``grantable``: permission → scopes that may be asked."""

    items: list[ServiceAccountShown]
    next: str | None
    grantable: dict[str, tuple[Scope, ...]]


class ServiceTokenShown(BaseModel):
    """A new service account. ``token`` is shown this once: it goes into ``Authorization: Bearer …``."""

    token: str
    account: ServiceAccountShown
