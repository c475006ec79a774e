"""Codes that were sent, and the evidence of who proved to be whom."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.modules.directory.customers.engine.proofs import Facts, Proof
from careline.modules.directory.customers.models import (
    AssuranceProofRow,
    ContactPointRow,
    ContactUserRow,
    CustomerRow,
    OneTimeCodeRow,
    PartyRow,
    SubscriptionRow,
)
from careline.modules.directory.customers.views import Assurance, ContactKind, LineStatus, ProofView


async def facts(reading: Reading, customer_id: UUID, line_in_use: str | None) -> Facts | None:
    """What of the record questions are made of; ``line_in_use`` is the number that speaks, which proves nothing."""
    of = reading.tenant_id
    own = select(CustomerRow.since).where(CustomerRow.tenant_id == of, CustomerRow.id == customer_id)
    since = (await reading.execute(own)).scalar_one_or_none()
    if since is None:
        return None
    lines = select(SubscriptionRow.msisdn, SubscriptionRow.plan).where(
        SubscriptionRow.tenant_id == of,
        SubscriptionRow.customer_id == customer_id,
        SubscriptionRow.status != LineStatus.CLOSED.value,
    )
    had = (await reading.execute(lines)).all()
    users = (
        select(PartyRow.name)
        .join(ContactUserRow, ContactUserRow.party_id == PartyRow.id)
        .join(SubscriptionRow, SubscriptionRow.id == ContactUserRow.subscription_id)
        .where(
            PartyRow.tenant_id == of,
            ContactUserRow.tenant_id == of,
            SubscriptionRow.tenant_id == of,
            SubscriptionRow.customer_id == customer_id,
        )
    )
    points = select(ContactPointRow.kind, ContactPointRow.value).where(
        ContactPointRow.tenant_id == of, ContactPointRow.customer_id == customer_id
    )
    reached = (await reading.execute(points)).all()
    return Facts(
        plans=[row.plan for row in had],
        since_year=since.year,
        other_numbers=[row.msisdn for row in had if row.msisdn != line_in_use],
        users=list((await reading.execute(users)).scalars().all()),
        emails=[row.value for row in reached if row.kind == ContactKind.EMAIL.value],
        addresses=[row.value for row in reached if row.kind == ContactKind.ADDRESS.value],
    )


async def number_in_use(reading: Reading, customer_id: UUID, subscription_id: UUID) -> str | None:
    """The number of a customer's line that can receive a code; None when it is no such line."""
    statement = select(SubscriptionRow.msisdn).where(
        SubscriptionRow.tenant_id == reading.tenant_id,
        SubscriptionRow.customer_id == customer_id,
        SubscriptionRow.id == subscription_id,
        SubscriptionRow.status == LineStatus.ACTIVE.value,
    )
    return (await reading.execute(statement)).scalar_one_or_none()


async def codes_since(tx: Transaction, subscription_id: UUID, since: datetime) -> int:
    """How many codes went to a line since then."""
    statement = (
        select(func.count())
        .select_from(OneTimeCodeRow)
        .where(
            OneTimeCodeRow.tenant_id == tx.tenant_id,
            OneTimeCodeRow.subscription_id == subscription_id,
            OneTimeCodeRow.sent_at > since,
        )
    )
    return int((await tx.execute(statement)).scalar_one())


async def hold_line(tx: Transaction, subscription_id: UUID) -> None:
    """Whoever counts a line's codes does so one after another."""
    statement = select(SubscriptionRow.id).where(
        SubscriptionRow.tenant_id == tx.tenant_id, SubscriptionRow.id == subscription_id
    )
    await tx.execute(statement.with_for_update())


async def add_code(
    tx: Transaction,
    *,
    code_id: UUID,
    customer_id: UUID,
    subscription_id: UUID,
    interaction_id: UUID,
    code_hash: str,
    expires_at: datetime,
) -> None:
    """Store a code; those sent before in the contact cannot be used any more."""
    await tx.execute(
        update(OneTimeCodeRow)
        .where(OneTimeCodeRow.tenant_id == tx.tenant_id, OneTimeCodeRow.interaction_id == interaction_id)
        .values(expires_at=tx.now)
    )
    values = {
        "id": code_id,
        "tenant_id": tx.tenant_id,
        "customer_id": customer_id,
        "subscription_id": subscription_id,
        "interaction_id": interaction_id,
        "code_hash": code_hash,
        "sent_at": tx.now,
        "expires_at": expires_at,
        "tries": 0,
    }
    await tx.execute(insert(OneTimeCodeRow).values(values))


