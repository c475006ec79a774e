"""How far a permission of somebody reaches among people: all of the tenant, a department and below, or oneself."""

from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading
from careline.kernel.errors import Forbidden
from careline.kernel.tenancy import Actor, ActorKind
from careline.modules.directory.identity.permissions import Scope
from careline.modules.directory.identity.repository import organisation, sessions, users
from careline.modules.directory.identity.views import EVERYBODY, Reach


class Reaches:
    """Answers for other modules, whose things belong to people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, actor: Actor, permission: str) -> Reach:
        """Whom a permission of this actor covers. Raises ``Forbidden`` when it is not held."""
        if actor.kind is ActorKind.SYSTEM:
            return EVERYBODY
        async with self._database.glance(actor.tenant_id) as reading:
            scope = await _scope(reading, actor, permission)
            if scope is Scope.TENANT:
                return EVERYBODY
            if scope is Scope.OWN or actor.id is None:
                return Reach(everybody=False, user_id=actor.id)
            mine = await sessions.unit_of(reading, actor.id)
            unit = None if mine is None else await organisation.org_unit(reading, mine)
        if unit is None:
            raise Forbidden("permission-missing", permission=permission)
        return Reach(everybody=False, user_id=actor.id, org_unit_id=unit.id, path=unit.path)

    async def check(self, actor: Actor, user_id: UUID, permission: str) -> None:
        """Pass who may do this to that user. Raises ``Forbidden`` ``outside-your-scope``.

        Who is unknown is outside for all but those who reach everybody.
        """
        reach = await self.of(actor, permission)
        if reach.everybody or user_id == reach.user_id:
            return
        async with self._database.glance(actor.tenant_id) as reading:
            user = await users.user(reading, user_id)
            unit = None if user is None else await organisation.org_unit(reading, user.org_unit_id)
        if unit is None or reach.path is None or not unit.path.startswith(reach.path):
            raise Forbidden("outside-your-scope", permission=permission)


async def _scope(reading: Reading, actor: Actor, permission: str) -> Scope:
    scopes = {} if actor.id is None else await sessions.scopes_of(reading, actor.tenant_id, actor.id)
    scope = scopes.get(permission)
    if scope is not None:
        return scope
    if permission in actor.permissions:
        # A caller that is no user with roles: the rights came with it, for all of the tenant.
        return Scope.TENANT
    raise Forbidden("permission-missing", permission=permission)
