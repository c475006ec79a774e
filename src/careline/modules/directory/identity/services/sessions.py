"""Sessions: who a token stands for, and how sessions end."""

import re
from datetime import datetime
from uuid import UUID

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.clock import Clock
from careline.kernel.errors import NotFound, NotSignedIn
from careline.kernel.tenancy import Actor, ActorKind, TenantId
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.events import SessionEnded
from careline.modules.directory.identity.repository import sessions as rows
from careline.modules.directory.identity.repository import tenants
from careline.modules.directory.identity.repository.sessions import FoundSession
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.views import SessionView, SignedIn

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")


class Sessions:
    """Knows who is signed in. A token is looked up by its hash; the token itself is stored nowhere."""

    def __init__(self, database: Database, clock: Clock, audit: AuditTrail) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit

    async def authenticate(self, token: str) -> SignedIn:
        """Who this token stands for, and remember that it was used. Raises ``NotSignedIn`` ("not-signed-in")."""
        found = await self._find(token)
        now = self._clock.now()
        if found is None or not found.user.active or _is_over(found, now):
            raise NotSignedIn("not-signed-in")
        if now - found.session.last_used_at >= rules.TOUCH_EVERY:
            async with self._database.transaction(found.tenant.id) as tx:
                await rows.touch(tx, found.session.id, tx.now)
        return signed_in(found, token)

    async def sign_out(self, token: str) -> None:
        """End the session of this token; nothing happens when there is none."""
        found = await self._find(token)
        if found is None:
            return
        actor = Actor(tenant_id=found.tenant.id, kind=ActorKind.USER, id=found.user.id)
        async with self._database.transaction(found.tenant.id, actor=actor.ref) as tx:
            if await rows.end_session(tx, found.user.id, found.session.id):
                self.tell_ended(tx, actor, found.user.id, [found.session.id], "signed-out")

    async def mine(self, actor: Actor) -> list[SessionView]:
        """The actor's own sessions that are not over, the latest used first."""
        if actor.id is None:
            return []
        async with self._database.reading(actor.tenant_id) as reading:
            found = await rows.sessions_of(reading, actor.id)
        now = self._clock.now()
        return [
            session
            for session in found
            if not rules.session_ended(now, last_used_at=session.last_used_at, expires_at=session.expires_at)
        ]

    async def revoke(self, actor: Actor, session_id: UUID) -> None:
        """End one of the actor's own sessions. Raises ``NotFound`` when it is nobody's or another's."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if actor.id is None or not await rows.end_session(tx, actor.id, session_id):
                raise NotFound("session-not-found")
            self.tell_ended(tx, actor, actor.id, [session_id], "revoked")

    async def revoke_others(self, who: SignedIn) -> None:
        """End all of the caller's own sessions but the one that asks."""
        async with self._database.transaction(who.tenant.id, actor=who.actor.ref) as tx:
            await self.end_all(tx, who.actor, who.user.id, "revoked", but=who.session_id)

    async def end_all(self, tx: Transaction, actor: Actor, user_id: UUID, cause: str, *, but: UUID | None) -> None:
        """End a user's sessions, all or all ``but`` one, in the caller's transaction."""
        ended = await rows.end_sessions(tx, user_id, but=but)
        self.tell_ended(tx, actor, user_id, ended, cause)

    async def end_expired(self) -> None:
        """Remove sessions that are over, so that what is still connected with them is cut."""
        async with self._database.system_reading() as reading:
            known = await tenants.tenants(reading)
        for tenant in known:
            async with self._database.reading(tenant.id) as reading:
                used_before = reading.now - rules.SESSION_IDLE
                if not await rows.has_expired(reading, used_before=used_before, now=reading.now):
                    continue
            async with self._database.transaction(tenant.id) as tx:
                ended = await rows.end_expired(tx, used_before=tx.now - rules.SESSION_IDLE, now=tx.now)
                for session_id, user_id in ended:
                    self._emit(tx, tenant.id, session_id, user_id, "expired")

    def tell_ended(self, tx: Transaction, actor: Actor, user_id: UUID, ended: list[UUID], cause: str) -> None:
        """Emit and audit the end of sessions."""
        for session_id in ended:
            self._emit(tx, actor.tenant_id, session_id, user_id, cause)
            self._audit.record(tx, actor, "session.ended", user_id, {"session": str(session_id), "cause": cause})

    @staticmethod
    def _emit(tx: Transaction, tenant_id: TenantId, session_id: UUID, user_id: UUID, cause: str) -> None:
        event = SessionEnded(session_id=session_id, user_id=user_id, cause=cause)
        tx.emit(event, subject=user_id, tenant_id=tenant_id)

    async def _find(self, token: str) -> FoundSession | None:
        if not _TOKEN.match(token):
            return None
        async with self._database.system_glance() as reading:
            return await rows.find(reading, rules.token_hash(token))


def signed_in(found: FoundSession, token: str) -> SignedIn:
    """A stored session with its token as others see it. While something is pending nothing is permitted."""
    scopes = found.scopes if found.standing.pending is None else {}
    actor = Actor(
        tenant_id=found.tenant.id,
        kind=ActorKind.USER,
        id=found.user.id,
        permissions=frozenset(scopes),
    )
    return SignedIn(
        session_id=found.session.id,
        actor=actor,
        user=found.user,
        tenant=found.tenant,
        scopes=scopes,
        csrf_token=rules.csrf_token(token),
        expires_at=found.session.expires_at,
        standing=found.standing,
    )


def _is_over(found: FoundSession, now: datetime) -> bool:
    session = found.session
    return rules.session_ended(now, last_used_at=session.last_used_at, expires_at=session.expires_at)
