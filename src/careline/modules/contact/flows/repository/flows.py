"""Flows' tables read and written."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.orm import aliased

from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.infra.database.upsert import prepared_upsert
from careline.modules.contact.flows.models import FlowRow, FlowRunRow, FlowVersionRow
from careline.modules.contact.flows.views import FlowView, PublishedFlow

_PLACE = ("flow_id", "version", "step", "stored_at", "language")
# Built once, since every contact that waits runs it.
_STORE_RUN = prepared_upsert(
    FlowRunRow, key=["interaction_id"], changes=lambda new: {name: new.excluded[name] for name in _PLACE}
)


async def flows(reading: Reading, *, code: str | None = None) -> list[FlowView]:
    """The tenant's flows with their newest definition, by code."""
    other = aliased(FlowVersionRow)
    newest = (
        # house: allow tenant-filter – FlowRow is the outer statement's, which filters it
        select(func.max(other.version))
        .where(other.tenant_id == reading.tenant_id, other.flow_id == FlowRow.id)
        .scalar_subquery()
    )
    statement = (
        select(
            FlowRow.__table__,
            FlowVersionRow.version,
            FlowVersionRow.definition,
            FlowVersionRow.created_at,
            FlowVersionRow.revision,
            FlowVersionRow.drawing,
        )
        .join(FlowVersionRow, (FlowVersionRow.flow_id == FlowRow.id) & (FlowVersionRow.version == newest))
        .where(FlowRow.tenant_id == reading.tenant_id, FlowVersionRow.tenant_id == reading.tenant_id)
        .order_by(FlowRow.code)
    )
    if code is not None:
        statement = statement.where(FlowRow.code == code)
    return [_view(row) for row in (await reading.execute(statement)).all()]


async def published(
    reading: Reading,
    *,
    code: str | None = None,
    channel: str | None = None,
    version_of: tuple[UUID, int] | None = None,
) -> PublishedFlow | None:
    """The published version of a flow, of a channel's entry flow, or one exact version."""
    statement = (
        select(FlowRow.id, FlowRow.code, FlowVersionRow.version, FlowVersionRow.definition)
        .join(FlowVersionRow, FlowVersionRow.flow_id == FlowRow.id)
        .where(FlowRow.tenant_id == reading.tenant_id, FlowVersionRow.tenant_id == reading.tenant_id)
    )
    if version_of is not None:
        statement = statement.where(FlowRow.id == version_of[0], FlowVersionRow.version == version_of[1])
    else:
        statement = statement.where(FlowVersionRow.version == FlowRow.published_version)
    if code is not None:
        statement = statement.where(FlowRow.code == code)
    if channel is not None:
        statement = statement.where(FlowRow.entry_channel == channel)
    row = (await reading.execute(statement.order_by(FlowRow.code).limit(1))).one_or_none()
    if row is None:
        return None
    return PublishedFlow(flow_id=row.id, code=row.code, version=row.version, definition=row.definition)


async def insert_flow(tx: Transaction, flow_id: UUID, code: str, name: str, entry_channel: str | None) -> None:
    """Add a flow without any version."""
    values = {"id": flow_id, "tenant_id": tx.tenant_id, "code": code, "name": name, "entry_channel": entry_channel}
    with conflict_when_taken("flow-code-taken", field="code"):
        await tx.execute(insert(FlowRow).values(values))


async def lock_flow(tx: Transaction, code: str) -> None:
    """Let others who change a flow wait until this transaction ends; what is read after this is the newest."""
    await tx.execute(
        select(FlowRow.id).where(FlowRow.tenant_id == tx.tenant_id, FlowRow.code == code).with_for_update()
    )


async def store_draft(
    tx: Transaction,
    flow_id: UUID,
    version: int,
    definition: dict[str, Any],
    *,
    revision: int = 1,
    drawing: dict[str, Any] | None = None,
) -> None:
    """Write the draft: a new version, or the same one again while it is not published."""
    said = {"definition": definition, "revision": revision, "drawing": drawing}
    changed = await tx.execute(
        update(FlowVersionRow)
        .where(
            FlowVersionRow.tenant_id == tx.tenant_id,
            FlowVersionRow.flow_id == flow_id,
            FlowVersionRow.version == version,
            FlowVersionRow.published_at.is_(None),
        )
        .values(**said, created_at=tx.now, created_by=tx.actor)
    )
    if changed.rowcount == 0:
        await tx.execute(
            insert(FlowVersionRow).values(
                tenant_id=tx.tenant_id,
                flow_id=flow_id,
                version=version,
                **said,
                created_at=tx.now,
                created_by=tx.actor,
            )
        )


async def publish(tx: Transaction, flow_id: UUID, version: int) -> None:
    """Put a version in force. Publishing an older one is how a flow is rolled back."""
    await tx.execute(
        update(FlowVersionRow)
        .where(
            FlowVersionRow.tenant_id == tx.tenant_id,
            FlowVersionRow.flow_id == flow_id,
            FlowVersionRow.version == version,
            FlowVersionRow.published_at.is_(None),
        )
        .values(published_at=tx.now)
    )
    await tx.execute(
        update(FlowRow)
        .where(FlowRow.tenant_id == tx.tenant_id, FlowRow.id == flow_id)
        .values(published_version=version)
    )


async def is_published(reading: Reading, flow_id: UUID, version: int) -> bool | None:
    """Whether a version was ever in force; None when there is no such version."""
    statement = select(FlowVersionRow.published_at.is_not(None)).where(
        FlowVersionRow.tenant_id == reading.tenant_id,
        FlowVersionRow.flow_id == flow_id,
        FlowVersionRow.version == version,
    )
    return (await reading.execute(statement)).scalar_one_or_none()


async def store_run(tx: Transaction, interaction_id: UUID, flow: PublishedFlow, step: str, language: str) -> None:
    """Remember where a contact waits."""
    place = {"flow_id": flow.flow_id, "version": flow.version, "step": step, "language": language}
    contact = {"interaction_id": interaction_id, "tenant_id": tx.tenant_id}
    await tx.run(_STORE_RUN[tx.dialect], {**contact, **place, "stored_at": tx.now})


async def run_of(reading: Reading, interaction_id: UUID) -> Row[Any] | None:
    """Where a contact waited."""
    statement = select(FlowRunRow.flow_id, FlowRunRow.version, FlowRunRow.step, FlowRunRow.language).where(
        FlowRunRow.tenant_id == reading.tenant_id, FlowRunRow.interaction_id == interaction_id
    )
    return (await reading.execute(statement)).one_or_none()


async def forget_runs(tx: Transaction, *, before: datetime, live: Collection[UUID], limit: int) -> int:
    """Remove places that were stored before a time, but those of the ``live`` contacts; at most so many; how many."""
    over = (
        select(FlowRunRow.interaction_id)
        .where(
            FlowRunRow.tenant_id == tx.tenant_id, FlowRunRow.stored_at < before, FlowRunRow.interaction_id.not_in(live)
        )
        .limit(limit)
    )
    gone = (await tx.execute(over)).scalars().all()
    if gone:
        of_tenant = FlowRunRow.tenant_id == tx.tenant_id
        await tx.execute(delete(FlowRunRow).where(of_tenant, FlowRunRow.interaction_id.in_(gone)))
    return len(gone)


def _view(row: Row[Any]) -> FlowView:
    return FlowView(
        id=row.id,
        code=row.code,
        name=row.name,
        entry_channel=row.entry_channel,
        published_version=row.published_version,
        newest_version=row.version,
        definition=row.definition,
        changed_at=row.created_at,
        revision=row.revision,
        drawing=row.drawing,
    )
