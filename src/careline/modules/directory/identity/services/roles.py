"""Roles: what they permit, and who holds which."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.kernel.text import checked_text
from careline.modules.directory.identity import permissions as permitted
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.events import PermissionsChanged
from careline.modules.directory.identity.permissions import Scope
from careline.modules.directory.identity.repository import organisation, roles, users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.services.bounds import bounds_of
from careline.modules.directory.identity.views import GrantView, NewRole, RoleView, UserView


class Roles:
    """Use cases on roles. Nobody changes what oneself may do, neither by a grant nor by the role."""

    def __init__(self, database: Database, audit: AuditTrail) -> None:
        self._database = database
        self._audit = audit

    async def all(self, actor: Actor) -> list[tuple[RoleView, int]]:
        """The roles of the tenant by code, each with how many hold it."""
        async with self._database.reading(actor.tenant_id) as reading:
            held = await roles.holders_by_role(reading)
            return [(role, held.get(role.id, 0)) for role in await roles.roles(reading)]

    async def create(self, actor: Actor, new: NewRole) -> RoleView:
        """Make a role of the tenant's own."""
        permissions = permitted.checked_permissions(new.permissions)
        role = RoleView(
            id=new_id(),
            code=rules.checked_role_code(new.code),
            name=checked_text(new.name, field="name", max_length=rules.NAME_MAX),
            administrator=permitted.administrator_of(permissions),
            permissions=permissions,
            built_in=False,
        )
        permitted.check_together([(role.administrator, role.permissions)], field="permissions")
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await _over_all(tx, actor)
            if any(known.code == role.code for known in await roles.roles(tx)):
                raise Conflict("role-exists", field="code")
            await roles.add_role(tx, role)
            self._audit.record(tx, actor, "role.created", role.id, {"code": role.code, **_told(role)})
        return role

    async def change(
        self, actor: Actor, role_id: UUID, name: str, permissions: Mapping[str, str], *, version: int
    ) -> RoleView:
        """Give a role of the tenant's own another name and other permissions, for all who hold it.

        Raises ``Conflict`` ("role-changed") when it is no longer as somebody saw who saw ``version``.
        """
        name = checked_text(name, field="name", max_length=rules.NAME_MAX)
        checked = permitted.checked_permissions(permissions)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await _over_all(tx, actor)
            role = await _own_role(tx, role_id, version)
            changed = msgspec.structs.replace(
                role,
                name=name,
                permissions=checked,
                administrator=permitted.administrator_of(checked),
                version=role.version + 1,
            )
            await self._check_holders(tx, actor, role, changed)
            values: dict[str, Any] = {
                "name": name,
                "permissions": dict(checked),
                "administrator": changed.administrator,
            }
            await roles.change_role(tx, role_id, values)
            self._audit.record(tx, actor, "role.changed", role_id, {"code": role.code, **_told(changed)})
        return changed

    async def remove(self, actor: Actor, role_id: UUID, *, version: int) -> None:
        """Forget a role of the tenant's own that nobody holds."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await _over_all(tx, actor)
            role = await _own_role(tx, role_id, version)
            held = len(await roles.holders(tx, role_id))
            if held:
                raise Conflict("role-held", people=held)
            await roles.remove_role(tx, role_id)
            self._audit.record(tx, actor, "role.removed", role_id, {"code": role.code})

    async def set_grants(
        self, actor: Actor, user_id: UUID, wanted: Mapping[str, Scope | None], *, version: int | None = None
    ) -> list[GrantView]:
        """Let a user hold exactly these roles. Nobody changes what oneself may do."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if user_id == actor.id:
                raise Forbidden("own-roles", permission="role:grant")
            user = await users.hold(tx, user_id)
            if user is None:
                raise NotFound("user-not-found")
            await _check_reach(tx, actor, user, wanted)
            if version is not None and version != user.version:
                raise Conflict("user-changed", version=user.version)
            if actor.id is not None:
                await _check_last(tx, user, wanted)
            await users.change_user(tx, user_id, {})
            return await self.grant(tx, actor, user_id, wanted)

    async def grant(
        self, tx: Transaction, actor: Actor, user_id: UUID, wanted: Mapping[str, Scope | None]
    ) -> list[GrantView]:
        """Replace what was granted to a user, in the caller's transaction, in which nobody else changes the user."""
        known = {role.code: role for role in await roles.hold_roles(tx)}
        if wanted.keys() - known.keys():
            raise Invalid("role-unknown", field="roles")
        chosen = [known[code] for code in sorted(wanted)]
        permitted.check_together(((role.administrator, role.permissions) for role in chosen), field="roles")
        await roles.replace_grants(tx, user_id, {role.id: wanted[role.code] for role in chosen}, tx.now)
        tx.emit(PermissionsChanged(user_id=user_id), subject=user_id)
        grants = [GrantView(role=role.code, scope=wanted[role.code]) for role in chosen]
        told = ",".join(one.role if one.scope is None else f"{one.role}@{one.scope}" for one in grants)
        self._audit.record(tx, actor, "roles.granted", user_id, {"roles": told})
        return grants

    async def _check_holders(self, tx: Transaction, actor: Actor, role: RoleView, changed: RoleView) -> None:
        """Nobody may come to hold by this what nobody may be granted."""
        permitted.check_together([(changed.administrator, changed.permissions)], field="permissions")
        holders = await roles.holders(tx, role.id)
        if actor.id in holders:
            raise Forbidden("own-roles", permission="role:grant")
        for user_id in holders:
            held = [changed if one.id == role.id else one for one in await roles.roles_of(tx, user_id)]
            permitted.check_together(((one.administrator, one.permissions) for one in held), field="permissions")
            tx.emit(PermissionsChanged(user_id=user_id), subject=user_id)


