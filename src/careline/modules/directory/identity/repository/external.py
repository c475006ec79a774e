"""Who of a provider's people is which user."""

from uuid import UUID

from sqlalchemy import delete, select

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.modules.directory.identity.models import ExternalIdentityRow


async def bound_user(reading: Reading, issuer: str, subject: str) -> UUID | None:
    """The user whom a person of the provider came in as before."""
    statement = select(ExternalIdentityRow.user_id).where(
        ExternalIdentityRow.tenant_id == reading.tenant_id,
        ExternalIdentityRow.issuer == issuer,
        ExternalIdentityRow.subject == subject,
    )
    found: UUID | None = (await reading.execute(statement)).scalar_one_or_none()
    return found


async def bind(tx: Transaction, issuer: str, subject: str, user_id: UUID) -> bool:
    """From now on this person is this user. False, and nothing changed, when either is somebody else's already."""
    new = {"tenant_id": tx.tenant_id, "issuer": issuer, "subject": subject, "user_id": user_id, "bound_at": tx.now}
    statement = (
        insert_or(tx, ExternalIdentityRow).values(new).on_conflict_do_nothing().returning(ExternalIdentityRow.user_id)
    )
    return (await tx.execute(statement)).scalar_one_or_none() is not None


async def unbind(tx: Transaction, user_id: UUID) -> None:
    """Forget who a user is elsewhere."""
    await tx.execute(
        delete(ExternalIdentityRow).where(
            ExternalIdentityRow.tenant_id == tx.tenant_id, ExternalIdentityRow.user_id == user_id
        )
    )
