"""The door of identity: typed calls for other modules, bootstrap and the entry points."""

from collections.abc import Collection, Mapping
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.sealing import Sealing
from careline.kernel.clock import Clock
from careline.kernel.errors import NotFound, Param
from careline.kernel.paging import Page
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.identity.repository import tenants, users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.services.factors import Factors
from careline.modules.directory.identity.services.invitations import Invitations
from careline.modules.directory.identity.services.passwords import Passwords
from careline.modules.directory.identity.services.reach import Reaches
from careline.modules.directory.identity.services.service_accounts import ServiceAccounts
from careline.modules.directory.identity.services.sessions import Sessions
from careline.modules.directory.identity.services.sign_in import SignIn
from careline.modules.directory.identity.services.throttle import Throttle
from careline.modules.directory.identity.services.users import Users
from careline.modules.directory.identity.views import (
    AuditEntryView,
    Enrolment,
    NewTenant,
    NewUser,
    Opened,
    OrgUnitView,
    PasswordCost,
    Reach,
    RoleView,
    SealView,
    SessionView,
    SignedIn,
    TenantView,
    UserChange,
    UserView,
    Verification,
)


class Identity:
    """Who is who, who may do what, and what was done."""

    def __init__(self, database: Database, clock: Clock, cost: PasswordCost, sealing: Sealing) -> None:
        self._database = database
        self._passwords = passwords = Passwords(cost)
        self._trail = AuditTrail(database)
        self._sessions = Sessions(database, clock, self._trail)
        self._throttle = Throttle(database)
        self._users = Users(database, passwords, self._trail, self._sessions)
        self._reaches = Reaches(database)
        self.factors = Factors(database, clock, sealing, self._trail, self._throttle, self._sessions, self._users)
        self.invitations = Invitations(database, passwords, self._trail, self._throttle, self._sessions, self._users)
        self.service_accounts = ServiceAccounts(database, self._trail, self._throttle)
        self._sign_in = SignIn(database, passwords, self._trail, self._throttle, self._sessions, self.factors)

    # Signing in and sessions

    async def sign_in(
        self,
        tenant_code: str,
        login: str,
        password: str,
        *,
        address: str,
        user_agent: str,
        replaces: str | None = None,
        code: str | None = None,
    ) -> Opened:
        """Open a session.

        Raises ``NotSignedIn`` ("sign-in-failed", "second-factor-needed", "code-wrong") or ``TooMany``.
        """
        return await self._sign_in.sign_in(
            tenant_code, login, password, address=address, user_agent=user_agent, replaces=replaces, code=code
        )

    async def authenticate(self, session_token: str) -> SignedIn:
        """Who a session token stands for. Raises ``NotSignedIn`` ("not-signed-in")."""
        return await self._sessions.authenticate(session_token)

    async def sign_out(self, session_token: str) -> None:
        """End the session of a token, if there is one."""
        await self._sessions.sign_out(session_token)

    async def sessions(self, actor: Actor) -> list[SessionView]:
        """The actor's own sessions."""
        return await self._sessions.mine(actor)

    async def revoke_session(self, actor: Actor, session_id: UUID) -> None:
        """End one of the actor's own sessions."""
        await self._sessions.revoke(actor, session_id)

    async def revoke_other_sessions(self, who: SignedIn) -> None:
        """End all of the caller's own sessions but the one that asks."""
        await self._sessions.revoke_others(who)

    async def change_own_locale(self, who: SignedIn, locale: str) -> None:
        """Keep another language for the caller. Raises ``Invalid`` ("locale-unknown")."""
        await self._users.change_own_locale(who.actor, locale)

    async def begin_second_factor(self, who: SignedIn, password: str, *, address: str) -> Enrolment:
        """Make a secret for the caller's phone. Raises ``Forbidden`` ("password-wrong")."""
        await self._sign_in.confirm(who, password, address=address, field="password")
        return await self.factors.enrol(who)

    async def turn_off_second_factor(self, who: SignedIn, password: str, code: str, *, address: str) -> None:
        """Do without. Raises ``Forbidden`` ("password-wrong", "code-wrong")."""
        await self._sign_in.confirm(who, password, address=address, field="password")
        await self.factors.turn_off(who, code)

    async def change_own_password(self, who: SignedIn, old: str, new: str, *, address: str) -> None:
        """Replace one's own password; other sessions end. Raises ``Forbidden`` ("password-wrong")."""
        confirmed = await self._sign_in.confirm(who, old, address=address)
        await self._users.change_own_password(who.actor, confirmed, new, session_id=who.session_id)

    # Tenants and their organisation

    async def tenants(self) -> list[TenantView]:
        """Every tenant, by code."""
        async with self._database.system_reading() as reading:
            return await tenants.tenants(reading)

    async def tenant(self, tenant_id: TenantId) -> TenantView:
        """One tenant. Raises ``NotFound``."""
        async with self._database.system_glance() as reading:
            found = await tenants.tenant(reading, tenant_id)
        if found is None:
            raise NotFound("tenant-not-found")
        return found

    async def tenant_by_code(self, code: str) -> TenantView | None:
        """One tenant by its code; None when there is none."""
        async with self._database.system_glance() as reading:
            return await tenants.tenant_by_code(reading, code)

    async def found_tenant(self, new: NewTenant) -> TenantView:
        """Make a tenant with its root department, the built-in roles and an audit trail that begins with this."""
        return await self._users.found_tenant(new)

    async def org_units(self, tenant_id: TenantId) -> list[OrgUnitView]:
        """The organisation, parents before what is below them."""
        async with self._database.reading(tenant_id) as reading:
            return await tenants.org_units(reading)

    async def add_org_unit(self, actor: Actor, parent_id: UUID, name: str) -> OrgUnitView:
        """Make a department below another."""
        return await self._users.add_org_unit(actor, parent_id, name)

    # Users and roles

    async def user(self, tenant_id: TenantId, user_id: UUID) -> UserView | None:
        """One user; None when the tenant has no such one."""
        async with self._database.glance(tenant_id) as reading:
            return await users.user(reading, user_id)

    async def user_by_login(self, tenant_id: TenantId, login: str) -> UserView | None:
        """One user by login; None when the tenant has no such one."""
        async with self._database.glance(tenant_id) as reading:
            return await users.user_by_login(reading, login.strip().lower())

    async def users(self, tenant_id: TenantId, ids: Collection[UUID]) -> dict[UUID, UserView]:
        """Those of the users that the tenant has."""
        if not ids:
            return {}
        async with self._database.glance(tenant_id, keys=len(ids)) as reading:
            return {user.id: user for user in await users.users(reading, ids)}

    async def names(self, tenant_id: TenantId, ids: Collection[UUID]) -> dict[UUID, str]:
        """What to call those who did something: users, and service accounts."""
        found = {one.id: one.display_name for one in (await self.users(tenant_id, ids)).values()}
        if rest := set(ids) - found.keys():
            found.update(await self.service_accounts.names(tenant_id, rest))
        return found

    async def user_page(self, actor: Actor, *, after: str, limit: int) -> Page[tuple[UserView, list[str]]]:
        """Users within the actor's reach with the codes of their roles, by login."""
        return await self._users.page(actor, after=after, limit=limit)

    async def create_user(self, actor: Actor, new: NewUser) -> UserView:
        """Make a user."""
        return await self._users.create(actor, new)

    async def change_user(self, actor: Actor, user_id: UUID, change: UserChange) -> UserView:
        """Change a user within the actor's reach."""
        return await self._users.change(actor, user_id, change)

    async def roles(self, tenant_id: TenantId) -> list[RoleView]:
        """The roles of a tenant, by code."""
        async with self._database.reading(tenant_id) as reading:
            return await users.roles(reading)

    async def role_codes(self, tenant_id: TenantId, user_id: UUID) -> list[str]:
        """The codes of the roles that a user holds."""
        async with self._database.glance(tenant_id) as reading:
            return [role.code for role in await users.roles_of(reading, user_id)]

    async def set_roles(self, actor: Actor, user_id: UUID, roles: Collection[str]) -> list[RoleView]:
        """Let a user hold exactly these roles."""
        return await self._users.set_roles(actor, user_id, roles)

    # How far permissions reach

    async def reach(self, actor: Actor, permission: str) -> Reach:
        """Whom a permission of this actor covers. Raises ``Forbidden`` when it is not held."""
        return await self._reaches.of(actor, permission)

    async def check_reach(self, actor: Actor, user_id: UUID, permission: str) -> None:
        """Pass who may do this to that user. Raises ``Forbidden`` ("outside-your-scope")."""
        await self._reaches.check(actor, user_id, permission)

    async def end_sessions(self, tx: Transaction, actor: Actor, user_id: UUID, cause: str) -> None:
        """End all sessions of a user as part of the caller's transaction, with audit."""
        await self._sessions.end_all(tx, actor, user_id, cause, but=None)

    # Audit

    async def audit(
        self,
        tx: Transaction,
        actor: Actor,
        action: str,
        subject: UUID | str | None = None,
        params: Mapping[str, Param] | None = None,
    ) -> None:
        """Write an audit entry in the caller's transaction. Ids and codes only, never a personal value."""
        self._trail.record(tx, actor, action, subject, params or {})

    async def audit_read(
        self,
        actor: Actor,
        action: str,
        subject: UUID | str | None = None,
        params: Mapping[str, Param] | None = None,
    ) -> None:
        """Write an audit entry for an access that changes nothing; call it before handing out what was read."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            self._trail.record(tx, actor, action, subject, params or {})

    async def audit_page(self, actor: Actor, *, before: int | None, limit: int) -> Page[AuditEntryView]:
        """Audit entries, the latest first; reading them is audited."""
        return await self._trail.read(actor, before=before, limit=limit)

    async def verify_audit(self, tenant_id: TenantId, *, known: Mapping[int, str] | None = None) -> Verification:
        """Check every entry and seal. ``known`` are seals kept elsewhere, number → hash."""
        return await self._trail.verify(tenant_id, known=known)

    async def seal_audit(self, tenant_id: TenantId) -> SealView | None:
        """Seal what is not sealed yet; None when all is."""
        return await self._trail.seal(tenant_id)

    async def export_audit(self, reading: Reading, after: int) -> list[AuditEntryView]:
        """The next entries after a number, oldest first; empty at the end."""
        return await self._trail.export(reading, after)

    async def audit_seals(self, reading: Reading, after: int) -> list[SealView]:
        """The next seals after a number; empty at the end."""
        return await self._trail.seals(reading, after)

    # Housekeeping, called by the job table

    async def keep_house(self) -> None:
        """Seal audits, remove sessions that are over, and forget old failures."""
        for tenant in await self.tenants():
            while await self._trail.seal(tenant.id) is not None:
                pass
        await self._sessions.end_expired()
        await self._throttle.forget_stale()

    def close(self) -> None:
        """Let the threads that hash passwords go."""
        self._passwords.close()
