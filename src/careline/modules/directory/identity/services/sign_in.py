"""Signing in: one path of equal length for right and wrong, and slower for who fails."""

import logging
from datetime import datetime
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Forbidden, Invalid, NotSignedIn
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind, system_actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.repository import external as bindings
from careline.modules.directory.identity.repository import sessions, tenants, users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.services.factors import Factors
from careline.modules.directory.identity.services.passwords import Passwords
from careline.modules.directory.identity.services.sessions import Sessions, signed_in
from careline.modules.directory.identity.services.throttle import Throttle, of_sign_in, throttle_keys
from careline.modules.directory.identity.views import (
    ExternalPerson,
    Opened,
    SessionView,
    SignedIn,
    TenantView,
    UserView,
)

logger = logging.getLogger(__name__)

USER_AGENT_MAX = 200


class SignIn:
    """Turns a login and a password into a session."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        audit: AuditTrail,
        throttle: Throttle,
        kept: Sessions,
        factors: Factors,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._audit = audit
        self._throttle = throttle
        self._sessions = kept
        self._factors = factors

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
        """Open a session. ``replaces`` is the token that the browser came with: that session ends.

        Raises ``NotSignedIn`` ("sign-in-failed") without saying what was wrong, or ``TooMany`` before the password is
        even looked at. A try counts before it is checked, so a thousand at once are no faster than one by one. Who
        knows the password is told ("second-factor-needed", or what is wrong with it) when a ``code`` is asked for.
        """
        tenant = await self._tenant(tenant_code)
        known_login = _login_or_none(login)
        keys = throttle_keys(tenant_code, login, address)
        await self._throttle.count(*of_sign_in(keys))
        stored = None
        if tenant is not None and known_login is not None:
            async with self._database.glance(tenant.id) as reading:
                stored = await users.password_of(reading, known_login)
        fits = await self._passwords.check(stored[1] if stored else None, password)
        if tenant is None or stored is None or not fits or not stored[2]:
            if tenant is not None:
                await self._tell_refused(tenant, stored[0] if stored else None)
            raise NotSignedIn("sign-in-failed")
        user_id, old_hash, _ = stored
        assert old_hash is not None, "a password fits a stored hash only"
        if (why := await self._factors.refusal(tenant.id, user_id, code)) is not None:
            await self._tell_refused(tenant, user_id)
            raise NotSignedIn(why, field="code")
        new_hash = await self._passwords.hash(password) if self._passwords.outdated(old_hash) else None
        if replaces is not None:
            await self._sessions.sign_out(replaces)
        actor = Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=user_id)
        async with self._database.transaction(tenant.id, actor=actor.ref) as tx:
            user = await users.hold(tx, user_id)
            current = await users.password_of(tx, known_login or "")
            if user is None or not user.active or current is None or current[1] != old_hash:
                raise NotSignedIn("sign-in-failed")  # changed while the password was being checked
            if new_hash is not None:
                await users.rehash(tx, user_id, old_hash, new_hash)
            await self._throttle.forgive(tx, keys)
            return await self._opened(tx, actor, user, tenant, _new_session(tx.now, address, user_agent))

    async def vouched(
        self,
        tenant: TenantView,
        person: ExternalPerson,
        user_id: UUID,
        *,
        address: str,
        user_agent: str,
        replaces: str | None = None,
    ) -> Opened:
        """Open a session for whom a provider vouches. The first time binds the user to the person there.

        Raises ``NotSignedIn`` ("external-person-unknown", "external-person-other": the user has come in as somebody
        else of the provider, or "external-second-factor-missing": who has a second factor here comes in through a
        provider only when that asked for one, too). A refused one keeps the session that ``replaces`` names.
        """
        actor = Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=user_id)
        async with self._database.transaction(tenant.id, actor=actor.ref) as tx:
            held = await users.hold(tx, user_id)
            if held is None or not held.active:
                raise NotSignedIn("external-person-unknown")
            await self._bind(tx, actor, held, person)
            opened = await self._opened(tx, actor, held, tenant, _new_session(tx.now, address, user_agent))
            if opened.signed_in.standing.second_factor and not person.second_factor:
                raise NotSignedIn("external-second-factor-missing")
        if replaces is not None:
            await self._sessions.sign_out(replaces)
        return opened

    async def _bind(self, tx: Transaction, actor: Actor, user: UserView, person: ExternalPerson) -> None:
        if await bindings.bind(tx, person.issuer, person.subject, user.id):
            self._audit.record(tx, actor, "user.bound", user.id, {"issuer": person.issuer})
        elif await bindings.bound_user(tx, person.issuer, person.subject) != user.id:
            logger.warning("user %s is somebody else at the provider and was not let in", user.id)
            raise NotSignedIn("external-person-other")

    async def _opened(
        self, tx: Transaction, actor: Actor, user: UserView, tenant: TenantView, view: SessionView
    ) -> Opened:
        token = rules.new_token()
        await sessions.add_session(tx, user.id, rules.token_hash(token), view)
        self._audit.record(tx, actor, "session.opened", user.id, {"session": str(view.id)})
        found = await sessions.opened(tx, view, user, tenant)
        return Opened(token=token, signed_in=signed_in(found, token))

    async def confirm(self, who: SignedIn, password: str, *, address: str, field: str = "current") -> str:
        """The stored hash of the one signed in who knows the password; slowed like signing in.

        Raises ``Forbidden`` ("password-wrong").
        """
        keys = throttle_keys(who.tenant.code, who.user.login, address)
        await self._throttle.count(*of_sign_in(keys))
        async with self._database.glance(who.tenant.id) as reading:
            stored = await users.password_of(reading, who.user.login)
        known = stored[1] if stored else None
        if not await self._passwords.check(known, password) or known is None:
            raise Forbidden("password-wrong", field=field)
        async with self._database.transaction(who.tenant.id, actor=who.actor.ref) as tx:
            await self._throttle.forgive(tx, keys)
        return known

    async def _tenant(self, code: str) -> TenantView | None:
        try:
            rules.checked_code(code, field="tenant")
        except Invalid:
            return None
        async with self._database.system_glance() as reading:
            return await tenants.tenant_by_code(reading, code)

    async def _tell_refused(self, tenant: TenantView, user_id: UUID | None) -> None:
        async with self._database.transaction(tenant.id) as tx:
            self._audit.record(tx, system_actor(tenant.id), "session.refused", user_id, {})


def _login_or_none(login: str) -> str | None:
    try:
        return rules.checked_login(login)
    except Invalid:
        return None


def _new_session(now: datetime, address: str, user_agent: str) -> SessionView:
    shown = "".join(char for char in user_agent[:USER_AGENT_MAX] if char.isprintable())
    return SessionView(
        id=new_id(),
        created_at=now,
        last_used_at=now,
        expires_at=now + rules.SESSION_LIFETIME,
        address=address[:64],
        user_agent=shown,
    )
