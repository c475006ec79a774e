"""Telephony's tables read and written."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, delete, insert, select, update

from careline.infra.database.prepared import Prepared
from careline.infra.database.transaction import Reading, Transaction
from careline.infra.database.uniqueness import conflict_when_taken
from careline.kernel.errors import Conflict
from careline.kernel.tenancy import TenantId
from careline.modules.contact.telephony.engine.entries import EntryRule
from careline.modules.contact.telephony.models import CallRow, NumberRow, RecordingRow
from careline.modules.contact.telephony.ports import LegId
from careline.modules.contact.telephony.views import CallState, CallView, NumberView

RecordingRecord = Row[Any]
"""A row of ``recording`` with all its columns."""

# Built once: building a statement takes longer than running it, and every call runs these.
_INSERT = Prepared(insert(CallRow))
_ONE = update(CallRow).where(CallRow.tenant_id == bindparam("of_tenant"), CallRow.id == bindparam("of_call"))
_CHANGE = Prepared(_ONE)
_CHANGE_LIVE = Prepared(_ONE.where(CallRow.state != CallState.ENDED.value))
_LIVE = [state.value for state in CallState if state is not CallState.ENDED]


async def all_numbers(reading: Reading) -> list[NumberView]:
    """Every number of every tenant: a call names a number, and only that tells whose it is."""
    # house: allow tenant-filter – the number is what tells the tenant
    return [_number(row) for row in (await reading.execute(select(NumberRow.__table__))).all()]


async def numbers(reading: Reading) -> list[NumberView]:
    """The numbers of the reading's tenant, in order."""
    statement = select(NumberRow.__table__).where(NumberRow.tenant_id == reading.tenant_id).order_by(NumberRow.number)
    return [_number(row) for row in (await reading.execute(statement)).all()]


async def number(reading: Reading, number_id: UUID) -> NumberView | None:
    """One number of the reading's tenant."""
    statement = select(NumberRow.__table__).where(NumberRow.tenant_id == reading.tenant_id, NumberRow.id == number_id)
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _number(row)


async def insert_number(tx: Transaction, view: NumberView) -> None:
    """Add a number. Raises ``Conflict``, which does not say whose it is, when it leads somewhere already."""
    values = {**_settings(view), "id": view.id, "number": view.number}
    with conflict_when_taken("number-not-available", field="number"):
        await tx.execute(insert(NumberRow).values(tenant_id=tx.tenant_id, **values))


async def change_number(tx: Transaction, view: NumberView) -> None:
    """Set a number that is still at the version before. Raises ``Conflict`` when it is not."""
    statement = update(NumberRow).where(
        NumberRow.tenant_id == tx.tenant_id, NumberRow.id == view.id, NumberRow.version == view.version - 1
    )
    if (await tx.execute(statement.values(**_settings(view)))).rowcount != 1:
        raise Conflict("settings-changed", field="version")


async def remove_number(tx: Transaction, number_id: UUID, version: int) -> None:
    """Forget a number that is still at this version. Raises ``Conflict`` when it is not."""
    statement = delete(NumberRow).where(
        NumberRow.tenant_id == tx.tenant_id, NumberRow.id == number_id, NumberRow.version == version
    )
    if (await tx.execute(statement)).rowcount != 1:
        raise Conflict("settings-changed", field="version")


async def insert_call(tx: Transaction, call: CallView, leg: LegId) -> None:
    """Store a call that has just arrived."""
    await tx.run(
        _INSERT,
        {
            "id": call.id,
            "tenant_id": call.tenant_id,
            "node": call.node,
            "caller_leg": leg,
            "called_number": call.called_number,
            "caller_number": call.caller_number,
            "entry_flow": call.entry_flow,
            "state": call.state.value,
            "recording_allowed": False,
            "arrived_at": call.arrived_at,
        },
    )


async def call(reading: Reading, call_id: UUID) -> CallView | None:
    """A call of the reading's tenant."""
    statement = select(CallRow.__table__).where(CallRow.tenant_id == reading.tenant_id, CallRow.id == call_id)
    row = (await reading.execute(statement)).one_or_none()
    return None if row is None else _view(row)


class OpenCall:
    """A stored call that has not ended, with what is needed to take it up again."""

    def __init__(self, row: Row[Any]) -> None:
        self.view = _view(row)
        self.caller_leg = LegId(row.caller_leg)
        self.offer_id: UUID | None = row.offer_id
        self.agent_id: UUID | None = row.agent_id
        self.recording_allowed: bool = row.recording_allowed


async def open_calls(reading: Reading, node: str) -> list[OpenCall]:
    """The calls of one voice node, of all tenants, that have not ended as far as we know."""
    # house: allow tenant-filter – a voice node carries the calls of all tenants
    statement = select(CallRow.__table__).where(CallRow.node == node, CallRow.state.in_(_LIVE))
    return [OpenCall(row) for row in (await reading.execute(statement)).all()]


async def connect_call(tx: Transaction, call_id: UUID, *, offer_id: UUID, agent_id: UUID, at: datetime) -> None:
    """Remember who talks with the caller."""
    now = {"state": CallState.CONNECTED.value, "offer_id": offer_id, "agent_id": agent_id, "connected_at": at}
    await tx.run(_CHANGE, {"of_tenant": tx.tenant_id, "of_call": call_id, **now})


async def disconnect_agent(tx: Transaction, call_id: UUID) -> None:
    """The agent's side is over, the caller is still there."""
    now = {"state": CallState.WAITING.value, "offer_id": None}
    await tx.run(_CHANGE_LIVE, {"of_tenant": tx.tenant_id, "of_call": call_id, **now})


