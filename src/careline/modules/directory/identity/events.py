"""What happens to users and sessions. The subject is the user's id."""

from uuid import UUID

from careline.kernel.events import Event, register


class TenantFounded(Event, frozen=True, kw_only=True):
    """A tenant exists now. The subject is the tenant's id."""

    name = "identity.tenant-founded"


class UserCreated(Event, frozen=True, kw_only=True):
    """A user exists now."""

    name = "identity.user-created"
    user_id: UUID


class UserChanged(Event, frozen=True, kw_only=True):
    """A user's name, place, language or activity is another now."""

    name = "identity.user-changed"
    user_id: UUID
    active: bool


class PermissionsChanged(Event, frozen=True, kw_only=True):
    """A user holds other roles now."""

    name = "identity.permissions-changed"
    user_id: UUID


class OrgUnitMoved(Event, frozen=True, kw_only=True):
    """A department, with all that is below it, is below another one now. The subject is the department's id."""

    name = "identity.org-unit-moved"
    org_unit_id: UUID


class SessionEnded(Event, frozen=True, kw_only=True):
    """A session is over; what is still connected with it must be cut. ``cause``: signed-out, revoked, expired,
    password-changed or deactivated."""

    name = "identity.session-ended"
    session_id: UUID
    user_id: UUID
    cause: str


register(TenantFounded, UserCreated, UserChanged, PermissionsChanged, OrgUnitMoved, SessionEnded)
