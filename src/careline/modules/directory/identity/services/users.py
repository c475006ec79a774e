"""Tenants, their organisation, users, and who may do what."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn
from careline.kernel.ids import new_id
from careline.kernel.paging import Page, checked_limit
from careline.kernel.tenancy import Actor, TenantId, system_actor
from careline.kernel.text import checked_text
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.events import PermissionsChanged, TenantFounded, UserChanged, UserCreated
from careline.modules.directory.identity.permissions import BUILT_IN_ROLES, Scope
from careline.modules.directory.identity.repository import sessions, tenants, users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.services.passwords import Passwords
from careline.modules.directory.identity.services.sessions import Sessions
from careline.modules.directory.identity.views import (
    NewTenant,
    NewUser,
    OrgUnitView,
    RoleView,
    TenantView,
    UserChange,
    UserView,
)

NAME_MAX = 100
LOCALES = ("zh-CN", "en")


class Users:
    """Use cases on the directory of a tenant. What a user may see and change ends where the permission's scope ends."""

    def __init__(self, database: Database, passwords: Passwords, audit: AuditTrail, kept: Sessions) -> None:
        self._database = database
        self._passwords = passwords
        self._audit = audit
        self._sessions = kept

    async def found_tenant(self, new: NewTenant) -> TenantView:
        """Make a tenant with its root department, the built-in roles and an audit trail that begins with this."""
        code = rules.checked_code(new.code, field="code")
        name = checked_text(new.name, field="name", max_length=NAME_MAX)
        tenant_id = TenantId(new_id())
        async with self._database.transaction(tenant_id) as tx:
            if await tenants.tenant_by_code(tx, code) is not None:
                raise Conflict("tenant-exists", field="code", tenant=code)
            await tenants.add_tenant(tx, tenant_id, new, tx.now)
            root_id = new_id()
            root = OrgUnitView(id=root_id, parent_id=None, name=name, path=f"{root_id}/")
            await tenants.add_org_unit(tx, tenant_id, root)
            await users.add_built_in_roles(tx, tenant_id, BUILT_IN_ROLES)
            self._audit.record(tx, system_actor(tenant_id), "tenant.founded", tenant_id, {"code": code})
            tx.emit(TenantFounded(), subject=tenant_id)
        return TenantView(
            id=tenant_id, code=code, name=name, time_zone=new.time_zone, locale=new.locale, accent=new.accent
        )

    async def add_org_unit(self, actor: Actor, parent_id: UUID, name: str) -> OrgUnitView:
        """Make a department below another."""
        name = checked_text(name, field="name", max_length=NAME_MAX)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            parent = await tenants.org_unit(tx, parent_id)
            if parent is None:
                raise NotFound("org-unit-not-found", field="parent_id")
            unit_id = new_id()
            unit = OrgUnitView(id=unit_id, parent_id=parent.id, name=name, path=f"{parent.path}{unit_id}/")
            await tenants.add_org_unit(tx, actor.tenant_id, unit)
            self._audit.record(tx, actor, "org-unit.created", unit_id, {"parent": str(parent.id)})
        return unit

    async def page(self, actor: Actor, *, after: str, limit: int) -> Page[tuple[UserView, list[str]]]:
        """Users within the actor's reach, by login, each with the codes of the roles that it holds."""
        checked_limit(limit)
        async with self._database.reading(actor.tenant_id) as reading:
            scope, path = await self._reach(reading, actor, "user:manage", "org:read")
            if scope is Scope.OWN:
                me = None if actor.id is None else await users.user(reading, actor.id)
                found = [] if me is None or me.login <= after else [me]
            else:
                found = await users.users_after(reading, after, path=path, limit=limit)
            held = await users.roles_of_users(reading, [user.id for user in found])
        more = len(found) == limit
        items = [(user, held[user.id]) for user in found]
        return Page(items=items, next=found[-1].login if more else None)

    async def create(self, actor: Actor, new: NewUser) -> UserView:
        """Make a user. Roles are given by whoever may grant them; here only the system itself gives some at once."""
        login = rules.checked_login(new.login)
        name = checked_text(new.display_name, field="display_name", max_length=NAME_MAX)
        locale = _checked_locale(new.locale)
        hashed = None
        if new.password is not None:
            hashed = await self._passwords.hash(rules.checked_password(new.password, login=login, name=name))
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            unit = await self._unit_within_reach(tx, actor, new.org_unit_id)
            if await users.user_by_login(tx, login) is not None:
                raise Conflict("login-taken", field="login")
            user = UserView(
                id=new_id(), login=login, display_name=name, org_unit_id=unit.id, active=True, locale=locale
            )
            await users.add_user(tx, user, hashed, tx.now, password_issued=new.password_issued)
            tx.emit(UserCreated(user_id=user.id), subject=user.id)
            self._audit.record(tx, actor, "user.created", user.id, {"org_unit": str(unit.id)})
            if new.roles:
                await self._grant(tx, actor, user.id, new.roles)
        return user

    async def change(self, actor: Actor, user_id: UUID, change: UserChange) -> UserView:
        """Change a user within the actor's reach. An administrator is changed by no other user."""
        async with self._database.reading(actor.tenant_id) as reading:
            known = await self._within_reach(reading, actor, user_id)
        hashed = None
        if change.password is not None:
            hashed = await self._passwords.hash(
                rules.checked_password(change.password, login=known.login, name=known.display_name)
            )
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            user = await self._within_reach(tx, actor, user_id)
            changes = await self._checked_changes(tx, actor, change)
            if hashed is not None:
                changes["password_hash"] = hashed
                changes["password_issued"] = change.password_issued and user_id != actor.id
            if not changes:
                return user
            await users.change_user(tx, user_id, changes)
            if hashed is not None:
                await self._sessions.end_all(tx, actor, user_id, "password-changed", but=None)
            elif change.active is False:
                await self._sessions.end_all(tx, actor, user_id, "deactivated", but=None)
            changed = await users.user(tx, user_id)
            assert changed is not None, "it was there a moment ago in this transaction"
            tx.emit(UserChanged(user_id=user_id, active=changed.active), subject=user_id)
            self._audit.record(tx, actor, "user.changed", user_id, {"fields": ",".join(sorted(changes))})
        return changed

    async def change_own_password(self, actor: Actor, old_hash: str, password: str, *, session_id: UUID) -> None:
        """Replace the actor's own password; every other session of the actor ends. ``old_hash`` was just confirmed."""
        assert actor.id is not None, "only users have passwords"
        async with self._database.reading(actor.tenant_id) as reading:
            user = await users.user(reading, actor.id)
        if user is None:
            raise NotSignedIn("not-signed-in")
        hashed = await self._passwords.hash(rules.checked_password(password, login=user.login, name=user.display_name))
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await users.hold(tx, actor.id)
            current = await users.password_of(tx, user.login)
            if current is None or current[1] != old_hash:
                raise Conflict("password-changed-meanwhile")
            await users.change_user(tx, actor.id, {"password_hash": hashed, "password_issued": False})
            await self._sessions.end_all(tx, actor, actor.id, "password-changed", but=session_id)
            self._audit.record(tx, actor, "user.changed", actor.id, {"fields": "password_hash"})

    async def change_own_locale(self, actor: Actor, locale: str) -> None:
        """Keep another language for the actor."""
        assert actor.id is not None, "only users have a language"
        changes = {"locale": _checked_locale(locale)}
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            user = await users.hold(tx, actor.id)
            if user is None:
                raise NotSignedIn("not-signed-in")
            await users.change_user(tx, actor.id, changes)
            tx.emit(UserChanged(user_id=actor.id, active=user.active), subject=actor.id)
            self._audit.record(tx, actor, "user.changed", actor.id, {"fields": "locale"})

    async def set_roles(self, actor: Actor, user_id: UUID, roles: Collection[str]) -> list[RoleView]:
        """Let a user hold exactly these roles. Nobody changes what oneself may do."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if user_id == actor.id:
                raise Forbidden("own-roles", permission="role:grant")
            if await users.hold(tx, user_id) is None:
                raise NotFound("user-not-found")
            return await self._grant(tx, actor, user_id, roles)

    async def _grant(self, tx: Transaction, actor: Actor, user_id: UUID, codes: Collection[str]) -> list[RoleView]:
        known = {role.code: role for role in await users.roles(tx)}
        unknown = sorted(set(codes) - known.keys())
        if unknown:
            raise Invalid("role-unknown", field="roles")
        wanted = [known[code] for code in sorted(set(codes))]
        if not rules.kept_apart(role.administrator for role in wanted):
            raise Conflict("administrators-kept-apart", field="roles")
        await users.replace_grants(tx, user_id, [role.id for role in wanted], tx.now)
        tx.emit(PermissionsChanged(user_id=user_id), subject=user_id)
        self._audit.record(tx, actor, "roles.granted", user_id, {"roles": ",".join(role.code for role in wanted)})
        return wanted

    async def _reach(self, reading: Reading, actor: Actor, *permissions: str) -> tuple[Scope, str]:
        """The widest scope that one of these permissions has, and the path of departments that it covers."""
        if actor == system_actor(actor.tenant_id):
            return Scope.TENANT, ""
        if actor.id is None:
            raise Forbidden("permission-missing", permission=permissions[0])
        scopes = await sessions.scopes_of(reading, actor.tenant_id, actor.id)
        held = [scopes[code] for code in permissions if code in scopes]
        if not held:
            raise Forbidden("permission-missing", permission=permissions[0])
        scope = max(held, key=lambda one: one.width)
        if scope is not Scope.DEPARTMENT:
            return scope, ""
        mine = await sessions.unit_of(reading, actor.id)
        unit = None if mine is None else await tenants.org_unit(reading, mine)
        if unit is None:
            raise Forbidden("permission-missing", permission=permissions[0])
        return scope, unit.path

    async def _unit_within_reach(self, reading: Reading, actor: Actor, unit_id: UUID | None) -> OrgUnitView:
        scope, path = await self._reach(reading, actor, "user:manage")
        unit = await (tenants.root_unit(reading) if unit_id is None else tenants.org_unit(reading, unit_id))
        if unit is None:
            raise NotFound("org-unit-not-found", field="org_unit_id")
        if scope is Scope.OWN or not unit.path.startswith(path):
            raise Forbidden("outside-your-scope", field="org_unit_id", permission="user:manage")
        return unit

    async def within_reach(self, reading: Reading, actor: Actor, user_id: UUID) -> UserView:
        """A user whom the actor may change. Raises ``NotFound`` ("user-not-found") or ``Forbidden``."""
        return await self._within_reach(reading, actor, user_id)

    async def _within_reach(self, reading: Reading, actor: Actor, user_id: UUID) -> UserView:
        user = await users.user(reading, user_id)
        if user is None:
            raise NotFound("user-not-found")
        scope, path = await self._reach(reading, actor, "user:manage")
        unit = await tenants.org_unit(reading, user.org_unit_id)
        inside = user_id == actor.id if scope is Scope.OWN else unit is not None and unit.path.startswith(path)
        if not inside:
            raise Forbidden("outside-your-scope", permission="user:manage")
        if actor.id is not None and user_id != actor.id:
            held = await users.roles_of(reading, user_id)
            if any(role.administrator is not None for role in held):
                # Whoever sets the security administrator's password would be the security administrator.
                raise Forbidden("administrators-kept-apart", permission="user:manage")
        return user

    async def _checked_changes(self, tx: Transaction, actor: Actor, change: UserChange) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        if change.display_name is not None:
            changes["display_name"] = checked_text(change.display_name, field="display_name", max_length=NAME_MAX)
        if change.org_unit_id is not None:
            changes["org_unit_id"] = (await self._unit_within_reach(tx, actor, change.org_unit_id)).id
        if change.active is not None:
            changes["active"] = change.active
        if change.locale is not None:
            changes["locale"] = _checked_locale(change.locale)
        return changes


def _checked_locale(locale: str) -> str:
    if locale not in LOCALES:
        raise Invalid("locale-unknown", field="locale", allowed=", ".join(LOCALES))
    return locale
