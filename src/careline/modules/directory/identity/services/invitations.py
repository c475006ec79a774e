"""Invitations: a user chooses the password by a link that is good once, so that nobody else ever knows it."""

from datetime import timedelta
from uuid import UUID

from careline.infra.database.database import Database
from careline.kernel.errors import NotFound
from careline.kernel.tenancy import Actor, ActorKind
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.repository import invitations as rows
from careline.modules.directory.identity.repository import users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.services.passwords import Passwords
from careline.modules.directory.identity.services.sessions import Sessions
from careline.modules.directory.identity.services.throttle import Throttle, of_secret
from careline.modules.directory.identity.services.users import Users
from careline.modules.directory.identity.views import Invitation, InvitedView

GOOD_FOR = timedelta(hours=72)
"""Over a weekend."""


class Invitations:
    """Issues links and takes passwords by them. A token is stored as a hash."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        audit: AuditTrail,
        throttle: Throttle,
        kept: Sessions,
        known: Users,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._audit = audit
        self._throttle = throttle
        self._sessions = kept
        self._users = known

    async def issue(self, actor: Actor, user_id: UUID) -> Invitation:
        """Invite a user within the actor's reach. Raises ``NotFound`` ("user-not-found") or ``Forbidden``."""
        token = rules.new_token()
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await self._users.within_reach(tx, actor, user_id)
            expires_at = tx.now + GOOD_FOR
            await rows.replace(tx, user_id, rules.token_hash(token), expires_at)
            self._audit.record(tx, actor, "invitation.issued", user_id, {})
        return Invitation(token=token, expires_at=expires_at)

    async def look(self, token: str, *, address: str) -> InvitedView:
        """Whom a link is for. Raises ``NotFound`` ("invitation-gone") or, for who tries many, ``TooMany``."""
        return (await self._find(token, address)).shown

    async def accept(self, token: str, password: str, *, address: str) -> None:
        """Set the password of whom the link is for, once. Other sessions of the user end.

        Raises ``NotFound`` ("invitation-gone"), ``Invalid`` when the password breaks a rule, ``TooMany``.
        """
        found = await self._find(token, address)
        name = found.shown.display_name
        hashed = await self._passwords.hash(rules.checked_password(password, login=found.shown.login, name=name))
        actor = Actor(tenant_id=found.tenant_id, kind=ActorKind.USER, id=found.user_id)
        async with self._database.transaction(found.tenant_id, actor=actor.ref) as tx:
            user = await users.hold(tx, found.user_id)
            if user is None or not user.active or not await rows.take(tx, rules.token_hash(token)):
                raise NotFound("invitation-gone")
            await users.change_user(tx, user.id, {"password_hash": hashed, "password_issued": False})
            await self._sessions.end_all(tx, actor, user.id, "password-changed", but=None)
            self._audit.record(tx, actor, "invitation.accepted", user.id, {})

    async def _find(self, token: str, address: str) -> rows.FoundInvitation:
        async with self._database.system_glance() as reading:
            found = await rows.find(reading, rules.token_hash(token))
            now = reading.now
        if found is None or found.expires_at <= now or not found.active:
            await self._throttle.count(of_secret("invitation", address))
            raise NotFound("invitation-gone")
        return found