async def end_call(tx: Transaction, call_id: UUID, at: datetime) -> bool:
    """Mark a call as ended; False when it was already."""
    now = {"state": CallState.ENDED.value, "ended_at": at}
    result = await tx.run(_CHANGE_LIVE, {"of_tenant": tx.tenant_id, "of_call": call_id, **now})
    return result.rowcount == 1


async def allow_recording(tx: Transaction, call_id: UUID) -> None:
    """The announcement was made; from here on the call may be recorded."""
    await tx.run(_CHANGE, {"of_tenant": tx.tenant_id, "of_call": call_id, "recording_allowed": True})


async def insert_recording(tx: Transaction, recording_id: UUID, call_id: UUID) -> None:
    """A recording begins."""
    await tx.execute(
        insert(RecordingRow).values(
            id=recording_id,
            tenant_id=tx.tenant_id,
            call_id=call_id,
            state="recording",
            started_at=tx.now,
        )
    )


async def end_recording(tx: Transaction, recording_id: UUID, *, state: str) -> bool:
    """A recording is over, as ``done`` or ``lost``; False when that was known."""
    result = await tx.execute(
        update(RecordingRow)
        .where(
            RecordingRow.tenant_id == tx.tenant_id, RecordingRow.id == recording_id, RecordingRow.state == "recording"
        )
        .values(state=state, ended_at=tx.now)
    )
    return result.rowcount == 1


async def find_recording(tx: Transaction, recording_id: UUID) -> None:
    """What was thought lost has been found; any other state stays."""
    await tx.execute(
        update(RecordingRow)
        .where(RecordingRow.tenant_id == tx.tenant_id, RecordingRow.id == recording_id, RecordingRow.state == "lost")
        .values(state="done")
    )


async def recordings(
    reading: Reading, *, call_id: UUID | None = None, recording_id: UUID | None = None, state: str | None = None
) -> Sequence[RecordingRecord]:
    """Recordings of the reading's tenant by call, id or state, oldest first."""
    statement = select(RecordingRow.__table__).where(RecordingRow.tenant_id == reading.tenant_id)
    if call_id is not None:
        statement = statement.where(RecordingRow.call_id == call_id)
    if recording_id is not None:
        statement = statement.where(RecordingRow.id == recording_id)
    if state is not None:
        statement = statement.where(RecordingRow.state == state)
    return (await reading.execute(statement.order_by(RecordingRow.started_at))).all()


async def left_recordings(reading: Reading, before: datetime, *, limit: int) -> Sequence[RecordingRecord]:
    """Recordings of all tenants that run still, as far as is stored, although their call was over before then."""
    # house: allow tenant-filter – whatever tenant's they are, they have to end; a call and its recording share it
    statement = select(RecordingRow.__table__).join(CallRow, CallRow.id == RecordingRow.call_id)
    over = RecordingRow.state == "recording", CallRow.state == CallState.ENDED.value, CallRow.ended_at < before
    return (await reading.execute(statement.where(*over).order_by(RecordingRow.id).limit(limit))).all()


async def calls(reading: Reading, ids: Collection[UUID]) -> list[CallView]:
    """Some calls of the reading's tenant, oldest first."""
    statement = select(CallRow.__table__).where(CallRow.tenant_id == reading.tenant_id, CallRow.id.in_(ids))
    return [_view(row) for row in (await reading.execute(statement.order_by(CallRow.id))).all()]


async def recordings_of(reading: Reading, call_ids: Collection[UUID]) -> Sequence[RecordingRecord]:
    """All recordings of some calls, oldest first."""
    statement = select(RecordingRow.__table__).where(
        RecordingRow.tenant_id == reading.tenant_id, RecordingRow.call_id.in_(call_ids)
    )
    return (await reading.execute(statement.order_by(RecordingRow.id))).all()


async def forget_callers(tx: Transaction, call_ids: Collection[UUID]) -> int:
    """Forget who called; of how many calls that was known."""
    forgetting = (
        update(CallRow)
        .where(CallRow.tenant_id == tx.tenant_id, CallRow.id.in_(call_ids), CallRow.caller_number.is_not(None))
        .values(caller_number=None)
    )
    return (await tx.execute(forgetting)).rowcount


async def withhold_recordings(tx: Transaction, ids: Collection[UUID]) -> None:
    """Let nobody listen to recordings that must be kept for a while."""
    await tx.execute(
        update(RecordingRow)
        .where(RecordingRow.tenant_id == tx.tenant_id, RecordingRow.id.in_(ids))
        .values(state="withheld")
    )


async def remove_recordings(tx: Transaction, ids: Collection[UUID]) -> None:
    """Forget recordings; their files are removed afterwards."""
    await tx.execute(delete(RecordingRow).where(RecordingRow.tenant_id == tx.tenant_id, RecordingRow.id.in_(ids)))


def _view(row: Row[Any]) -> CallView:
    return CallView(
        id=row.id,
        tenant_id=TenantId(row.tenant_id),
        node=row.node,
        called_number=row.called_number,
        caller_number=row.caller_number,
        entry_flow=row.entry_flow,
        state=CallState(row.state),
        arrived_at=row.arrived_at,
        connected_at=row.connected_at,
        ended_at=row.ended_at,
    )


def _settings(view: NumberView) -> dict[str, Any]:
    return {
        "name": view.name,
        "entry_flow": view.entry_flow,
        "rules": msgspec.to_builtins(view.rules),
        "version": view.version,
        "changed_at": view.changed_at,
        "changed_by": view.changed_by,
    }


def _number(row: Row[Any]) -> NumberView:
    return NumberView(
        id=row.id,
        tenant_id=TenantId(row.tenant_id),
        number=row.number,
        name=row.name,
        entry_flow=row.entry_flow,
        rules=msgspec.convert(row.rules, tuple[EntryRule, ...]),
        version=row.version,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
