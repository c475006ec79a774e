"""The statements on the job table. The worker works for all tenants, so most of them name none."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Row, case, delete, func, select, update

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.upsert import insert_or
from careline.infra.jobs.models import JobRow
from careline.kernel.ids import new_id
from careline.kernel.tenancy import TenantId

NO_TENANT = TenantId(UUID(int=0))


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A job that this worker has taken. ``attempt`` counts from 1; ``claim`` proves that it is still ours."""

    id: UUID
    tenant_id: TenantId
    kind: str
    key: str | None
    payload: str
    run_at: datetime
    serial: int
    attempt: int
    claim: UUID


class DeadJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job that was given up. ``tenant_id`` is None for the system's own."""

    id: UUID
    tenant_id: TenantId | None
    kind: str
    key: str | None
    attempts: int
    dead_at: datetime
    last_error: str


async def add(
    tx: Transaction, tenant_id: TenantId, kind: str, payload: str, *, run_at: datetime, key: str | None
) -> None:
    """Put a job in; one of the same key that waits, runs or is dead is replaced by it."""
    values = {
        "id": new_id(),
        "tenant_id": tenant_id,
        "kind": kind,
        "key": key,
        "payload": payload,
        "run_at": run_at,
        "due_at": run_at,
        "serial": 0,
        "attempts": 0,
    }
    statement = insert_or(tx, JobRow).values(values)
    if key is not None:
        # A running one keeps its lease: `finish` sees the new serial and lets the job run again.
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=["tenant_id", "kind", "key"],
            set_={
                "payload": new.payload,
                "run_at": new.run_at,
                "due_at": case((JobRow.claim.is_(None), new.due_at), else_=JobRow.due_at),
                "serial": JobRow.serial + 1,
                "attempts": 0,
                "dead_at": None,
                "last_error": None,
            },
        )
    await tx.execute(statement)


async def ensure(tx: Transaction, kind: str, *, latest: datetime) -> None:
    """Have one job of the system of a recurring kind, due at a time or before; a dead one lives again."""
    statement = insert_or(tx, JobRow).values(
        id=new_id(),
        tenant_id=NO_TENANT,
        kind=kind,
        key="recurring",
        payload="null",
        run_at=tx.now,
        due_at=tx.now,
        serial=0,
        attempts=0,
    )
    new = {"due_at": case((JobRow.due_at > latest, latest), else_=JobRow.due_at), "dead_at": None}
    await tx.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "kind", "key"], set_=new))


async def let_nothing_wait_longer(tx: Transaction, *, lease: datetime, retry: datetime) -> None:
    """Leases end at a time or before, and next tries are made at a time or before. Wanted times stay as wished."""
    for latest, concerned in (
        (lease, JobRow.claim.is_not(None)),
        (retry, JobRow.claim.is_(None) & (JobRow.attempts > 0)),
    ):
        await tx.execute(
            update(JobRow)  # house: allow tenant-filter – one worker serves all tenants
            .where(JobRow.dead_at.is_(None), JobRow.due_at > latest, concerned)
            .values(due_at=latest)
        )


async def remove(tx: Transaction, tenant_id: TenantId, kind: str, key: str) -> bool:
    """Take a job out by its key; whether there was one."""
    found = await tx.execute(
        delete(JobRow).where(JobRow.tenant_id == tenant_id, JobRow.kind == kind, JobRow.key == key)
    )
    return found.rowcount > 0


async def next_due(reading: Reading, kinds: Collection[str]) -> datetime | None:
    """When the next job of these kinds may be taken; None when there is none."""
    found = await reading.execute(
        select(func.min(JobRow.due_at)).where(  # house: allow tenant-filter – one worker serves all tenants
            JobRow.dead_at.is_(None), JobRow.kind.in_(kinds)
        )
    )
    due: datetime | None = found.scalar_one()
    return due


