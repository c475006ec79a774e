"""Shapes of roles and permissions."""

from typing import Annotated
from uuid import UUID

import msgspec
from pydantic import BaseModel, Field

from careline.modules.directory.identity.permissions import AdministratorKind, Scope
from careline.modules.directory.identity.schemas.shared import Name, Sent
from careline.modules.directory.identity.schemas.users import RoleCode, Version
from careline.modules.directory.identity.views import RoleView

Permissions = Annotated[dict[Annotated[str, Field(max_length=64)], Scope], Field(max_length=200)]


class RoleShown(BaseModel):
    """``permissions`` maps ``resource:action`` to its scope; ``people`` is how many hold it. What is ``built_in``
    is not changed."""

    id: UUID
    code: str
    name: str
    administrator: AdministratorKind | None
    permissions: dict[str, Scope]
    built_in: bool
    people: int
    version: int

    @classmethod
    def of(cls, role: RoleView, people: int) -> "RoleShown":
        """A role with how many hold it."""
        return cls(**msgspec.structs.asdict(role), people=people)


class RoleList(BaseModel):
    """Roles by code."""

    items: list[RoleShown]


class RoleWanted(Sent):
    """A role of the tenant's own, to be made."""

    code: RoleCode
    name: Name
    permissions: Permissions


class RoleChangeWanted(Sent):
    """What a role shall be called and permit from now on."""

    name: Name
    permissions: Permissions
    version: Version


class PermissionShown(BaseModel):
    """A permission with the scopes that are enforced for it, narrowest first; ``administrator``: whose alone it is."""

    code: str
    scopes: list[Scope]
    administrator: AdministratorKind | None


class PermissionList(BaseModel):
    """Every permission that a role can give."""

    items: list[PermissionShown]
