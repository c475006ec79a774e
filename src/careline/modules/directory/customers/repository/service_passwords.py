"""Service passwords of lines, the forms that customers fill in, and the waits of who fails."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, delete, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.modules.directory.customers.engine.service_passwords import (
    FormOutcome,
    FormPurpose,
    PasswordForm,
    PasswordKept,
)
from careline.modules.directory.customers.models import (
    PasswordFormRow,
    PasswordWaitRow,
    ServicePasswordRow,
    SubscriptionRow,
)
from careline.modules.directory.customers.rules import mask_number
from careline.modules.directory.customers.views import LineStatus


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted under a key."""

    failures: int
    last_failure_at: datetime
    blocked_until: datetime


async def numbers(reading: Reading, customer_id: UUID) -> dict[UUID, str]:
    """The numbers of a customer's lines that are not closed, by line."""
    statement = select(SubscriptionRow.id, SubscriptionRow.msisdn).where(
        SubscriptionRow.tenant_id == reading.tenant_id,
        SubscriptionRow.customer_id == customer_id,
        SubscriptionRow.status != LineStatus.CLOSED.value,
    )
    return {row.id: row.msisdn for row in (await reading.execute(statement)).all()}


async def owner(reading: Reading, subscription_id: UUID) -> UUID | None:
    """Whose line it is; None for a line that is closed or unknown."""
    statement = select(SubscriptionRow.customer_id).where(
        SubscriptionRow.tenant_id == reading.tenant_id,
        SubscriptionRow.id == subscription_id,
        SubscriptionRow.status != LineStatus.CLOSED.value,
    )
    return (await reading.execute(statement)).scalar_one_or_none()


async def kept(reading: Reading, lines: Collection[UUID]) -> dict[UUID, PasswordKept]:
    """Which of these lines have a password."""
    row = ServicePasswordRow
    statement = select(row.subscription_id, row.set_at, row.set_by).where(
        row.tenant_id == reading.tenant_id, row.subscription_id.in_(lines)
    )
    found = (await reading.execute(statement)).all()
    return {
        one.subscription_id: PasswordKept(subscription_id=one.subscription_id, set_at=one.set_at, set_by=one.set_by)
        for one in found
    }


async def sealed_hash(reading: Reading, subscription_id: UUID) -> str | None:
    """The sealed hash of a line's password; None when it has none."""
    statement = select(ServicePasswordRow.sealed_hash).where(
        ServicePasswordRow.tenant_id == reading.tenant_id, ServicePasswordRow.subscription_id == subscription_id
    )
    return (await reading.execute(statement)).scalar_one_or_none()


async def put(tx: Transaction, subscription_id: UUID, sealed: str, set_by: UUID | None) -> None:
    """Store a line's password in place of the one it had."""
    values = {"sealed_hash": sealed, "set_at": tx.now, "set_by": set_by}
    statement = insert_or(tx, ServicePasswordRow).values(
        tenant_id=tx.tenant_id, subscription_id=subscription_id, **values
    )
    await tx.execute(statement.on_conflict_do_update(index_elements=["subscription_id"], set_=values))


async def remove(tx: Transaction, subscription_id: UUID) -> bool:
    """Take a line's password away; False when it had none."""
    gone = await tx.execute(
        delete(ServicePasswordRow).where(
            ServicePasswordRow.tenant_id == tx.tenant_id, ServicePasswordRow.subscription_id == subscription_id
        )
    )
    return bool(gone.rowcount)


async def add_form(tx: Transaction, form: PasswordForm) -> None:
    """Store a form."""
    values = msgspec.structs.asdict(form) | {"tenant_id": tx.tenant_id, "purpose": form.purpose.value}
    del values["msisdn_masked"]
    await tx.execute(insert(PasswordFormRow).values(values))


async def form_held(tx: Transaction, form_id: UUID) -> PasswordForm | None:
    """A form, held until the transaction ends."""
    statement = _forms(tx).where(PasswordFormRow.id == form_id).with_for_update(of=PasswordFormRow)
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _form(row)


async def latest_form(reading: Reading, interaction_id: UUID) -> PasswordForm | None:
    """The form that was asked for last in a contact."""
    statement = (
        _forms(reading)
        .where(PasswordFormRow.interaction_id == interaction_id)
        .order_by(PasswordFormRow.id.desc())
        .limit(1)
    )
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _form(row)


