"""Users: who may sign in, where they belong, and how they get a password."""

from typing import Any
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn
from careline.kernel.ids import new_id
from careline.kernel.paging import Page, checked_limit
from careline.kernel.tenancy import Actor
from careline.kernel.text import checked_text
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.events import PermissionsChanged, UserChanged, UserCreated
from careline.modules.directory.identity.permissions import Scope
from careline.modules.directory.identity.repository import invitations, organisation, roles, sessions, users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.services.bounds import bounds_of
from careline.modules.directory.identity.services.passwords import Passwords
from careline.modules.directory.identity.services.roles import Roles
from careline.modules.directory.identity.services.sessions import Sessions
from careline.modules.directory.identity.views import (
    GrantView,
    NewUser,
    OrgUnitView,
    UserChange,
    UserFilter,
    UserView,
)

LOCALES = ("zh-CN", "en")


class Users:
    """Use cases on the users of a tenant. What one may see and change ends where the permission's scope ends."""

    def __init__(
        self, database: Database, passwords: Passwords, audit: AuditTrail, kept: Sessions, granting: Roles
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._audit = audit
        self._sessions = kept
        self._roles = granting

    async def page(
        self, actor: Actor, wanted: UserFilter, *, after: str, limit: int
    ) -> Page[tuple[UserView, list[GrantView]]]:
        """Users within the actor's reach that pass the filter, by login, each with what was granted to them."""
        checked_limit(limit)
        words = "" if not wanted.words.strip() else checked_text(wanted.words, field="q", max_length=rules.NAME_MAX)
        async with self._database.reading(actor.tenant_id) as reading:
            reach = await bounds_of(reading, actor, "user:manage", "role:grant", "org:read")
            paths = [reach.path]
            if wanted.org_unit_id is not None:
                unit = await organisation.org_unit(reading, wanted.org_unit_id)
                if unit is None:
                    raise NotFound("org-unit-not-found", field="unit")
                paths.append(unit.path)
            if reach.scope is Scope.OWN:
                me = None if actor.id is None else await users.user(reading, actor.id)
                found = [] if me is None or me.login <= after else [me]
            else:
                found = await users.users_after(
                    reading, after, paths=paths, wanted=msgspec.structs.replace(wanted, words=words), limit=limit
                )
            held = await roles.grants_of(reading, [user.id for user in found])
        more = len(found) == limit
        items = [(user, held[user.id]) for user in found]
        return Page(items=items, next=found[-1].login if more else None)

    async def one(self, actor: Actor, user_id: UUID) -> tuple[UserView, list[GrantView], int]:
        """One user within the actor's reach, with what was granted and in how many browsers the user is signed in."""
        async with self._database.reading(actor.tenant_id) as reading:
            user = await users.user(reading, user_id)
            if user is None:
                raise NotFound("user-not-found")
            reach = await bounds_of(reading, actor, "user:manage", "role:grant", "org:read")
            if not reach.covers_user(actor, user, await organisation.org_unit(reading, user.org_unit_id)):
                raise Forbidden("outside-your-scope", permission="org:read")
            held = await roles.grants_of(reading, [user_id])
            signed_in = await sessions.sessions_of(reading, user_id)
        now = reading.now
        open_ones = [
            one
            for one in signed_in
            if not rules.session_ended(now, last_used_at=one.last_used_at, expires_at=one.expires_at)
        ]
        return user, held[user_id], len(open_ones)

    async def create(self, actor: Actor, new: NewUser) -> UserView:
        """Make a user. Roles are given by whoever may grant them; here only the system itself gives some at once."""
        login = rules.checked_login(new.login)
        name = checked_text(new.display_name, field="display_name", max_length=rules.NAME_MAX)
        locale = _checked_locale(new.locale)
        hashed = None
        if new.password is not None:
            hashed = await self._passwords.hash(rules.checked_password(new.password, login=login, name=name))
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            unit = await _unit_within_reach(tx, actor, new.org_unit_id)
            if await users.user_by_login(tx, login) is not None:
                raise Conflict("login-taken", field="login")
            user = UserView(
                id=new_id(),
                login=login,
                display_name=name,
                org_unit_id=unit.id,
                active=True,
                locale=locale,
                post_id=None if new.post_id is None else await _held_post(tx, new.post_id),
                password_issued=new.password_issued,
            )
            await users.add_user(tx, user, hashed, tx.now)
            tx.emit(UserCreated(user_id=user.id), subject=user.id)
            self._audit.record(tx, actor, "user.created", user.id, {"org_unit": str(unit.id)})
            if new.roles:
                await self._roles.grant(tx, actor, user.id, dict.fromkeys(new.roles))
        return user

    async def change(self, actor: Actor, user_id: UUID, change: UserChange, *, version: int | None = None) -> UserView:
        """Change a user within the actor's reach. An administrator is changed by no other user.

        Raises ``Conflict`` ("user-changed") when the user is no longer as somebody saw who saw ``version``.
        """
        hashed = None
        if change.password is not None:
            async with self._database.reading(actor.tenant_id) as reading:
                known = await _within_reach(reading, actor, user_id)
            hashed = await self._passwords.hash(
                rules.checked_password(change.password, login=known.login, name=known.display_name)
            )
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await users.hold(tx, user_id)
            user = await _within_reach(tx, actor, user_id)
            if version is not None and version != user.version:
                raise Conflict("user-changed", version=user.version)
            if change.active is False and user_id == actor.id:
                raise Forbidden("own-account", field="active", permission="user:manage")
            changes = await _checked_changes(tx, actor, user, change)
            if "org_unit_id" in changes and user_id == actor.id:
                # Where one belongs is how far one's rights reach.
                raise Forbidden("own-account", field="org_unit_id", permission="user:manage")
            if hashed is not None:
                issued = change.password_issued and user_id != actor.id
                changes |= {"password_hash": hashed, "password_issued": issued}
            if not changes:
                return user
            return await self._store(tx, actor, user, changes)

    async def reset_password(self, actor: Actor, user_id: UUID) -> str:
        """Give somebody else a password that was made up, told this once, and good for nothing but to be changed."""
        if user_id == actor.id:
            raise Forbidden("own-account", permission="user:manage")
        async with self._database.reading(actor.tenant_id) as reading:
            await _within_reach(reading, actor, user_id)
        password = rules.one_time_password()
        hashed = await self._passwords.hash(password)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await users.hold(tx, user_id)
            user = await _within_reach(tx, actor, user_id)
            await self._store(tx, actor, user, {"password_hash": hashed, "password_issued": True})
        return password

    async def sign_out_everywhere(self, actor: Actor, user_id: UUID) -> None:
        """End every session of a user within the actor's reach."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await users.hold(tx, user_id)
            await _within_reach(tx, actor, user_id)
            await self._sessions.end_all(tx, actor, user_id, "revoked", but=None)

    async def change_own_password(self, actor: Actor, old_hash: str, password: str, *, session_id: UUID) -> None:
        """Replace the actor's own password; every other session of the actor ends. ``old_hash`` was just confirmed."""
        assert actor.id is not None, "only users have passwords"
        async with self._database.reading(actor.tenant_id) as reading:
            user = await users.user(reading, actor.id)
        if user is None:
            raise NotSignedIn("not-signed-in")
        hashed = await self._passwords.hash(rules.checked_password(password, login=user.login, name=user.display_name))
        if user.password_issued and await self._passwords.check(old_hash, password):
            raise Invalid("password-not-new", field="password")
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await users.hold(tx, actor.id)
            current = await users.password_of(tx, user.login)
            if current is None or current[1] != old_hash:
                raise Conflict("password-changed-meanwhile")
            await users.change_user(tx, actor.id, {"password_hash": hashed, "password_issued": False})
            await invitations.remove(tx, actor.id)
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

    async def within_reach(self, reading: Reading, actor: Actor, user_id: UUID) -> UserView:
        """A user whom the actor may change. Raises ``NotFound`` ("user-not-found") or ``Forbidden``."""
        return await _within_reach(reading, actor, user_id)

    async def _store(self, tx: Transaction, actor: Actor, user: UserView, changes: dict[str, Any]) -> UserView:
        await users.change_user(tx, user.id, changes)
        if "password_hash" in changes:
            await invitations.remove(tx, user.id)
            await self._sessions.end_all(tx, actor, user.id, "password-changed", but=None)
        elif changes.get("active") is False:
            await self._sessions.end_all(tx, actor, user.id, "deactivated", but=None)
        if "org_unit_id" in changes:
            tx.emit(PermissionsChanged(user_id=user.id), subject=user.id)  # they reach others from there
        changed = await users.user(tx, user.id)
        assert changed is not None, "it was there a moment ago in this transaction"
        tx.emit(UserChanged(user_id=user.id, active=changed.active), subject=user.id)
        told = {"fields": ",".join(sorted(changes))}
        if "org_unit_id" in changes:
            told |= {"from": str(user.org_unit_id), "to": str(changed.org_unit_id)}
        self._audit.record(tx, actor, "user.changed", user.id, told)
        return changed


async def _unit_within_reach(tx: Transaction, actor: Actor, unit_id: UUID | None) -> OrgUnitView:
    reach = await bounds_of(tx, actor, "user:manage")
    if unit_id is None:
        unit: OrgUnitView | None = await organisation.root_unit(tx)
    else:
        unit = await organisation.hold_org_unit(tx, unit_id)
    if unit is None:
        raise NotFound("org-unit-not-found", field="org_unit_id")
    if not reach.covers_unit(unit):
        raise Forbidden("outside-your-scope", field="org_unit_id", permission="user:manage")
    return unit


async def _within_reach(reading: Reading, actor: Actor, user_id: UUID) -> UserView:
    user = await users.user(reading, user_id)
    if user is None:
        raise NotFound("user-not-found")
    reach = await bounds_of(reading, actor, "user:manage")
    if not reach.covers_user(actor, user, await organisation.org_unit(reading, user.org_unit_id)):
        raise Forbidden("outside-your-scope", permission="user:manage")
    if actor.id is not None and user_id != actor.id:
        held = await roles.roles_of(reading, user_id)
        if any(role.administrator is not None for role in held):
            # Whoever sets the security administrator's password would be the security administrator.
            raise Forbidden("administrators-kept-apart", permission="user:manage")
    return user


async def _checked_changes(tx: Transaction, actor: Actor, user: UserView, change: UserChange) -> dict[str, Any]:
    """The columns that become others; what is wanted as it is, is no change."""
    changes: dict[str, Any] = {}
    if change.display_name is not None:
        changes["display_name"] = checked_text(change.display_name, field="display_name", max_length=rules.NAME_MAX)
    if change.org_unit_id is not None and change.org_unit_id != user.org_unit_id:
        changes["org_unit_id"] = (await _unit_within_reach(tx, actor, change.org_unit_id)).id
    if change.post_id is None:
        changes["post_id"] = None
    elif isinstance(change.post_id, UUID):
        changes["post_id"] = await _held_post(tx, change.post_id)
    if change.active is not None:
        changes["active"] = change.active
    if change.locale is not None:
        changes["locale"] = _checked_locale(change.locale)
    return {name: value for name, value in changes.items() if value != getattr(user, name)}


async def _held_post(tx: Transaction, post_id: UUID) -> UUID:
    post = await organisation.hold_post(tx, post_id)
    if post is None:
        raise NotFound("post-not-found", field="post_id")
    return post.id


def _checked_locale(locale: str) -> str:
    if locale not in LOCALES:
        raise Invalid("locale-unknown", field="locale", allowed=", ".join(LOCALES))
    return locale
