"""How far a permission of somebody reaches among people: all of the tenant, a department and below, or oneself.

The one home of the rule for other modules. What they keep belongs to people, and is within reach when one of its people
is: one thing is checked with ``check``, a list is narrowed to ``people``.
"""

from collections.abc import Collection
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading
from careline.kernel.errors import Forbidden
from careline.kernel.tenancy import Actor, ActorKind, TenantId
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

    async def check(self, actor: Actor, permission: str, *people: UUID | None) -> None:
        """Pass who may do this to one of these, or with what is theirs. Raises ``Forbidden`` ``outside-your-scope``.

        Who is unknown, and what is nobody's, is outside for all but those who reach everybody.
        """
        reach = await self.of(actor, permission)
        if reach.everybody or (reach.user_id is not None and reach.user_id in people):
            return
        if not await self.among(actor.tenant_id, reach, {one for one in people if one is not None}):
            raise Forbidden("outside-your-scope", permission=permission)

    async def among(self, tenant_id: TenantId, reach: Reach, people: Collection[UUID]) -> set[UUID]:
        """Those of some people who are covered."""
        if reach.everybody:
            return set(people)
        inside = {one for one in people if one == reach.user_id}
        if reach.path is not None and people:
            async with self._database.glance(tenant_id, keys=len(people)) as reading:
                paths = await users.paths_of(reading, people)
            inside |= {one for one, path in paths.items() if reach.covers(one, path)}
        return inside

    async def people(self, actor: Actor, permission: str) -> Collection[UUID] | None:
        """Who is within reach, oneself included; None for everybody. Raises ``Forbidden`` when it is not held."""
        reach = await self.of(actor, permission)
        if reach.everybody:
            return None
        found = set() if reach.user_id is None else {reach.user_id}
        if reach.path is not None:
            async with self._database.reading(actor.tenant_id) as reading:
                found |= await users.within(reading, reach.path)
        return found


async def _scope(reading: Reading, actor: Actor, permission: str) -> Scope:
    scopes = {} if actor.id is None else await sessions.scopes_of(reading, actor.tenant_id, actor.id)
    scope = scopes.get(permission)
    if scope is not None:
        return scope
    if permission in actor.permissions:
        # A caller that is no user with roles: the rights came with it, for all of the tenant.
        return Scope.TENANT
    raise Forbidden("permission-missing", permission=permission)