def _told(role: RoleView) -> dict[str, str]:
    return {"permissions": ",".join(f"{code}@{scope}" for code, scope in sorted(role.permissions.items()))}


async def _over_all(tx: Transaction, actor: Actor) -> None:
    """A role is for the whole tenant: who grants in a department only does not change what it permits."""
    if (await bounds_of(tx, actor, "role:grant")).scope is not Scope.TENANT:
        raise Forbidden("outside-your-scope", permission="role:grant")


async def _own_role(tx: Transaction, role_id: UUID, version: int) -> RoleView:
    role = next((one for one in await roles.hold_roles(tx) if one.id == role_id), None)
    if role is None:
        raise NotFound("role-not-found")
    if role.built_in:
        raise Conflict("role-built-in", role=role.code)
    if role.version != version:
        raise Conflict("role-changed", version=role.version)
    return role


async def _check_reach(tx: Transaction, actor: Actor, user: UserView, wanted: Mapping[str, Scope | None]) -> None:
    """Who grants in a department grants to its people, within the department, and makes no administrators."""
    reach = await bounds_of(tx, actor, "role:grant")
    if reach.scope is Scope.TENANT:
        return
    if not reach.covers_user(actor, user, await organisation.org_unit(tx, user.org_unit_id)):
        raise Forbidden("outside-your-scope", permission="role:grant")
    held = {one.role: one.scope for one in (await roles.grants_of(tx, [user.id]))[user.id]}
    administrators = {role.code for role in await roles.roles(tx) if role.administrator is not None}
    for code in wanted.keys() | held.keys():
        if code in wanted and code in held and wanted[code] == held[code]:
            continue
        scope = wanted.get(code, Scope.OWN)
        if code in administrators or scope is None or scope.width > reach.scope.width:
            raise Forbidden("outside-your-scope", field="roles", permission="role:grant")


async def _check_last(tx: Transaction, user: UserView, wanted: Mapping[str, Scope | None]) -> None:
    """A tenant that has an administrator of a kind keeps one, else nobody is left who could give it back."""
    known = {role.code: role for role in await roles.hold_roles(tx)}
    stays = {known[code].administrator for code in wanted if code in known}
    for role in await roles.roles_of(tx, user.id):
        kind = role.administrator
        if kind is None or kind in stays or not user.active:
            continue
        if await roles.active_administrators(tx, kind, but=user.id) == 0:
            raise Conflict("last-administrator", field="roles", kind=kind)