async def latest_code(tx: Transaction, interaction_id: UUID, customer_id: UUID) -> Row[Any] | None:
    """The code that was sent last in a contact, held until the transaction ends."""
    statement = (
        select(OneTimeCodeRow.__table__)
        .where(
            OneTimeCodeRow.tenant_id == tx.tenant_id,
            OneTimeCodeRow.interaction_id == interaction_id,
            OneTimeCodeRow.customer_id == customer_id,
        )
        .order_by(OneTimeCodeRow.id.desc())
        .limit(1)
        .with_for_update()
    )
    return (await tx.execute(statement)).one_or_none()


async def void_code(tx: Transaction, code_id: UUID) -> None:
    """A code that did not go out cannot be used."""
    await tx.execute(
        update(OneTimeCodeRow)
        .where(OneTimeCodeRow.tenant_id == tx.tenant_id, OneTimeCodeRow.id == code_id)
        .values(expires_at=tx.now)
    )


async def count_try(tx: Transaction, code_id: UUID, tries: int, *, used: bool) -> None:
    """A code was tried; one that fitted cannot be used again."""
    values: dict[str, Any] = {"tries": tries} | ({"expires_at": tx.now} if used else {})
    await tx.execute(
        update(OneTimeCodeRow)
        .where(OneTimeCodeRow.tenant_id == tx.tenant_id, OneTimeCodeRow.id == code_id)
        .values(values)
    )


async def forget_codes(tx: Transaction, before: datetime) -> int:
    """Remove codes that count for nothing any more; how many."""
    removed = await tx.execute(
        delete(OneTimeCodeRow).where(OneTimeCodeRow.tenant_id == tx.tenant_id, OneTimeCodeRow.sent_at < before)
    )
    return removed.rowcount


async def has_codes(reading: Reading, before: datetime) -> bool:
    """Whether there are codes that count for nothing any more."""
    statement = (
        select(OneTimeCodeRow.id)
        .where(OneTimeCodeRow.tenant_id == reading.tenant_id, OneTimeCodeRow.sent_at < before)
        .limit(1)
    )
    return (await reading.execute(statement)).scalar_one_or_none() is not None


async def add_proof(tx: Transaction, customer_id: UUID, interaction_id: UUID, view: ProofView, detail: Any) -> None:
    """Store evidence."""
    values = {
        "id": view.id,
        "tenant_id": tx.tenant_id,
        "customer_id": customer_id,
        "interaction_id": interaction_id,
        "proof": view.proof.value,
        "passed": view.passed,
        "level": None if view.level is None else view.level.value,
        "asked_by": view.asked_by,
        "at": view.at,
        "detail": detail,
    }
    await tx.execute(insert(AssuranceProofRow).values(values))


async def passed(reading: Reading, interaction_id: UUID) -> list[tuple[Proof, dict[str, Any]]]:
    """What was proven in a contact, each with its detail."""
    row = AssuranceProofRow
    statement = select(row.proof, row.detail).where(
        row.tenant_id == reading.tenant_id, row.interaction_id == interaction_id, row.passed.is_(True)
    )
    return [(Proof(one.proof), one.detail) for one in (await reading.execute(statement)).all()]


async def proofs(reading: Reading, interaction_id: UUID) -> list[ProofView]:
    """What was tried in a contact, the first thing first."""
    statement = (
        select(AssuranceProofRow.__table__)
        .where(AssuranceProofRow.tenant_id == reading.tenant_id, AssuranceProofRow.interaction_id == interaction_id)
        .order_by(AssuranceProofRow.id)
    )
    return [
        ProofView(
            id=row.id,
            proof=Proof(row.proof),
            passed=row.passed,
            level=None if row.level is None else Assurance(row.level),
            asked_by=row.asked_by,
            at=row.at,
        )
        for row in (await reading.execute(statement)).all()
    ]
