"""Tenants."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.kernel.tenancy import TenantId
from careline.modules.directory.identity.models import AuditHeadRow, TenantRow
from careline.modules.directory.identity.views import NewTenant, TenantView

TENANT = (
    TenantRow.id,
    TenantRow.code,
    TenantRow.name,
    TenantRow.time_zone,
    TenantRow.locale,
    TenantRow.accent,
)


async def tenants(reading: Reading) -> list[TenantView]:
    """Every tenant, by code."""
    rows = (await reading.execute(select(*TENANT).order_by(TenantRow.code))).all()
    return [tenant_view(row) for row in rows]


async def tenant(reading: Reading, tenant_id: TenantId) -> TenantView | None:
    """One tenant by id."""
    row = (await reading.execute(select(*TENANT).where(TenantRow.id == tenant_id))).one_or_none()
    return None if row is None else tenant_view(row)


async def tenant_by_code(reading: Reading, code: str) -> TenantView | None:
    """One tenant by its code."""
    row = (await reading.execute(select(*TENANT).where(TenantRow.code == code))).one_or_none()
    return None if row is None else tenant_view(row)


async def add_tenant(tx: Transaction, tenant_id: TenantId, new: NewTenant, now: datetime) -> None:
    """Store a tenant and the beginning of its audit."""
    values = {
        "id": tenant_id,
        "code": new.code,
        "name": new.name,
        "time_zone": new.time_zone,
        "locale": new.locale,
        "accent": new.accent,
        "created_at": now,
    }
    with conflict_when_taken("tenant-exists", field="code"):
        await tx.execute(insert(TenantRow).values(values))
    await tx.execute(insert(AuditHeadRow).values(tenant_id=tenant_id, seq=0))


def tenant_view(row: Row[Any], prefix: str = "") -> TenantView:
    """A row of ``tenant`` as others see it; its columns' names may begin with ``prefix``."""
    values = {column.key: getattr(row, prefix + column.key) for column in TENANT}
    return TenantView(**{**values, "id": TenantId(values["id"])})
