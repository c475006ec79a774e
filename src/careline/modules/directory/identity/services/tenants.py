"""Tenants: how one begins, and what the program brings to all of them."""

from collections.abc import Awaitable, Callable

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId, system_actor
from careline.kernel.text import checked_text
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.events import TenantFounded
from careline.modules.directory.identity.permissions import BUILT_IN_ROLES, BuiltInRole
from careline.modules.directory.identity.repository import organisation, roles, tenants
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.views import NewTenant, OrgUnitView, RoleView, TenantView

Beside = Callable[[Transaction], Awaitable[object]]
"""What else a tenant begins with, written in the transaction that makes it."""

BUILT_IN = {role.code: role for role in BUILT_IN_ROLES}


class Tenants:
    """Use cases on tenants as a whole."""

    def __init__(self, database: Database, audit: AuditTrail) -> None:
        self._database = database
        self._audit = audit

    async def found(self, new: NewTenant, beside: Beside | None) -> TenantView:
        """Make a tenant with its root department, the built-in roles and an audit trail that begins with this."""
        code = rules.checked_code(new.code, field="code")
        name = checked_text(new.name, field="name", max_length=rules.NAME_MAX)
        tenant_id = TenantId(new_id())
        async with self._database.transaction(tenant_id) as tx:
            if await tenants.tenant_by_code(tx, code) is not None:
                raise Conflict("tenant-exists", field="code", tenant=code)
            await tenants.add_tenant(tx, tenant_id, new, tx.now)
            root_id = new_id()
            root = OrgUnitView(id=root_id, parent_id=None, name=name, path=f"{root_id}/")
            await organisation.add_org_unit(tx, root)
            await roles.add_built_in_roles(tx, tenant_id, BUILT_IN_ROLES)
            self._audit.record(tx, system_actor(tenant_id), "tenant.founded", tenant_id, {"code": code})
            tx.emit(TenantFounded(), subject=tenant_id)
            if beside is not None:
                await beside(tx)
        return TenantView(
            id=tenant_id, code=code, name=name, time_zone=new.time_zone, locale=new.locale, accent=new.accent
        )

    async def refresh_built_in_roles(self) -> None:
        """Let every tenant have the built-in roles, as this version says them; called when a process starts."""
        async with self._database.system_reading() as reading:
            known = await tenants.tenants(reading)
        for tenant in known:
            async with self._database.reading(tenant.id) as reading:
                known_roles = await roles.roles(reading)
                if not _outdated(known_roles) and not _missing(known_roles):
                    continue
            async with self._database.transaction(tenant.id) as tx:
                held = await roles.hold_roles(tx)
                for role in _outdated(held):
                    wanted = BUILT_IN[role.code]
                    await roles.change_role(
                        tx,
                        role.id,
                        {"permissions": dict(wanted.permissions), "administrator": wanted.administrator},
                    )
                    self._audit.record(tx, system_actor(tenant.id), "role.renewed", role.id, {"code": role.code})
                if missing := _missing(held):
                    await roles.add_built_in_roles(tx, tenant.id, missing)
                for new in missing:
                    self._audit.record(tx, system_actor(tenant.id), "role.renewed", None, {"code": new.code})


def _missing(held: list[RoleView]) -> list[BuiltInRole]:
    """Those that came with this version; of a code that a role of the tenant's own has there is none."""
    codes = {role.code for role in held}
    return [role for role in BUILT_IN_ROLES if role.code not in codes]


def _outdated(held: list[RoleView]) -> list[RoleView]:
    return [
        role
        for role in held
        if role.built_in
        and role.code in BUILT_IN
        and (role.permissions, role.administrator)
        != (BUILT_IN[role.code].permissions, BUILT_IN[role.code].administrator)
    ]
