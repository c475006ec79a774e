"""Signing in: one path of equal length for right and wrong, and slower for who fails."""

import hashlib
from datetime import datetime
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.infra.web.addresses import network_of
from careline.kernel.errors import Forbidden, Invalid, NotSignedIn, TooMany
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, ActorKind, system_actor
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.repository import sessions, tenants, users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.services.passwords import Passwords
from careline.modules.directory.identity.services.sessions import Sessions, signed_in
from careline.modules.directory.identity.views import Opened, SessionView, SignedIn, TenantView, UserView

USER_AGENT_MAX = 200


class ThrottleKeys(msgspec.Struct, frozen=True):
    """Under what failures are counted: this login from this address, and this address."""

    login: str
    address: str


def throttle_keys(tenant_code: str, login: str, address: str) -> ThrottleKeys:
    """Hashes, so that the table holds no addresses."""
    network = network_of(address)
    folded = login.strip().lower()[:100]
    parts = ("login", tenant_code[:100], folded, network), ("address", network)
    made = [hashlib.sha256(msgspec.json.encode(part)).hexdigest() for part in parts]
    return ThrottleKeys(*made)


class SignIn:
    """Turns a login and a password into a session."""

    def __init__(self, database: Database, passwords: Passwords, audit: AuditTrail, kept: Sessions) -> None:
        self._database = database
        self._passwords = passwords
        self._audit = audit
        self._sessions = kept

    async def sign_in(
        self, tenant_code: str, login: str, password: str, *, address: str, user_agent: str, replaces: str | None = None
    ) -> Opened:
        """Open a session. ``replaces`` is the token that the browser came with: that session ends.

        Raises ``NotSignedIn`` ("sign-in-failed") without saying what was wrong, or ``TooMany`` before the password is
        even looked at. A try counts before it is checked, so a thousand at once are no faster than one by one.
        """
        tenant = await self._tenant(tenant_code)
        known_login = _login_or_none(login)
        keys = throttle_keys(tenant_code, login, address)
        await self._count(keys)
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
        new_hash = await self._passwords.hash(password) if self._passwords.outdated(old_hash) else None
        if replaces is not None:
            await self._sessions.sign_out(replaces)
        token = rules.new_token()
        actor = Actor(tenant_id=tenant.id, kind=ActorKind.USER, id=user_id)
        async with self._database.transaction(tenant.id, actor=actor.ref) as tx:
            user = await users.hold(tx, user_id)
            current = await users.password_of(tx, known_login or "")
            if user is None or not user.active or current is None or current[1] != old_hash:
                raise NotSignedIn("sign-in-failed")  # changed while the password was being checked
            if new_hash is not None:
                await users.rehash(tx, user_id, old_hash, new_hash)
            await self._forgive(tx, keys)
            view = _new_session(tx.now, address, user_agent)
            await sessions.add_session(tx, user_id, rules.token_hash(token), view)
            self._audit.record(tx, actor, "session.opened", user_id, {"session": str(view.id)})
            who = await self._who(tx, view, user, tenant, token)
        return Opened(token=token, signed_in=who)

    async def confirm(self, who: SignedIn, password: str, *, address: str) -> str:
        """The stored hash of the one signed in who knows the password; slowed like signing in.

        Raises ``Forbidden`` ("password-wrong").
        """
        keys = throttle_keys(who.tenant.code, who.user.login, address)
        await self._count(keys)
        async with self._database.glance(who.tenant.id) as reading:
            stored = await users.password_of(reading, who.user.login)
        known = stored[1] if stored else None
        if not await self._passwords.check(known, password) or known is None:
            raise Forbidden("password-wrong", field="current")
        async with self._database.transaction(who.tenant.id, actor=who.actor.ref) as tx:
            await self._forgive(tx, keys)
        return known

    async def forget_old_failures(self) -> None:
        """Remove failures that no longer slow anybody down."""
        async with self._database.system_reading() as reading:
            if not await sessions.has_throttles(reading, before=reading.now - rules.FORGET_FAILURES_AFTER):
                return
        async with self._database.system_transaction() as tx:
            await sessions.forget_throttles(tx, before=tx.now - rules.FORGET_FAILURES_AFTER)

    async def _tenant(self, code: str) -> TenantView | None:
        try:
            rules.checked_code(code, field="tenant")
        except Invalid:
            return None
        async with self._database.system_glance() as reading:
            return await tenants.tenant_by_code(reading, code)

    async def _who(
        self, tx: Transaction, view: SessionView, user: UserView, tenant: TenantView, token: str
    ) -> SignedIn:
        scopes = await sessions.scopes_of(tx, tenant.id, user.id)
        return signed_in(sessions.FoundSession(session=view, user=user, tenant=tenant, scopes=scopes), token)

    async def _tell_refused(self, tenant: TenantView, user_id: UUID | None) -> None:
        async with self._database.transaction(tenant.id) as tx:
            self._audit.record(tx, system_actor(tenant.id), "session.refused", user_id, {})

    async def _count(self, keys: ThrottleKeys) -> None:
        limits = (
            (keys.login, rules.FREE_TRIES_LOGIN, rules.LONGEST_WAIT_LOGIN),
            (keys.address, rules.FREE_TRIES_ADDRESS, rules.LONGEST_WAIT_ADDRESS),
        )
        async with self._database.system_transaction() as tx:
            rows = {key: await _failures(tx, key) for key, _, _ in limits}
            until = max((row.blocked_until for row in rows.values() if row is not None), default=tx.now)
            if until <= tx.now:
                for key, free, longest in limits:
                    row = rows[key]
                    fresh = row is None or tx.now - row.last_failure_at >= rules.FORGET_FAILURES_AFTER
                    failures = 1 if row is None or fresh else row.failures + 1
                    wait = rules.wait_after(failures, free=free, longest=longest)
                    await sessions.put_throttle(tx, key, failures, tx.now, tx.now + wait)
        if until > tx.now:
            raise TooMany("too-many-attempts", retry_after=(until - tx.now).total_seconds())

    async def _forgive(self, tx: Transaction, keys: ThrottleKeys) -> None:
        """This try was no failure. Others from the same address keep theirs: one's own account forgives no guessing."""
        await sessions.forget_throttle(tx, keys.login)
        row = await sessions.throttle(tx, keys.address)
        if row is not None:
            failures = max(0, row.failures - 1)
            until = row.blocked_until if failures >= rules.FREE_TRIES_ADDRESS else tx.now
            await sessions.put_throttle(tx, keys.address, failures, row.last_failure_at, until)


async def _failures(tx: Transaction, key: str) -> sessions.Failures | None:
    """What was counted under a key. A failure that is yet to come was written before the clock went back: it is taken
    as one of just now, and the wait begins anew instead of lasting until the old time comes round."""
    known = await sessions.throttle(tx, key)
    if known is None or known.last_failure_at <= tx.now:
        return known
    until = tx.now + (known.blocked_until - known.last_failure_at)
    await sessions.put_throttle(tx, key, known.failures, tx.now, until)
    return sessions.Failures(failures=known.failures, last_failure_at=tx.now, blocked_until=until)


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
