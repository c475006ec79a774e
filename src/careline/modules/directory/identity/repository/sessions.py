"""Sessions, and the failures that slow down who guesses."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, delete, func, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.engine.pending import FactorNeed, Standing
from careline.modules.directory.identity.models import (
    RoleGrantRow,
    RoleRow,
    SecondFactorRow,
    ServiceAccountRow,
    SessionRow,
    SignInPolicyRow,
    TenantRow,
    ThrottleRow,
    UserRow,
)
from careline.modules.directory.identity.permissions import Scope, narrowed, widest
from careline.modules.directory.identity.repository.tenants import TENANT, tenant_view
from careline.modules.directory.identity.repository.users import USER, user_view
from careline.modules.directory.identity.views import SessionView, TenantView, UserView

_SESSION = (
    SessionRow.id,
    SessionRow.created_at,
    SessionRow.last_used_at,
    SessionRow.expires_at,
    SessionRow.address,
    SessionRow.user_agent,
)


class FoundSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session with its user, the tenant, and what the user may do."""

    session: SessionView
    user: UserView
    tenant: TenantView
    scopes: dict[str, Scope]
    standing: Standing


class Failures(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted against who guesses; no try before ``blocked_until``."""

    failures: int
    last_failure_at: datetime
    blocked_until: datetime


async def find(reading: Reading, token_hash: str) -> FoundSession | None:
    """The session of a token, of whatever tenant: the token says whose it is."""
    statement = (
        select(
            *(column.label(f"session_{column.key}") for column in _SESSION),
            *(column.label(f"user_{column.key}") for column in USER),
            *(column.label(f"tenant_{column.key}") for column in TENANT),
            UserRow.password_issued,
            SecondFactorRow.confirmed_at.label("factor_since"),
            SignInPolicyRow.second_factor.label("asked_of"),
        )
        .join(UserRow, (UserRow.id == SessionRow.user_id) & (UserRow.tenant_id == SessionRow.tenant_id))
        .join(TenantRow, TenantRow.id == SessionRow.tenant_id)
        .outerjoin(
            SecondFactorRow,
            (SecondFactorRow.user_id == SessionRow.user_id) & (SecondFactorRow.tenant_id == SessionRow.tenant_id),
        )
        .outerjoin(SignInPolicyRow, SignInPolicyRow.tenant_id == SessionRow.tenant_id)
        .where(SessionRow.token_hash == token_hash)
    )
    row = (await reading.execute(statement)).one_or_none()
    if row is None:
        return None
    user, tenant = user_view(row, "user_"), tenant_view(row, "tenant_")
    scopes, administrator = await _granted(reading, tenant.id, user.id)
    return FoundSession(
        session=_session_view(row, "session_"),
        user=user,
        tenant=tenant,
        scopes=scopes,
        standing=_standing(row, administrator=administrator),
    )


async def opened(reading: Reading, view: SessionView, user: UserView, tenant: TenantView) -> FoundSession:
    """A session that was just stored, as ``find`` would find it."""
    statement = (
        select(
            UserRow.password_issued,
            SecondFactorRow.confirmed_at.label("factor_since"),
            SignInPolicyRow.second_factor.label("asked_of"),
        )
        .outerjoin(
            SecondFactorRow,
            (SecondFactorRow.user_id == UserRow.id) & (SecondFactorRow.tenant_id == UserRow.tenant_id),
        )
        .outerjoin(SignInPolicyRow, SignInPolicyRow.tenant_id == UserRow.tenant_id)
        .where(UserRow.tenant_id == tenant.id, UserRow.id == user.id)
    )
    row = (await reading.execute(statement)).one()
    scopes, administrator = await _granted(reading, tenant.id, user.id)
    return FoundSession(
        session=view, user=user, tenant=tenant, scopes=scopes, standing=_standing(row, administrator=administrator)
    )


async def scopes_of(reading: Reading, tenant_id: TenantId, actor_id: UUID) -> dict[str, Scope]:
    """What a user may do by all roles together, or a service account; each permission with its widest scope."""
    scopes, _ = await _granted(reading, tenant_id, actor_id)
    if scopes:
        return scopes
    statement = select(ServiceAccountRow.permissions).where(
        ServiceAccountRow.tenant_id == tenant_id,
        ServiceAccountRow.id == actor_id,
        ServiceAccountRow.approved_at.is_not(None),
        ServiceAccountRow.revoked_at.is_(None),
    )
    return widest((await reading.execute(statement)).scalars().all())


async def unit_of(reading: Reading, actor_id: UUID) -> UUID | None:
    """The department from which an actor's department scope counts: a user's own, of a service account its maker's."""
    of_user = select(UserRow.org_unit_id).where(UserRow.tenant_id == reading.tenant_id, UserRow.id == actor_id)
    of_account = select(ServiceAccountRow.org_unit_id).where(
        ServiceAccountRow.tenant_id == reading.tenant_id, ServiceAccountRow.id == actor_id
    )
    found = (await reading.execute(of_user)).scalar_one_or_none()
    return found or (await reading.execute(of_account)).scalar_one_or_none()


async def _granted(reading: Reading, tenant_id: TenantId, user_id: UUID) -> tuple[dict[str, Scope], bool]:
    """What the roles of a user permit, and whether one of them is an administrator's."""
    statement = (
        select(RoleRow.permissions, RoleRow.administrator, RoleGrantRow.scope)
        .join(RoleGrantRow, RoleGrantRow.role_id == RoleRow.id)
        .where(
            RoleRow.tenant_id == tenant_id,
            RoleGrantRow.tenant_id == tenant_id,
            RoleGrantRow.user_id == user_id,
        )
    )
    rows = (await reading.execute(statement)).all()
    held = [narrowed(row.permissions, None if row.scope is None else Scope(row.scope)) for row in rows]
    return widest(held), any(row.administrator is not None for row in rows)


def _standing(row: Row[Any], *, administrator: bool) -> Standing:
    return Standing(
        password_issued=row.password_issued,
        second_factor=row.factor_since is not None,
        administrator=administrator,
        asked_of=FactorNeed(row.asked_of or FactorNeed.NOBODY),
    )


async def sessions_of(reading: Reading, user_id: UUID) -> list[SessionView]:
    """A user's sessions, the latest used first."""
    statement = (
        select(*_SESSION)
        .where(SessionRow.tenant_id == reading.tenant_id, SessionRow.user_id == user_id)
        .order_by(SessionRow.last_used_at.desc(), SessionRow.id)
    )
    return [_session_view(row) for row in (await reading.execute(statement)).all()]


async def add_session(tx: Transaction, user_id: UUID, token_hash: str, view: SessionView) -> None:
    """Store a session."""
    values = {
        "id": view.id,
        "tenant_id": tx.tenant_id,
        "user_id": user_id,
        "token_hash": token_hash,
        "created_at": view.created_at,
        "last_used_at": view.last_used_at,
        "expires_at": view.expires_at,
        "address": view.address,
        "user_agent": view.user_agent,
    }
    await tx.execute(insert(SessionRow).values(values))


async def touch(tx: Transaction, session_id: UUID, now: datetime) -> None:
    """Remember that a session was used."""
    statement = (
        update(SessionRow)
        .where(SessionRow.tenant_id == tx.tenant_id, SessionRow.id == session_id, SessionRow.last_used_at < now)
        .values(last_used_at=now)
    )
    await tx.execute(statement)


async def end_session(tx: Transaction, user_id: UUID, session_id: UUID) -> bool:
    """Remove one session of a user; False when there was none."""
    statement = delete(SessionRow).where(
        SessionRow.tenant_id == tx.tenant_id, SessionRow.user_id == user_id, SessionRow.id == session_id
    )
    return (await tx.execute(statement)).rowcount == 1


async def end_sessions(tx: Transaction, user_id: UUID, *, but: UUID | None = None) -> list[UUID]:
    """Remove a user's sessions, all or all ``but`` one; answers with those that were removed."""
    statement = delete(SessionRow).where(SessionRow.tenant_id == tx.tenant_id, SessionRow.user_id == user_id)
    if but is not None:
        statement = statement.where(SessionRow.id != but)
    return list((await tx.execute(statement.returning(SessionRow.id))).scalars().all())


async def end_expired(tx: Transaction, *, used_before: datetime, now: datetime) -> list[tuple[UUID, UUID]]:
    """Remove the tenant's sessions that are over; answers with (session, user) of each."""
    statement = (
        delete(SessionRow)
        .where(
            SessionRow.tenant_id == tx.tenant_id,
            (SessionRow.expires_at <= now) | (SessionRow.last_used_at <= used_before),
        )
        .returning(SessionRow.id, SessionRow.user_id)
    )
    return [(row.id, row.user_id) for row in (await tx.execute(statement)).all()]


async def has_expired(reading: Reading, *, used_before: datetime, now: datetime) -> bool:
    """Whether the tenant has sessions that are over; a look is cheaper than a change that changes nothing."""
    statement = (
        select(SessionRow.id)
        .where(
            SessionRow.tenant_id == reading.tenant_id,
            (SessionRow.expires_at <= now) | (SessionRow.last_used_at <= used_before),
        )
        .limit(1)
    )
    return (await reading.execute(statement)).first() is not None


async def has_throttles(reading: Reading, *, before: datetime) -> bool:
    """Whether there are old failures to forget."""
    statement = select(ThrottleRow.key).where(ThrottleRow.last_failure_at < before).limit(1)
    return (await reading.execute(statement)).first() is not None


async def throttle(tx: Transaction, key: str) -> Failures | None:
    """Failures under a key, locked until this transaction ends."""
    if tx.dialect == "postgresql":
        # A row that is not there yet cannot be locked, and two who both find nothing would count as one.
        await tx.execute(select(func.pg_advisory_xact_lock(int(key[:15], 16))))
    statement = select(ThrottleRow.failures, ThrottleRow.last_failure_at, ThrottleRow.blocked_until).where(
        ThrottleRow.key == key
    )
    row = (await tx.execute(statement)).one_or_none()
    if row is None:
        return None
    return Failures(failures=row.failures, last_failure_at=row.last_failure_at, blocked_until=row.blocked_until)


async def put_throttle(
    tx: Transaction, key: str, failures: int, last_failure_at: datetime, blocked_until: datetime
) -> None:
    """Store the failures under a key; ``throttle`` was called before."""
    values = {"failures": failures, "last_failure_at": last_failure_at, "blocked_until": blocked_until}
    changed = await tx.execute(update(ThrottleRow).where(ThrottleRow.key == key).values(**values))
    if changed.rowcount == 0:
        await tx.execute(insert(ThrottleRow).values(key=key, **values))


async def forget_throttle(tx: Transaction, key: str) -> None:
    """Forget the failures under a key."""
    await tx.execute(delete(ThrottleRow).where(ThrottleRow.key == key))


async def forget_throttles(tx: Transaction, *, before: datetime) -> None:
    """Forget failures that are old."""
    await tx.execute(delete(ThrottleRow).where(ThrottleRow.last_failure_at < before))


def _session_view(row: Row[Any], prefix: str = "") -> SessionView:
    return SessionView(**{column.key: getattr(row, prefix + column.key) for column in _SESSION})