async def take(tx: Transaction, kinds: Collection[str], *, until: datetime, limit: int) -> list[Claimed]:
    """Take jobs that are due, longest due first, and lease them until a time; never one that somebody else takes."""
    rows = await tx.execute(
        select(JobRow.__table__)  # house: allow tenant-filter – one worker serves all tenants
        .where(JobRow.dead_at.is_(None), JobRow.due_at <= tx.now, JobRow.kind.in_(kinds))
        .order_by(JobRow.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = rows.all()
    # While it ran, its key was wished for again at a later time, and then its worker died. A wish counts from no try.
    early = [row for row in found if row.claim is not None and row.attempts == 0 and row.run_at > tx.now]
    for row in early:
        await tx.execute(
            update(JobRow)
            .where(JobRow.tenant_id == row.tenant_id, JobRow.id == row.id)
            .values(claim=None, due_at=JobRow.run_at)
        )
    claimed = [_claimed(row) for row in found if row not in early]
    for job in claimed:
        await tx.execute(
            update(JobRow)
            .where(JobRow.tenant_id == job.tenant_id, JobRow.id == job.id)
            .values(claim=job.claim, due_at=until, attempts=job.attempt)
        )
    return claimed


async def renew(tx: Transaction, job: Claimed, until: datetime) -> bool:
    """Lease it for longer; False when it is not ours any more."""
    found = await tx.execute(
        update(JobRow)
        .where(JobRow.tenant_id == job.tenant_id, JobRow.id == job.id, JobRow.claim == job.claim)
        .values(due_at=until)
    )
    return found.rowcount > 0


async def finish(tx: Transaction, job: Claimed) -> None:
    """It is done; nothing happens when it is not ours any more."""
    found = await tx.execute(
        delete(JobRow).where(
            JobRow.tenant_id == job.tenant_id,
            JobRow.id == job.id,
            JobRow.claim == job.claim,
            JobRow.serial == job.serial,
        )
    )
    if found.rowcount == 0:
        await _let_newer_run(tx, job)


async def try_again(tx: Transaction, job: Claimed, at: datetime, *, attempts: int, error: str | None) -> None:
    """Give it back, to be taken again at a time; with ``attempts`` counted so far."""
    found = await tx.execute(
        update(JobRow)
        .where(
            JobRow.tenant_id == job.tenant_id,
            JobRow.id == job.id,
            JobRow.claim == job.claim,
            JobRow.serial == job.serial,
        )
        .values(claim=None, due_at=at, attempts=attempts, last_error=error)
    )
    if found.rowcount == 0:
        await _let_newer_run(tx, job)


async def give_up(tx: Transaction, job: Claimed, error: str) -> None:
    """Keep it as dead, for people to see."""
    found = await tx.execute(
        update(JobRow)
        .where(
            JobRow.tenant_id == job.tenant_id,
            JobRow.id == job.id,
            JobRow.claim == job.claim,
            JobRow.serial == job.serial,
        )
        .values(claim=None, dead_at=tx.now, last_error=error)
    )
    if found.rowcount == 0:
        await _let_newer_run(tx, job)


async def dead(reading: Reading, *, limit: int) -> list[DeadJob]:
    """What was given up, the latest first."""
    rows = await reading.execute(
        select(JobRow.__table__)  # house: allow tenant-filter – the operator sees all
        .where(JobRow.dead_at.is_not(None))
        .order_by(JobRow.dead_at.desc())
        .limit(limit)
    )
    return [
        DeadJob(
            id=row.id,
            tenant_id=None if row.tenant_id == NO_TENANT else TenantId(row.tenant_id),
            kind=row.kind,
            key=row.key,
            attempts=row.attempts,
            dead_at=row.dead_at,
            last_error=row.last_error or "",
        )
        for row in rows.all()
    ]


async def revive(tx: Transaction, job_id: UUID) -> bool:
    """Let a dead job run again, now, with all its tries; whether there was one."""
    found = await tx.execute(
        update(JobRow)  # house: allow tenant-filter – the operator names it by its id
        .where(JobRow.id == job_id, JobRow.dead_at.is_not(None))
        .values(dead_at=None, attempts=0, due_at=tx.now)
    )
    return found.rowcount > 0


async def _let_newer_run(tx: Transaction, job: Claimed) -> None:
    """While it ran, the same key was wished for again: free it for that."""
    await tx.execute(
        update(JobRow)
        .where(JobRow.tenant_id == job.tenant_id, JobRow.id == job.id, JobRow.claim == job.claim)
        .values(claim=None, due_at=JobRow.run_at, attempts=0)
    )


def _claimed(row: Row[tuple[object, ...]]) -> Claimed:
    return Claimed(
        id=row.id,
        tenant_id=TenantId(row.tenant_id),
        kind=row.kind,
        key=row.key,
        payload=row.payload,
        run_at=row.run_at,
        serial=row.serial,
        attempt=row.attempts + 1,
        claim=new_id(),
    )
