"""Shapes of identity's HTTP interface."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from careline.kernel.errors import Param
from careline.modules.directory.identity.permissions import AdministratorKind, Scope
from careline.modules.directory.identity.views import AgentRef, SignedIn

Name = Annotated[str, Field(min_length=1, max_length=200)]
Password = Annotated[str, Field(min_length=1, max_length=1024)]
RoleCode = Annotated[str, Field(max_length=64)]


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SignInWanted(BaseModel):
    """Who wants to sign in where."""

    tenant: Name
    login: Name
    password: Password


class PasswordWanted(BaseModel):
    """A new password of one's own, and the current one as proof."""

    current: Password
    password: Password


class TenantShown(_Shown):
    """The centre one is signed in to."""

    id: UUID
    code: str
    name: str
    time_zone: str
    accent: str


class MeShown(_Shown):
    """The one who is signed in."""

    id: UUID
    login: str
    display_name: str
    locale: str


class AgentShown(_Shown):
    """The agent that one is."""

    id: UUID
    number: str


class Session(BaseModel):
    """Who is signed in and what for. ``csrf_token`` goes into ``X-CSRF-Token`` of everything that changes something."""

    user: MeShown
    tenant: TenantShown
    permissions: list[str]
    csrf_token: str
    agent: AgentShown | None

    @classmethod
    def of(cls, who: SignedIn, agent: AgentRef | None) -> "Session":
        """The session as the browser sees it."""
        return cls(
            user=MeShown.model_validate(who.user),
            tenant=TenantShown.model_validate(who.tenant),
            permissions=sorted(who.scopes),
            csrf_token=who.csrf_token,
            agent=None if agent is None else AgentShown.model_validate(agent),
        )


class SessionShown(_Shown):
    """A browser in which one is signed in."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    address: str
    user_agent: str


class SessionList(BaseModel):
    """One's own sessions, the latest used first."""

    items: list[SessionShown]


class UserShown(_Shown):
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


class RoleShown(_Shown):
    """``permissions`` maps ``resource:action`` to its scope."""

    id: UUID
    code: str
    name: str
    administrator: AdministratorKind | None
    permissions: dict[str, Scope]


class RoleList(BaseModel):
    """Roles by code."""

    items: list[RoleShown]


class OrgUnitShown(_Shown):
    """A department; the root has no parent."""

    id: UUID
    parent_id: UUID | None
    name: str


class OrgUnitList(BaseModel):
    """Departments, parents before what is below them."""

    items: list[OrgUnitShown]


class AuditEntryShown(_Shown):
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
