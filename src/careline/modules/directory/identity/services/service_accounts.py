"""Service accounts: programs of others that may use the HTTP interface, each with a token that ends.

Two people stand behind each, as behind a user: who keeps the system makes it and says what it shall be able to do; who
says who may do what approves it. Until then its token is refused.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn
from careline.kernel.ids import new_id
from careline.kernel.paging import Page, checked_limit
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from careline.kernel.text import checked_text
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.engine.tokens import is_service_token, new_service_token
from careline.modules.directory.identity.permissions import (
    NEVER_BY_TOKEN,
    Scope,
    administrator_of,
    checked_permissions,
)
from careline.modules.directory.identity.repository import service_accounts as rows
from careline.modules.directory.identity.repository import users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.services.bounds import bounds_of
from careline.modules.directory.identity.services.throttle import Throttle, of_secret
from careline.modules.directory.identity.views import IssuedToken, NewServiceAccount, ServiceAccountView, ServiceCaller

NAME_MAX = 60
LONGEST = timedelta(days=366)
"""A token lives a year at most, leap years included."""


class ServiceAccounts:
    """Makes, knows and revokes them. The token is handed out once and stored as a hash."""

    def __init__(self, database: Database, audit: AuditTrail, throttle: Throttle) -> None:
        self._database = database
        self._audit = audit
        self._throttle = throttle

    async def authenticate(self, token: str, *, address: str) -> ServiceCaller:
        """Whose token this is, and remember that it was used.

        Raises ``NotSignedIn`` ("token-unknown", "token-expired", "token-not-approved"). Unknown ones are counted by
        address and slowed ("too-many-attempts"); one that is good is never held up by others.
        """
        found = None
        if is_service_token(token):
            async with self._database.system_glance() as reading:
                found = await rows.find(reading, rules.token_hash(token))
                now = reading.now
        if found is None or found.account.revoked_at is not None:
            await self._throttle.count(of_secret("service-token", address))
            raise NotSignedIn("token-unknown")
        account = found.account
        if account.expires_at <= now:
            raise NotSignedIn("token-expired")
        if account.approved_at is None:
            raise NotSignedIn("token-not-approved")
        if account.last_used_at is None or now - account.last_used_at >= rules.TOUCH_EVERY:
            async with self._database.transaction(found.tenant_id) as tx:
                await rows.touch(tx, account.id, tx.now)
        actor = Actor(
            tenant_id=found.tenant_id,
            kind=ActorKind.SERVICE,
            id=account.id,
            permissions=frozenset(account.permissions),
        )
        return ServiceCaller(id=account.id, actor=actor)

    async def create(self, actor: Actor, new: NewServiceAccount) -> IssuedToken:
        """Make a service account. Its token is good for nothing until somebody else approves the permissions.

        Raises ``Invalid`` ("expiry-not-usable", "permission-unknown", "scope-not-enforced", "permissions-missing"),
        ``Forbidden`` ("permission-never-by-token"), ``Conflict`` ("service-account-exists").
        """
        name = checked_text(new.name, field="name", max_length=NAME_MAX)
        if not new.permissions:
            raise Invalid("permissions-missing", field="permissions")
        token = new_service_token()
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            me = None if actor.id is None else await users.user(tx, actor.id)
            if me is None:
                raise Forbidden("permission-missing", permission="service-account:manage")
            _check_expiry(new.expires_at, tx.now)
            permissions = _checked(new.permissions)
            view = ServiceAccountView(
                id=new_id(),
                name=name,
                permissions=permissions,
                created_at=tx.now,
                created_by=me.id,
                expires_at=new.expires_at,
                last_used_at=None,
                revoked_at=None,
            )
            await rows.add(
                tx,
                view,
                token_hash=rules.token_hash(token),
                org_unit_id=me.org_unit_id,
                permissions={code: scope.value for code, scope in permissions.items()},
            )
            given = ",".join(f"{code}={scope.value}" for code, scope in sorted(permissions.items()))
            told = {"permissions": given, "expires_at": new.expires_at.isoformat()}
            self._audit.record(tx, actor, "service-account.created", view.id, told)
        return IssuedToken(token=token, account=view)

    async def approve(self, actor: Actor, account_id: UUID) -> None:
        """What it permits is right: from now on its token is good for that. Who made it does not approve it.

        Raises ``NotFound`` ("service-account-not-found"), ``Conflict`` ("service-account-revoked"), ``Forbidden``
        ("own-service-account", "outside-your-scope").
        """
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if (await bounds_of(tx, actor, "role:grant")).scope is not Scope.TENANT:
                raise Forbidden("outside-your-scope", permission="role:grant")
            account = await rows.hold(tx, account_id)
            if account is None:
                raise NotFound("service-account-not-found")
            if account.created_by == actor.id:
                raise Forbidden("own-service-account", permission="role:grant")
            if account.revoked_at is not None:
                raise Conflict("service-account-revoked")
            if account.approved_at is not None:
                return
            await rows.approve(tx, account_id, actor.id)
            given = ",".join(f"{code}={scope.value}" for code, scope in sorted(account.permissions.items()))
            self._audit.record(tx, actor, "service-account.approved", account_id, {"permissions": given})

    async def page(self, actor: Actor, *, part: str, after: str, limit: int) -> Page[tuple[ServiceAccountView, str]]:
        """Service accounts by name, each with the name of its maker."""
        checked_limit(limit)
        if "\x00" in part + after:
            raise Invalid("cursor-not-usable", field="q" if "\x00" in part else "after")
        async with self._database.reading(actor.tenant_id) as reading:
            found = await rows.accounts_after(reading, after, part=part, limit=limit)
            makers = await users.users(reading, {one.created_by for one in found})
        known = {user.id: user.display_name for user in makers}
        items = [(one, known.get(one.created_by, "")) for one in found]
        return Page(items=items, next=found[-1].name if len(found) == limit else None)

    async def revoke(self, actor: Actor, account_id: UUID) -> None:
        """Its token is good for nothing from now on. Raises ``NotFound`` ("service-account-not-found")."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if await rows.account(tx, account_id) is None:
                raise NotFound("service-account-not-found")
            if await rows.revoke(tx, account_id):
                self._audit.record(tx, actor, "service-account.revoked", account_id, {})

    async def refuse(self, actor: Actor, account_id: UUID) -> None:
        """The same by who approves. Raises ``Forbidden`` ("outside-your-scope") besides."""
        async with self._database.reading(actor.tenant_id) as reading:
            if (await bounds_of(reading, actor, "role:grant")).scope is not Scope.TENANT:
                raise Forbidden("outside-your-scope", permission="role:grant")
        await self.revoke(actor, account_id)

    async def names(self, tenant_id: TenantId, ids: Collection[UUID]) -> dict[UUID, str]:
        """The names of those of the tenant's service accounts."""
        async with self._database.reading(tenant_id) as reading:
            return await rows.names(reading, ids)


def _check_expiry(expires_at: datetime, now: datetime) -> None:
    if not now < expires_at <= now + LONGEST:
        raise Invalid("expiry-not-usable", field="expires_at", max_days=LONGEST.days)


def _checked(wanted: Mapping[str, Scope]) -> dict[str, Scope]:
    checked = checked_permissions(wanted)
    for code in checked:
        if code in NEVER_BY_TOKEN:
            raise Forbidden("permission-never-by-token", field="permissions", permission=code)
    administrator_of(checked)
    return checked
