"""Which users and departments administrators may see and change, by the scope of their permissions."""

import msgspec

from careline.infra.database.transaction import Reading
from careline.kernel.errors import Forbidden
from careline.kernel.tenancy import Actor, system_actor
from careline.modules.directory.identity.permissions import Scope
from careline.modules.directory.identity.repository import organisation, sessions
from careline.modules.directory.identity.views import OrgUnitView, UserView


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """``path`` is that of the department at the top of what is covered; empty where no department limits it."""

    scope: Scope
    path: str = ""

    def covers_unit(self, unit: OrgUnitView) -> bool:
        """Whether a department lies within; oneself is no department."""
        return self.scope is not Scope.OWN and unit.path.startswith(self.path)

    def covers_user(self, actor: Actor, user: UserView, unit: OrgUnitView | None) -> bool:
        """Whether a user, who is of this department, lies within."""
        if self.scope is Scope.OWN:
            return user.id == actor.id
        return unit is not None and self.covers_unit(unit)


EVERYTHING = Bounds(scope=Scope.TENANT)


async def bounds_of(reading: Reading, actor: Actor, *permissions: str) -> Bounds:
    """As far as the widest of these permissions reaches. Raises ``Forbidden`` when the actor has none of them."""
    if actor == system_actor(actor.tenant_id):
        return EVERYTHING
    if actor.id is None:
        raise Forbidden("permission-missing", permission=permissions[0])
    scopes = await sessions.scopes_of(reading, actor.tenant_id, actor.id)
    held = [scopes[code] for code in permissions if code in scopes]
    if not held:
        raise Forbidden("permission-missing", permission=permissions[0])
    scope = max(held, key=lambda one: one.width)
    if scope is not Scope.DEPARTMENT:
        return Bounds(scope=scope)
    mine = await sessions.unit_of(reading, actor.id)
    unit = None if mine is None else await organisation.org_unit(reading, mine)
    if unit is None:
        raise Forbidden("permission-missing", permission=permissions[0])
    return Bounds(scope=scope, path=unit.path)
