"""The door of identity: typed calls for other modules, bootstrap and the entry points."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.sealing import Sealing
from careline.kernel.clock import Clock
from careline.kernel.errors import NotFound, Param
from careline.kernel.paging import Page
from careline.kernel.tenancy import Actor, TenantId
from careline.modules.directory.identity.engine.proof import check_extract
from careline.modules.directory.identity.permissions import Scope
from careline.modules.directory.identity.ports import External
from careline.modules.directory.identity.repository import organisation, roles, tenants, users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.services.export import AuditExport, check_export
from careline.modules.directory.identity.services.external import Bindings, ExternalSignIn
from careline.modules.directory.identity.services.extracts import Extracts
from careline.modules.directory.identity.services.factors import Factors
from careline.modules.directory.identity.services.invitations import Invitations
from careline.modules.directory.identity.services.organisation import Organisation
from careline.modules.directory.identity.services.passwords import Passwords
from careline.modules.directory.identity.services.reach import Reaches
from careline.modules.directory.identity.services.roles import Roles
from careline.modules.directory.identity.services.service_accounts import ServiceAccounts
from careline.modules.directory.identity.services.sessions import Sessions
from careline.modules.directory.identity.services.sign_in import SignIn
from careline.modules.directory.identity.services.tenants import Beside, Tenants
from careline.modules.directory.identity.services.throttle import Throttle
from careline.modules.directory.identity.services.users import Users
from careline.modules.directory.identity.views import (
    AuditEntryView,
    AuditFilter,
    Enrolment,
    ExportCheck,
    ExtractCheck,
    GrantView,
    NewRole,
    NewTenant,
    NewUser,
    Opened,
    OrgUnitChange,
    OrgUnitView,
    PasswordCost,
    PostView,
    Reach,
    RoleView,
    SealView,
    SessionView,
    SignedIn,
    TenantView,
    UserChange,
    UserFilter,
    UserView,
    Verification,
)


class Identity:
    """Who is who, who may do what, and what was done."""

    def __init__(
        self, database: Database, clock: Clock, cost: PasswordCost, sealing: Sealing, external: External | None = None
    ) -> None:
        self._database = database
        self.passwords = passwords = Passwords(cost)
        self.trail = AuditTrail(database)
        self._export = AuditExport(database, self.trail)
        self.extracts = Extracts(database, self.trail)
        self._sessions = Sessions(database, clock, self.trail)
        self._throttle = Throttle(database)
        self._tenants = Tenants(database, self.trail)
        self._organisation = Organisation(database, self.trail)
        self._roles = Roles(database, self.trail)
        self._users = Users(database, passwords, self.trail, self._sessions, self._roles)
        self.reaches = Reaches(database)
        self.factors = Factors(database, clock, sealing, self.trail, self._throttle, self._sessions, self._users)
        self.invitations = Invitations(database, passwords, self.trail, self._throttle, self._sessions, self._users)
        self.service_accounts = ServiceAccounts(database, self.trail, self._throttle)
        self._sign_in = SignIn(database, passwords, self.trail, self._throttle, self._sessions, self.factors)
        self.bindings = Bindings(database, self.trail, self._sessions)
        below = (database, clock, sealing, self._throttle, self._sign_in, self._users)
        self.external = None if external is None else ExternalSignIn(*below, external)

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
        """Open a session. Raises ``NotSignedIn`` or ``TooMany`` with the codes of ``SignIn.sign_in``."""
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
        """Do without. Raises ``Forbidden`` ("password-wrong", or what is wrong with the code)."""
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

    async def found_tenant(self, new: NewTenant, *, beside: Beside | None = None) -> TenantView:
        """Make a tenant with root department, built-in roles and audit trail; ``beside`` joins its transaction."""
        return await self._tenants.found(new, beside)

    async def refresh_built_in_roles(self) -> None:
        """Let the built-in roles of every tenant permit what this version says."""
        await self._tenants.refresh_built_in_roles()

    # The organisation

    async def org_units(self, tenant_id: TenantId) -> list[OrgUnitView]:
        """The organisation, parents before what is below them."""
        async with self._database.reading(tenant_id) as reading:
            return await organisation.org_units(reading)

    async def people_by_unit(self, tenant_id: TenantId) -> dict[UUID, int]:
        """How many users each department that has any has by itself."""
        async with self._database.reading(tenant_id) as reading:
            return await users.people_by_unit(reading)

    async def add_org_unit(self, actor: Actor, parent_id: UUID, name: str) -> OrgUnitView:
        """Make a department below another."""
        return await self._organisation.add_unit(actor, parent_id, name)

    async def change_org_unit(self, actor: Actor, unit_id: UUID, change: OrgUnitChange, *, version: int) -> OrgUnitView:
        """Rename or move a department that is still as it was at ``version``."""
        return await self._organisation.change_unit(actor, unit_id, change, version=version)

    async def close_org_unit(self, actor: Actor, unit_id: UUID, people_to: UUID | None, *, version: int) -> None:
        """Close a department; its people go to another one."""
        await self._organisation.close_unit(actor, unit_id, people_to, version=version)

    async def posts(self, tenant_id: TenantId) -> list[tuple[PostView, int]]:
        """The posts, each with how many hold it."""
        async with self._database.reading(tenant_id) as reading:
            held = await users.people_by_post(reading)
            return [(post, held.get(post.id, 0)) for post in await organisation.posts(reading)]

    async def add_post(self, actor: Actor, name: str, duties: str) -> PostView:
        """Make a post."""
        return await self._organisation.add_post(actor, name, duties)

    async def change_post(self, actor: Actor, post_id: UUID, name: str, duties: str, *, version: int) -> PostView:
        """Change a post that is still as it was at ``version``."""
        return await self._organisation.change_post(actor, post_id, name, duties, version=version)

    async def remove_post(self, actor: Actor, post_id: UUID, *, version: int) -> None:
        """Forget a post that nobody holds."""
        await self._organisation.remove_post(actor, post_id, version=version)

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

    async def user_page(
        self, actor: Actor, wanted: UserFilter | None = None, *, after: str, limit: int
    ) -> Page[tuple[UserView, list[GrantView]]]:
        """Users within the actor's reach with what was granted to them, by login."""
        return await self._users.page(actor, wanted or UserFilter(), after=after, limit=limit)

    async def user_detail(self, actor: Actor, user_id: UUID) -> tuple[UserView, list[GrantView], int]:
        """One user within the actor's reach, with the grants and in how many browsers the user is signed in."""
        return await self._users.one(actor, user_id)

    async def create_user(self, actor: Actor, new: NewUser) -> UserView:
        """Make a user."""
        return await self._users.create(actor, new)

    async def change_user(
        self, actor: Actor, user_id: UUID, change: UserChange, *, version: int | None = None
    ) -> UserView:
        """Change a user within the actor's reach, who with ``version`` must still be as at that."""
        return await self._users.change(actor, user_id, change, version=version)

    async def reset_password(self, actor: Actor, user_id: UUID) -> str:
        """A new password of a user within the actor's reach, told this once and good for choosing another only."""
        return await self._users.reset_password(actor, user_id)

    async def sign_out_everywhere(self, actor: Actor, user_id: UUID) -> None:
        """End every session of a user within the actor's reach."""
        await self._users.sign_out_everywhere(actor, user_id)

    # Roles

    async def roles(self, tenant_id: TenantId) -> list[RoleView]:
        """The roles of a tenant, by code."""
        async with self._database.reading(tenant_id) as reading:
            return await roles.roles(reading)

    async def roles_with_holders(self, actor: Actor) -> list[tuple[RoleView, int]]:
        """The same, each with how many hold it."""
        return await self._roles.all(actor)

    async def create_role(self, actor: Actor, new: NewRole) -> RoleView:
        """Make a role of the tenant's own."""
        return await self._roles.create(actor, new)

    async def change_role(
        self, actor: Actor, role_id: UUID, name: str, permissions: Mapping[str, str], *, version: int
    ) -> RoleView:
        """Change a role of the tenant's own that is still as it was at ``version``."""
        return await self._roles.change(actor, role_id, name, permissions, version=version)

    async def remove_role(self, actor: Actor, role_id: UUID, *, version: int) -> None:
        """Forget a role of the tenant's own that nobody holds."""
        await self._roles.remove(actor, role_id, version=version)

    async def role_codes(self, tenant_id: TenantId, user_id: UUID) -> list[str]:
        """The codes of the roles that a user holds."""
        async with self._database.glance(tenant_id) as reading:
            return [role.code for role in await roles.roles_of(reading, user_id)]

    async def set_roles(
        self, actor: Actor, user_id: UUID, wanted: Mapping[str, Scope | None], *, version: int | None = None
    ) -> list[GrantView]:
        """Let a user hold exactly these roles: code → within what scope, None as far as the role says."""
        return await self._roles.set_grants(actor, user_id, wanted, version=version)

    # How far permissions reach

    async def reach(self, actor: Actor, permission: str) -> Reach:
        """Whom a permission of this actor covers. Raises ``Forbidden`` when it is not held."""
        return await self.reaches.of(actor, permission)

    async def check_reach(self, actor: Actor, user_id: UUID, permission: str) -> None:
        """Pass who may do this to that user. Raises ``Forbidden`` ("outside-your-scope")."""
        await self.reaches.check(actor, permission, user_id)

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
        self.trail.record(tx, actor, action, subject, params or {})

    async def audit_read(
        self,
        actor: Actor,
        action: str,
        subject: UUID | str | None = None,
        params: Mapping[str, Param] | None = None,
    ) -> None:
        """Write an audit entry for an access that changes nothing; call it before handing out what was read."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            self.trail.record(tx, actor, action, subject, params or {})

    async def audit_page(
        self, actor: Actor, *, before: int | None, limit: int, wanted: AuditFilter | None = None
    ) -> Page[AuditEntryView]:
        """Audit entries that pass the filter, the latest first; reading them is audited."""
        return (await self.trail.read(actor, before=before, limit=limit, wanted=wanted))[0]

    async def audit_names(self, tenant_id: TenantId, entries: Sequence[AuditEntryView]) -> dict[str, str]:
        """What the ids in these entries are called, as far as the house knows."""
        return await self.trail.names(tenant_id, entries)

    async def verify_audit(self, tenant_id: TenantId, *, known: Mapping[int, str] | None = None) -> Verification:
        """Check every entry and seal. ``known`` are seals kept elsewhere, number → hash."""
        return await self.trail.verify(tenant_id, known=known)

    async def seal_audit(self, tenant_id: TenantId) -> SealView | None:
        """Seal what is not sealed yet; None when all is."""
        return await self.trail.seal(tenant_id)

    async def export_audit(self, reading: Reading, after: int) -> list[AuditEntryView]:
        """The next entries after a number, oldest first; empty at the end."""
        return await self.trail.export(reading, after)

    async def audit_lines(
        self,
        actor: Actor,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        after: int = 0,
        at_most: int | None = None,
    ) -> AsyncIterator[bytes]:
        """The trail as JSON lines with the seals that prove it, oldest first. That it is taken out is audited at once.

        ``at_most`` bounds the entries, rounded up to whole seals; the last line says where the next export begins.
        """
        return await self._export.lines(actor, since=since, until=until, after=after, at_most=at_most)

    @staticmethod
    def check_audit_export(lines: Iterable[bytes]) -> ExportCheck:
        """Check an export by itself, without the database that it is from."""
        return check_export(lines)

    @staticmethod
    def check_audit_extract(file: Iterable[bytes], proof: Iterable[bytes], known: Mapping[int, str]) -> ExtractCheck:
        """Check the file of an extract by its proof; ``known`` are seals kept elsewhere, number → hash."""
        return check_extract(file, proof, known)

    async def keep_house(self) -> None:
        """Seal audits, remove sessions that are over, and forget old failures; called by the job table."""
        for tenant in await self.tenants():
            while await self.trail.seal(tenant.id) is not None:
                pass
        await self._sessions.end_expired()
        await self._throttle.forget_stale()

    def close(self) -> None:
        """Let the threads that hash passwords go."""
        self.passwords.close()