async def change_form(tx: Transaction, form_id: UUID, *, tries: int, outcome: FormOutcome | None) -> None:
    """A form was filled in once more, or is over."""
    await tx.execute(
        update(PasswordFormRow)
        .where(PasswordFormRow.tenant_id == tx.tenant_id, PasswordFormRow.id == form_id)
        .values(tries=tries, outcome=None if outcome is None else outcome.value)
    )


async def end_forms(tx: Transaction, interaction_id: UUID) -> None:
    """Take back what is still open in a contact: there is one form at a time."""
    await tx.execute(
        update(PasswordFormRow)
        .where(
            PasswordFormRow.tenant_id == tx.tenant_id,
            PasswordFormRow.interaction_id == interaction_id,
            PasswordFormRow.outcome.is_(None),
        )
        .values(outcome=FormOutcome.WITHDRAWN.value)
    )


async def waits(tx: Transaction, keys: Collection[str]) -> dict[str, Wait]:
    """What was counted under these keys, held in one order until the transaction ends."""
    row = PasswordWaitRow
    statement = (
        select(row.key, row.failures, row.last_failure_at, row.blocked_until)
        .where(row.tenant_id == tx.tenant_id, row.key.in_(keys))
        .order_by(row.key)
        .with_for_update()
    )
    found = (await tx.execute(statement)).all()
    return {
        one.key: Wait(failures=one.failures, last_failure_at=one.last_failure_at, blocked_until=one.blocked_until)
        for one in found
    }


async def put_waits(tx: Transaction, counted: Mapping[str, Wait]) -> None:
    """Keep what was counted."""
    for key in sorted(counted):
        values = msgspec.structs.asdict(counted[key])
        statement = insert_or(tx, PasswordWaitRow).values(tenant_id=tx.tenant_id, key=key, **values)
        await tx.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "key"], set_=values))


async def forget_waits(tx: Transaction, keys: Collection[str]) -> None:
    """What was counted under these keys counts no more."""
    await tx.execute(
        delete(PasswordWaitRow).where(PasswordWaitRow.tenant_id == tx.tenant_id, PasswordWaitRow.key.in_(keys))
    )


async def forget_stale(tx: Transaction, before: datetime) -> None:
    """Remove waits and forms that slow nobody down and are shown to nobody any more; proofs stay."""
    await tx.execute(
        delete(PasswordWaitRow).where(
            PasswordWaitRow.tenant_id == tx.tenant_id, PasswordWaitRow.last_failure_at < before
        )
    )
    await tx.execute(
        delete(PasswordFormRow).where(PasswordFormRow.tenant_id == tx.tenant_id, PasswordFormRow.expires_at < before)
    )


async def has_stale(reading: Reading, before: datetime) -> bool:
    """Whether there is something to forget; a look is cheaper than a change that changes nothing."""
    waited = select(PasswordWaitRow.key).where(
        PasswordWaitRow.tenant_id == reading.tenant_id, PasswordWaitRow.last_failure_at < before
    )
    asked = select(PasswordFormRow.id).where(
        PasswordFormRow.tenant_id == reading.tenant_id, PasswordFormRow.expires_at < before
    )
    for statement in (waited, asked):
        if (await reading.execute(statement.limit(1))).first() is not None:
            return True
    return False


def _forms(reading: Reading) -> Any:
    return (
        select(PasswordFormRow.__table__, SubscriptionRow.msisdn)
        .join(SubscriptionRow, SubscriptionRow.id == PasswordFormRow.subscription_id)
        .where(PasswordFormRow.tenant_id == reading.tenant_id, SubscriptionRow.tenant_id == reading.tenant_id)
    )


def _form(row: Row[Any]) -> PasswordForm:
    return PasswordForm(
        id=row.id,
        interaction_id=row.interaction_id,
        subscription_id=row.subscription_id,
        purpose=FormPurpose(row.purpose),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        msisdn_masked=mask_number(row.msisdn),
        tries=row.tries,
        outcome=None if row.outcome is None else FormOutcome(row.outcome),
    )
