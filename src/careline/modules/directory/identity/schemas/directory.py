"""Users, roles, departments, and the audit."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from careline.kernel.errors import Param
from careline.modules.directory.identity.permissions import AdministratorKind, Scope
from careline.modules.directory.identity.schemas.shared import Name, Password, Shown

RoleCode = Annotated[str, Field(max_length=64)]


class UserShown(Shown):
    """A user; ``roles`` are codes."""

    id: UUID
    login: str
    display_name: str
    org_unit_id: UUID
    active: bool
    locale: str
    roles: list[str]


class UserList(BaseModel):
    """Users by login; ``next`` goes into ``after``."""

    items: list[UserShown]
    next: str | None


class UserWanted(BaseModel):
    """A user to be made; roles are granted by who may."""

    login: Name
    display_name: Name
    org_unit_id: UUID | None = None
    locale: Name = "zh-CN"
    password: Password | None = None


class UserChangeWanted(BaseModel):
    """What to change of a user; what is missing stays."""

    display_name: Name | None = None
    org_unit_id: UUID | None = None
    active: bool | None = None
    locale: Name | None = None
    password: Password | None = None


class RolesWanted(BaseModel):
    """The codes of all roles that the user shall hold."""

    roles: Annotated[list[RoleCode], Field(max_length=50)]


class RoleShown(Shown):
    """``permissions`` maps ``resource:action`` to its scope."""

    id: UUID
    code: str
    name: str
    administrator: AdministratorKind | None
    permissions: dict[str, Scope]


class RoleList(BaseModel):
    """Roles by code."""

    items: list[RoleShown]


class OrgUnitShown(Shown):
    """A department; the root has no parent."""

    id: UUID
    parent_id: UUID | None
    name: str


class OrgUnitList(BaseModel):
    """Departments, parents before what is below them."""

    items: list[OrgUnitShown]


class AuditEntryShown(Shown):
    """Who did what to what."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str | None
    params: dict[str, Param]


class AuditList(BaseModel):
    """Audit entries, the latest first; ``next`` goes into ``after``."""

    items: list[AuditEntryShown]
    next: str | None
