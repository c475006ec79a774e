"""Second factors, recovery codes, and what a tenant asks for."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.engine.pending import FactorNeed
from careline.modules.directory.identity.models import RecoveryCodeRow, SecondFactorRow, SignInPolicyRow
from careline.modules.directory.identity.views import SignInPolicyView


class StoredFactor(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor; the secret is sealed."""

    sealed_secret: str
    last_step: int
    confirmed_at: datetime | None


async def factor(reading: Reading, user_id: UUID) -> StoredFactor | None:
    """The second factor of a user, confirmed or not."""
    statement = select(SecondFactorRow.sealed_secret, SecondFactorRow.last_step, SecondFactorRow.confirmed_at).where(
        SecondFactorRow.tenant_id == reading.tenant_id, SecondFactorRow.user_id == user_id
    )
    row = (await reading.execute(statement)).one_or_none()
    if row is None:
        return None
    return StoredFactor(sealed_secret=row.sealed_secret, last_step=row.last_step, confirmed_at=row.confirmed_at)


async def with_factor(reading: Reading, user_ids: Collection[UUID]) -> set[UUID]:
    """Those of the users who have a second factor in use."""
    statement = select(SecondFactorRow.user_id).where(
        SecondFactorRow.tenant_id == reading.tenant_id,
        SecondFactorRow.user_id.in_(user_ids),
        SecondFactorRow.confirmed_at.is_not(None),
    )
    return set((await reading.execute(statement)).scalars().all())


async def begin_factor(tx: Transaction, user_id: UUID, sealed_secret: str) -> None:
    """Keep a secret that is not confirmed yet, instead of one that was there."""
    await remove_factor(tx, user_id)
    values = {
        "tenant_id": tx.tenant_id,
        "user_id": user_id,
        "sealed_secret": sealed_secret,
        "last_step": 0,
        "created_at": tx.now,
        "confirmed_at": None,
    }
    await tx.execute(insert(SecondFactorRow).values(values))


async def confirm_factor(tx: Transaction, user_id: UUID) -> None:
    """The secret is in use from now on."""
    statement = (
        update(SecondFactorRow)
        .where(SecondFactorRow.tenant_id == tx.tenant_id, SecondFactorRow.user_id == user_id)
        .values(confirmed_at=tx.now)
    )
    await tx.execute(statement)


async def use_step(tx: Transaction, user_id: UUID, step: int) -> bool:
    """Note that the code of a step was used; False when one of it or a later one was used meanwhile."""
    statement = (
        update(SecondFactorRow)
        .where(
            SecondFactorRow.tenant_id == tx.tenant_id,
            SecondFactorRow.user_id == user_id,
            SecondFactorRow.last_step < step,
        )
        .values(last_step=step)
    )
    return (await tx.execute(statement)).rowcount == 1


async def remove_factor(tx: Transaction, user_id: UUID) -> bool:
    """Forget the second factor and its recovery codes; whether there was one."""
    await tx.execute(
        delete(RecoveryCodeRow).where(RecoveryCodeRow.tenant_id == tx.tenant_id, RecoveryCodeRow.user_id == user_id)
    )
    removed = await tx.execute(
        delete(SecondFactorRow).where(SecondFactorRow.tenant_id == tx.tenant_id, SecondFactorRow.user_id == user_id)
    )
    return removed.rowcount == 1


async def replace_codes(tx: Transaction, user_id: UUID, marks: Collection[str]) -> None:
    """These recovery codes instead of those that were there."""
    await tx.execute(
        delete(RecoveryCodeRow).where(RecoveryCodeRow.tenant_id == tx.tenant_id, RecoveryCodeRow.user_id == user_id)
    )
    rows = [{"tenant_id": tx.tenant_id, "user_id": user_id, "mark": mark} for mark in marks]
    await tx.execute(insert(RecoveryCodeRow), rows)


async def use_code(tx: Transaction, user_id: UUID, mark: str) -> bool:
    """Take a recovery code away; False when there is none such."""
    statement = delete(RecoveryCodeRow).where(
        RecoveryCodeRow.tenant_id == tx.tenant_id, RecoveryCodeRow.user_id == user_id, RecoveryCodeRow.mark == mark
    )
    return (await tx.execute(statement)).rowcount == 1


async def codes_left(reading: Reading, user_id: UUID) -> int:
    """How many recovery codes a user has."""
    statement = (
        select(func.count())
        .select_from(RecoveryCodeRow)
        .where(RecoveryCodeRow.tenant_id == reading.tenant_id, RecoveryCodeRow.user_id == user_id)
    )
    return int((await reading.execute(statement)).scalar_one())


async def policy(reading: Reading, tenant_id: TenantId) -> SignInPolicyView:
    """What a tenant asks for."""
    statement = select(SignInPolicyRow.second_factor, SignInPolicyRow.version).where(
        SignInPolicyRow.tenant_id == tenant_id
    )
    row = (await reading.execute(statement)).one_or_none()
    if row is None:
        return SignInPolicyView(second_factor=FactorNeed.NOBODY, version=0)
    return SignInPolicyView(second_factor=FactorNeed(row.second_factor), version=row.version)


async def put_policy(tx: Transaction, wanted: SignInPolicyView) -> bool:
    """Replace what the tenant asks for; False when it is not at the version before any more."""
    values = {"tenant_id": tx.tenant_id, "second_factor": wanted.second_factor, "version": wanted.version}
    if wanted.version == 1:
        insertion = insert_or(tx, SignInPolicyRow).values(values).on_conflict_do_nothing()
        return (await tx.execute(insertion)).rowcount == 1
    statement = (
        update(SignInPolicyRow)
        .where(SignInPolicyRow.tenant_id == tx.tenant_id, SignInPolicyRow.version == wanted.version - 1)
        .values(second_factor=wanted.second_factor, version=wanted.version)
    )
    return (await tx.execute(statement)).rowcount == 1
